// The outbox: saves on this device that the server has not accepted yet.
//
// An entry is {seq, id, user, inspection, case, reference, question, page, address, kind, value,
// note, base_version, follows, tried, state, made_at, since} and, once it can't go out,
// `standing` (in conflict: the current answer) or `reason` (refused: why).
//
// An entry that the server can't read (`unfit`) is replaced by the next edit of the question.
//
// Three rules keep every answer and its order:
// - No version is ever guessed. A save based on an unsent one `follows` it, and gets its
//   base_version when the server has answered that one.
// - An entry that may have reached the server is never changed: its id identifies exactly what was
//   sent. Until then, further edits of the same kind change it.
// - After a conflict, entries that follow are sent with the base of the first. That version is
//   never current again, so they are in conflict too, and the history has them all.

import { read, write } from "./database.js";
import { publish } from "./tabs.js";

const MAX_SAVES = 50;
const MAX_CHARACTERS = 200_000;
/** How many characters a note may have, as cases/save_parsing.py says. */
const MAX_NOTE = 20_000;
const DAY = 24 * 60 * 60 * 1000;

// Entries that the browser can't store; this tab has them until they are sent or it is closed.
let unkept = [];
// The versions of accepted saves, by id, if there was no space to store them.
const unnoted = new Map();

export const newest = (entries) => entries[entries.length - 1];

/**
 * Put a save in the outbox and return its entry; `entry.unkept` if only this tab has it.
 *
 * `save.seen` says what the person saw: `{version}` that stood, or `{follows}`, the id of the
 * entry that was shown.
 */
export async function add(save) {
  const { seen, ...made } = save;
  const entry = await addKept(made, seen).catch(() => addUnkept(made, seen));
  publish({ type: "outbox", case: made.case });
  return entry;
}

async function addKept(save, seen) {
  return write(["outbox", "acks"], async (outbox, acks) => {
    if (unkept.some((entry) => entry.id === seen.follows)) throw new Error("follows one unkept");
    const before = await outbox.index("question").getAll([save.user, save.case, save.question]);
    const entry = checkLength(follow(save, seen, before, await versionOf(acks, seen)));
    entry.seq = await outbox.put(entry);
    return entry;
  });
}

/** No space, or no storage. Stored entries are not changed: this one follows them. */
async function addUnkept(save, seen) {
  const before = (await entriesOf(save.user))
    .filter((entry) => entry.case === save.case && entry.question === save.question)
    .map((entry) => (entry.unkept ? entry : { ...entry, tried: true }));
  const version = await read(["acks"], (acks) => versionOf(acks, seen)).catch(() => null);
  const entry = { ...checkLength(follow(save, seen, before, version)), unkept: true };
  unkept = [...unkept.filter(({ id }) => id !== entry.id), entry];
  return entry;
}

async function versionOf(acks, seen) {
  if (!seen.follows) return null;
  return (await acks.get(seen.follows))?.version ?? unnoted.get(seen.follows) ?? null;
}

function follow(save, seen, before, acknowledged) {
  const fresh = { ...save, tried: false, state: "waiting" };
  if (!seen.follows) return { ...fresh, base_version: seen.version, follows: null };
  const prior = before.find((entry) => entry.id === seen.follows);
  // If the followed save is unknown, version 0 makes this a conflict instead of an overwrite.
  if (!prior) return { ...fresh, base_version: acknowledged ?? 0, follows: null };
  const { value, note, made_at } = save;
  if (prior.unfit && prior === newest(before)) {
    const again = { tried: false, state: "waiting", unfit: undefined, reason: undefined };
    return { ...prior, ...again, value, note, made_at };
  }
  if (!prior.tried && prior.kind === save.kind && prior === newest(before)) {
    return { ...prior, value, note, made_at };
  }
  const { state, standing, reason } = prior;
  return { ...fresh, base_version: null, follows: prior.id, state, standing, reason };
}

/** `entry`, or refused at once if its note is too long for the server. */
function checkLength(entry) {
  const length = entry.state === "waiting" ? [...entry.note].length : 0;
  if (length <= MAX_NOTE) return entry;
  const reason = `Shorten the note to ${number(MAX_NOTE)} characters. It has ${number(length)}.`;
  return { ...entry, state: "refused", unfit: true, reason };
}

const number = (count) => count.toLocaleString("en-GB");

/** All entries of `user`, in order. */
export async function entriesOf(user) {
  let kept = [];
  try {
    kept = await read(["outbox"], (outbox) => outbox.index("user").getAll(user));
  } catch {
    // This browser stores nothing.
  }
  return [...kept, ...unkeptOf(user)];
}

/** The entries that only this tab has: the page must not be left before they are sent. */
export const unkeptOf = (user) => unkept.filter((entry) => entry.user === user);

/**
 * The next saves to send in one request, marked as tried: from the first waiting one on, of one
 * case, each question once.
 */
export async function nextBatch(user, limit = MAX_SAVES) {
  let batch = [];
  try {
    batch = await write(["outbox"], async (outbox) => {
      const chosen = choose(await outbox.index("user").getAll(user), limit);
      for (const entry of chosen) await outbox.put(entry);
      return chosen;
    });
  } catch {
    // No space even for the mark: saves are sent unmarked. No edit can change them meanwhile, as
    // that would need space too.
    batch = choose(await entriesOf(user), limit).filter((entry) => !entry.unkept);
  }
  if (batch.length) return batch;
  batch = choose(unkeptOf(user), limit);
  unkept = unkept.map((entry) => batch.find(({ id }) => id === entry.id) ?? entry);
  return batch;
}

