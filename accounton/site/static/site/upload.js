/* A form with data-upload sends its file as soon as one is chosen or dropped, and shows how far it is.
   The server answers 200 or 201 with {"next": "/address"} or 4xx with {"title": "...", "message": "..."}; it knows
   these requests by Accept: application/json. Without this script the form is sent as any other.
   Inside the form: .dropzone with input[type=file], [data-upload-progress] (hidden) with <progress>,
   [data-upload-name] and [data-upload-words], and [data-upload-problem] (hidden, a notice) with <strong> and <p>.
   Cells copied in a spreadsheet can be pasted anywhere on the page: they are sent as a file named data-text-pasted.
   Words come from data-text-sent ("{done} of {total} sent"), data-text-reading, data-text-too-large,
   data-text-failed; data-max-bytes bounds the size. */
"use strict";
(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const { session } = window;
  const zone = form.querySelector(".dropzone");
  const input = form.querySelector("input[type=file]");
  const box = form.querySelector("[data-upload-progress]");
  const bar = box.querySelector("progress");
  const words = box.querySelector("[data-upload-words]");
  const problem = form.querySelector("[data-upload-problem]");
  const size = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "megabyte", maximumFractionDigits: 1 });
  const megabytes = (bytes) => size.format(bytes / 1_000_000);
  let request = null;

  const complain = (title, message) => {
    box.hidden = true;
    problem.querySelector("strong").textContent = title;
    problem.querySelector("p").textContent = message;
    problem.hidden = false;
    input.value = "";
    input.focus();
  };
  const answered = async () => {
    if (request.status >= 200 && request.status < 300 && request.response?.next) {
      window.location.assign(request.response.next);
    } else if (!request.response?.title && await session.again(request)) {
      send();
    } else {
      complain(request.response?.title ?? "", request.response?.message ?? form.dataset.textFailed);
    }
  };
  /* The file stays chosen, and goes once there is somebody signed in and a connection. */
  const refused = async (wrong) => {
    box.hidden = true;
    await session.wait(wrong);
    send();
  };
  const send = async () => {
    const file = input.files[0];
    problem.hidden = true;
    if (!file) return;
    if (form.dataset.maxBytes && file.size > Number(form.dataset.maxBytes)) {
      complain(file.name, form.dataset.textTooLarge);
      return;
    }
    request?.abort();
    await session.ready();
    if (input.files[0] !== file) return; /* another was chosen meanwhile */
    box.querySelector("[data-upload-name]").textContent = file.name;
    box.hidden = false;
    bar.removeAttribute("value");
    words.textContent = "";
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (event) => {
      bar.max = event.total;
      bar.value = event.loaded;
      words.textContent = form.dataset.textSent.replace("{done}", megabytes(event.loaded)).replace("{total}", megabytes(event.total));
    });
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      words.textContent = form.dataset.textReading;
    });
    for (const [name, value] of Object.entries(session.headers())) request.setRequestHeader(name, value);
    request.addEventListener("load", answered);
    request.addEventListener("error", async () => {
      const wrong = await session.check();
      if (wrong) refused(wrong);
      else complain(file.name, form.dataset.textFailed);
    });
    request.send(new FormData(form));
  };

  input.addEventListener("change", send);
  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (event.target.closest?.("input, textarea") || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const pasted = new DataTransfer();
    pasted.items.add(new File([text], form.dataset.textPasted, { type: "text/tab-separated-values" }));
    input.files = pasted.files;
    send();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  let depth = 0;
  const over = (change) => {
    depth = Math.max(depth + change, 0);
    zone.classList.toggle("is-over", depth > 0);
  };
  zone.addEventListener("dragenter", (event) => { event.preventDefault(); over(1); });
  zone.addEventListener("dragleave", () => over(-1));
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    over(-depth);
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    send();
  });
})();
