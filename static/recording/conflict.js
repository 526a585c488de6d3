// Two answers to one question: both in words, and a choice between them, as the page shows it
// without scripts.

import { correctedNow } from "./clock.js";
import * as outbox from "./outbox.js";
import { wake } from "./sender.js";
import { answer, element, moment } from "./words.js";

/** Show the conflict of `entry` below the answers of `question`, or take it away for `null`. */
export function showConflict(question, entry) {
  const shown = question.section.querySelector(".app-conflict");
  const key = entry && JSON.stringify([entry.value, entry.note, entry.standing]);
  if (shown?.dataset.shows === key) return;
  const hadFocus = shown?.contains(document.activeElement);
  shown?.remove();
  question.section.classList.toggle("govuk-form-group--error", entry !== null);
  if (!entry) {
    if (hadFocus) question.radios.querySelector("input:checked, input")?.focus();
    return;
  }
  const made = conflict(question, entry);
  made.dataset.shows = key;
  question.radios.closest("fieldset").after(made);
  if (hadFocus) made.querySelector("button").focus();
}

function conflict(question, entry) {
  const { code, section } = question;
  const theirs = entry.standing;
  const when = theirs && moment(theirs.at, correctedNow());
  const about = `${section.id}-conflict`;
  const isOwn = theirs?.by === document.body.dataset.name;
  const who = isOwn ? "You" : theirs?.by;
  const where = isOwn ? ", from another page or device" : "";
  const other = isOwn ? "The answer saved before" : theirs ? `${theirs.by}’s answer` : "The record";
  return element(
    "fieldset",
    { className: "govuk-fieldset app-conflict", "aria-describedby": about },
    element(
      "legend",
      { className: "govuk-fieldset__legend govuk-fieldset__legend--s" },
      `Which answer to ${code} do you want to keep?`,
    ),
    element(
      "p",
      { className: "govuk-body", id: about },
      theirs
        ? `${who} saved another answer at ${when}${where}, after this page was opened.`
        : "The answer that this one was made from is no longer there.",
    ),
    side(
      "Mine, as entered here",
      entry.value,
      entry.note,
      isOwn ? "Keep the one entered here" : "Keep mine",
      code,
      () => keepMine(question),
    ),
    side(
      other,
      theirs?.value ?? "",
      theirs?.note ?? "",
      isOwn ? "Keep the one saved before" : "Keep theirs",
      code,
      () => keepTheirs(question),
    ),
  );
}

function side(whose, value, note, button, code, choose) {
  const kept = element(
    "button",
    { type: "button", className: "govuk-button govuk-button--secondary govuk-!-margin-bottom-0" },
    button,
    element("span", { className: "govuk-visually-hidden" }, ` for ${code}`),
  );
  kept.addEventListener("click", choose);
  return element(
    "div",
    { className: "app-conflict__side" },
    element(
      "p",
      { className: "govuk-body govuk-!-font-weight-bold govuk-!-margin-bottom-1" },
      `${whose}: ${answer(value)}`,
    ),
    element("p", { className: "govuk-body app-text" }, note || "No note"),
    kept,
  );
}

async function keepMine(question) {
  await question.save();
  const { id, made_at } = question.made({});
  await outbox.keepMine(await inConflict(question), { id, made_at });
  wake();
}

async function keepTheirs(question) {
  await question.save();
  await outbox.discard(await inConflict(question));
}

async function inConflict(question) {
  const { user, case: caseId } = question.made({});
  return (await outbox.entriesOf(user)).filter(
    (entry) =>
      entry.case === caseId && entry.question === question.code && entry.state === "conflict",
  );
}
