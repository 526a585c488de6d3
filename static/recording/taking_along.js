// Taking cases along: the buttons on a case's page and on the list of cases.

import { certainTime, learnTime } from "./clock.js";
import { allowed, leaveBehind, takeAlong, takenAlong } from "./copies.js";
import * as outbox from "./outbox.js";
import { Unreachable } from "./session.js";
import { listen } from "./tabs.js";
import { counted, element, fullMoment } from "./words.js";

const user = Number(document.body.dataset.user);

class Offer {
  /** `box` is a case's when it says `data-case`, otherwise all of `data-inspection`. */
  constructor(box) {
    this.box = box;
    this.inspection = Number(box.dataset.inspection);
    this.case = box.dataset.case ? Number(box.dataset.case) : null;
    this.words = element("p", { className: "govuk-body", role: "status" });
    this.buttons = element("div", { className: "govuk-button-group" });
    box.append(
      element("h2", { className: "govuk-heading-s govuk-!-margin-bottom-1" }, "On this device"),
      this.words,
      this.buttons,
    );
    box.hidden = false;
  }

  async show() {
    const kept = (await takenAlong(user)).filter((one) => this.#isMine(one));
    this.words.textContent = this.#say(kept);
    const buttons = [];
    if (this.case === null || !kept.length) {
      const words = this.case === null ? "Take all my cases along" : "Take this case along";
      buttons.push(this.#button(words, () => this.#take()));
    }
    if (kept.length) {
      const words = this.case === null ? "Remove all from this device" : "Remove from this device";
      buttons.push(this.#button(words, () => this.#leave(kept)));
    }
    this.buttons.replaceChildren(...buttons);
  }

  #isMine(one) {
    return this.case === null ? one.inspection === this.inspection : one.case === this.case;
  }

  #say(kept) {
    if (this.case !== null) {
      return kept.length
        ? `This case opens without a network. On this device since ${fullMoment(kept[0].since)}.`
        : "This case opens only with a network.";
    }
    return kept.length
      ? `${counted(kept.length, "case opens", "cases open")} without a network: ${kept.map((one) => one.reference).join(", ")}.`
      : "Cases that you take along open without a network, for a week.";
  }

  #button(words, act) {
    const button = element(
      "button",
      { type: "button", className: "govuk-button govuk-button--secondary" },
      words,
    );
    button.addEventListener("click", async () => {
      button.disabled = true;
      await act();
    });
    return button;
  }

  async #take() {
    try {
      const may = await allowed(user);
      if (!may) {
        await this.#fail("Sign in again to take cases along.");
        return;
      }
      await learnTime(new Date(may.time).toISOString());
      const since = await certainTime();
      const cases = [...may.cases.values()].filter((one) => this.#isMine(one));
      if (!cases.length) {
        await this.#fail("There is no case here for you to record in, so there is none to take along.");
        return;
      }
      for (const [n, one] of cases.entries()) {
        this.words.textContent = `Taking along case ${one.reference}: ${n + 1} of ${cases.length}.`;
        await takeAlong(user, one, since);
      }
      await this.show();
    } catch (error) {
      await this.#fail(
        error instanceof Unreachable || error instanceof TypeError
          ? "There is no network, so this was not taken along. Try again when there is one."
          : error?.name === "QuotaExceededError"
            ? "This device has no room left. Remove other cases from it, or free some space, and try again."
            : "This could not be taken along. Reload the page and try again.",
      );
    }
  }

  async #fail(words) {
    await this.show();
    this.words.textContent = words;
  }

  async #leave(kept) {
    const waiting = await outbox.entriesOf(user);
    const held = kept.filter((one) => waiting.some((entry) => entry.case === one.case));
    for (const one of kept) if (!held.includes(one)) await leaveBehind(user, one);
    await this.show();
    if (held.length) {
      const references = held.map((one) => one.reference).join(", ");
      this.words.textContent = `Case ${references} stays: changes in it wait to be sent.`;
    }
  }
}

const boxes = document.querySelectorAll("[data-take-along]");
if (isSecureContext && "caches" in window) {
  for (const box of boxes) {
    const offer = new Offer(box);
    offer.show();
    listen((message) => message.type === "owner" && offer.show());
  }
}
