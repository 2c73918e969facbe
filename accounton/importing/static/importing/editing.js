/* Changing cells of a table with [data-editing="address"]: cells with data-edit="column" in rows with data-row and
   data-revision. A click on a marked cell, a double click on any, Enter, F2 or typing begins; Enter or Tab saves,
   Escape leaves it as it was, arrow keys go from cell to cell, Enter or the space bar accepts a suggestion, and a block
   that was copied in a spreadsheet is put in from the cell on.

   As in a spreadsheet nobody waits for a save. What was typed stands in the cell and the focus is where the key asked
   for before anything is sent; changes are sent one after the other; an answer replaces its rows as soon as nobody is at
   work in them; and whatever leaves the page or asks for another list waits until all is saved (sending.js). */
"use strict";
(() => {
  const CELL = "[data-edit]";
  const MARKED = ".is-problem, .is-suggestion";
  const FIELD = "input:not([type=checkbox]), select, textarea";
  let open = null;

  const tableOf = (element) => element.closest("[data-editing]");
  const rowOf = (element) => element.closest("tr");
  const rowsOf = (table) => [...table.querySelectorAll("tbody tr[data-revision]")];
  const cellsOf = (row) => [...row.querySelectorAll(CELL)];
  const boxOf = (row) => row.querySelector(".cell-check input");
  const named = (row, key) => row?.querySelector(`[data-edit="${key}"]`);
  const line = (number, within = document) => within.querySelector(`tr[data-row="${number}"][data-revision]`);
  const choicesOf = (key) => document.querySelector(`template[data-choices="${key}"]`);
  const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));

  /* A row that went to another tab leaves a line without cells; `from` says which column one was in there. */
  const keyOf = (element) => element.dataset.edit ?? element.dataset.from;
  const beside = (cell, step) => {
    const all = cellsOf(rowOf(cell));
    const at = all.indexOf(cell) + step;
    return all[at] ?? (at < 0 ? boxOf(rowOf(cell)) : undefined);
  };
  const under = (cell, step) => {
    const rows = rowsOf(tableOf(cell)).filter((row) => row === rowOf(cell) || named(row, keyOf(cell)));
    return named(rows[rows.indexOf(rowOf(cell)) + step], keyOf(cell));
  };

  /* Answers, by what they replace. `key` is the column that was saved; one who is at another has gone on. */
  const answers = new Map();

  const isAtWork = (old, fresh, key) => {
    const active = document.activeElement;
    if (old.querySelector("[aria-busy]")) return true; /* a later change of the same row is under way */
    if (!old.contains(active)) return false;
    if (active.matches(FIELD)) return true;
    return fresh.matches("tr") && active.matches(CELL) && !named(fresh, active.dataset.edit) && active.dataset.edit !== key;
  };
  const land = (fresh, number, key, index) => {
    if (!fresh.matches("tr")) {
      const rows = rowsOf(fresh);
      (named(line(number, fresh) ?? rows[Math.min(index, rows.length - 1)], key) ?? fresh.querySelector(".table-scroll"))?.focus();
      return;
    }
    const cell = named(fresh, key) ?? fresh.querySelector(".cell-full");
    if (!cell.matches(CELL)) { cell.tabIndex = -1; cell.dataset.from = key; }
    cell.focus();
  };
  const replace = (old, fresh) => {
    const active = old.contains(document.activeElement) ? document.activeElement : null;
    const key = active && keyOf(active);
    const row = key && rowOf(active);
    const index = row ? rowsOf(tableOf(row)).indexOf(row) : -1;
    /* What came later than a whole list stays in it. */
    for (const stale of fresh.querySelectorAll("tr[data-revision]")) {
      const now = line(stale.dataset.row, old);
      if (now && Number(now.dataset.revision) > Number(stale.dataset.revision)) stale.replaceWith(now);
    }
    old.replaceWith(fresh);
    window.htmx.process(fresh);
    for (const name of ["htmx:afterSwap", "htmx:afterSettle"]) document.dispatchEvent(new CustomEvent(name));
    if (row) land(fresh, row.dataset.row, key, index);
    else if (active) fresh.querySelector(active.id ? `#${active.id}` : active.localName)?.focus();
  };
  const settle = () => {
    for (const [selector, { fresh, key }] of answers) {
      const old = document.querySelector(selector);
      if (old && isAtWork(old, fresh, key)) continue;
      answers.delete(selector);
      if (old) replace(old, fresh);
    }
  };
  const keep = (selector, fresh, key) => {
    answers.delete(selector); /* the latest stands last */
    answers.set(selector, { fresh, key });
  };
  /* Our own server's answer, where rows may stand without a table: only a template takes those. */
  const parsed = (text) =>
    new DOMParser().parseFromString(`<template>${text}</template>`, "text/html").querySelector("template").content;

  /* Changes, one request after the other, each with the revision that those before it left its row at. */
  const LINE = "cells";
  let unsaved = 0;
  const revisions = new Map();

  const take = (edits, text) => {
    const content = parsed(text);
    const review = content.querySelector("#review");
    const rows = [...content.querySelectorAll("tr[data-revision]")];
    if (review) keep("#review", review);
    else if (!rows.length) return false;
    else {
      const own = Number(rows.find((row) => Number(row.dataset.row) === edits[0].row)?.dataset.revision);
      for (const row of rows) {
        const number = Number(row.dataset.row);
        if (Number(row.dataset.revision) === own) revisions.set(number, own);
        keep(`tr[data-row="${number}"][data-revision]`, row, number === edits[0].row ? edits[0].key : undefined);
      }
      /* Of the rest only what says where it belongs: counts, tabs, the last change. */
      window.htmx.swap(document.body, text, { swapStyle: "none" });
    }
    return true;
  };
  const request = async ({ address, failed, edits, over }) => {
    const cells = edits.map((edit) => ({ ...edit, revision: Math.max(edit.revision, revisions.get(edit.row) ?? 0) }));
    const shown = [...document.querySelectorAll("[data-editing] tr[data-revision]")].map(({ dataset }) => `${dataset.row}:${dataset.revision}`);
    const answer = await window.sending.post(address, { cells: JSON.stringify(cells), shown: shown.join(" "), over });
    unsaved -= 1;
    const saved = edits.map(({ row, key }) => named(line(row), key)).filter(Boolean);
    for (const cell of saved) cell.removeAttribute("aria-busy");
    if (answer && take(edits, answer.text)) {
      if (answer.said) say(answer.said);
    } else {
      for (const cell of saved) cell.classList.add("is-problem", "is-unsaved");
      say(failed);
    }
    settle();
    /* Only now what counts all rows of the list: it takes longer than a cell. */
    if (!unsaved) document.body.dispatchEvent(new Event("rows-saved"));
  };
  const show = (cell, text, raw = text) => {
    const option = [...(choicesOf(cell.dataset.edit)?.content.children ?? [])].find((each) => each.value === text);
    const described = cell.getAttribute("aria-describedby");
    const tip = [...cell.children].find((each) => each.id === described);
    cell.replaceChildren(option && text ? option.text : text, ...(tip ? [tip] : []));
    cell.setAttribute("aria-busy", "true");
    cell.classList.remove("is-unsaved");
    if (raw === null) return; /* a value that the page does not have */
    cell.dataset.raw = raw;
    delete cell.dataset.hidden;
  };
  /* Takes [cell, text] pairs, and how many texts found no cell. */
  const send = (table, pairs, over = 0) => {
    const edits = pairs.map(([cell, text]) => {
      const { row, revision } = rowOf(cell).dataset;
      return { row: Number(row), revision: Number(revision), key: cell.dataset.edit, text };
    });
    for (const [cell, text] of pairs) show(cell, text);
    post(table, edits, over);
  };
  const post = (table, edits, over) => {
    const { editing: address, failed } = table.dataset;
    unsaved += 1;
    window.sending.inLine(LINE, () => request({ address, failed, edits, over }));
  };

  const close = () => {
    const { cell, editor, before } = open;
    open = null;
    editor.remove();
    cell.append(...before);
    cell.classList.remove("is-editing");
  };
  const save = (next) => {
    const { cell, editor, start } = open;
    const text = editor.value.trim();
    close();
    if (text !== start) send(tableOf(cell), [[cell, text]]);
    next?.focus();
  };

  const begin = (cell, typed) => {
    if (open) save(null);
    const choices = choicesOf(cell.dataset.edit);
    const editor = document.createElement(choices ? "select" : "input");
    const raw = cell.dataset.raw ?? "";
    if (choices) {
      editor.append(choices.content.cloneNode(true));
      editor.value = raw;
      const meant = typed === undefined ? -1 : [...editor.options].findIndex((each) => each.text.toLowerCase().startsWith(typed.toLowerCase()));
      if (meant >= 0 || editor.selectedIndex < 0) editor.selectedIndex = Math.max(meant, 0);
    } else {
      editor.autocomplete = "off";
      editor.spellcheck = false;
      editor.value = typed ?? raw;
    }
    editor.className = "cell-editor";
    const described = cell.getAttribute("aria-describedby");
    editor.setAttribute("aria-label", cell.dataset.label || "");
    if (described) editor.setAttribute("aria-describedby", described);
    if (cell.closest(".is-problem")) editor.setAttribute("aria-invalid", "true");
    const before = [...cell.childNodes].filter((node) => node.id !== described);
    for (const node of before) node.remove();
    cell.classList.add("is-editing");
    cell.prepend(editor);
    /* What did not arrive, and what is put over a value that is not shown, is sent whatever it says. */
    const isSent = cell.matches(".is-unsaved:not([data-hidden])") || (typed !== undefined && (choices || "hidden" in cell.dataset));
    open = { cell, editor, before, start: isSent ? null : choices ? editor.value : raw };
    editor.focus();
    if (!choices && typed === undefined) editor.select();
  };

  const accept = (cell) => {
    /* By its code, not by what the page shows: a national number is suggested in words. */
    const next = under(cell, 1) ?? cell;
    const { row, revision } = rowOf(cell).dataset;
    const edit = { row: Number(row), revision: Number(revision), key: cell.dataset.edit, accept: cell.querySelector("[data-accept]").dataset.accept };
    const { textContent: text } = cell.querySelector("ins");
    show(cell, text, "hidden" in cell.dataset ? null : text);
    post(tableOf(cell), [edit], 0);
    next.focus();
  };

  /* Spreadsheets put a cell of several lines between quotes, and double the quotes inside it. */
  const QUOTED = /(?<![^\t\n])"(?:[^"\t]|"")*"(?![^\t\n])/g;
  const oneLine = (quoted) => quoted.includes("\n") ? quoted.slice(1, -1).replaceAll('""', '"').replaceAll("\n", " ") : quoted;
  const paste = (cell, text) => {
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").replace(QUOTED, oneLine).split("\n").map((each) => each.split("\t"));
    const table = tableOf(cell);
    const rows = rowsOf(table).filter((row) => named(row, cell.dataset.edit));
    const first = rows.indexOf(rowOf(cell));
    const pairs = [];
    let over = 0;
    lines.forEach((texts, down) => {
      const cells = rows[first + down] ? cellsOf(rows[first + down]) : [];
      const from = cells.findIndex((each) => each.dataset.edit === cell.dataset.edit);
      texts.forEach((value, right) => {
        if (cells.length && cells[from + right]) pairs.push([cells[from + right], value.trim()]);
        else over += 1;
      });
    });
    send(table, pairs, over);
    cell.focus();
  };

  const STEPS = { ArrowLeft: [beside, -1], ArrowRight: [beside, 1], ArrowUp: [under, -1], ArrowDown: [under, 1] };

  const inEditor = (event, cell) => {
    const next = { Enter: () => under(cell, 1) ?? cell, Tab: () => beside(cell, event.shiftKey ? -1 : 1) }[event.key]?.();
    if (event.key === "Escape") { event.stopPropagation(); close(); cell.focus(); }
    else if (["Enter", "Tab"].includes(event.key)) save(next);
    if (next || event.key === "Escape") event.preventDefault();
  };
  /* Where nothing was found no cell would be reached by Tab; the first one always is. */
  const letIn = () => {
    for (const table of document.querySelectorAll("[data-editing]")) table.querySelector(CELL)?.setAttribute("tabindex", "0");
  };
  document.addEventListener("htmx:afterSwap", letIn);
  letIn();
  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest?.(`[data-editing] :is(${CELL}, [data-from])`);
    if (!cell || event.isComposing) return;
    if (event.target === open?.editor) inEditor(event, cell);
    if (event.target !== cell) return;
    const step = STEPS[event.key];
    const next = step?.[0](cell, step[1]);
    const isTyped = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    const does = next ? () => next.focus()
      : !cell.matches(CELL) ? null
      : [" ", "Enter"].includes(event.key) && cell.querySelector("ins") ? () => accept(cell)
      : ["Enter", "F2"].includes(event.key) || (event.key === " " && cell.matches("[role=button]")) ? () => begin(cell)
      : event.key === "Delete" ? () => begin(cell, "")
      : isTyped ? () => begin(cell, event.key) : null;
    if (!does) return;
    event.preventDefault();
    does();
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
    if (event.target === open?.editor && document.contains(event.target)) save(null);
    setTimeout(settle); /* when the focus is where it goes */
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

  /* A list that was asked for before somebody began to type waits for that too; one that is put in is newer than all. */
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr } = event.detail;
    const fresh = open && target.contains(open.cell) && target.id && parsed(xhr.responseText).querySelector(`#${target.id}`);
    if (fresh) { event.preventDefault(); keep(`#${target.id}`, fresh); return; }
    for (const selector of answers.keys()) if (target.contains(document.querySelector(selector))) answers.delete(selector);
  });

  /* Until here what was typed went nowhere: the cells looked so (review.css). */
  document.documentElement.classList.add("can-edit");
})();
