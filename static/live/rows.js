// Opens what a link within the page leads to, and goes on from there by keyboard.
//
// Without this script such a link leads to the closed row, which opens by its own means.

function openWhatIsAskedFor() {
  const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!row?.matches("details")) return;
  row.open = true;
  row.querySelector("summary").focus();
}

export function openFromLinks() {
  addEventListener("hashchange", openWhatIsAskedFor);
  // The same link again changes no hash. The browser takes the focus away before it is set.
  document.addEventListener("click", ({ target }) => {
    const link = target.closest('a[href^="#"]');
    if (link && link.hash === location.hash) setTimeout(openWhatIsAskedFor);
  });
  openWhatIsAskedFor();
}
