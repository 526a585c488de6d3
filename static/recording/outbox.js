// The outbox: saves on this device that the server has not accepted yet.
//
// An entry is {seq, id, user, inspection, case, reference, kind, subject, title, words, page, anchor,
// address, content, part, edits, base_version, follows, tried, state, made_at, since} and, once it
// can't go out, `standing` (in conflict: what stands instead) or `reason` (refused: why).
//
// - `kind` is answer, detail, comment, reply or resolve; `subject` is what has versions within the
//   case: a question, a detail, a comment. `part` is what of it was edited, such as its note.
// - `content` is what is sent to `address`, besides id, base_version and made_at. `edits` is how
//   often it was changed here before it was sent.
// - `title` and `words` are what the outbox page shows, `page` and `anchor` where it was made.
//
// `state` is waiting, conflict, refused, or incomplete: kept while it is entered, not sent yet.
// An entry that the server can't read (`unfit`) is replaced by the next edit of its subject.
//
// These rules keep every save and its order:
// - No version is ever guessed. A save based on an unsent one `follows` it, and gets its
//   base_version when the server has answered that one.
// - An entry that may have reached the server is never changed: its id identifies exactly what was
//   sent. Until then, further edits of the same part change it.
// - If another tab changed the entry that was seen, an edit doesn't follow it but what it is based
//   on, so that they are in conflict.
// - After a conflict, entries that follow are sent with the base of the first. That version is
//   never current again, so they are in conflict too, and the history has them all.
// - A tab has its own entries, and those that it shows, until it knows what became of them. If the
//   browser's storage is cleared or fails meanwhile, they go back into it, or are sent from the tab.
// - Storage that can't be read is never taken for empty: `entriesOf` throws `Unreadable`.

import { isAbsent, read, write } from "./database.js";
import { listen, publish } from "./tabs.js";

const MAX_SAVES = 50;
const MAX_CHARACTERS = 200_000;
/** How many characters a text may have, as cases/save_parsing.py says. */
const MAX_TEXT = 20_000;
const DAY = 24 * 60 * 60 * 1000;

/** The browser's storage may hold saves, and can't be read now. */
export class Unreadable extends Error {}

// This tab's entries, by id, as last known; `unkept` if only this tab has them.
const own = new Map();
// What became of entries, by id, if it could not be stored: `{version, edits}`, as in `acks`.
const unnoted = new Map();
// The state of stored entries, by id, where there was no room to store it with them.
const unmarked = new Map();

listen(["wiped"], ({ user }) => {
  for (const { id } of ownOf(user)) own.delete(id);
});

export const newest = (entries) => entries[entries.length - 1];

/** This tab's own entries that are not settled, as far as it knows. */
export const ownOf = (user) => [...own.values()].filter((entry) => entry.user === user);

/** The entries that only this tab has: the page must not be left before they are sent. */
export const unkeptOf = (user) => ownOf(user).filter((entry) => entry.unkept);

/**
 * Put a save in the outbox and return its entry; `entry.unkept` if only this tab has it.
 *
 * `save.seen` says what the person saw: `{version}` that stood, or `{follows, edits}`, the id and
 * edits of the entry that was shown. While a text is being typed, `save.isTyping` says so to listeners;
 * `save.isIncomplete` says to keep it without sending it.
 */
export async function add(save) {
  const { isTyping, ...made } = save;
  publish({ type: "adding" }); // the tab may be closed before it can say that this is stored
  const entry = await addKept(made)
    .catch(() => entriesOf(made.user).then(() => addKept(made)))
    .catch(() => addUnkept(made));
  if (!entry.unkept) unmarked.delete(entry.id);
  own.set(entry.id, entry);
  publish({ type: "outbox", case: made.case, isTyping });
  return entry;
}

async function addKept({ seen, isIncomplete, ...save }) {
  return write(["outbox", "acks"], async (outbox, acks) => {
    const stored = await outbox.index("subject").getAll([save.user, save.case, save.subject]);
    const before = stored.map(marked);
    const isThere = before.some(({ id }) => id === seen.follows);
    const ack = seen.follows && (await acks.get(seen.follows));
    if (own.has(seen.follows) && !isThere && !ack) throw new Error("follows one that only we have");
    const settled = ack ?? unnoted.get(seen.follows);
    const entry = readied(follow(save, seen, before, settled), isIncomplete);
    entry.seq = await outbox.put(entry);
    return entry;
  });
}

