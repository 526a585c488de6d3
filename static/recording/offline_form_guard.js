// Forms that are not sent through the outbox: details, comments, changes of a case's state.
// Without the service the browser would leave the page and lose what was typed. So before such a
// form is sent, a request checks that the service is there and the person is signed in. If not, the
// page stays and says so beside the button.

import * as outbox from "./outbox.js";
import { session, Unreachable } from "./session.js";
import { fill } from "./templates.js";

/** Check first for every such form on the page of `user`. */
export function guardForms(user) {
  for (const form of document.querySelectorAll("form[data-offline-guard]")) {
    let isAsked = false;
    form.addEventListener("submit", async (event) => {
      if (isAsked) return;
      event.preventDefault();
      const { submitter } = event;
      if (!(await canSend(form, submitter, user))) return;
      isAsked = true;
      form.requestSubmit(submitter);
    });
  }
}

/** Whether `form` can be sent by `button` now; says beside the button why not. */
export async function canSend(form, button, user) {
  for (const old of document.querySelectorAll(".app-not-sent")) old.remove();
  const waiting = await countWaiting(form.dataset.moves, user);
  const problem = waiting ? "waiting" : await findProblem(form, user);
  if (!problem) return true;
  const place = button?.closest(".govuk-button-group") ?? button ?? form.lastElementChild;
  place.before(fill("not-sent", { problem, waiting }));
  document.querySelector(".app-not-sent").focus();
  return false;
}

/** A case accepts no answers after its state changes, so unsent saves have to go first. */
async function countWaiting(caseId, user) {
  if (!caseId) return 0;
  return (await outbox.entriesOf(user)).filter((entry) => entry.case === Number(caseId)).length;
}

async function findProblem(form, user) {
  try {
    const { user: signedIn, token } = await session({ fresh: true });
    if (signedIn !== user) return "signed-out";
    // The page's own token is from before somebody signed in again.
    const field = form.querySelector("input[name=csrfmiddlewaretoken]");
    if (field) field.value = token;
    return null;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return error.isServiceFailing ? "service" : "network";
  }
}
