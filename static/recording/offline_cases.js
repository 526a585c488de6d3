// The copies of cases on this device: their owner, which cases, since when, and their removal.

import { certainTime, learnTime } from "./clock.js";
import { persist, read, write } from "./database.js";
import { ask } from "./session.js";
import { publish } from "./tabs.js";

const WEEK = 7 * 24 * 60 * 60 * 1000;

/** The cache that holds the pages of `user`; the service worker reads the same name. */
export const cacheOf = (user) => `pages-${user}`;

/** Current answers of a case known to this device, newer than the case's kept pages. */
export async function knownAnswers(user, caseId) {
  try {
    return await read(["known"], (known) => known.index("case").getAll([user, caseId]));
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
 * saves stay hidden for a week, until they sign in here again.
 */
export async function takeOver(user) {
  const isNew = (await owner()) !== user;
  for (const name of await caches.keys()) {
    if (name.startsWith("pages-") && name !== cacheOf(user)) await caches.delete(name);
  }
  const now = await certainTime();
  await write(
    ["device", "known", "offline_cases", "outbox"],
    async (device, known, cases, outbox) => {
      await removeRecords([known, cases], (record) => record.user !== user);
      for (const entry of await outbox.getAll()) {
        const { hidden_at, ...shown } = entry;
        if (entry.user === user && hidden_at) await outbox.put(shown);
        if (entry.user !== user && !hidden_at) await outbox.put({ ...entry, hidden_at: now });
        if (entry.user !== user && hidden_at && now - hidden_at > WEEK)
          await outbox.delete(entry.seq);
      }
      await device.put({ name: "owner", user });
    },
  );
  if (isNew) publish({ type: "owner", user });
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
      const reply = await fetch(page, { cache: "no-store", redirect: "error" });
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
  await write(["offline_cases", "known"], async (cases, known) => {
    await cases.delete([user, one.case]);
    for (const key of await known.index("case").getAllKeys([user, one.case])) {
      await known.delete(key);
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

/** Remove everything of `user` from this device, including unsent saves. */
export async function wipe(user) {
  await caches.delete(cacheOf(user));
  await write(
    ["outbox", "acks", "known", "offline_cases", "device"],
    async (outbox, acks, known, cases, device) => {
      await removeRecords([known, cases], (record) => record.user === user);
      for (const key of await outbox.index("user").getAllKeys(user)) await outbox.delete(key);
      await acks.clear();
      await device.delete("owner");
    },
  );
  publish({ type: "offline-cases" });
}
