/* Says in one line, for eyes and screen readers, what was saved.
   The server sends the header HX-Trigger: {"announce": {"text": "Saved at 14:02"}}; scripts dispatch the same event. */
"use strict";
(() => {
  const SHOWN_FOR = 4000;
  let timer;

  document.addEventListener("announce", (event) => {
    const region = document.getElementById("announce");
    clearTimeout(timer);
    region.textContent = "";
    /* A fresh task, so that the same sentence twice is read out twice. */
    timer = setTimeout(() => {
      region.textContent = event.detail.text;
      timer = setTimeout(() => { region.textContent = ""; }, SHOWN_FOR);
    }, 50);
  });
})();
