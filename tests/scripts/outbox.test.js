// The rules by which saves wait, follow each other, are sent and settled.

import "./browser.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { read, write } from "../../static/recording/database.js";
import * as outbox from "../../static/recording/outbox.js";
import { withoutRoom, withoutStorage } from "./browser.js";

const CASE = 7;
let users = 0;

/** Somebody who edits questions of a case; each test has one of its own. */
function person() {
  const user = ++users;
  const edit = (seen, { question = "2.1.1a", value = "YES", note = "", ...fields } = {}) =>
    outbox.add({
      id: crypto.randomUUID(),
      user,
      case: CASE,
      kind: "answer",
      subject: question,
      part: "value",
      content: { question, value, note },
      made_at: "2026-11-26T09:00:00Z",
      since: "2026-11-26T10:00:00Z",
      seen,
      ...fields,
    });
  return {
    user,
    edit,
    editAfter: ({ id, edits }, fields) => edit({ follows: id, edits }, fields),
    waiting: () => outbox.entriesOf(user),
    send: (limit) => outbox.nextBatch(user, limit),
  };
}

const note = (text) => ({ part: "note", note: text });
const saved = (version) => ({ outcome: "saved", version, standing: { version, value: "YES" } });
const conflict = (version) => ({
  outcome: "conflict",
  standing: { version, value: "NO", note: "", by: "Ben", at: "2026-11-26T09:30:00Z" },
});
const basesOf = (entries) => entries.map((entry) => entry.base_version);
const statesOf = (entries) => entries.map((entry) => entry.state);

test("a save is based on the version that was seen", async () => {
  const { edit, waiting } = person();
  await edit({ version: 3 });
  const [entry] = await waiting();
  assert.equal(entry.base_version, 3);
  assert.equal(entry.state, "waiting");
  assert.equal(entry.since, "2026-11-26T10:00:00Z");
});

test("an edit of the same part changes the save that was not sent yet", async () => {
  const { edit, editAfter, waiting } = person();
  const first = await edit({ version: 0 });
  const second = await editAfter(first, { value: "NO" });
  assert.equal(second.id, first.id);
  assert.deepEqual(
    (await waiting()).map((entry) => [entry.content.value, entry.base_version]),
    [["NO", 0]],
  );
});

test("two tabs that change one unsent save are in conflict", async () => {
  const { edit, editAfter, send, waiting } = person();
  const seen = await edit({ version: 3 }, note("I"));
  await editAfter(seen, note("It is"));
  const other = await editAfter(seen, note("In the"));
  assert.notEqual(other.id, seen.id);
  assert.deepEqual(
    (await waiting()).map(({ base_version, content }) => [base_version, content.note]),
    [
      [3, "It is"],
      [3, "In the"],
    ],
  );
  const [first, ...others] = await send();
  assert.deepEqual(others, []);
  await outbox.settle([first], [saved(4)]);
  assert.deepEqual(basesOf(await send()), [3]);
});

test("an edit of a save that another tab changed before it was accepted is a conflict", async () => {
  const { edit, editAfter, send } = person();
  const seen = await edit({ version: 3 }, note("I"));
  const changed = await editAfter(seen, note("It is"));
  await outbox.settle(await send(), [saved(4)]);
  assert.equal((await editAfter(seen, note("In the"))).base_version, 0);
  assert.equal((await editAfter(changed, note("It is late"))).base_version, 4);
});

test("an edit of another part is a save of its own", async () => {
  const { edit, editAfter, waiting } = person();
  await editAfter(await edit({ version: 0 }), note("Why"));
  assert.equal((await waiting()).length, 2);
});

test("a save that may have arrived is never changed: the next follows it", async () => {
  const { edit, editAfter, send, waiting } = person();
  const first = await edit({ version: 0 });
  const [sent] = await send();
  const second = await editAfter(first, { value: "NO" });
  assert.deepEqual([second.follows, second.base_version], [first.id, null]);
  await outbox.settle([sent], [saved(1)]);
  assert.deepEqual(basesOf(await waiting()), [1]);
});

test("a save that follows an accepted one is based on its version", async () => {
  const { edit, editAfter, send } = person();
  const first = await edit({ version: 0 });
  await outbox.settle(await send(), [saved(4)]);
  assert.equal((await editAfter(first)).base_version, 4);
});

