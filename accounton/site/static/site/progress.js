/* How far something is, in a piece with [data-progress] that is asked for anew every moment. While nothing but words and
   numbers changed they are written into what stands there, so that a button beside them keeps the focus; and they are
   read out at once and every ten seconds from then on, not at each look. */
"use strict";
(() => {
  const EVERY = 10_000;
  let said = -EVERY;

  const bones = (piece) => [...piece.querySelectorAll("*")];
  const isAlike = (one, other) => one.length === other.length && one.every((each, index) => each.localName === other[index].localName);
  const put = (old, fresh) => {
    for (const { name, value } of old.localName === "progress" ? fresh.attributes : []) old.setAttribute(name, value);
    if (!old.childElementCount && old.textContent !== fresh.textContent) old.textContent = fresh.textContent;
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    if (!target.matches("[data-progress]")) return;
    const answer = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const fresh = answer.getElementById(target.id);
    if (!fresh || !isAlike(bones(target), bones(fresh))) return;
    event.preventDefault();
    const isSaid = performance.now() - said >= EVERY;
    if (isSaid) said = performance.now();
    for (const region of target.querySelectorAll("[role=status]")) region.setAttribute("aria-live", isSaid ? "polite" : "off");
    bones(target).forEach((old, index) => put(old, bones(fresh)[index]));
    for (const other of answer.querySelectorAll("[hx-swap-oob][id]")) put(document.getElementById(other.id), other);
  });
})();
