/* Sends what somebody changed, so that none of it is lost: what comes back as a refusal is sent again once that makes
   sense (session.js), and is marked as not saved until then; what leaves the page waits until all is saved.

   `sending.post(address, values)` gives the text of the answer, or null where it was refused for good.
   `sending.inLine(line, job)` does jobs of a line one after the other. */
"use strict";
window.sending = (() => {
  const { session } = window;

  const post = async (address, values) => {
    const body = new URLSearchParams(Object.entries(values).flatMap(([name, value]) => [value].flat().map((one) => [name, one])));
    for (let tries = 0; ; tries += 1) {
      let answer = null;
      try {
        const headers = { ...session.headers(), "HX-Request": "true", "HX-Current-URL": window.location.href };
        answer = await fetch(address, { method: "POST", body, headers });
        if (answer.ok) {
          const text = await answer.text();
          const said = answer.headers.get("HX-Trigger");
          session.well();
          return { text, said: said ? JSON.parse(said).announce?.text : "" };
        }
      } catch {
        answer = null;
      }
      if (!(await session.again(answer, { tries }))) return null;
    }
  };

  const lines = new Map();
  let unsaved = 0;
  const inLine = (line, job) => {
    unsaved += 1;
    const done = (lines.get(line) ?? Promise.resolve()).then(job).finally(() => { unsaved -= 1; });
    lines.set(line, done);
    return done;
  };
  const allSaved = () => Promise.all(lines.values());

  /* Whatever leaves the page or asks for another list waits until all is saved. */
  const meaning = (element) => element.href ?? (element.form?.id && `${element.form.id} ${element.name} ${element.value}`);
  const standsThere = (element) => element.isConnected ? element
    : [...document.querySelectorAll("a[href], [type=submit]")].find((each) => meaning(each) && meaning(each) === meaning(element));
  document.addEventListener("click", (event) => {
    const element = event.target.closest?.("a[href], [type=submit]");
    if (!unsaved || !element || element.closest("#refusal") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (session.isWaiting() && element.href) return; /* leaving is asked about */
    event.preventDefault();
    event.stopImmediatePropagation();
    allSaved().then(() => standsThere(element)?.click());
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, triggeringEvent, issueRequest } = event.detail;
    if (session.isWaiting() && !triggeringEvent && elt !== document.body) event.preventDefault(); /* asks again by itself */
    else if (unsaved && elt.matches("form")) {
      event.preventDefault();
      mark(elt, event.detail);
      allSaved().then(() => issueRequest(true));
    }
  });

  /* Requests that stand on the page (hx-post, hx-get): the latest of each element waits, and goes when it can. */
  const latest = new Map();
  const tries = new WeakMap();
  const marked = new Map();
  let turn = Promise.resolve();

  const standing = (elt) => {
    if (elt.isConnected) return elt;
    const like = (name) => elt.getAttribute(name);
    return (elt.id && document.getElementById(elt.id))
      || [...document.querySelectorAll(elt.localName)].find((each) => ["hx-post", "hx-get"].some((name) => like(name) && each.getAttribute(name) === like(name)));
  };
  const mark = (elt, config) => {
    const control = config.triggeringEvent?.target;
    if (config.verb === "get" || !control?.matches?.("input, select, textarea")) return;
    control.dataset.unsaved = "";
    marked.set(elt, (marked.get(elt) ?? new Set()).add(control));
  };
  const unmark = (elt) => {
    for (const control of marked.get(elt) ?? []) {
      delete control.dataset.unsaved;
      control.classList.remove("is-refused");
    }
    marked.delete(elt);
  };
  /* As the server has it, where an answer would have drawn it anew; else it stays, marked as not saved. */
  const putBack = (elt, config) => {
    const control = config.triggeringEvent?.target;
    if (config.triggeringEvent?.type !== "change") return;
    if (elt.closest("[hx-swap]")?.getAttribute("hx-swap") === "none") {
      control.classList.add("is-refused");
      return;
    }
    if (control.type === "checkbox") control.checked = control.defaultChecked;
    else if (control.options) for (const option of control.options) option.selected = option.defaultSelected;
    unmark(elt);
  };
  const resend = ({ elt, config }) => {
    const source = standing(elt);
    if (config.boosted) { source?.click(); return null; }
    const values = config.formData;
    values.delete("csrfmiddlewaretoken");
    return window.htmx.ajax(config.verb, config.path, source ? { source, values } : { source: document.body, swap: "none", values }).catch(() => {});
  };
  const refused = async ({ elt, requestConfig: config, xhr }) => {
    const wish = { elt, config };
    latest.delete(elt);
    latest.set(elt, wish);
    mark(elt, config);
    tries.set(elt, (tries.get(elt) ?? 0) + 1);
    const isToSend = await session.again(xhr.status ? xhr : null, { tries: tries.get(elt), isByItself: !config.triggeringEvent });
    turn = turn.then(async () => {
      if (latest.get(elt) !== wish) return;
      latest.delete(elt);
      if (isToSend) await resend(wish);
      else putBack(elt, config);
    });
  };
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail;
    if (xhr.status < 400) {
      tries.delete(elt);
      unmark(elt);
      session.well();
      return;
    }
    event.preventDefault();
    refused(event.detail);
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, (event) => refused(event.detail));

  /* A form that is sent as a whole goes only when it will be taken: what is in it would be gone with the page. One that
     goes at once all the same is kept by the server (offices/kept_posts.py). */
  const passing = new WeakSet();
  const held = new Set();
  window.addEventListener("submit", async (event) => {
    const { submitter, target: form } = event;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post" || passing.has(form) || !session.isWatching || session.isFresh()) return;
    event.preventDefault();
    if (held.has(form)) return;
    held.add(form);
    await session.ready("anyone" in form.dataset);
    held.delete(form);
    const now = form.isConnected ? form : form.id && document.getElementById(form.id);
    if (!now) { session.tell("outdated"); return; }
    passing.add(now);
    now.requestSubmit(submitter?.form === now ? submitter : undefined);
    passing.delete(now);
  });

  window.addEventListener("beforeunload", (event) => {
    if (!session.isLeaving() && (unsaved || held.size || [...latest.values()].some(({ config }) => config.verb !== "get"))) event.preventDefault();
  });
  return { allSaved, inLine, post };
})();
