// Paper shows all that was typed: beside each text area its text, which only print shows, and closed
// details with text in them open. All the others open by styles, or here where the browser has none
// for what is in them.

const opensByStyles = CSS.supports("selector(::details-content)");
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
    if (field.value) open(field.closest("details:not([open])"));
  }
  if (opensByStyles) return;
  for (const details of document.querySelectorAll("details:not([open])")) open(details);
});

function open(details) {
  if (!details) return;
  details.open = true;
  undo.push(() => (details.open = false));
}

function restore() {
  for (const step of undo) step();
  undo = [];
}
addEventListener("afterprint", restore);
