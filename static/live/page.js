// Shows on an open ratings page what the server pushes: the parts that changed.
//
// Without this script the page is complete as it was loaded, with a link to refresh it. Each
// element with data-live gets new content only if that differs. What is open stays open, and the
// focus stays where it was.

import { textOf } from "../recording/templates.js";
import { Announcer } from "./announcer.js";
import { openFromLinks } from "./rows.js";
import { follow } from "./stream.js";

const MARKED_FOR = 4000;

const root = document.querySelector("[data-live-events]");
const status = root.querySelector("[data-live-status]");
const refresh = root.querySelector("[data-live-refresh]");
const announcer = new Announcer(root, root.querySelector("[data-live-announcer]"));

/** When what is shown was rated, in words. */
let shownAt = root.dataset.liveAt;

function say(state, values = {}) {
  status.textContent = textOf("live-status", { state, at: shownAt, ...values });
  status.classList.toggle("app-live__lost", state === "lost" || state === "ended");
  refresh.hidden = state === "live" || state === "ended";
}

function showRatings({ at, html, wasLost }) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const anchor = findAnchor();
  const top = anchor?.getBoundingClientRect().top;
  for (const element of fresh.querySelectorAll("[data-live]")) {
    const shown = root.querySelector(`[data-live="${CSS.escape(element.dataset.live)}"]`);
    if (shown && shown.innerHTML !== element.innerHTML) replace(shown, element);
    if (element.dataset.liveSpoken)
      announcer.note(element.dataset.live, element.dataset.liveSpoken);
  }
  // Changes above it must not move what is being read.
  if (anchor) scrollBy(0, anchor.getBoundingClientRect().top - top);
  if (wasLost) announcer.begin(textOf("live-again"));
  shownAt = at;
  say("live");
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
  const now = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  say("lost", { now });
  announcer.interrupt(status.textContent);
}

/** Hidden, the page gets nothing until it is shown again. */
function rest() {
  say("resting");
}

function end(why) {
  say("ended", { why });
  announcer.interrupt(status.textContent);
}

openFromLinks();

follow({
  inspection: Number(root.dataset.liveInspection),
  address: root.dataset.liveEvents,
  showRatings,
  lose,
  rest,
  end,
});
