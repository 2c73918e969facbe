/* The link to the sample list puts the list into the upload form instead of onto the disk. Without this script, or
   when the list does not come, the link downloads it. */
"use strict";
(() => {
  const link = document.querySelector("[data-upload-sample]");
  const input = document.querySelector("form[data-upload] input[type=file]");
  if (!link || !input) return;

  link.addEventListener("click", async (event) => {
    event.preventDefault();
    await window.session.ready();
    try {
      const response = await fetch(link.href, { headers: window.session.headers() });
      if (!response.ok) throw new Error(String(response.status));
      const name = link.dataset.uploadSample;
      const transfer = new DataTransfer();
      transfer.items.add(new File([await response.blob()], name));
      input.files = transfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    } catch {
      window.location.assign(link.href);
    }
  });
})();
