/* Choosing rows of a table with [data-selection]: a click or the space bar for one, Shift with either for a range,
   the box in the header for all rows of the page. Every change is sent at once to the address in data-selection:
   row=1&row=2&selected=1 (or 0). The answer may hold htmx out-of-band pieces (counts, buttons, the sentence "saved").
   While it cannot be sent the boxes are marked (sending.js); if it is refused they go back to what they were and data-failed
   is said. Where data-selection is empty nothing is sent: the boxes belong to a form. */
"use strict";
(() => {
  const ROWS = ".cell-check input[type=checkbox][name=row]";
  const last = new WeakMap();
  let shift = false;

  const tableOf = (element) => element.closest("[data-selection]");
  const boxesOf = (table) => [...table.querySelectorAll(ROWS)];

  const showHeader = (table) => {
    const header = table.querySelector("thead input[data-select-page]");
    if (!header) return;
    const boxes = boxesOf(table);
    const chosen = boxes.filter((box) => box.checked).length;
    header.checked = chosen > 0 && chosen === boxes.length;
    header.indeterminate = chosen > 0 && chosen < boxes.length;
  };
  const showHeaders = () => document.querySelectorAll("[data-selection]").forEach(showHeader);
  const say = (text) => { if (text) document.dispatchEvent(new CustomEvent("announce", { detail: { text } })); };

  /* One request after the other, so that a later choice never overtakes an earlier one. Meanwhile the rows may have been
     drawn anew. */
  const send = ({ dataset: { selection: address, failed } }, boxes, selected) => {
    const rows = boxes.map((box) => box.value);
    const show = (isChosen) => {
      for (const box of document.querySelectorAll(`[data-selection="${CSS.escape(address)}"] ${ROWS}`)) {
        if (rows.includes(box.value)) box.checked = isChosen;
      }
      showHeaders();
    };
    for (const box of boxes) box.dataset.unsaved = "";
    window.sending.inLine(address, async () => {
      const answer = await window.sending.post(address, { row: rows, selected: selected ? "1" : "0" });
      for (const box of boxes) delete box.dataset.unsaved;
      show(answer ? selected : !selected);
      if (answer) window.htmx.swap(document.body, answer.text, { swapStyle: "none" });
      say(answer ? answer.said : failed);
    });
  };
  const choose = (table, boxes, selected) => {
    for (const box of boxes) box.checked = selected;
    showHeader(table);
    if (boxes.length && table.dataset.selection) send(table, boxes, selected);
  };

  /* The click that the space bar makes (detail 0) does not know about Shift; the key before it did. */
  document.addEventListener("click", (event) => { if (event.detail) shift = event.shiftKey; }, true);
  document.addEventListener("keydown", (event) => { shift = event.shiftKey; }, true);

  document.addEventListener("change", (event) => {
    const table = tableOf(event.target);
    if (!table) return;
    if (event.target.matches("thead input[data-select-page]")) {
      const { checked } = event.target;
      choose(table, boxesOf(table).filter((box) => box.checked !== checked), checked);
      return;
    }
    if (!event.target.matches(ROWS)) return;
    const boxes = boxesOf(table);
    const { checked } = event.target;
    const from = shift ? boxes.indexOf(last.get(table)) : -1;
    const here = boxes.indexOf(event.target);
    const range = from < 0 ? [event.target] : boxes.slice(Math.min(from, here), Math.max(from, here) + 1);
    last.set(table, event.target);
    choose(table, range.filter((box) => box === event.target || box.checked !== checked), checked);
  });

  /* Arrow keys go from box to box, so that a list is chosen without the mouse: arrow, space, arrow, Shift and space. */
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.(ROWS) || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const table = tableOf(event.target);
    if (!table) return;
    const boxes = boxesOf(table);
    const next = boxes[boxes.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1)];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  /* The arrow to the right goes from the box into the cells of its row, where they can be changed. */
  document.addEventListener("keydown", (event) => {
    const cell = event.key === "ArrowRight" && event.target.matches?.(ROWS) && event.target.closest("tr").querySelector("[data-edit]");
    if (!cell) return;
    event.preventDefault();
    cell.focus();
  });

  /* A click beside the box, anywhere in its cell, counts too. */
  document.addEventListener("click", (event) => {
    const cell = event.target.closest?.("[data-selection] .cell-check");
    if (cell && event.target === cell) cell.querySelector("input")?.click();
  });
  /* A Shift click must not mark text. */
  document.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest?.("[data-selection] .cell-check")) event.preventDefault();
  });

  document.addEventListener("htmx:afterSettle", showHeaders);
  /* A browser that comes back to a page puts boxes as it remembers them, after this script; the server knows better. */
  const asServed = () => {
    for (const box of document.querySelectorAll(`[data-selection] ${ROWS}`)) box.checked = box.defaultChecked;
    showHeaders();
  };
  window.addEventListener("pageshow", (event) => { if (!event.persisted) asServed(); });
  showHeaders();
})();
