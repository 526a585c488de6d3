// The IndexedDB database of this browser. Nothing else in recording/ opens it.
//
//   outbox    saves that the server has not accepted yet, in the order they were made
//   acks      the version of each accepted save, by the save's id; no answers
//   known     current answers of the cases kept here, newer than their pages' copies
//   device    single values: the owner of the copies, the server's time
//   offline_cases   the cases kept here, and since when
//
// A page kept on the device runs the scripts it was kept with, so the schema may only grow: raise
// VERSION and add stores or indexes.

import { openDB } from "../build/idb.js";

const NAME = "fieldwork";
const VERSION = 2;

let opened = null;
let isAskedToPersist = false;

function open() {
  opened ??= openDB(NAME, VERSION, {
    upgrade(database, from, _to, transaction) {
      if (from === 1) {
        transaction.objectStore("along").name = "offline_cases";
        return;
      }
      const outbox = database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
      outbox.createIndex("user", "user");
      outbox.createIndex("question", ["user", "case", "question"]);
      outbox.createIndex("follows", "follows");
      database.createObjectStore("acks", { keyPath: "id" });
      const known = database.createObjectStore("known", { keyPath: ["user", "case", "question"] });
      known.createIndex("case", ["user", "case"]);
      database.createObjectStore("offline_cases", { keyPath: ["user", "case"] });
      database.createObjectStore("device", { keyPath: "name" });
    },
    // A newer page wants to add stores: close, and open again at the next use.
    blocking(_from, _to, event) {
      event.target.close();
      opened = null;
    },
    terminated() {
      opened = null;
    },
  });
  opened.catch(() => (opened = null));
  return opened;
}

/** Ask the browser to keep our data when space is short; only once, as it may ask the person. */
export function persist() {
  if (!isAskedToPersist) navigator.storage?.persist?.().catch(() => {});
  isAskedToPersist = true;
}

/**
 * Run `work(store, …)` in one transaction over `stores`; resolves once it is on disk, because an
 * answer shown as kept must survive a power cut.
 *
 * Rejects, with nothing changed, if the browser stores nothing or has no space left.
 */
export function write(stores, work) {
  return run(stores, "readwrite", work);
}

/** Like `write`, but read-only. */
export function read(stores, work) {
  return run(stores, "readonly", work);
}

async function run(stores, mode, work) {
  const database = await open();
  const transaction = database.transaction(stores, mode, { durability: "strict" });
  transaction.done.catch(() => {}); // awaited below, unless the work fails before
  try {
    const result = await work(...stores.map((name) => transaction.objectStore(name)));
    await transaction.done;
    return result;
  } catch (error) {
    try {
      transaction.abort();
    } catch {
      // The failed request has ended it already.
    }
    throw error;
  }
}
