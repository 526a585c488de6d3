// One stream of events for all ratings pages that this browser shows, of whatever inspections.
//
// A browser opens six connections to a server at most (HTTP/1.1), so pages with a stream each would
// leave none for anything else. The pages that are shown elect one by a lock; it opens the stream
// and passes on what arrives. Each shown page also holds a lock that names its inspection: so the
// browser itself knows what the stream has to carry, and forgets pages that are closed or crash. A
// hidden page lets go of both.

import { session } from "../recording/session.js";
import { coalesced, listen, publish } from "../recording/tabs.js";

// The server sends a heartbeat every 15 seconds (ratings/pages/live/events.py).
const SILENCE = 40_000;
// A page that leads hears of silence too and says so; one that has hung does not.
const GRACE = 5_000;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

const { user } = document.body.dataset;
const LEADING = `live ${user}`;
const SHOWING = `live ${user} `;

let page;
let shown = null;
let isLost = false;
let hasEnded = false;
let heardAt;
let noticing;
let taking;

let claim = null;
let leads = false;
let source = null;
let carried = "";
let pause = FIRST_PAUSE;
let reopening;

/**
 * Keep this page up to date while it is shown. `page` has `inspection`, `address` of the stream,
 * and is told by `showRatings({at, html, wasLost})`, `lose()`, `rest()` when it is hidden, and
 * `end(why)`; without a reason if nobody is signed in any more.
 */
export function follow(followed) {
  page = followed;
  listen(["live"], (message) => shown && message.user === user && hear(message));
  document.addEventListener("visibilitychange", joinOrLeave);
  // A page kept for the back button holds no connection, and catches up when it is shown again.
  addEventListener("pagehide", leave);
  addEventListener("pageshow", joinOrLeave);
  joinOrLeave();
}

function joinOrLeave() {
  if (document.hidden || hasEnded) leave();
  else if (!shown) join();
}

function join() {
  shown = new AbortController();
  const { signal } = shown;
  heardAt = Date.now();
  noticing = setInterval(noticeSilence, 1000);
  hold(SHOWING + page.inspection, { mode: "shared", signal }, signal, () => {
    tell("behind");
    claimLead();
  }).catch(ignoreAbort);
}

function leave() {
  if (!shown) return;
  clearInterval(noticing);
  clearTimeout(taking);
  claim?.abort();
  shown.abort();
  claim = shown = null;
  isLost = false;
  page.rest();
}

/** Hold the lock `name` from when it is free until `signal` aborts; `begin` runs in between. */
function hold(name, options, signal, begin) {
  return navigator.locks.request(name, options, () => {
    if (signal.aborted) return null;
    begin();
    return new Promise((resolve) => signal.addEventListener("abort", resolve));
  });
}

function ignoreAbort(error) {
  if (error.name !== "AbortError") throw error;
}

/** Lead as soon as no other page does, or at once: then the lock is taken from the one that does. */
function claimLead({ steal = false } = {}) {
  claim?.abort();
  claim = new AbortController();
  const { signal } = claim;
  signal.addEventListener("abort", stopLeading);
  hold(LEADING, steal ? { steal } : { signal }, signal, lead).catch((error) => {
    ignoreAbort(error);
    // Taken away by another page.
    if (!signal.aborted) claimLead();
  });
}

function lead() {
  leads = true;
  open();
}

function stopLeading() {
  leads = false;
  clearTimeout(reopening);
  source?.close();
  source = null;
}

const open = coalesced(async () => {
  const wanted = await inspectionsShown();
  if (!leads) return;
  clearTimeout(reopening);
  source?.close();
  carried = wanted;
  source = new EventSource(`${page.address}?${wanted}`);
  source.addEventListener("ratings", pass);
  source.addEventListener("heartbeat", pass);
  source.addEventListener("heartbeat", dropWhatNobodyShows);
  source.addEventListener("ended", pass);
  source.addEventListener("error", fail);
});

/** The inspections of all pages that are shown, as the address of the stream takes them. */
async function inspectionsShown() {
  const { held } = await navigator.locks.query();
  const names = held.map(({ name }) => name).filter((name) => name.startsWith(SHOWING));
  const inspections = new Set(names.map((name) => name.slice(SHOWING.length)));
  return new URLSearchParams([...inspections].sort().map((one) => ["inspection", one])).toString();
}

function pass({ type, data }) {
  pause = FIRST_PAUSE;
  tell(type, JSON.parse(data));
}

async function dropWhatNobodyShows() {
  if ((await inspectionsShown()) !== carried && leads) open();
}

async function fail() {
  tell("lost");
  // The browser tries again by itself unless the server answered with something else.
  if (source?.readyState !== EventSource.CLOSED) return;
  const current = await session({ fresh: true }).catch(() => null);
  if (!leads) return;
  if (current && String(current.user) !== user) {
    tell("signed-out");
    return;
  }
  reopening = setTimeout(open, pause);
  pause = Math.min(2 * pause, LONGEST_PAUSE);
}

function tell(event, content = {}) {
  publish({ type: "live", user, event, ...content });
}

function hear({ event, inspection, inspections, ...content }) {
  if (event === "behind") {
    // Opened anew, the stream begins with all that a page has to show.
    if (leads) open();
    return;
  }
  // The page that leads is there.
  clearTimeout(taking);
  if (event === "lost") {
    heardAt = Date.now();
    lose();
  } else if (event === "signed-out") {
    end({ why: "" });
  } else if (inspection === page.inspection || inspections?.includes(page.inspection)) {
    heardAt = Date.now();
    if (event === "ratings") show(content);
    else if (event === "ended") end(content);
    else if (isLost) tell("behind");
  }
}

function show(content) {
  page.showRatings({ ...content, wasLost: isLost });
  isLost = false;
}

function lose() {
  if (!isLost) page.lose();
  isLost = true;
}

function end({ why }) {
  hasEnded = true;
  leave();
  page.end(why);
}

// By the clock and not by a timer alone, which stands still while the device sleeps.
function noticeSilence() {
  const silence = Date.now() - heardAt;
  if (silence >= 0 && silence < SILENCE) return;
  heardAt = Date.now();
  if (leads) {
    tell("lost");
    open();
  } else {
    lose();
    taking = setTimeout(() => claimLead({ steal: true }), GRACE);
  }
}
