// Shows that a file is being sent and read, for forms that carry data-file-progress. Without this script the browser's own sign of loading says so.

for (const form of document.querySelectorAll("form[data-file-progress]")) {
  form.addEventListener("submit", (event) => {
    const shown = form.querySelector("[data-file-progress-bar]");
    const hasFile = [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length);
    if (!event.defaultPrevented && hasFile) {
      shown.hidden = false;
    }
  });
}

// A page that the browser brings back has nothing under way.
window.addEventListener("pageshow", () => {
  for (const shown of document.querySelectorAll("[data-file-progress-bar]")) {
    shown.hidden = true;
  }
});