/** No space, or no storage. Stored entries are not changed: this one follows them. */
async function addUnkept({ seen, isIncomplete, ...save }) {
  const before = (await entriesOf(save.user).catch(() => ownOf(save.user)))
    .filter((entry) => entry.case === save.case && entry.subject === save.subject)
    .map((entry) => (entry.unkept ? entry : { ...entry, tried: true }));
  const ack = await read(["acks"], (acks) => acks.get(seen.follows)).catch(() => undefined);
  const settled = ack ?? unnoted.get(seen.follows);
  const { seq, ...entry } = readied(follow(save, seen, before, settled), isIncomplete);
  return { ...entry, unkept: true };
}

function follow(save, seen, before, settled) {
  const fresh = { ...save, edits: 0, tried: false, state: "waiting" };
  if (!seen.follows) return { ...fresh, base_version: seen.version, follows: null };
  const prior = before.find((entry) => entry.id === seen.follows);
  if (!prior) {
    // Version 0 makes this a conflict instead of an overwrite, if the followed save is unknown or
    // was changed by another tab before it was sent.
    const version = settled?.edits === seen.edits ? settled?.version : 0;
    return { ...fresh, base_version: version ?? 0, follows: null };
  }
  if (prior.edits !== seen.edits) {
    const { base_version, follows, state, standing, reason } = prior;
    return { ...fresh, base_version, follows, state, standing, reason };
  }
  const { content, words, made_at } = save;
  const edits = (prior.edits ?? 0) + 1;
  if (prior.unfit && prior === newest(before)) {
    const again = { tried: false, state: "waiting", unfit: undefined, reason: undefined };
    return { ...prior, ...again, content, words, made_at, edits };
  }
  if (!prior.tried && prior.part === save.part && prior === newest(before)) {
    return { ...prior, content, words, made_at, edits };
  }
  const { state, standing, reason } = prior;
  return { ...fresh, base_version: null, follows: prior.id, state, standing, reason };
}

/** `entry`, to be sent unless it is incomplete or too long. */
function readied(entry, isIncomplete) {
  if (!["waiting", "incomplete"].includes(entry.state)) return entry;
  return isIncomplete
    ? { ...entry, state: "incomplete" }
    : checkLength({ ...entry, state: "waiting" });
}

/** `entry`, or refused at once if a text of it is too long for the server. */
function checkLength(entry) {
  const length = Math.max(...lengthsOf(entry));
  if (entry.state !== "waiting" || length <= MAX_TEXT) return entry;
  const reason = `Shorten the text to ${number(MAX_TEXT)} characters. It has ${number(length)}.`;
  return { ...entry, state: "refused", unfit: true, reason };
}

/** The lengths of an entry's texts, as browsers count them. */
const lengthsOf = ({ content }) => Object.values(content).map((value) => value?.length ?? 0);

const number = (count) => count.toLocaleString("en-GB");

/**
 * Take `entries`, which this tab shows, for its own: it puts them back too if the storage is cleared.
 */
export function adopt(entries) {
  for (const entry of entries) {
    const isKnown = entry.unkept || own.has(entry.id) || unnoted.has(entry.id);
    if (!isKnown) own.set(entry.id, entry);
  }
}

/** All entries of `user`, in order. Throws `Unreadable`. */
export async function entriesOf(user) {
  return [...(await storedOf(user)), ...unkeptOf(user)];
}

/** The stored entries of `user`, with this tab's own put back where they have vanished. */
async function storedOf(user) {
  let stored = [];
  try {
    let acks = [];
    [stored, acks] = await read(["outbox", "acks"], async (outbox, acks) => [
      await outbox.index("user").getAll(user),
      await Promise.all(ownOf(user).map(({ id }) => acks.get(id))),
    ]);
    stored = stored.filter(({ id }) => !unnoted.has(id)).map(marked);
    for (const ack of acks) if (ack) own.delete(ack.id);
  } catch {
    if (!(await isAbsent())) throw new Unreadable();
  }
  for (const entry of stored) if (own.has(entry.id)) own.set(entry.id, entry);
  for (const { seq, ...entry } of ownOf(user)) {
    const isVanished = !stored.some(({ id }) => id === entry.id);
    // It may have been sent before it vanished.
    if (isVanished && !entry.unkept) own.set(entry.id, { ...entry, tried: true, unkept: true });
  }
  const isToKeep = unkeptOf(user).length || unnoted.size || unmarked.size;
  return isToKeep ? [...stored, ...(await keepAgain(user))] : stored;
}

