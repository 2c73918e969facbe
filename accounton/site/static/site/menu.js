/* The menu on a phone, and panels that close when one leaves them. Without this script the burger is a link to the
   menu (:target shows it) and the panel is a plain <details>. */
"use strict";
(() => {
  const burger = document.querySelector(".burger");
  const menu = document.getElementById("menu");

  const show = (open) => {
    menu.classList.toggle("is-open", open);
    burger.setAttribute("aria-expanded", String(open));
  };
  if (burger && menu) {
    burger.addEventListener("click", (event) => {
      event.preventDefault();
      show(!menu.classList.contains("is-open"));
    });
    burger.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      burger.click();
    });
  }

  const PANELS = ":is(.account, .double-columns)[open]";
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const panel = document.querySelector(PANELS);
    if (panel) {
      panel.open = false;
      panel.querySelector("summary").focus();
    } else if (menu?.classList.contains("is-open")) {
      show(false);
      burger.focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const panel of document.querySelectorAll(PANELS)) {
      if (!panel.contains(event.target)) panel.open = false;
    }
  });
})();
