// What a browser keeps survives a newer schema.

import "./browser.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { openDB } from "../../static/build/idb.js";
import { read, write } from "../../static/recording/database.js";

test("saves and cases kept by version 1 are still there", async () => {
  const old = await openDB("fieldwork", 1, {
    upgrade(database) {
      const outbox = database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      outbox.createIndex("user", "user");
      database.createObjectStore("along", { keyPath: ["user", "case"] });
    },
  });
  await old.put("outbox", {
    user: 1,
    case: 7,
    question: "2.1.1a",
    kind: "note",
    value: "YES",
    note: "Why",
  });
  await old.put("along", { user: 1, case: 7 });
  old.close();
  const [entry] = await read(["outbox"], (outbox) => outbox.index("user").getAll(1));
  assert.deepEqual(
    [entry.kind, entry.part, entry.subject, entry.anchor, entry.content],
    ["answer", "note", "2.1.1a", "q-2-1-1a", { question: "2.1.1a", value: "YES", note: "Why" }],
  );
  assert.equal((await read(["offline_cases"], (cases) => cases.getAll())).length, 1);
});

test("work that fails changes nothing", async () => {
  const half = write(["outbox"], async (outbox) => {
    await outbox.put({ user: 2 });
    throw new Error("in the middle");
  });
  await assert.rejects(half, /in the middle/);
  assert.deepEqual(await read(["outbox"], (outbox) => outbox.index("user").getAll(2)), []);
});

test("a newer page may add stores while this one is open", async () => {
  await read(["outbox"], (outbox) => outbox.count());
  const newer = await openDB("fieldwork", 4);
  await assert.rejects(read(["outbox"], (outbox) => outbox.count()));
  newer.close();
});
