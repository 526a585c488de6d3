// The buttons for keeping cases on this device, on a case's page and on the list of cases.

import { certainTime, fullMoment } from "./clock.js";
import { allowedCases, keepOffline, offlineCases, removeOffline } from "./offline_cases.js";
import * as outbox from "./outbox.js";
import { Unreachable } from "./session.js";
import { listen } from "./tabs.js";
import { fill, textOf } from "./templates.js";

const user = Number(document.body.dataset.user);
const references = (cases) => cases.map((one) => one.reference).join(", ");

class Offer {
  /** `box` is a case's when it says `data-case`, otherwise all of `data-inspection`. */
  constructor(box) {
    this.box = box;
    this.inspection = Number(box.dataset.inspection);
    this.case = box.dataset.case ? Number(box.dataset.case) : null;
    this.status = box.querySelector("[role=status]");
    this.buttons = box.querySelector(".govuk-button-group");
    box.hidden = false;
  }

  /** Show what is kept, and what can be done; or `values` in place of what is kept. */
  async show(values = null) {
    const kept = (await offlineCases(user)).filter((one) => this.#isMine(one));
    this.#say(
      values ?? {
        state: kept.length ? "kept" : "none",
        count: kept.length,
        references: references(kept),
        since: kept.length && fullMoment(kept[0].since),
      },
    );
    const can = { canKeep: this.case === null || !kept.length, canRemove: kept.length };
    const actions = { keep: () => this.#keep(), remove: () => this.#remove(kept) };
    this.buttons.replaceChildren(fill("offline-buttons", can, actions));
  }

  #isMine(one) {
    return this.case === null ? one.inspection === this.inspection : one.case === this.case;
  }

  #say(values) {
    this.status.textContent = textOf("offline-status", values);
  }

  #busy() {
    for (const button of this.buttons.children) button.disabled = true;
  }

  async #keep() {
    this.#busy();
    await this.show(await this.#tryToKeep());
  }

  /** Null when all is kept, otherwise what to say. */
  async #tryToKeep() {
    try {
      const allowed = await allowedCases(user);
      if (!allowed) return { state: "signed-out" };
      const since = await certainTime();
      const cases = allowed.cases.filter((one) => this.#isMine(one));
      if (!cases.length) return { state: "not-allowed" };
      for (const [n, one] of cases.entries()) {
        this.#say({ progress: `${one.reference}: ${n + 1} of ${cases.length}` });
        await keepOffline(user, one, since);
      }
      return null;
    } catch (error) {
      if (error instanceof Unreachable || error instanceof TypeError) return { state: "network" };
      return { state: error?.name === "QuotaExceededError" ? "full" : "failed" };
    }
  }

  async #remove(kept) {
    this.#busy();
    const waiting = await outbox.entriesOf(user);
    const held = kept.filter((one) => waiting.some((entry) => entry.case === one.case));
    for (const one of kept) if (!held.includes(one)) await removeOffline(user, one);
    await this.show(held.length ? { held: references(held) } : null);
  }
}

if (isSecureContext && "caches" in window) {
  for (const box of document.querySelectorAll("[data-offline-offer]")) {
    const offer = new Offer(box);
    offer.show();
    listen(["owner"], () => offer.show());
  }
}
