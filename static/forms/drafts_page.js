// Lists the drafts on this device, on the pages of what waits and of what the device keeps.

import { fullMoment } from "../recording/clock.js";
import { owner, wipe } from "../recording/offline_cases.js";
import * as outbox from "../recording/outbox.js";
import { listen } from "../recording/tabs.js";
import { fill } from "../recording/templates.js";
import { draftsOf, drop, dropAccepted } from "./draft_store.js";

async function show(list, user) {
  const drafts = await draftsOf(user);
  const isLeaving = new URLSearchParams(location.search).has("signing-out");
  // Otherwise what waits says so, for the drafts too.
  const isAlone = isLeaving && (await outbox.entriesOf(user).catch(() => [{}])).length === 0;
  const values = { count: drafts.length, isLeaving: drafts.length && isAlone };
  const content = fill("drafts-kept", values, { leave: () => leave(user) });
  const rows = drafts.map((draft) => {
    const row = { ...draft, at: fullMoment(draft.typed_at) };
    return fill("draft-listed", row, { discard: () => drop([draft.key]) });
  });
  content.querySelector("dl")?.append(...rows);
  list.replaceChildren(content);
}

async function leave(user) {
  await wipe(user);
  document.querySelector("form[data-sign-out]")?.submit();
}

async function start(list) {
  const signedIn = document.body.dataset.user;
  const user = signedIn ? Number(signedIn) : await owner().catch(() => null);
  if (user === null) return;
  if (signedIn) await dropAccepted(user).catch(() => {});
  listen(["drafts", "outbox", "answered"], () => show(list, user));
  await show(list, user);
}

if (isSecureContext) start(document.getElementById("drafts"));
