// Keeps an open ratings page up to date: the server pushes the parts that changed.
//
// Without this script the page is complete as it was loaded, with a link to refresh it. Each
// element with data-live gets new content only if that differs. What is open stays open, and the
// focus stays where it was.

const MARKED_FOR = 4000;
const LONGEST_PAUSE = 30_000;

const root = document.querySelector("[data-live-events]");
const status = root.querySelector("[data-live-status]");
const refresh = root.querySelector("[data-live-refresh]");
const announcer = root.querySelector("[data-live-announcer]");

let source;
let pause = 1000;
let reopening;
let lost = false;

function connect() {
  clearTimeout(reopening);
  source = new EventSource(root.dataset.liveEvents);
  source.addEventListener("ratings", (event) => show(JSON.parse(event.data)));
  source.addEventListener("ended", (event) => end(event.data));
  source.addEventListener("error", lose);
}

function show({ at, html }) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const anchor = findAnchor();
  const top = anchor?.getBoundingClientRect().top;
  for (const element of fresh.querySelectorAll("[data-live]")) {
    const shown = root.querySelector(`[data-live="${CSS.escape(element.dataset.live)}"]`);
    if (shown && shown.innerHTML !== element.innerHTML) replace(shown, element);
  }
  // Changes above it must not move what is being read.
  if (anchor) scrollBy(0, anchor.getBoundingClientRect().top - top);
  if (lost) announcer.textContent = "The ratings are live again.";
  lost = false;
  pause = 1000;
  status.textContent = `Live · updated ${at}`;
  status.classList.remove("app-live__lost");
  refresh.hidden = true;
}

// The element that keeps its position: the one with the focus, or in the middle of the window.
function findAnchor() {
  if (scrollY === 0) return null;
  const focused = document.activeElement;
  const anchor = root.contains(focused)
    ? focused
    : document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  return anchor?.closest("[data-live], summary, details") ?? null;
}

function replace(shown, element) {
  const focused = shown.contains(document.activeElement) ? document.activeElement.id : "";
  shown.replaceChildren(...document.importNode(element, true).childNodes);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  const spoken = element.dataset.liveSpoken;
  if (spoken && spoken !== shown.dataset.liveSpoken) {
    shown.dataset.liveSpoken = spoken;
    announcer.textContent = spoken;
  }
  mark(shown);
}

function mark(element) {
  element.classList.remove("app-live-changed");
  // Reading a size makes the browser notice the removal, so that the mark starts again.
  void element.offsetWidth;
  element.classList.add("app-live-changed");
  clearTimeout(element.unmarking);
  element.unmarking = setTimeout(() => element.classList.remove("app-live-changed"), MARKED_FOR);
}

function lose() {
  if (!lost) {
    lost = true;
    const now = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    status.textContent = `Connection lost at ${now}; showing the last state; reconnecting`;
    status.classList.add("app-live__lost");
    announcer.textContent = status.textContent;
    refresh.hidden = false;
  }
  // The browser tries again by itself unless the server answered with something else.
  if (source.readyState === EventSource.CLOSED) {
    reopening = setTimeout(connect, pause);
    pause = Math.min(2 * pause, LONGEST_PAUSE);
  }
}

function end(why) {
  source.close();
  status.textContent = why;
  status.classList.add("app-live__lost");
  announcer.textContent = why;
  refresh.hidden = true;
}

connect();
// A page kept for the back button holds no connection, and catches up when it is shown again.
addEventListener("pagehide", () => {
  clearTimeout(reopening);
  source.close();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) connect();
});