const marked = (entry) => ({ ...entry, ...unmarked.get(entry.id) });

/** Store what only this tab has, and what it could not note; returns the entries stored now. */
async function keepAgain(user) {
  const unkept = unkeptOf(user);
  try {
    const kept = await write(["outbox", "acks"], async (outbox, acks) => {
      for (const [id, settled] of unnoted) await remove(outbox, acks, { id, ...settled });
      for (const id of unmarked.keys()) {
        const entry = await outbox.index("id").get(id);
        if (entry) await outbox.put(marked(entry));
      }
      const entries = [];
      for (const { unkept: _, ...entry } of unkept) {
        // Something else in this tab may have settled or stored it meanwhile.
        if (await acks.get(entry.id)) continue;
        const there = await outbox.index("id").get(entry.id);
        entries.push(there ?? { ...entry, seq: await outbox.add(entry) });
      }
      return entries;
    });
    unnoted.clear();
    unmarked.clear();
    for (const entry of kept) if (own.has(entry.id)) own.set(entry.id, entry);
    return kept;
  } catch {
    return [];
  }
}

/** Take an entry out of the stored ones: `version` is what it got, null if it was discarded. */
async function remove(outbox, acks, { id, edits, version }) {
  const entry = await outbox.index("id").get(id);
  if (entry) await outbox.delete(entry.seq);
  const { case: caseId, subject } = entry ?? {};
  await acks.put({ id, version, edits, at: Date.now(), case: caseId, subject });
}

/** `{subject, version}` of the case's saves that were accepted since this page was asked for. */
export async function acceptedMeanwhile(caseId) {
  const acks = await read(["acks"], (acks) => acks.getAll()).catch(() => []);
  return acks.filter((ack) => ack.case === caseId && ack.at >= performance.timeOrigin);
}

/**
 * The next saves to send in one request, marked as tried: from the first waiting one on, those of
 * its case and address, each subject once.
 */
export async function nextBatch(user, limit = MAX_SAVES) {
  const entries = await entriesOf(user).catch(() => ownOf(user));
  let batch;
  try {
    batch = await write(["outbox"], async (outbox) => {
      const stored = await outbox.index("user").getAll(user);
      const unsettled = stored.filter(({ id }) => !unnoted.has(id)).map(marked);
      const chosen = choose([...unsettled, ...unkeptOf(user)], limit);
      for (const entry of chosen) if (!entry.unkept) await outbox.put(entry);
      return chosen;
    });
  } catch {
    // No space even for the mark: saves are sent unmarked. No edit can change them meanwhile, as
    // that would need space too.
    batch = choose(entries, limit);
  }
  for (const entry of batch) if (own.has(entry.id)) own.set(entry.id, entry);
  return batch;
}

function choose(entries, limit) {
  const batch = [];
  let characters = 0;
  for (const entry of entries.filter(({ state }) => state === "waiting")) {
    characters += lengthsOf(entry).reduce((sum, length) => sum + length);
    const fits = batch.length < limit && (characters <= MAX_CHARACTERS || !batch.length);
    const [first = entry] = batch;
    const belongs = entry.case === first.case && entry.address === first.address;
    if (!fits || !belongs || batch.some(({ subject }) => subject === entry.subject)) break;
    const base = entry.base_version ?? unnoted.get(entry.follows)?.version ?? 0;
    batch.push({ ...entry, tried: true, base_version: base });
  }
  return batch;
}

/** Store the server's results for `batch`, in order. */
export async function settle(batch, results) {
  for (const [n, entry] of batch.entries()) await settleOne(entry, results[n]);
  for (const [n, { id, case: caseId, subject, base_version }] of batch.entries()) {
    publish({ type: "answered", case: caseId, subject, base_version, ...results[n], id });
  }
}

