// Drafts on a device, and what becomes of them once they were sent.

import "./browser.js";
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { draftsOf, drop, dropAccepted, keep } from "../../static/forms/draft_store.js";

const ADA = 7;
const asked = [];
let accepted = [];

globalThis.document = { body: { dataset: { sentForms: "/sent-forms/" } } };
globalThis.fetch = async (address) => {
  asked.push(new URLSearchParams(address.split("?")[1]).getAll("id"));
  return Response.json({ accepted });
};

const draft = (key, fields = {}) => ({
  key,
  user: ADA,
  place: "/add/",
  fields: [["text", key]],
  typed_at: "2026-11-26T10:00:00Z",
  sent_at: null,
  is_edited_since: false,
  ...fields,
});

beforeEach(async () => {
  for (const user of [ADA, 8]) await drop((await draftsOf(user)).map(({ key }) => key));
  asked.length = 0;
});

test("drafts are their author's alone, the latest first", async () => {
  await keep(draft("one"));
  await keep(draft("two", { typed_at: "2026-11-26T11:00:00Z" }));
  await keep(draft("other", { user: 8 }));
  assert.deepEqual(
    (await draftsOf(ADA)).map(({ key }) => key),
    ["two", "one"],
  );
});

test("the server is asked only about drafts that were sent, and those it accepted go", async () => {
  await keep(draft("typed"));
  await dropAccepted(ADA);
  assert.deepEqual(asked, []);
  const sent_at = "2026-11-26T10:01:00Z";
  // The clock's correction was learned between typing and sending.
  await keep(draft("arrived", { sent_at, typed_at: "2026-11-26T10:01:03Z" }));
  await keep(draft("lost", { sent_at }));
  accepted = ["arrived"];
  await dropAccepted(ADA);
  assert.deepEqual(
    asked.map((ids) => ids.sort()),
    [["arrived", "lost"]],
  );
  assert.deepEqual((await draftsOf(ADA)).map(({ key }) => key).sort(), ["lost", "typed"]);
});

test("what was typed after sending outlives what was accepted, as a form of its own", async () => {
  await keep(draft("sent", { sent_at: "2026-11-26T10:00:00Z", is_edited_since: true }));
  accepted = ["sent"];
  await dropAccepted(ADA);
  const [left, ...others] = await draftsOf(ADA);
  const { fields, sent_at, is_edited_since } = left;
  assert.deepEqual([fields, sent_at, is_edited_since], [[["text", "sent"]], null, false]);
  assert.deepEqual(others, []);
  assert.match(left.key, /^7-[0-9a-f-]{36}$/);
});
