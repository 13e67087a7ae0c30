/* Files dropped on the Reports tab go where chosen ones go; the report of an evaluation takes the theme of the page. */
(() => {
  "use strict";
  const area = (event) => event.target.closest?.("#wb-reports-list");
  const carries = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  const mark = (on) => document.querySelector("#wb-upload")?.classList.toggle("wb-over", on);

  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      if (!carries(event)) return;
      mark(Boolean(area(event)));
      if (area(event)) event.preventDefault();
    });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) mark(false); });
  document.addEventListener("drop", (event) => {
    mark(false);
    if (!carries(event) || !area(event)) return;
    event.preventDefault(); // or the browser would open the file
    const input = document.querySelector("#wb-reports-list input[type=file]");
    if (!input || !event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // One file that is too large would otherwise keep all that were chosen with it from being sent.
  document.addEventListener("change", (event) => {
    const input = event.target;
    const problem = document.querySelector("#wb-upload-hint [data-limit]");
    if (!problem || input.type !== "file" || !area(event)) return;
    const fits = (file) => file.size <= Number(problem.dataset.limit);
    const large = [...input.files].filter((file) => !fits(file));
    problem.hidden = !large.length;
    problem.textContent = problem.dataset.said + large.map((file) => file.name).join("、");
    if (!large.length) return;
    const rest = new DataTransfer();
    [...input.files].filter(fits).forEach((file) => rest.items.add(file));
    if (!rest.files.length) event.stopImmediatePropagation();
    input.files = rest.files;
  }, true);

  /** The frame may run no script: its theme stands in its address. */
  function frame() {
    for (const element of document.querySelectorAll("iframe[data-page]")) {
      const address = new URL(element.dataset.page, location.href);
      if (address.origin !== location.origin) continue;
      address.searchParams.set("theme", document.body.classList.contains("dark") ? "dark" : "light");
      if (element.src !== address.href) element.src = address.href;
    }
  }

  function start() {
    new MutationObserver(frame).observe(document.body, { childList: true, subtree: true, attributeFilter: ["class"] });
  }
  if (document.body) start();
  else document.addEventListener("DOMContentLoaded", start);
})();
