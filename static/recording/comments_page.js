// A page on which a case is only commented on, besides its forms of other kinds.

import { recallClock } from "./clock.js";
import { Comments } from "./comments.js";

async function start(form) {
  const comments = new Comments(form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    comments.send(event.submitter);
  });
  await recallClock().catch(() => {});
  await comments.start();
}

const form = document.querySelector("form[data-comments]");
// A response to a form sent without scripts shows what was sent, and works without scripts.
const isAnswerToForm = document.querySelector(".govuk-error-summary") !== null;
if (form && !isAnswerToForm && isSecureContext) start(form);
