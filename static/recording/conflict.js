// Two contents of one field, and a choice between them.

import { moment } from "./clock.js";
import * as outbox from "./outbox.js";
import { sendNow } from "./sender.js";
import { fill } from "./templates.js";

/** Show the conflict of `entry` below the inputs of `field`, or take it away for `null`. */
export function showConflict(field, entry) {
  const shown = field.section.querySelector(".app-conflict");
  const key = entry && JSON.stringify([entry.content, entry.standing]);
  if (shown?.dataset.shows === key) return;
  const hadFocus = shown?.contains(document.activeElement);
  shown?.remove();
  field.section.classList.toggle("govuk-form-group--error", entry !== null);
  if (!entry) {
    if (hadFocus) focusOn(field);
    return;
  }
  (field.section.querySelector("fieldset") ?? field.status).after(conflict(field, entry));
  const made = field.section.querySelector(".app-conflict");
  made.dataset.shows = key;
  if (hadFocus) made.querySelector("button").focus();
}

export function focusOn({ section }) {
  const checked = section.querySelector("input:checked");
  (checked ?? section.querySelector("input:not([type=hidden]), select, textarea"))?.focus();
}

function conflict(field, { content, standing }) {
  const isOwn = standing?.by === document.body.dataset.name;
  const values = {
    about: `${field.section.id}-conflict`,
    isMissing: !standing,
    isOwn,
    by: !isOwn && standing?.by,
    at: standing && moment(standing.at),
    ...field.conflictValues(content, standing),
  };
  return fill(field.conflictTemplate, values, {
    keepMine: () => keepMine(field),
    keepTheirs: () => keepTheirs(field),
  });
}

async function keepMine(field) {
  await field.save();
  const { id, made_at, since } = field.made({});
  await outbox.keepMine(await inConflict(field), { id, made_at, since });
  sendNow();
}

async function keepTheirs(field) {
  await field.save();
  await outbox.discard(await inConflict(field));
}

async function inConflict({ made, subject }) {
  const { user, case: caseId } = made({});
  return (await outbox.entriesOf(user)).filter(
    (entry) => entry.case === caseId && entry.subject === subject && entry.state === "conflict",
  );
}
