/* Tells the page that waits in another tab that somebody is signed in, and closes the tab that it opened for it. */
"use strict";
(() => {
  new BroadcastChannel("session").postMessage("signed in");
  if (window.opener) window.close();
})();
