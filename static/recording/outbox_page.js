// The page that lists what waits on this device, and what to do about it.

import { recallClock } from "./clock.js";
import { owner, wipe } from "./copies.js";
import * as outbox from "./outbox.js";
import { startSending, wake } from "./sender.js";
import { listen } from "./tabs.js";
import { inTurns } from "./turns.js";
import { answer, counted, element, fullMoment } from "./words.js";

const STATES = {
  waiting: "Waiting",
  conflict: "Conflict: choose on the case’s page which answer to keep",
};

class OutboxPage {
  constructor(list, user) {
    this.list = list;
    this.user = user;
    this.show = inTurns(() => this.#show());
  }

  async #show() {
    this.entries = await outbox.entriesOf(this.user);
    const isLeaving = new URLSearchParams(location.search).has("signing-out");
    const parts = [];
    if (isLeaving && this.entries.length) parts.push(this.#warning());
    if (!this.entries.length) {
      const words = "Nothing waits on this device: everything you recorded is saved.";
      parts.push(element("p", { className: "govuk-body", role: "status" }, words));
    } else {
      const number = counted(this.entries.length, "change is", "changes are");
      parts.push(element("p", { className: "govuk-body" }, `${number} not saved yet.`));
      parts.push(this.#buttons());
      for (const entries of this.#byCase()) parts.push(this.#case(entries));
    }
    this.list.replaceChildren(...parts);
  }

  #warning() {
    const words =
      "If you sign out now, what waits leaves this device and is lost, unless you download it first.";
    const leave = element(
      "button",
      { type: "button", className: "govuk-button govuk-button--warning" },
      "Sign out and lose what waits",
    );
    leave.addEventListener("click", async () => {
      await wipe(this.user);
      document.querySelector("form[data-sign-out]")?.submit();
    });
    const stay = element("a", { className: "govuk-link", href: "/" }, "Stay signed in");
    const number = counted(this.entries.length, "change is", "changes are");
    return element(
      "div",
      { className: "govuk-error-summary", tabindex: "-1" },
      element(
        "div",
        { role: "alert" },
        element("h2", { className: "govuk-error-summary__title" }, `${number} not saved yet`),
        element("p", { className: "govuk-body" }, words),
        element("div", { className: "govuk-button-group" }, leave, stay),
      ),
    );
  }

  #buttons() {
    const buttons = [this.#button("Download as a file", () => this.#download())];
    if (this.entries.some(({ state }) => state === "waiting")) {
      buttons.unshift(this.#button("Send now", () => wake()));
    }
    return element("div", { className: "govuk-button-group" }, ...buttons);
  }

  #button(words, act) {
    const button = element(
      "button",
      { type: "button", className: "govuk-button govuk-button--secondary" },
      words,
    );
    button.addEventListener("click", act);
    return button;
  }

  #byCase() {
    const cases = new Map();
    for (const entry of this.entries) {
      cases.set(entry.case, [...(cases.get(entry.case) ?? []), entry]);
    }
    return cases.values();
  }

  #case(entries) {
    const [{ reference, case: caseId }] = entries;
    const heading = element("h2", { className: "govuk-heading-m" }, `Case ${reference}`);
    const section = element("section", {}, heading);
    const columns = ["Question", "Answer", "Note", "Since", "State"];
    section.append(
      element(
        "table",
        { className: "govuk-table app-table" },
        element("caption", { className: "govuk-visually-hidden" }, `Changes to case ${reference}`),
        element(
          "thead",
          { className: "govuk-table__head" },
          element(
            "tr",
            { className: "govuk-table__row" },
            ...columns.map((words) =>
              element("th", { className: "govuk-table__header", scope: "col" }, words),
            ),
          ),
        ),
        element(
          "tbody",
          { className: "govuk-table__body" },
          ...entries.map((entry) => this.#row(entry, columns)),
        ),
      ),
    );
    if (entries.some(({ state }) => state === "refused")) {
      const again = this.#button("Try again", async () => {
        await outbox.tryAgain(this.user, caseId);
        wake();
      });
      const giveUp = this.#button("Give up what was refused", () =>
        outbox.discard(entries.filter(({ state }) => state === "refused")),
      );
      for (const button of [again, giveUp]) {
        button.append(
          element("span", { className: "govuk-visually-hidden" }, ` in case ${reference}`),
        );
      }
      section.append(element("div", { className: "govuk-button-group" }, again, giveUp));
    }
    return section;
  }

  #row(entry, columns) {
    const href = `${entry.page}#q-${entry.question.replaceAll(".", "-")}`;
    const cells = [
      element("a", { className: "govuk-link", href }, entry.question),
      answer(entry.value),
      element("span", { className: "app-text" }, entry.note || "No note"),
      fullMoment(entry.since),
      entry.state === "refused" ? `Not saved. ${entry.words}` : STATES[entry.state],
    ];
    return element(
      "tr",
      { className: "govuk-table__row" },
      ...cells.map((cell, n) =>
        element("td", { className: "govuk-table__cell", "data-label": columns[n] }, cell),
      ),
    );
  }

  /** A file that the inspection's lead can load: what waits, as it would be sent. */
  #download() {
    const saves = this.entries.map((entry) => ({
      id: entry.id,
      inspection: entry.inspection,
      case: entry.case,
      reference: entry.reference,
      question: entry.question,
      value: entry.value,
      note: entry.note,
      base_version: entry.base_version,
      follows: entry.follows,
      made_at: entry.made_at,
    }));
    const file = { schema: "outbox/1", user: this.user, saves };
    const content = new Blob([JSON.stringify(file, null, 2)], { type: "application/json" });
    const link = element("a", { href: URL.createObjectURL(content), download: "outbox.json" });
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

async function start(list) {
  const signedIn = document.body.dataset.user;
  const user = signedIn ? Number(signedIn) : await owner().catch(() => null);
  if (!signedIn && user !== null) {
    // The page as this device keeps it names nobody; sending finds out who is signed in.
    await recallClock().catch(() => {});
    startSending(user);
  }
  const page = new OutboxPage(list, user);
  listen(({ type }) => ["outbox", "answered", "sending"].includes(type) && page.show());
  await page.show();
}

if (isSecureContext) start(document.getElementById("waiting"));
