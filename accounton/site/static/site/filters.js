/* A form with data-auto-submit submits itself: 200 ms after the last key in a text field, at once after a choice.
   Empty fields are left out, so that the address of a filtered list stays short. With hx-get on the form htmx
   takes the submission over. */
"use strict";
(() => {
  const PAUSE = 200;
  const timers = new WeakMap();

  const submitSoon = (form, pause) => {
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => form.requestSubmit(), pause));
  };
  const formOf = (event) => event.target.form?.closest("form[data-auto-submit]");

  document.addEventListener("input", (event) => {
    const form = formOf(event);
    if (form && event.target.matches("input[type=search], input[type=text]")) submitSoon(form, PAUSE);
  });
  document.addEventListener("change", (event) => {
    const form = formOf(event);
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) submitSoon(form, 0);
  });
  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("form[data-auto-submit][method=get]")) return;
    for (const [name, value] of [...event.formData]) {
      if (value === "") event.formData.delete(name);
    }
  });
})();