test("a save that follows an unknown one is a conflict and overwrites nothing", async () => {
  const { editAfter } = person();
  assert.equal((await editAfter({ id: "unknown" })).base_version, 0);
});

test("saves that follow a conflict are sent with the same base", async () => {
  const { edit, editAfter, send, waiting } = person();
  const first = await edit({ version: 2 });
  const [sent] = await send();
  await editAfter(first, note("Why"));
  await outbox.settle([sent], [conflict(3)]);
  const [second] = await send();
  assert.equal(second.base_version, 2);
  await outbox.settle([second], [conflict(3)]);
  assert.deepEqual(statesOf(await waiting()), ["conflict", "conflict"]);
  assert.deepEqual(await send(), []);
});

test("an edit on top of a conflict is in conflict too", async () => {
  const { edit, editAfter, send } = person();
  const first = await edit({ version: 0 });
  await outbox.settle(await send(), [conflict(1)]);
  const second = await editAfter(first, note("Why"));
  assert.deepEqual([second.state, second.standing.by], ["conflict", "Ben"]);
});

test("keeping the own answer makes one save based on the current answer", async () => {
  const { edit, editAfter, send, waiting } = person();
  const first = await edit({ version: 0 });
  await outbox.settle(await send(), [conflict(5)]);
  await editAfter(first, note("Why"));
  const made = { id: "new", made_at: "2026-11-26T11:00:00Z", since: "2026-11-26T11:00:01Z" };
  await outbox.keepMine(await waiting(), made);
  const [entry, ...others] = await waiting();
  assert.deepEqual(others, []);
  assert.deepEqual(
    [entry.id, entry.base_version, entry.content.note, entry.state, entry.tried, entry.since],
    ["new", 5, "Why", "waiting", false, "2026-11-26T11:00:01Z"],
  );
  await outbox.keepMine([], made); // pressed twice
  assert.equal((await waiting()).length, 1);
});

test("keeping the other answer removes the own one", async () => {
  const { edit, send, waiting } = person();
  await edit({ version: 0 });
  await outbox.settle(await send(), [conflict(1)]);
  await outbox.discard(await waiting());
  assert.deepEqual(await waiting(), []);
});

test("one request holds saves of one case, and no question twice", async () => {
  const { edit, editAfter, send } = person();
  const first = await edit({ version: 0 });
  await edit({ version: 0 }, { question: "2.1.1b" });
  await editAfter(first, note("Why"));
  await edit({ version: 0 }, { question: "2.1.1c", case: CASE + 1 });
  const questions = (await send()).map((entry) => entry.subject);
  assert.deepEqual(questions, ["2.1.1a", "2.1.1b"]);
});

test("one request holds no more saves, and no longer notes, than the service takes", async () => {
  const { edit, send } = person();
  for (let n = 0; n < 60; n++) await edit({ version: 0 }, { question: `q${n}` });
  assert.equal((await send()).length, 50);
  assert.equal((await send(1)).length, 1);
  const other = person();
  for (let n = 0; n < 12; n++) {
    await other.edit({ version: 0 }, { question: `q${n}`, note: "x".repeat(19_900) });
  }
  assert.equal((await other.send()).length, 10);
});

test("saves that follow a refused one are refused too, and can be tried again", async () => {
  const { edit, editAfter, send, user, waiting } = person();
  const first = await edit({ version: 0 });
  const batch = await send();
  await editAfter(first, note("Why"));
  await outbox.refuse(batch, "This case is submitted.");
  const all = await waiting();
  assert.deepEqual(statesOf(all), ["refused", "refused"]);
  assert.equal(all[1].reason, "This case is submitted.");
  assert.deepEqual(await send(), []);
  await outbox.tryAgain(user, CASE);
  assert.deepEqual(statesOf(await waiting()), ["waiting", "waiting"]);
  assert.equal((await waiting())[0].reason, undefined);
});

