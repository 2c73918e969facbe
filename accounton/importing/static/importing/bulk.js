/* Shows of the form for many rows only what the chosen action needs. Without this script all fields are there. */
"use strict";
(() => {
  const NEEDED = {
    language: ["language"], questionnaire: ["questionnaire"], add_labels: ["labels"], remove_labels: ["labels"], responsible: ["responsible"],
    replace: ["in_column", "before", "after"], clear: ["in_column"],
  };
  const form = document.querySelector("[data-bulk]");
  const action = form.elements.action;
  const show = () => {
    for (const element of form.querySelectorAll("[name]")) {
      const field = element.closest(".field");
      if (field && element !== action) field.hidden = !(NEEDED[action.value] ?? []).includes(element.name);
    }
  };
  action.addEventListener("change", show);
  show();
})();