async function settleOne(entry, { outcome, version, standing, why }) {
  const { id } = entry;
  const isSaved = outcome === "saved";
  const base = isSaved ? version : entry.base_version;
  for (const one of own.values()) if (one.follows === id) one.base_version = base;
  if (isSaved) own.delete(id);
  const left =
    outcome === "conflict" ? { state: outcome, standing } : { state: outcome, reason: why };
  try {
    await write(["outbox", "acks", "standing", "offline_cases"], async (outbox, acks, ...cases) => {
      for (const follower of await outbox.index("follows").getAll(id)) {
        await outbox.put({ ...follower, base_version: base });
      }
      if (isSaved) await remove(outbox, acks, { ...entry, version });
      else if (!entry.unkept) await outbox.put({ ...entry, ...left });
      if (outcome !== "refused") await keepStanding(entry, standing, ...cases);
    });
  } catch {
    // No space for the result: this tab knows it. If the tab closes now, entries that follow an
    // accepted one will be in conflict.
    if (!isSaved && !entry.unkept) unmarked.set(id, left);
    if (isSaved) {
      unnoted.set(id, { version, edits: entry.edits });
      await write(["outbox"], async (outbox) => {
        const key = await outbox.index("id").getKey(id);
        if (key !== undefined) await outbox.delete(key);
      }).catch(() => {});
    }
  }
  if (own.has(id)) Object.assign(own.get(id), left);
}

/** Remember what stands now, if the case is kept on this device. */
async function keepStanding(entry, standing, known, cases) {
  const { user, case: caseId, subject, kind, anchor } = entry;
  if (!(await cases.get([user, caseId]))) return;
  if (standing) await known.put({ user, case: caseId, subject, kind, anchor, ...standing });
  else await known.delete([user, caseId, subject]);
}

/**
 * Mark `batch` and entries that follow it as refused, with `reason`; `unfit` if the server could
 * not read it.
 */
export async function refuse(batch, reason, unfit = undefined) {
  const ids = new Set(batch.map(({ id }) => id));
  const all = await entriesOf(batch[0].user);
  for (const entry of all) if (ids.has(entry.follows)) ids.add(entry.id);
  const refused = { state: "refused", reason, unfit };
  await change(
    all.filter(({ id }) => ids.has(id)),
    (entry) => ({ ...entry, ...refused }),
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

async function change(entries, changed) {
  await write(["outbox"], async (outbox) => {
    for (const { id, unkept } of entries) {
      // It may have been changed or removed since it was read.
      const now = unkept ? null : await outbox.index("id").get(id);
      if (now) await outbox.put(changed(now));
    }
  }).catch(() => {
    for (const entry of entries.filter(({ unkept }) => !unkept)) {
      const { state, reason, unfit } = changed(entry);
      unmarked.set(entry.id, { state, reason, unfit });
    }
  });
  for (const { id } of entries) if (own.has(id)) own.set(id, changed(own.get(id)));
}

/** Settle a conflict with the person's own content: a new save based on what stands. */
export async function keepMine(entries, made) {
  if (!entries.length) return; // pressed twice
  const { seq, unkept, ...mine } = newest(entries);
  const fresh = checkLength({
    ...mine,
    ...made,
    base_version: mine.standing?.version ?? 0,
    follows: null,
    tried: false,
    state: "waiting",
    standing: undefined,
  });
  await replace(entries, fresh);
}

/** Remove entries: the person chose what stands, or discarded them. */
export async function discard(entries) {
  if (entries.length) await replace(entries);
}

async function replace(entries, fresh = null) {
  try {
    await write(["outbox", "acks"], async (outbox, acks) => {
      for (const entry of entries) await remove(outbox, acks, { ...entry, version: null });
      if (fresh) fresh.seq = await outbox.add(fresh);
    });
  } catch (error) {
    if (entries.some(({ unkept }) => !unkept)) throw error;
    if (fresh) fresh.unkept = true;
  }
  for (const { id } of entries) own.delete(id);
  if (fresh) own.set(fresh.id, fresh);
  publish({ type: "outbox", case: entries[0].case });
}

/** Forget what became of old saves: no open page can follow those any more. */
export async function forgetOldAcks() {
  await write(["acks"], async (acks) => {
    for (const ack of await acks.getAll()) {
      if (Math.abs(Date.now() - ack.at) > DAY) await acks.delete(ack.id);
    }
  });
}
