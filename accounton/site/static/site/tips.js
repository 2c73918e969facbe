/* Shows the sentence that an element with data-tip is described by (aria-describedby) on hover and on keyboard
   focus. Escape hides it; it stays while the pointer is on it. The sentence itself stands in the page. */
"use strict";
(() => {
  const LEAVE = 120;
  const GAP = 6;
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  /* Screen readers get the sentence from aria-describedby; here it is for eyes alone. */
  tip.setAttribute("aria-hidden", "true");
  document.body.append(tip);
  let owner = null;
  let timer;

  const place = () => {
    const at = owner.getBoundingClientRect();
    const left = Math.min(Math.max(at.left, 8), document.documentElement.clientWidth - tip.offsetWidth - 8);
    const below = at.bottom + GAP;
    const fits = below + tip.offsetHeight < document.documentElement.clientHeight;
    tip.style.left = `${left}px`;
    tip.style.top = `${fits ? below : Math.max(at.top - GAP - tip.offsetHeight, 8)}px`;
  };
  const show = (element) => {
    clearTimeout(timer);
    const sentence = document.getElementById(element.getAttribute("aria-describedby"));
    if (!sentence) return;
    owner = element;
    tip.replaceChildren(...[...sentence.childNodes].map((node) => node.cloneNode(true)));
    tip.hidden = false;
    place();
  };
  const hide = () => {
    clearTimeout(timer);
    tip.hidden = true;
    owner = null;
  };
  const hideSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, LEAVE);
  };
  const ownerOf = (node) => node instanceof Element ? node.closest("[data-tip]") : null;

  document.addEventListener("pointerover", (event) => {
    const element = ownerOf(event.target);
    if (element) show(element);
    else if (tip.contains(event.target)) clearTimeout(timer);
    else if (owner && !owner.contains(document.activeElement)) hideSoon();
  });
  document.addEventListener("focusin", (event) => {
    const element = ownerOf(event.target);
    if (element && event.target.matches(":focus-visible")) show(element);
    else hide();
  });
  document.addEventListener("focusout", hideSoon);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("htmx:afterSwap", hide);
})();
