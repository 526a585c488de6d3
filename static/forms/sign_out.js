// Signing out removes everything of a person from this device. What is on its way is waited for, and
// what can't go out first is shown.

import { wipe } from "../recording/offline_cases.js";
import * as outbox from "../recording/outbox.js";
import { draftsOf, dropAccepted } from "./draft_store.js";
import { findProblem, sayProblem } from "./guard.js";

const SOON = 5_000;

/** Take over the forms of the page of `user` that sign out. */
export function guardSignOut(user) {
  let isUnderWay = false;
  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (isUnderWay) return;
      isUnderWay = true;
      await signOut(form, user).finally(() => (isUnderWay = false));
    });
  }
}

async function signOut(form, user) {
  await dropAccepted(user).catch(() => {});
  if ((await isAnythingWaiting(user)) || (await draftsOf(user)).length) {
    location.assign(`${document.body.dataset.outbox}?signing-out`);
    return;
  }
  const problem = await findProblem(form, user);
  if (problem && problem !== "signed-out") {
    sayProblem("sign-out", document.getElementById("main-content").firstElementChild);
    return;
  }
  await wipe(user).catch(() => {});
  form.submit();
}

/** Whether anything is unsent, or nobody knows; what is being sent has a moment to arrive. */
async function isAnythingWaiting(user) {
  const until = Date.now() + SOON;
  for (;;) {
    const entries = await outbox.entriesOf(user).catch(() => null);
    if (!entries) return true;
    const isOnItsWay = entries.some(({ state }) => state === "waiting") && navigator.onLine;
    if (!isOnItsWay || Date.now() > until) return entries.length > 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
