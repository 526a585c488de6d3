// Paper shows all that was typed: beside each text area its text, which only print shows, and closed
// details with text in them open.

let undo = [];

addEventListener("beforeprint", () => {
  restore();
  for (const field of document.querySelectorAll("textarea")) {
    const copy = document.createElement("div");
    copy.className = "app-printed";
    copy.textContent = field.value;
    field.after(copy);
    field.classList.add("app-not-printed");
    undo.push(
      () => copy.remove(),
      () => field.classList.remove("app-not-printed"),
    );
    const details = field.value && field.closest("details:not([open])");
    if (!details) continue;
    details.open = true;
    undo.push(() => (details.open = false));
  }
});

function restore() {
  for (const step of undo) step();
  undo = [];
}
addEventListener("afterprint", restore);
