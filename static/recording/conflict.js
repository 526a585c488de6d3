// Two answers to one question, and a choice between them.

import { moment } from "./clock.js";
import * as outbox from "./outbox.js";
import { sendNow } from "./sender.js";
import { fill } from "./templates.js";

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
  question.radios.closest("fieldset").after(conflict(question, entry));
  const made = question.section.querySelector(".app-conflict");
  made.dataset.shows = key;
  if (hadFocus) made.querySelector("button").focus();
}

function conflict(question, { value, note, standing }) {
  const isOwn = standing?.by === document.body.dataset.name;
  const values = {
    about: `${question.section.id}-conflict`,
    code: question.code,
    isMissing: !standing,
    isOwn,
    by: !isOwn && standing?.by,
    at: standing && moment(standing.at),
    mine: value,
    myNote: note,
    theirs: standing?.value,
    theirNote: standing?.note,
  };
  return fill("conflict", values, {
    keepMine: () => keepMine(question),
    keepTheirs: () => keepTheirs(question),
  });
}

async function keepMine(question) {
  await question.save();
  const { id, made_at, since } = question.made({});
  await outbox.keepMine(await inConflict(question), { id, made_at, since });
  sendNow();
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
