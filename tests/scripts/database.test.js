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
  await old.put("outbox", { user: 1, case: 7 });
  await old.put("along", { user: 1, case: 7 });
  old.close();
  assert.equal((await read(["outbox"], (outbox) => outbox.index("user").getAll(1))).length, 1);
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
  const newer = await openDB("fieldwork", 3);
  await assert.rejects(read(["outbox"], (outbox) => outbox.count()));
  newer.close();
});