test("what the service could not read is replaced by the next edit", async () => {
  const { edit, editAfter, send, waiting } = person();
  const first = await edit({ version: 2 });
  await outbox.refuse(await send(), "Unreadable", true);
  const second = await editAfter(first, { value: "NO" });
  assert.equal(second.id, first.id);
  const [entry, ...others] = await waiting();
  assert.deepEqual(others, []);
  assert.deepEqual([entry.content.value, entry.state, entry.base_version], ["NO", "waiting", 2]);
});

test("too long a note is refused at once, counted as browsers count, until it is shortened", async () => {
  const { edit, editAfter, send, waiting } = person();
  const first = await edit({ version: 0 }, note("👍".repeat(10_001)));
  assert.equal(first.state, "refused");
  assert.match(first.reason, /20,000 .* 20,002/);
  assert.deepEqual(await send(), []);
  await editAfter(first, note("👍".repeat(10_000)));
  assert.deepEqual(statesOf(await waiting()), ["waiting"]);
});

test("without space only this tab has a save, and still sends it", async () => {
  const { edit, editAfter, send, user, waiting } = person();
  const kept = await edit({ version: 0 });
  await withoutRoom(async () => {
    const second = await editAfter(kept, { value: "NO" });
    assert.deepEqual([second.unkept, second.follows], [true, kept.id]);
    const third = await editAfter(second, note("Why"));
    assert.deepEqual([third.unkept, third.follows], [true, second.id]);
    assert.equal(outbox.unkeptOf(user).length, 2);
    for (const version of [1, 2, 3]) {
      const batch = await send();
      assert.deepEqual(basesOf(batch), [version - 1]);
      await outbox.settle(batch, [saved(version)]);
    }
  });
  assert.deepEqual(await waiting(), []);
});

test("a conflict over a save that only this tab has is settled like any other", async () => {
  const { edit, send, waiting } = person();
  await withoutRoom(async () => {
    await edit({ version: 0 });
    await outbox.settle(await send(), [conflict(2)]);
    assert.deepEqual(statesOf(await waiting()), ["conflict"]);
    await outbox.keepMine(await waiting(), { id: "mine", made_at: "", since: "" });
    assert.deepEqual(basesOf(await send()), [2]);
    await outbox.discard(await waiting());
  });
  assert.deepEqual(await waiting(), []);
});

test("without room to note a conflict, this tab knows it, and stores it once there is room", async () => {
  const { edit, send, waiting, user } = person();
  await edit({ version: 0 });
  const batch = await send();
  await withoutRoom(async () => {
    await outbox.settle(batch, [conflict(1)]);
    assert.deepEqual(statesOf(await waiting()), ["conflict"]);
    assert.deepEqual(await send(), []);
  });
  await waiting();
  const stored = await read(["outbox"], (store) => store.index("user").getAll(user));
  assert.deepEqual(statesOf(stored), ["conflict"]);
});

test("current answers are stored only for cases kept on this device", async () => {
  const { edit, send, user } = person();
  const known = () => read(["standing"], (store) => store.index("case").getAll([user, CASE]));
  await edit({ version: 0 });
  await outbox.settle(await send(), [saved(1)]);
  assert.deepEqual(await known(), []);
  await write(["offline_cases"], (cases) => cases.put({ user, case: CASE, reference: "C-001" }));
  await edit({ version: 1 });
  await outbox.settle(await send(), [saved(2)]);
  assert.deepEqual(
    (await known()).map((one) => [one.subject, one.version]),
    [["2.1.1a", 2]],
  );
});

test("the version of an accepted save is forgotten after a day", async () => {
  const { edit, send, editAfter } = person();
  const first = await edit({ version: 0 });
  await outbox.settle(await send(), [saved(1)]);
  await outbox.forgetOldAcks();
  assert.equal((await editAfter(first)).base_version, 1);
  await write(["acks"], (acks) => acks.put({ id: first.id, version: 1, at: Date.now() - 9e7 }));
  await outbox.forgetOldAcks();
  assert.equal((await editAfter(first, note("Late"))).base_version, 0);
});

test("what is incomplete is kept, and sent once it is complete", async () => {
  const { edit, editAfter, send, waiting } = person();
  const first = await edit({ version: 2 }, { isIncomplete: true });
  assert.deepEqual(statesOf(await waiting()), ["incomplete"]);
  assert.deepEqual(await send(), []);
  const second = await editAfter(first, { value: "NO" });
  assert.deepEqual([second.id, second.state, second.base_version], [first.id, "waiting", 2]);
  assert.equal((await send()).length, 1);
});

