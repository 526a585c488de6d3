// What this browser keeps, in IndexedDB. Nothing else in recording/ opens the database.
//
//   outbox    saves that the server has not taken yet, in the order they were made
//   acks      the version that each save became, by the save's id; holds no answer
//   known     what stands in the cases kept here: newer than their pages' copies
//   device    single facts: whose copies these are, the server's time
//   offline_cases   the cases kept here, and since when
//
// A page kept on the device runs the scripts it was kept with, so the schema may only ever grow:
// raise VERSION and add stores or indexes.

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
    // A newer page wants to add stores: let it, and open again for what comes next here.
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

/** Ask the browser to clear nothing away when it wants room; it may ask the person, so once. */
export function persist() {
  if (!isAskedToPersist) navigator.storage?.persist?.().catch(() => {});
  isAskedToPersist = true;
}

/**
 * Run `work(store, …)` in one transaction over `stores`, and answer once it is on the disk: an
 * answer that is said to be kept must survive a power cut.
 *
 * Rejects, with nothing changed, where the browser keeps nothing or has no room left.
 */
export function write(stores, work) {
  return run(stores, "readwrite", work);
}

/** Like `write`, for reading alone. */
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