function choose(entries, limit) {
  const batch = [];
  let characters = 0;
  for (const entry of entries.filter(({ state }) => state === "waiting")) {
    characters += entry.note.length;
    const fits = batch.length < limit && (characters <= MAX_CHARACTERS || !batch.length);
    const belongs = !batch.length || entry.case === batch[0].case;
    if (!fits || !belongs || batch.some(({ question }) => question === entry.question)) break;
    const base = entry.base_version ?? unnoted.get(entry.follows) ?? 0;
    batch.push({ ...entry, tried: true, base_version: base });
  }
  return batch;
}

/** Store the server's results for `batch`, in order. */
export async function settle(batch, results) {
  for (const [n, entry] of batch.entries()) {
    const { outcome, version, standing } = results[n];
    const base = outcome === "saved" ? version : entry.base_version;
    if (!entry.unkept) await settleKept(entry, results[n], base);
    else if (outcome !== "saved") Object.assign(entry, { state: "conflict", standing });
    else unkept = unkept.filter(({ id }) => id !== entry.id);
    for (const follower of unkept) if (follower.follows === entry.id) follower.base_version = base;
  }
  for (const [n, { case: caseId, question, base_version }] of batch.entries()) {
    publish({ type: "answered", case: caseId, question, base_version, ...results[n] });
  }
}

async function settleKept(entry, { outcome, version, standing }, base) {
  const { id, seq, user, case: caseId, question } = entry;
  const stores = ["outbox", "acks", "known", "offline_cases"];
  await write(stores, async (outbox, acks, known, cases) => {
    for (const follower of await outbox.index("follows").getAll(id)) {
      await outbox.put({ ...follower, base_version: base });
    }
    if (outcome === "saved") {
      await outbox.delete(seq);
      await acks.put({ id, version, at: Date.now() });
    } else {
      await outbox.put({ ...entry, state: "conflict", standing });
    }
    if (!(await cases.get([user, caseId]))) return; // not kept on this device
    if (standing) await known.put({ user, case: caseId, question, ...standing });
    else await known.delete([user, caseId, question]);
  }).catch(async (error) => {
    // No space to store the result. An accepted save can still be removed, so that the rest is
    // not blocked; if this tab closes now, entries that follow it will be in conflict.
    if (outcome !== "saved") throw error;
    unnoted.set(id, version);
    await write(["outbox"], (outbox) => outbox.delete(seq));
  });
}

/**
 * Mark `batch` and entries that follow it as refused, with `reason`; `unfit` if the server could
 * not read it.
 */
export async function refuse(batch, reason, unfit = undefined) {
  const ids = new Set(batch.map(({ id }) => id));
  const all = await entriesOf(batch[0].user);
  for (const entry of all) if (ids.has(entry.follows)) ids.add(entry.id);
  await change(
    all.filter(({ id }) => ids.has(id)),
    (entry) => ({ ...entry, state: "refused", reason, unfit }),
  );
  publish({ type: "outbox", case: batch[0].case });
}

/** Send refused saves of one case again, in order. */
export async function tryAgain(user, caseId) {
  const refused = (entry) => entry.case === caseId && entry.state === "refused";
  await change((await entriesOf(user)).filter(refused), (entry) =>
    checkLength({ ...entry, state: "waiting", reason: undefined, unfit: undefined }),
  );
  publish({ type: "outbox", case: caseId });
}

/** Settle a conflict with the person's own answer: a new save based on the current answer. */
export async function keepMine(entries, made) {
  if (!entries.length) return; // pressed twice
  const mine = newest(entries);
  const { standing } = mine;
  const { seq, unkept: wasUnkept, ...rest } = mine;
  const fresh = checkLength({
    ...rest,
    ...made,
    base_version: standing?.version ?? 0,
    follows: null,
    tried: false,
    state: "waiting",
    standing: undefined,
  });
  if (wasUnkept) {
    unkept = [...unkept.filter((entry) => !entries.includes(entry)), { ...fresh, unkept: true }];
  } else {
    await write(["outbox"], async (outbox) => {
      for (const entry of entries) await outbox.delete(entry.seq);
      await outbox.add(fresh);
    });
  }
  publish({ type: "outbox", case: mine.case });
}

/** Remove entries: the person chose the current answer, or discarded them. */
export async function discard(entries) {
  if (!entries.length) return;
  const kept = entries.filter((entry) => !entry.unkept);
  if (kept.length) {
    await write(["outbox"], async (outbox) => {
      for (const entry of kept) await outbox.delete(entry.seq);
    });
  }
  const ids = new Set(entries.map(({ id }) => id));
  unkept = unkept.filter(({ id }) => !ids.has(id));
  publish({ type: "outbox", case: entries[0].case });
}

/** Forget the versions of old saves: no open page can follow those any more. */
export async function forgetOldAcks() {
  await write(["acks"], async (acks) => {
    for (const ack of await acks.getAll()) {
      if (Math.abs(Date.now() - ack.at) > DAY) await acks.delete(ack.id);
    }
  });
}

async function change(entries, changed) {
  const fresh = entries.map(changed);
  const kept = fresh.filter((entry) => !entry.unkept);
  if (kept.length) {
    await write(["outbox"], async (outbox) => {
      for (const entry of kept) {
        // It may have been changed or removed since it was read.
        const now = await outbox.get(entry.seq);
        if (now) await outbox.put(changed(now));
      }
    });
  }
  const byId = new Map(fresh.map((entry) => [entry.id, entry]));
  unkept = unkept.map((entry) => byId.get(entry.id) ?? entry);
}
