// The parts that need no browser: contradictions, times, coalesced work.

import "./browser.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { fullMoment, moment } from "../../static/recording/clock.js";
import { contradictionOf } from "../../static/recording/key_questions.js";
import { coalesced } from "../../static/recording/tabs.js";

test("a key question contradicts its prompts where most relevant ones say the opposite", () => {
  const against = (keyQuestion, ...prompts) => contradictionOf(keyQuestion, prompts)?.against;
  assert.equal(against("YES", "NO", "NO", "YES"), 2);
  assert.equal(against("NO", "YES", "YES", "NOT_APPLICABLE", ""), 2);
  assert.equal(against("YES", "NO", "YES"), undefined); // half is not most
  assert.equal(against("YES", "NO"), undefined); // one prompt is too few
  assert.equal(against("YES", "NO", "NOT_APPLICABLE"), undefined);
  assert.equal(against("", "NO", "NO"), undefined);
  assert.equal(against("NOT_APPLICABLE", "NO", "NO"), undefined);
  const found = { own: "YES", other: "NO", against: 3, relevant: 4 };
  assert.deepEqual(contradictionOf("YES", ["NO", "NO", "YES", "NO"]), found);
});

test("times are those of London, with the day where it is another", () => {
  const now = new Date("2026-07-01T11:00:00Z");
  assert.equal(moment("2026-07-01T06:05:00Z", now), "07:05");
  assert.equal(moment("2026-06-30T23:30:00Z", now), "00:30");
  assert.equal(moment("2026-06-30T22:30:00Z", now), "30 June 2026, 23:30");
  assert.equal(fullMoment("2026-12-03T14:02:00Z"), "3 December 2026, 14:02");
});

test("work asked for while it runs is done once more, however often it was asked", async () => {
  let finish;
  let runs = 0;
  const work = coalesced(() => {
    runs += 1;
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  const done = [work(), work(), work()];
  assert.equal(runs, 1);
  finish();
  await new Promise(setImmediate);
  assert.equal(runs, 2);
  finish();
  await Promise.all(done);
  assert.equal(runs, 2);
});
