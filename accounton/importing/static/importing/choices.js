/* A choice made before the scripts were there, or one that the browser put back after a reload, was not saved: it is now. */
"use strict";
window.addEventListener("load", () => {
  for (const form of document.querySelectorAll("form[data-saved-at-once]")) {
    const moved = [...form.querySelectorAll("select")].some((select) => select.selectedOptions[0]?.defaultSelected === false
      && (select.selectedIndex > 0 || [...select.options].some((option) => option.defaultSelected)));
    if (moved) form.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
