/* Changing cells of a table with [data-editing="address"]: cells with data-edit="column" in rows with data-row and
   data-revision. A click on a marked cell, a double click on any, Enter, F2 or typing begins; Enter or Tab saves,
   Escape leaves it as it was, arrow keys go from cell to cell, the space bar accepts a suggestion, and a block that was
   copied in a spreadsheet is put in from the cell on. What was changed is sent at once as JSON under "cells"; one row
   comes back as it is now, several with the whole review. */
"use strict";
(() => {
  const CELL = "[data-edit]";
  const MARKED = ".is-problem, .is-suggestion";
  const REVIEW = "#review";
  let queue = Promise.resolve();
  let open = null;

  const tableOf = (element) => element.closest("[data-editing]");
  const rowOf = (element) => element.closest("tr");
  const rowsOf = (table) => [...table.querySelectorAll("tbody tr[data-revision]")];
  const cellsOf = (row) => [...row.querySelectorAll(CELL)];
  const named = (row, key) => row?.querySelector(`[data-edit="${key}"]`);
  const labelOf = (cell) => cell.dataset.label || "";

  const beside = (cell, step) => {
    const all = cellsOf(rowOf(cell));
    return all[all.indexOf(cell) + step];
  };
  const under = (cell, step) => {
    const rows = rowsOf(tableOf(cell));
    return named(rows[rows.indexOf(rowOf(cell)) + step], cell.dataset.edit);
  };

  /* One request after the other, so that a later change never overtakes an earlier one. */
  const send = (table, edits, target, then) => {
    const address = table.dataset.editing;
    queue = queue.then(async () => {
      const cells = edits.map(({ row, key, text }) => {
        const line = document.querySelector(`tr[data-row="${row}"][data-revision]`);
        return { row, revision: Number(line?.dataset.revision ?? -1), key, text };
      });
      const whole = target === REVIEW;
      try {
        await window.htmx.ajax("POST", address, {
          source: whole ? document.querySelector(REVIEW) : target,
          target: whole ? REVIEW : target,
          select: whole ? REVIEW : undefined,
          values: { cells: JSON.stringify(cells) },
        });
      } catch {
        /* htmx has put nothing in the place of what stands there; the cell still shows what it was. */
      }
      then?.();
    });
  };

  /* After a save: stay with the row while it is still wrong there, else go where the key asked to. */
  const follow = (row, key, next) => {
    const cell = named(document.querySelector(`tr[data-row="${row}"][data-revision]`), key);
    const aim = next && named(document.querySelector(`tr[data-row="${next.row}"][data-revision]`), next.key);
    (cell?.matches(".is-problem") && next?.row !== row ? cell : aim ?? cell ?? document.querySelector(CELL))?.focus();
  };

  const close = () => {
    if (!open) return;
    const { cell, editor, before } = open;
    open = null;
    editor.remove();
    cell.append(...before);
    cell.classList.remove("is-editing");
  };
  const save = (next) => {
    const { cell, editor, start } = open;
    const text = editor.value.trim();
    const row = Number(rowOf(cell).dataset.row);
    const key = cell.dataset.edit;
    const aim = next && { row: Number(rowOf(next).dataset.row), key: next.dataset.edit };
    const line = rowOf(cell);
    const table = tableOf(cell);
    close();
    if (text === start) { (next ?? cell).focus(); return; }
    send(table, [{ row, key, text }], line, () => follow(row, key, aim));
  };

  const begin = (cell, typed) => {
    if (open) save(null);
    const choices = document.querySelector(`template[data-choices="${cell.dataset.edit}"]`);
    const editor = choices ? document.createElement("select") : document.createElement("input");
    const start = cell.dataset.raw ?? "";
    if (choices) {
      editor.append(choices.content.cloneNode(true));
      editor.value = start;
      if (editor.selectedIndex < 0) editor.selectedIndex = 0;
    } else {
      editor.autocomplete = "off";
      editor.spellcheck = false;
      editor.value = typed ?? start;
    }
    editor.className = "cell-editor";
    editor.setAttribute("aria-label", labelOf(cell));
    const described = cell.getAttribute("aria-describedby");
    const before = [...cell.childNodes].filter((node) => node.id !== described);
    for (const node of before) node.remove();
    cell.classList.add("is-editing");
    cell.prepend(editor);
    open = { cell, editor, before, start: choices ? editor.value : start };
    if (choices) open.start = start;
    editor.focus();
    if (!choices && typed === undefined) editor.select();
  };

  const accept = (cell) => {
    const after = cell.querySelector("ins")?.textContent;
    if (!after) return;
    const row = Number(rowOf(cell).dataset.row);
    const next = under(cell, 1) ?? under(cell, -1);
    const aim = next && { row: Number(rowOf(next).dataset.row), key: next.dataset.edit };
    send(tableOf(cell), [{ row, key: cell.dataset.edit, text: after }], rowOf(cell), () => follow(row, cell.dataset.edit, aim));
  };

  const paste = (cell, text) => {
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
    const table = tableOf(cell);
    const rows = rowsOf(table);
    const first = rows.indexOf(rowOf(cell));
    const edits = [];
    lines.forEach((texts, down) => {
      const line = rows[first + down];
      if (!line) return;
      const cells = cellsOf(line);
      const from = cells.indexOf(named(line, cell.dataset.edit));
      texts.forEach((value, right) => {
        const target = cells[from + right];
        if (target) edits.push({ row: Number(line.dataset.row), key: target.dataset.edit, text: value.trim() });
      });
    });
    const row = Number(rowOf(cell).dataset.row);
    const one = edits.every((edit) => edit.row === row);
    send(table, edits, one ? rowOf(cell) : REVIEW, () => follow(row, cell.dataset.edit, null));
  };

  const STEPS = { ArrowLeft: [beside, -1], ArrowRight: [beside, 1], ArrowUp: [under, -1], ArrowDown: [under, 1] };

  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.(`[data-editing] ${CELL}`);
    if (!cell) return;
    if (open && event.target === open.editor) {
      if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(); cell.focus(); }
      if (event.key === "Enter") { event.preventDefault(); save(under(cell, 1) ?? under(cell, -1)); }
      if (event.key === "Tab") {
        const next = beside(cell, event.shiftKey ? -1 : 1);
        if (next) { event.preventDefault(); save(next); } else save(null);
      }
      return;
    }
    if (event.target !== cell) return;
    const step = STEPS[event.key];
    if (step) {
      const next = step[0](cell, step[1]);
      if (next) { event.preventDefault(); next.focus(); }
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      begin(cell);
    } else if (event.key === " " && cell.querySelector("ins")) {
      event.preventDefault();
      accept(cell);
    } else if (event.key === "Delete") {
      event.preventDefault();
      begin(cell, "");
    } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      begin(cell, event.key);
    }
  });

  document.addEventListener("click", (event) => {
    const cell = event.target.closest?.(`[data-editing] ${CELL}`);
    if (!cell || event.target === open?.editor) return;
    if (event.target.closest("[data-accept]")) accept(cell);
    else if (event.target.closest("a, button")) return;
    else if (cell.closest(MARKED)) begin(cell);
    else cell.focus();
  });
  document.addEventListener("dblclick", (event) => {
    const cell = event.target.closest?.(`[data-editing] ${CELL}`);
    if (cell && cell !== open?.cell) begin(cell);
  });
  document.addEventListener("focusout", (event) => {
    if (open && event.target === open.editor && event.relatedTarget !== open.editor && document.contains(event.target)) save(null);
  });
  document.addEventListener("paste", (event) => {
    const cell = event.target.closest?.(`[data-editing] ${CELL}`);
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!cell || !text) return;
    const isBlock = /[\t\n]/.test(text.trimEnd());
    if (open && !isBlock) return;
    event.preventDefault();
    if (open) close();
    paste(cell, text);
  });
})();