test("saves to another address are a request of their own", async () => {
  const { edit, send } = person();
  await edit({ version: 0 });
  await edit({ version: 0 }, { question: "age", address: "/cases/7/details/saves/" });
  assert.deepEqual(
    (await send()).map((entry) => entry.subject),
    ["2.1.1a"],
  );
});

test("what is cleared under an open page goes back into the outbox, and counts as tried", async () => {
  const { edit, editAfter, waiting } = person();
  const first = await edit({ version: 2 });
  await write(["outbox", "acks"], async (stored, acks) => {
    await stored.clear();
    await acks.clear();
  });
  const second = await editAfter(first, { value: "NO" });
  assert.deepEqual([second.follows, second.unkept], [first.id, undefined]);
  const entries = await waiting();
  assert.deepEqual(
    entries.map(({ id, tried, unkept }) => [id, tried, unkept]),
    [
      [first.id, true, undefined],
      [second.id, false, undefined],
    ],
  );
  const stored = await read(["outbox"], (store) => store.getAll());
  assert.ok(entries.every(({ id }) => stored.some((entry) => entry.id === id)));
});

// The page reads and the sender reads, at the same moment. Found by random steps.
test("whoever reads while what was cleared goes back finds it", async () => {
  const { edit, waiting } = person();
  const { id } = await edit({ version: 0 });
  await write(["outbox"], (stored) => stored.clear());
  const reads = await Promise.all([waiting(), waiting(), waiting()]);
  for (const entries of reads)
    assert.deepEqual(
      entries.map((entry) => entry.id),
      [id],
    );
  assert.deepEqual(outbox.unkeptOf(reads[0][0].user), []);
  await read(["outbox"], async (stored) => {
    assert.equal((await stored.index("id").getAll(id)).length, 1);
  });
});

test("what another tab sent or discarded does not come back", async () => {
  const { edit, waiting } = person();
  const sent = await edit({ version: 0 });
  const discarded = await edit({ version: 0 }, { question: "2.1.1b" });
  await write(["outbox", "acks"], async (stored, acks) => {
    for (const { id, seq } of [sent, discarded]) {
      await stored.delete(seq);
      await acks.put({ id, version: id === sent.id ? 1 : null, at: Date.now() });
    }
  });
  assert.deepEqual(await waiting(), []);
});

test("an outbox that can't be read is not taken for an empty one", async () => {
  const { edit, send, user, waiting } = person();
  const { id } = await edit({ version: 0 });
  await withoutStorage(async () => {
    await assert.rejects(waiting(), outbox.Unreadable);
    assert.deepEqual(
      outbox.ownOf(user).map((entry) => entry.id),
      [id],
    );
    // This tab has it, and sends it.
    const batch = await send();
    assert.deepEqual(
      batch.map((entry) => entry.id),
      [id],
    );
    await outbox.settle(batch, [saved(1)]);
  });
  assert.deepEqual(await waiting(), []);
});

// As in Chromium when the storage is cleared while a page reads. Found by random steps.
test("a browser that never says whether it keeps anything does not stop the page", async (t) => {
  const { edit, waiting } = person();
  const entry = await edit({ version: 0 });
  t.mock.method(indexedDB, "databases", () => new Promise(() => {}));
  t.mock.method(IDBDatabase.prototype, "transaction", () => {
    throw new DOMException("", "AbortError");
  });
  await assert.rejects(waiting(), outbox.Unreadable);
  t.mock.restoreAll();
  assert.deepEqual(
    (await waiting()).map(({ id }) => id),
    [entry.id],
  );
});

test("a refused save among accepted ones says why", async () => {
  const { edit, send, waiting } = person();
  await edit({ version: 0 });
  await edit({ version: 0 }, { question: "2.1.1b" });
  await outbox.settle(await send(), [saved(1), { outcome: "refused", why: "It is resolved." }]);
  const [entry, ...others] = await waiting();
  assert.deepEqual(others, []);
  assert.deepEqual([entry.state, entry.reason], ["refused", "It is resolved."]);
});
