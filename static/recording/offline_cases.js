// The copies of cases on this device: their owner, which cases, since when, and their removal.

import { certainTime, learnTime } from "./clock.js";
import { isAbsent, persist, read, write } from "./database.js";
import { ask } from "./session.js";
import { publish } from "./tabs.js";

const WEEK = 7 * 24 * 60 * 60 * 1000;

/** The cache that holds the pages of `user`; the service worker reads the same name. */
export const cacheOf = (user) => `pages-${user}`;

/** What stands in a case as far as this device knows, newer than the case's kept pages. */
export async function standingIn(user, caseId) {
  try {
    return await read(["standing"], (store) => store.index("case").getAll([user, caseId]));
  } catch {
    return [];
  }
}

/** The person whose copies this device keeps, or null. */
export async function owner() {
  return (await read(["device"], (device) => device.get("owner")))?.user ?? null;
}

/**
 * Make `user` the owner of this device: copies of anybody else are removed at once. Their unsent
 * saves and drafts stay hidden for a week, until they sign in here again; after that they leave a
 * receipt. By `token` the service knows whose device it is when nobody is signed in.
 */
export async function takeOver(user, token) {
  const isNew = (await owner()) !== user;
  for (const name of await caches.keys()) {
    if (name.startsWith("pages-") && name !== cacheOf(user)) await caches.delete(name);
  }
  const now = await certainTime();
  await write(
    ["device", "standing", "offline_cases", "outbox", "drafts", "receipts"],
    async (device, standing, cases, outbox, drafts, receipts) => {
      await removeRecords([standing, cases], (record) => record.user !== user);
      const gone = [...(await hide(outbox, user, now)), ...(await hide(drafts, user, now))];
      for (const receipt of receiptsFor(gone, now)) await receipts.put(receipt);
      await device.put({ name: "owner", user });
      await device.put({ name: "last owner", user, token });
    },
  );
  if (isNew) publish({ type: "owner", user });
}

/** Show what is `user`'s again, and hide all else; returns what was hidden for too long, removed. */
async function hide(store, user, now) {
  const gone = [];
  for (const one of await store.getAll()) {
    const { hidden_at, ...shown } = one;
    if (one.user === user) {
      if (hidden_at !== undefined) await store.put(shown);
    } else if (hidden_at === undefined) {
      await store.put({ ...one, hidden_at: now });
    } else if (now - hidden_at > WEEK) {
      await store.delete(one[store.keyPath]);
      gone.push(one);
    }
  }
  return gone;
}

/** A receipt for each person and case: how much was removed, and when. */
function receiptsFor(gone, at) {
  const receipts = new Map();
  for (const { user, reference = "" } of gone) {
    const key = `${user} ${reference}`;
    const receipt = receipts.get(key) ?? { id: crypto.randomUUID(), user, reference, count: 0, at };
    receipts.set(key, { ...receipt, count: receipt.count + 1 });
  }
  return receipts.values();
}

/** What was removed from this device before it was sent: `{reference, count, at}`, of `user`. */
export async function receiptsOf(user) {
  return read(["receipts"], (receipts) => receipts.index("user").getAll(user)).catch(() => []);
}

/** Forget receipts that `user` has seen. */
export async function forgetReceipts(seen) {
  await write(["receipts"], async (receipts) => {
    for (const { id } of seen) await receipts.delete(id);
  });
  publish({ type: "outbox" });
}

async function removeRecords(stores, isGone) {
  for (const store of stores) {
    for (const record of (await store.getAll()).filter(isGone)) {
      await store.delete(store.keyPath.map((part) => record[part]));
    }
  }
}

/** The cases of `user` on this device, by reference. */
export async function offlineCases(user) {
  const range = IDBKeyRange.bound([user, -Infinity], [user, Infinity]);
  const cases = await read(["offline_cases"], (store) => store.getAll(range));
  return cases.sort((one, other) => one.reference.localeCompare(other.reference));
}

/**
 * `{cases}` that `user` may keep on a device, from the server; null if signed out or signed in as
 * somebody else. Throws `Unreachable`.
 */
