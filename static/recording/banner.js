// The line at the bottom of the window with the state of all saves. It is shown while saves are
// unsent, moves nothing else, and is read aloud only when the kind of message changes.

import { fullMoment } from "./clock.js";
import { forgetReceipts, receiptsOf } from "./offline_cases.js";
import * as outbox from "./outbox.js";
import { waitsFor } from "./sender.js";
import { coalesced, listen } from "./tabs.js";
import { fill, plain, textOf } from "./templates.js";

/** Saves that change what the page of a case or a list of cases counts. Neither makes any itself. */
const COUNTED = ["answer", "detail"];

export class Banner {
  constructor(user) {
    this.user = user;
    this.hasWaitedHere = false;
    this.show = coalesced(() => this.#show());
    this.overdue = { removed: [], held: [] };
    document.getElementById("main-content").append(fill("saving"));
    this.box = document.querySelector(".app-sending");
    this.spoken = this.box.nextElementSibling;
    listen(["outbox", "answered", "sending"], this.show);
  }

  async #show() {
    let isUnreadable = false;
    const entries = await outbox.entriesOf(this.user).catch(() => {
      isUnreadable = true;
      return outbox.ownOf(this.user);
    });
    const receipts = await receiptsOf(this.user);
    const waitsHere = entries.some((entry) => this.#isCountedHere(entry));
    if (waitsHere) this.hasWaitedHere = true;
    const isBehind = this.hasWaitedHere && !waitsHere && !isUnreadable;
    const values = { ...this.#values(entries, receipts), isUnreadable, waitsHere, isBehind };
    const content = fill("saving-banner", values, {
      again: () => location.reload(),
      seen: () => forgetReceipts(receipts),
      stay: this.sessionEnd?.stay,
    });
    const { outbox: page } = document.body.dataset;
    if (location.pathname === page) {
      // The outbox page shows these itself.
      for (const link of content.querySelectorAll(`[href="${page}"]`)) link.closest("p").remove();
    }
    const lines = [...content.children];
    const said = plain(content.textContent);
    if (said !== this.said) {
      this.box.replaceChildren(content);
      this.box.hidden = !said;
      const spoken = lines
        .map((line) => line.dataset.say ?? plain(line.firstElementChild.textContent))
        .join(" ");
      if (spoken !== this.spoken.textContent) {
        const isOver = this.spoken.textContent && !spoken;
        this.spoken.textContent = isOver ? textOf("all-saved") : spoken;
      }
      this.said = said;
    }
    document.body.dataset.waiting = entries.length;
  }

  /** Whether `entry` waits to be sent, and the counts of this page will be others then. */
  #isCountedHere(entry) {
    const here = document.querySelector("[data-offline-offer]")?.dataset;
    if (!here || entry.state !== "waiting" || !COUNTED.includes(entry.kind)) return false;
    const { inspection, case: ofCase } = here;
    return ofCase ? entry.case === Number(ofCase) : entry.inspection === Number(inspection);
  }

  #values(entries, receipts) {
    const of = (state) => entries.filter((entry) => entry.state === state);
    const waiting = of("waiting");
    const { removed, held } = this.overdue;
    return {
      waiting: waiting.length,
      waitsFor: waiting.length ? waitsFor : "",
      isOffline: !waiting.length && waitsFor === "network",
      conflicts: new Set(of("conflict").map((one) => `${one.case} ${one.subject}`)).size,
      refused: of("refused").length,
      unkept: entries.some((entry) => entry.unkept),
      endsIn: this.sessionEnd?.minutes,
      hasEnded: this.sessionEnd?.isOver && waitsFor !== "sign-in",
      removed: removed.join(", "),
      held: held.join(", "),
      lost: receipts.reduce((sum, { count }) => sum + count, 0),
      lostOf: [...new Set(receipts.map(({ reference }) => reference).filter(Boolean))].join(", "),
      lostAt: receipts.length && fullMoment(receipts[0].at),
      signIn: `${document.body.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`,
    };
  }
}
