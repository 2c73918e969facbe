/* Asks before a page is left whose form (data-ask-before-leaving) holds what was changed and not saved. */
"use strict";
(() => {
  for (const form of document.querySelectorAll("form[data-ask-before-leaving]")) {
    const state = () => new URLSearchParams(new FormData(form)).toString();
    const first = state();
    const note = form.querySelector("[data-unsaved-note]");
    let isSent = false;
    const isChanged = () => "isUnsaved" in form.dataset || state() !== first;
    const tell = () => { if (note) note.hidden = !isChanged(); };
    form.addEventListener("input", tell);
    form.addEventListener("submit", (event) => { isSent = !event.defaultPrevented; });
    window.addEventListener("pageshow", () => { isSent = false; tell(); });
    window.addEventListener("beforeunload", (event) => { if (!isSent && isChanged()) event.preventDefault(); });
  }
})();