export async function allowedCases(user) {
  const { status, body } = await ask(document.body.dataset.offlineCases);
  if (status !== 200 || body?.user !== user) return null;
  await learnTime(body.time);
  return body;
}

/**
 * Keep the pages of `one` (a case as the server describes it) on this device.
 *
 * Rejects, with nothing kept, if a page can't be loaded or there is no space.
 */
export async function keepOffline(user, one, since) {
  const cache = await caches.open(cacheOf(user));
  try {
    for (const page of one.pages) {
      const reply = await fetch(page, {
        cache: "no-store",
        redirect: "error",
        // The record of who read the case says that a copy is kept.
        headers: { "X-Kept-Offline": "1" },
      });
      if (!reply.ok) throw new Error(`${page}: ${reply.status}`);
      await cache.put(page, reply);
    }
    await write(["offline_cases"], (cases) => cases.put({ ...one, user, since }));
  } catch (error) {
    await removeOffline(user, one);
    throw error;
  }
  persist();
  publish({ type: "offline-cases" });
}

/** Remove the copies of a case from this device; its unsent saves stay. */
export async function removeOffline(user, one) {
  const cache = await caches.open(cacheOf(user));
  for (const page of one.pages) await cache.delete(page);
  await write(["offline_cases", "standing"], async (cases, standing) => {
    await cases.delete([user, one.case]);
    for (const key of await standing.index("case").getAllKeys([user, one.case])) {
      await standing.delete(key);
    }
  });
  publish({ type: "offline-cases" });
}

/**
 * Remove copies older than a week, and copies of cases that the person may no longer record in
 * (not in `allowed`, which is undefined if the server didn't answer).
 *
 * Copies of a case with unsent saves stay until those are sent or discarded. Returns the
 * references of the removed cases and of those that stay for that reason.
 */
export async function removeOverdue(user, waiting, allowed) {
  const now = await certainTime();
  const removed = [];
  const held = [];
  for (const one of await offlineCases(user)) {
    const isAllowed = !allowed || allowed.some((other) => other.case === one.case);
    if (isAllowed && now - one.since <= WEEK) continue;
    if (waiting.some((entry) => entry.case === one.case)) {
      held.push(one.reference);
    } else {
      await removeOffline(user, one);
      removed.push(one.reference);
    }
  }
  return { removed, held };
}

/**
 * Remove the copies of the person whom this device belonged to last, if the service says that they
 * have to leave it. Returns how much of theirs still waits, which stays until they send it, download
 * it or give it up. Throws `Unreachable`.
 */
export async function removeIfOver() {
  const last = (await isAbsent()) ? null : await read(["device"], (one) => one.get("last owner"));
  if (!last?.token) return 0;
  const address = `${document.body.dataset.lastOwner}?${new URLSearchParams({ of: last.token })}`;
  const { status, body } = await ask(address);
  if (status !== 200 || !body?.leaves) return 0;
  return removeCopies(last.user);
}

async function removeCopies(user) {
  await caches.delete(cacheOf(user));
  const waiting = await write(
    ["outbox", "drafts", "standing", "offline_cases", "device"],
    async (outbox, drafts, standing, cases, device) => {
      await removeRecords([standing, cases], (record) => record.user === user);
      const count =
        (await outbox.index("user").count(user)) + (await drafts.index("user").count(user));
      if (count) {
        // What waits is shown as theirs: nobody else is signed in.
        await device.put({ name: "owner", user });
      } else {
        await device.delete("owner");
        await device.delete("last owner");
      }
      return count;
    },
  );
  publish({ type: "offline-cases" });
  return waiting;
}

/** Remove everything of `user` from this device, including unsent saves. */
export async function wipe(user) {
  await caches.delete(cacheOf(user));
  await write(
    ["outbox", "acks", "standing", "offline_cases", "drafts", "device"],
    async (outbox, acks, standing, cases, drafts, device) => {
      await removeRecords([standing, cases], (record) => record.user === user);
      for (const store of [outbox, drafts]) {
        for (const key of await store.index("user").getAllKeys(user)) await store.delete(key);
      }
      await acks.clear();
      await device.delete("owner");
      await device.delete("last owner");
    },
  );
  publish({ type: "wiped", user });
  publish({ type: "offline-cases" });
}
