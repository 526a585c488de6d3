// What screen readers hear of changes on a live page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Announcer } from "../../static/live/announcer.js";

const AT_FIRST = { "2.1-strip": "2.1 is now Good.", "2.2-strip": "2.2 is now Good." };

function opened({ mock }) {
  mock.timers.enable({ apis: ["setTimeout"] });
  const elements = Object.entries(AT_FIRST).map(([live, liveSpoken]) => ({
    dataset: { live, liveSpoken },
  }));
  const heard = [];
  const region = {
    set textContent(text) {
      heard.push(text);
    },
  };
  const announcer = new Announcer({ querySelectorAll: () => elements }, region);
  return { announcer, heard, wait: () => mock.timers.tick(1000) };
}

test("what a page shows when it is opened is not said", (context) => {
  const { announcer, heard, wait } = opened(context);
  announcer.note("2.1-strip", AT_FIRST["2.1-strip"]);
  wait();
  assert.deepEqual(heard, []);
});

test("what changes within a moment is said once, together", (context) => {
  const { announcer, heard, wait } = opened(context);
  announcer.note("2.1-strip", "2.1 is now Inadequate.");
  announcer.note("2.2-strip", "2.2 is now Outstanding.");
  wait();
  announcer.note("2.1-strip", "2.1 is now Inadequate.");
  wait();
  assert.deepEqual(heard, ["2.1 is now Inadequate. 2.2 is now Outstanding."]);
});

test("what has changed back by then is not said", (context) => {
  const { announcer, heard, wait } = opened(context);
  announcer.note("2.1-strip", "2.1 is now Inadequate.");
  announcer.note("2.1-strip", AT_FIRST["2.1-strip"]);
  wait();
  assert.deepEqual(heard, []);
});

test("what changes back later is said again", (context) => {
  const { announcer, heard, wait } = opened(context);
  announcer.note("2.1-strip", "2.1 is now Inadequate.");
  wait();
  announcer.note("2.1-strip", AT_FIRST["2.1-strip"]);
  wait();
  assert.deepEqual(heard, ["2.1 is now Inadequate.", "2.1 is now Good."]);
});

test("that the page is live again comes before what has changed meanwhile", (context) => {
  const { announcer, heard, wait } = opened(context);
  announcer.note("2.1-strip", "2.1 is now Inadequate.");
  announcer.begin("The ratings are live again.");
  wait();
  assert.deepEqual(heard, ["The ratings are live again. 2.1 is now Inadequate."]);
});
