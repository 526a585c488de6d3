// Before a form is sent, a request checks that the service is there and the person is signed in.
// Otherwise the browser would leave the page, and what was typed with it. If not, the page stays
// and says so beside the button. While a form is on its way, further presses do nothing.

import * as outbox from "../recording/outbox.js";
import { session, Unreachable } from "../recording/session.js";
import { fill } from "../recording/templates.js";

/** After so long a form may be sent again: somebody stopped the page's loading. */
const LONG = 10_000;

const underWay = new WeakMap();

/**
 * Guard every form of the page of `user` (null when signed out) that no other script sends. `drafts`,
 * those of its forms, learn what is sent.
 */
export function guardForms(user, drafts) {
  document.addEventListener("submit", async (event) => {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (underWay.get(form) === "checked") {
      underWay.set(form, "sent");
      setTimeout(() => underWay.delete(form), LONG);
      return;
    }
    event.preventDefault();
    if (underWay.has(form)) return;
    underWay.set(form, "checking");
    const isFine = await canSend(form, submitter, user).catch(() => false);
    if (isFine) await drafts?.markSent(form);
    underWay.delete(form);
    if (!isFine) return;
    underWay.set(form, "checked");
    form.requestSubmit(submitter);
  });
}

/** Whether `form` can be sent by `button` now; says beside the button why not. */
export async function canSend(form, button, user) {
  const waiting = await countWaiting(form.dataset.moves, user).catch(() => null);
  const held = waiting === null ? "unreadable" : waiting && "waiting";
  const problem = held || (await findProblem(form, user));
  const group = button?.closest(".govuk-button-group");
  sayProblem(problem, group ?? button ?? form.lastElementChild, waiting);
  return !problem;
}

/** Say before the element `place` why nothing was sent; with no problem, take that away. */
export function sayProblem(problem, place, waiting = 0) {
  for (const old of document.querySelectorAll(".app-not-sent")) old.remove();
  if (!problem) return;
  place.before(fill("not-sent", { problem, waiting }));
  document.querySelector(".app-not-sent").focus();
}

/** A case takes no answers after its state changes, so unsent saves go first. May throw. */
async function countWaiting(caseId, user) {
  if (!caseId) return 0;
  return (await outbox.entriesOf(user)).filter((entry) => entry.case === Number(caseId)).length;
}

/** Why `form` can't be sent now: "signed-out", "service", "unreachable", "network", or null. */
export async function findProblem(form, user) {
  try {
    const { user: signedIn, token } = await session({ fresh: true });
    // The page's own token is from before somebody signed in again.
    const field = form.querySelector("input[name=csrfmiddlewaretoken]");
    if (field && token) field.value = token;
    return user === null || signedIn === user ? null : "signed-out";
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    if (error.isServiceFailing) return "service";
    return navigator.onLine ? "unreachable" : "network";
  }
}
