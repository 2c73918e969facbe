/* A form with data-auto-submit submits itself: 200 ms after the last key in a text field, at once after a choice.
   Empty fields are left out, so that the address of a filtered list stays short. With hx-get on the form htmx
   takes the submission over. What a form puts into an address has the mask of a national number: addresses are
   written down by browsers and proxies. The server does the same for addresses that come from elsewhere. */
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
  const ELEVEN_DIGITS = /(?<!\d)\d(?:[^\dA-Za-z]{0,3}\d){10}(?!\d)/g;
  const isNational = (digits) => {
    const [nine, check] = [Number(digits.slice(0, 9)), Number(digits.slice(9))];
    return [nine, nine + 2_000_000_000].some((born) => 97 - (born % 97) === check);
  };
  const masked = (text) =>
    text.replace(ELEVEN_DIGITS, (found) => {
      const digits = found.replace(/\D/g, "");
      return isNational(digits) ? `${digits.slice(0, 2)}.${digits.slice(2, 4)}.${digits.slice(4, 6)}-***.**` : found;
    });

  document.addEventListener("formdata", (event) => {
    if (!event.target.matches("form[method=get]")) return;
    for (const [name, value] of [...event.formData]) {
      if (typeof value === "string" && masked(value) !== value) event.formData.set(name, masked(value));
    }
    if (!event.target.matches("[data-auto-submit]")) return;
    for (const [name, value] of [...event.formData]) {
      if (value === "") event.formData.delete(name);
    }
  });
})();
