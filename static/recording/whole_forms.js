// Forms that are sent as a whole and not through the outbox: details, comments, moves of a case.
// A browser that finds no service leaves the page with whatever was typed on it, so before a form
// goes, the service is asked whether it is there and still knows the person. If not, the page
// stays as it is and says so beside the button.

import * as outbox from "./outbox.js";
import { Unreachable, session } from "./session.js";
import { counted, element } from "./words.js";

const NOT_SENT = "What you entered is still here.";

/** Ask first for every such form on the page of `user`. */
export function watchWholeForms(user) {
  for (const form of document.querySelectorAll("form[data-whole]")) {
    let isAsked = false;
    form.addEventListener("submit", async (event) => {
      if (isAsked) return;
      event.preventDefault();
      const { submitter } = event;
      if (!(await maySend(form, submitter, user))) return;
      isAsked = true;
      form.requestSubmit(submitter);
    });
  }
}

/** Whether `form` can be sent by `button` now; says beside the button why not. */
export async function maySend(form, button, user) {
  for (const old of document.querySelectorAll(".app-not-sent")) old.remove();
  const problem = (await whatWaits(form.dataset.moves, user)) ?? (await whyNot(form, user));
  if (!problem) return true;
  const words = element(
    "div",
    { className: "app-not-sent", role: "alert", tabindex: "-1" },
    element(
      "p",
      { className: "govuk-error-message" },
      element("span", { className: "govuk-visually-hidden" }, "Error: "),
      ...problem,
    ),
  );
  (button?.closest(".govuk-button-group") ?? button ?? form.lastElementChild).before(words);
  words.focus();
  return false;
}

/** A case that moves on takes no more answers, so those that wait go first. */
async function whatWaits(caseId, user) {
  if (!caseId) return null;
  const waiting = (await outbox.entriesOf(user)).filter((entry) => entry.case === Number(caseId));
  if (!waiting.length) return null;
  const number = counted(waiting.length, "change to this case is", "changes to this case are");
  const href = document.body.dataset.outbox;
  const link = element("a", { className: "govuk-link", href }, "See what waits");
  return [`${number} not saved yet, so it stays as it is. `, link];
}

async function whyNot(form, user) {
  try {
    const { user: signedIn, token } = await session({ fresh: true });
    if (signedIn !== user) {
      const { signIn } = document.body.dataset;
      const link = element(
        "a",
        { className: "govuk-link", href: signIn, target: "_blank", rel: "noreferrer noopener" },
        "Sign in in a new tab",
      );
      return [`You are signed out, so this was not sent. ${NOT_SENT} `, link, ", then send it again."];
    }
    // The page's own token is from before somebody signed in again.
    const field = form.querySelector("input[name=csrfmiddlewaretoken]");
    if (field) field.value = token;
    return null;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return error.isServiceFailing
      ? [`The service does not answer as it should, so this was not sent. ${NOT_SENT} Try again in a while.`]
      : [`There is no network, so this was not sent. ${NOT_SENT} Send it again when there is one.`];
  }
}
