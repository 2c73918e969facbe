/* Keeps the place of whoever works with the keys. A piece of the page that is put in anew, or a page that comes back
   after a form was sent, takes away what had the focus. Then the same control gets it, or the one that says the same
   with other numbers; else the row or section that now stands there, or what the control stood in. It never gets lost.
   A form that comes back with a fault gets it at the fault; and what the page has to say is read out, as the start of
   the page is not. */
"use strict";
(() => {
  const CONTROL = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const KEPT = "place";
  /* What stands in these is about other things: the list is nearer. */
  const PASSED = ["review", "problem-cards"];

  const isThere = (element) => element?.checkVisibility({ visibilityProperty: true }) && !element.disabled;
  const first = (within) => [...within.querySelectorAll(CONTROL)].find(isThere);
  const plain = (text) => text.replace(/[\d.,]+/g, "").replace(/\s+/g, " ").trim();
  const textOf = (element) => plain(element.getAttribute("aria-label") ?? element.textContent);
  const kindOf = (element) => plain([element.localName, element.name, element.form?.getAttribute("action") ?? element.getAttribute("href")].join(" "));
  const alike = (kind) => [...document.querySelectorAll(`#content :is(${CONTROL})`)].filter((each) => isThere(each) && kindOf(each) === kind);

  const placeOf = (element) => {
    const kind = kindOf(element);
    const within = [];
    for (let each = element.parentElement; each && each.id !== "content"; each = each.parentElement) if (each.id) within.push(each.id);
    return {
      id: element.id, kind, text: textOf(element), index: alike(kind).indexOf(element), within,
      open: [...document.querySelectorAll("#content details[id][open]")].map((each) => each.id),
    };
  };
  /* The next of many: what it is about comes first, so that nobody sends by a second Enter what they have not read. */
  const beside = (controls, index) => {
    const row = controls[Math.min(index, controls.length - 1)]?.closest("section, tbody tr");
    const control = row && first(row);
    return control && !controls.includes(control) ? control : null;
  };
  const found = ({ id, kind, text, index, within }) => {
    const same = document.getElementById(id);
    if (isThere(same)) return same;
    const controls = alike(kind);
    const saying = controls.filter((each) => textOf(each) === text);
    const row = within.map((each) => document.getElementById(each)).find((each) => each?.matches("tr, section") && first(each));
    const around = within.map((each) => document.getElementById(each)).find((each) => each && !PASSED.includes(each.id) && first(each));
    return saying[0] ?? (row && first(row)) ?? beside(controls, index) ?? (around && first(around))
      ?? document.querySelector("#content .table-scroll") ?? document.getElementById("content");
  };
  const restore = (place) => {
    for (const id of place.open) {
      const panel = document.getElementById(id);
      if (panel?.matches("details")) panel.open = true;
    }
    if (document.activeElement === document.body) found(place).focus();
  };

  let place = null;
  const before = ({ defaultPrevented, detail: { target } }) => {
    const active = document.activeElement;
    if (defaultPrevented) return;
    if (active !== target && target?.contains(active)) place = placeOf(active);
  };
  const after = () => {
    if (place) restore(place);
    place = null;
  };
  for (const [name, does] of [["oobBeforeSwap", before], ["beforeSwap", before], ["oobAfterSwap", after], ["afterSwap", after]]) {
    document.addEventListener(`htmx:${name}`, does);
  }

  window.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.method !== "post" || !event.target.closest("#content")) return;
    const control = event.submitter ?? document.activeElement;
    sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, place: placeOf(control) }));
  });
  const kept = JSON.parse(sessionStorage.getItem(KEPT));
  sessionStorage.removeItem(KEPT);
  if (kept?.path !== location.pathname || location.hash) return;
  for (const region of document.querySelectorAll("#content > [role=status]")) {
    const words = [...region.childNodes];
    if (region.querySelector("[role=alert]")) continue;
    region.style.minHeight = `${region.offsetHeight}px`;
    region.replaceChildren();
    setTimeout(() => region.replaceChildren(...words), 100);
  }
  const fault = document.querySelector("#content [aria-invalid=true]");
  if (fault) fault.focus();
  else restore(kept.place);
})();
