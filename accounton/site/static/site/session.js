/* Whether the person of this page is still signed in and the server answers, and what is said where not.

   `session.again(answer)` takes the answer to a request that failed (null: there was none) and gives true once it can be
   sent again: the same person is signed in again, the server is back, a fresh token is there. It gives false where it was
   refused; that is said then. Signing in happens in another tab: this page keeps all that is on it, and nothing of it ever
   comes to lie in the browser's storage. The words stand in templates/parts/refusals.html. */
"use strict";
window.session = (() => {
  const region = document.getElementById("refusal");
  const words = document.getElementById("refusal-words");
  const WAITS = ["signed-out", "closed", "other-person", "not-confirmed", "unreachable", "busy"];
  const BY_STATUS = { 0: "unreachable", 403: "forbidden", 404: "gone", 413: "too-large", 500: "failed" };
  const BUSY = [408, 429, 502, 503, 504];
  const OUTDATED = [400, 405, 409, 410, 412];
  const WARN = 120;
  const LATER = 2000;
  const LATEST = 30_000;
  const AWAY = 30_000;
  const FRESH = 3000;
  const MOST_TRIES = 3;
  let kind = null;
  let waiting = null;
  let delay = LATER;
  let retry;
  let end;
  let checked = Date.now();
  let isLeaving = false;
  let now = null; /* what the server said last of the session */

  const header = (answer, name) => answer.getResponseHeader?.(name) ?? answer.headers?.get(name);
  const kindOf = (answer) => {
    const status = answer?.status ?? 0;
    return (status && header(answer, "X-Refused"))
      || (BUSY.includes(status) ? "busy" : OUTDATED.includes(status) ? "outdated" : BY_STATUS[status] ?? "failed");
  };

  /* What the server itself says of it (site/refused_bodies.py). */
  const sentenceOf = (answer) => {
    const events = header(answer, "HX-Trigger");
    return events?.startsWith("{") ? JSON.parse(events).announce?.text : null;
  };
  const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
  const tell = (what, details = {}) => {
    const part = region && words.content.querySelector(`[data-kind="${what}"]`)?.cloneNode(true);
    if (!part) return;
    /* What waits stays in sight; a page that asks by itself says a thing once. */
    if (waiting && !WAITS.includes(what)) { say(part.querySelector("strong").textContent); return; }
    if (kind === what && (WAITS.includes(what) || details.isByItself)) return;
    for (const element of part.querySelectorAll("[data-fill]")) element.textContent = details[element.dataset.fill] ?? "";
    if (details.sentence) part.querySelector("p").textContent = details.sentence;
    if (details.href) part.querySelector("[data-act=sign-in]").href = details.href;
    region.replaceChildren(part);
    kind = what;
    document.documentElement.classList.toggle("is-waiting", WAITS.includes(what));
  };
  const clear = () => {
    kind = null;
    region.replaceChildren();
    document.documentElement.classList.remove("is-waiting");
  };

  const takeToken = (token) => {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    document.body.setAttribute("hx-headers", JSON.stringify({ ...headers, "X-CSRFToken": token }));
    for (const input of document.querySelectorAll("[name=csrfmiddlewaretoken]")) input.value = token;
  };
  const headers = () => JSON.parse(document.body.getAttribute("hx-headers") ?? "{}");

  /* Some time before the end by itself is near, the server is asked: another tab may have been used. */
  const plan = (seconds, canStay) => {
    clearTimeout(end);
    if (seconds <= WARN) tell(canStay ? "ending" : "ending-for-good", { minutes: Math.max(1, Math.round(seconds / 60)) });
    else if (kind?.startsWith("ending")) clear();
    end = setTimeout(look, (seconds <= WARN ? seconds + 1 : seconds - WARN) * 1000);
  };
  const ask = async (method = "GET") => {
    try {
      const answer = await fetch(region.dataset.address, { method, headers: { Accept: "application/json", "X-CSRFToken": headers()["X-CSRFToken"] } });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  };
  /* What is wrong, or null. */
  const check = async () => {
    const state = await ask();
    if (isLeaving) return new Promise(() => {}); /* what is broken off then is no fault */
    checked = Date.now();
    if (!state) return { what: "unreachable" };
    if (!state.person) return { what: state.closed ? "closed" : "signed-out" };
    if (state.person !== region.dataset.person) return { what: "other-person", details: { other: state.name } };
    takeToken(state.token);
    now = state;
    if (!waiting) plan(state.seconds, state.can_stay);
    return null;
  };

  const wait = ({ what, details, seconds = 0 }) => {
    tell(what, details);
    if (!waiting) {
      waiting = {};
      waiting.over = new Promise((resolve) => { waiting.resolve = resolve; });
    }
    waiting.what = what;
    clearTimeout(retry);
    if (["unreachable", "busy"].includes(what)) {
      retry = setTimeout(look, Math.max(delay, seconds * 1000));
      delay = Math.min(delay * 2, LATEST);
    }
    return waiting.over;
  };
  const goOn = () => {
    clearTimeout(retry);
    clear();
    say(region.dataset.back);
    const { resolve } = waiting;
    waiting = null;
    plan(now.seconds, now.can_stay);
    resolve();
  };
  /* Asks how things stand, says it, and lets what waits go on. */
  const look = async (isConfirmed = false) => {
    const wrong = await check();
    if (wrong) wait(wrong);
    else if (waiting && (waiting.what !== "not-confirmed" || isConfirmed === true)) goOn();
  };

  const again = async (answer, { tries = 0, isByItself = false } = {}) => {
    const what = region ? kindOf(answer) : "failed";
    if (["outdated-token", "other-person", "unreachable"].includes(what)) {
      const wrong = await check();
      if (!wrong && tries >= MOST_TRIES) { tell("outdated"); return false; }
      if (wrong) await wait(wrong);
      return true;
    }
    if (WAITS.includes(what)) {
      const href = what === "not-confirmed" ? header(answer, "X-Sign-In") : "";
      await wait({ what, details: { href }, seconds: Number(header(answer, "Retry-After")) || 0 });
      return true;
    }
    tell(what, { at: new Date().toLocaleString(document.documentElement.lang), sentence: region && sentenceOf(answer), isByItself });
    return false;
  };
  /* Until this person is signed in and the server answers; for what anyone may send, until the latter. */
  const ready = async (isForAnyone = false) => {
    const wrong = region && await check();
    if (wrong && !(isForAnyone && wrong.what !== "unreachable")) await wait(wrong);
  };
  const well = () => {
    delay = LATER;
    if (kind && !WAITS.includes(kind) && !kind.startsWith("ending")) clear();
  };

  const ACTS = {
    "sign-in": (link) => window.open(link.href, "sign-in"),
    stay: async () => { await ask("POST"); look(); },
    try: () => look(),
    reload: () => { isLeaving = true; window.location.reload(); },
    close: clear,
  };
  if (region) {
    region.addEventListener("click", (event) => {
      const control = event.target.closest("[data-act]");
      if (!control) return;
      event.preventDefault();
      ACTS[control.dataset.act](control);
    });
    const channel = new BroadcastChannel("session");
    channel.addEventListener("message", ({ data }) => {
      checked = 0; /* another tab may have changed who is signed in */
      if (data === "signed in") look(true);
      /* Signing in may have ended on another page than signed_in: each that opens for somebody says so. */
      else if (waiting) look();
    });
    channel.postMessage("opened");
    window.addEventListener("online", () => look());
    window.addEventListener("pagehide", () => { isLeaving = true; });
    window.addEventListener("pageshow", () => { isLeaving = false; });
    const cameBack = () => {
      if (document.visibilityState === "visible" && (kind || Date.now() - checked > AWAY)) look();
    };
    window.addEventListener("focus", cameBack);
    document.addEventListener("visibilitychange", cameBack);
    plan(Number(region.dataset.seconds), true);
  }
  return {
    again, check: async () => region && check(), headers, ready, tell, wait, well,
    /* The server answered just now: that need not be asked again. */
    isFresh: () => !waiting && Date.now() - checked < FRESH,
    isWaiting: () => waiting !== null,
    isLeaving: () => isLeaving,
    isWatching: Boolean(region),
  };
})();
