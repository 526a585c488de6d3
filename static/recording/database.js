// The IndexedDB database of this browser. Nothing else opens it, besides the service worker, which
// reads the owner.
//
//   outbox    saves that the server has not accepted yet, in the order they were made
//   acks      what became of each save that is no longer in the outbox, by the save's id: the
//             version that it got, or null if it was discarded, of which subject; no answers
//   standing  what stands in the cases kept here, newer than their pages' copies
//   device    single values: the owner of the copies, whom they belonged to last (last owner), the
//             server's time
//   offline_cases   the cases kept here, and since when
//   drafts    what was typed into forms that are not sent through the outbox
//   receipts  what was removed from this device before it was sent: how much, of whom, when
//
// A page kept on the device runs the scripts it was kept with. With a newer schema those can't open
// the database: what is then typed stays in the tab until it is sent, and the page says so.

import { openDB } from "../build/idb.js";
import { publish } from "./tabs.js";

const NAME = "fieldwork";
const VERSION = 3;
const A_MOMENT = 1_000;

let opened = null;
let isAskedToPersist = false;

function open() {
  opened ??= openDB(NAME, VERSION, {
    async upgrade(database, from, _to, transaction) {
      if (from === 0) makeStores(database);
      else await takeOverFrom(from, database, transaction);
    },
    // A newer page wants to change stores: close, and open again at the next use.
    blocking(_from, _to, event) {
      event.target.close();
      opened = null;
    },
    // Its data was cleared, too: pages put back what they have.
    async terminated() {
      opened = null;
      await open() // once more where that is refused, as the clearing still goes on
        .catch(open)
        .catch(() => {});
      publish({ type: "cleared" });
      publish({ type: "outbox" });
    },
  });
  opened.catch(() => (opened = null));
  return opened;
}

function makeStores(database) {
  const outbox = database.createObjectStore("outbox", { keyPath: "seq", autoIncrement: true });
  outbox.createIndex("user", "user");
  outbox.createIndex("follows", "follows");
  database.createObjectStore("acks", { keyPath: "id" });
  database.createObjectStore("offline_cases", { keyPath: ["user", "case"] });
  database.createObjectStore("device", { keyPath: "name" });
  addInVersion3(database, outbox);
}

function addInVersion3(database, outbox) {
  outbox.createIndex("id", "id");
  outbox.createIndex("subject", ["user", "case", "subject"]);
  const standing = database.createObjectStore("standing", { keyPath: ["user", "case", "subject"] });
  standing.createIndex("case", ["user", "case"]);
  database.createObjectStore("drafts", { keyPath: "key" }).createIndex("user", "user");
  database.createObjectStore("receipts", { keyPath: "id" }).createIndex("user", "user");
}

/** Versions 1 and 2 knew saves of answers alone. */
async function takeOverFrom(version, database, transaction) {
  if (version === 1) transaction.objectStore("along").name = "offline_cases";
  const outbox = transaction.objectStore("outbox");
  addInVersion3(database, outbox);
  if (outbox.indexNames.contains("question")) outbox.deleteIndex("question");
  for (const entry of await outbox.getAll()) await outbox.put(asOfVersion3(entry));
  if (!database.objectStoreNames.contains("known")) return;
  for (const { question, ...known } of await transaction.objectStore("known").getAll()) {
    await transaction.objectStore("standing").put({ ...known, subject: question });
  }
  database.deleteObjectStore("known");
}

function asOfVersion3({ kind: part, question, value, note, ...entry }) {
  const content = { question, value, note };
  const anchor = `q-${question.replaceAll(".", "-")}`;
  return { ...entry, kind: "answer", part, subject: question, title: question, anchor, content };
}

/** Ask the browser to keep our data when space is short; only once, as it may ask the person. */
export function persist() {
  if (!isAskedToPersist) navigator.storage?.persist?.().catch(() => {});
  isAskedToPersist = true;
}

/**
 * Whether this browser keeps nothing of ours: it lets no page store anything, or has no room for
 * the database, which isn't there.
 */
export async function isAbsent() {
  try {
    // Chromium never answers if the storage is cleared meanwhile. Then nobody knows.
    const late = new Promise((resolve) => setTimeout(resolve, A_MOMENT, null));
    const known = await Promise.race([indexedDB.databases(), late]);
    return known !== null && !known.some(({ name }) => name === NAME);
  } catch (error) {
    return error?.name === "SecurityError" || typeof indexedDB === "undefined";
  }
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
