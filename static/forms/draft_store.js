// Drafts on this device: what was typed into forms that the outbox does not send.
//
// A draft is {key, user, place, page, title, base_version, words, fields, typed_at, sent_at,
// is_edited_since}: `key` is the form's form_id; `place` says which form it is; `words` are its texts,
// to be listed; `fields` are [name, value] as the browser sends them; `sent_at` is when it was sent,
// until the server says that it was accepted, and `is_edited_since` whether it was edited then. The draft of a comment, until it goes into the outbox, has no place but `case`,
// `reference`, `kind`, and what it is `about`.

import { read, write } from "../recording/database.js";
import { ask } from "../recording/session.js";
import { publish } from "../recording/tabs.js";

/** The drafts of `user`, the latest first; none where this browser keeps nothing. */
export async function draftsOf(user) {
  const drafts = await read(["drafts"], (store) => store.index("user").getAll(user)).catch(
    () => [],
  );
  return drafts.sort((one, other) => other.typed_at.localeCompare(one.typed_at));
}

/** Keep `draft` in place of the drafts with the keys `instead`. Rejects if there is no space. */
export async function keep(draft, instead = []) {
  await write(["drafts"], async (store) => {
    for (const key of instead) if (key !== draft.key) await store.delete(key);
    await store.put(draft);
  });
}

/** Remove drafts: they were accepted, or the person discarded them. */
export async function drop(keys) {
  await write(["drafts"], async (store) => {
    for (const key of keys) await store.delete(key);
  });
  publish({ type: "drafts" });
}

const claimed = new Set();

/** Whether this tab has the draft `key`, once another that has it had `patience` ms to end. */
export function claim(key, patience = 0) {
  if (claimed.has(key)) return true;
  const options = patience ? { signal: AbortSignal.timeout(patience) } : { ifAvailable: true };
  return new Promise((resolve) => {
    navigator.locks
      .request(`draft ${key}`, options, (lock) => {
        if (!lock) return resolve(false);
        claimed.add(key);
        resolve(true);
        return new Promise(() => {}); // held until this page is gone
      })
      .catch(() => resolve(false));
  });
}

/** Remove the drafts of `user` that the server has accepted; asks only if any were sent. */
export async function dropAccepted(user) {
  const { sentForms } = document.body.dataset;
  const sent = (await draftsOf(user)).filter((draft) => draft.sent_at);
  if (!sent.length) return;
  const asked = new URLSearchParams(sent.map(({ key }) => ["id", key]));
  const { status, body } = await ask(`${sentForms}?${asked}`);
  if (status !== 200 || !body) return;
  const accepted = sent.filter(({ key }) => body.accepted.includes(key));
  // What was typed after it was sent is not part of what was accepted. Times don't tell: the clock's
  // correction may be learned between them.
  for (const draft of accepted.filter((one) => one.is_edited_since)) {
    const again = { key: `${user}-${crypto.randomUUID()}`, sent_at: null, is_edited_since: false };
    await keep({ ...draft, ...again }, [draft.key]);
  }
  await drop(accepted.map(({ key }) => key));
}
