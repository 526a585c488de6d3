// The page that stands for all others without a network: what this device has, and its removal.

import { leaveBehind, owner, takenAlong } from "./copies.js";
import * as outbox from "./outbox.js";
import { listen } from "./tabs.js";
import { element, fullMoment } from "./words.js";

async function show(list) {
  const user = await owner();
  const cases = user === null ? [] : await takenAlong(user);
  if (!cases.length) {
    const words = "No case has been taken along on this device.";
    list.replaceChildren(element("p", { className: "govuk-body" }, words));
    return;
  }
  const waiting = await outbox.entriesOf(user);
  list.replaceChildren(
    element(
      "dl",
      { className: "govuk-summary-list" },
      ...cases.map((one) => row(user, one, waiting.some((entry) => entry.case === one.case))),
    ),
  );
}

function row(user, one, isHeld) {
  const actions = element("dd", { className: "govuk-summary-list__actions" });
  if (isHeld) {
    actions.append("Changes wait");
  } else {
    const remove = element(
      "button",
      { type: "button", className: "app-link-button govuk-link" },
      "Remove",
      element("span", { className: "govuk-visually-hidden" }, ` case ${one.reference} from this device`),
    );
    remove.addEventListener("click", () => leaveBehind(user, one));
    actions.append(remove);
  }
  return element(
    "div",
    { className: "govuk-summary-list__row" },
    element(
      "dt",
      { className: "govuk-summary-list__key" },
      element("a", { className: "govuk-link", href: one.pages[0] }, `Case ${one.reference}`),
    ),
    element(
      "dd",
      { className: "govuk-summary-list__value" },
      `${one.service}. On this device since ${fullMoment(one.since)}.`,
    ),
    actions,
  );
}

if (isSecureContext) {
  const list = document.getElementById("kept");
  listen(({ type }) => ["along", "outbox", "answered"].includes(type) && show(list));
  show(list);
}
