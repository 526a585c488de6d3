// The fields of one page of a case: each is saved when it is edited, and shows what stands and what
// waits.

import { correctedNow, recallClock } from "./clock.js";
import { standingIn } from "./offline_cases.js";
import * as outbox from "./outbox.js";
import { sendNow } from "./sender.js";
import { coalesced, listen } from "./tabs.js";

const SOON = 2_000;
/** Longer than any save takes; what stood before is on the page as loaded. */
const A_WHILE = 60_000;

/**
 * A function that completes a save for `address` with its id, and who, where and when. `form` says
 * which case it is: `data-inspection`, `-case`, `-reference`.
 */
export function makerFor({ dataset }, address) {
  return (fields) => ({
    id: crypto.randomUUID(),
    user: Number(document.body.dataset.user),
    inspection: Number(dataset.inspection),
    case: Number(dataset.case),
    reference: dataset.reference,
    address,
    page: location.pathname,
    made_at: new Date().toISOString(),
    since: correctedNow().toISOString(),
    ...fields,
  });
}

/** Whether the page of `form` was loaded (`data-as-of`) after `known` was learned. */
export function isOlderThanPage(form, known) {
  return Date.parse(known.at) < Date.parse(form.dataset.asOf) - A_WHILE;
}

export class Fields {
  /**
   * `form` says which case it is, as for `makerFor`, where saves go (`data-saves`) and when it was
   * loaded (`data-as-of`). `makeFields(made)` returns its fields.
   */
  constructor(form, makeFields) {
    this.form = form;
    this.case = Number(form.dataset.case);
    this.user = Number(document.body.dataset.user);
    this.made = makerFor(form, form.dataset.saves);
    this.refresh = coalesced(() => this.#show());
    this.fields = new Map(makeFields(this.made).map((field) => [field.subject, field]));
  }

  /** Keep the fields up to date; `onShown` is called each time they were. */
  async start(onShown = () => {}) {
    this.onShown = onShown;
    listen(["answered"], (result) => {
      if (result.case === this.case) this.fields.get(result.subject)?.settle(result);
    });
    listen(["outbox", "answered", "sending"], (message) => {
      if (message.case === undefined || message.case === this.case) this.refresh();
    });
    listen(["outbox"], ({ isTyping }) => isTyping || sendNow());
    // An edit in the middle of typing goes to the outbox when the page is left, too.
    document.addEventListener("visibilitychange", () => document.hidden && this.saveAll());
    addEventListener("pagehide", () => this.saveAll());
    addEventListener("beforeunload", (event) => this.#leave(event));
    this.#stayWhileAlone();
    await recallClock().catch(() => {});
    for (const known of await standingIn(this.user, this.case)) {
      if (!isOlderThanPage(this.form, known)) this.fields.get(known.subject)?.learn(known);
    }
    if (await this.#isOutdated()) location.reload();
    else await this.refresh();
  }

  /** Shown again after Back, the page is not loaded anew while it alone has what was recorded. */
  #stayWhileAlone() {
    const { early } = globalThis;
    if (!early) return;
    const { isHoldingText } = early;
    early.isHoldingText = () => isHoldingText() || outbox.unkeptOf(this.user).length > 0;
  }

  /** Whether a save was accepted after this page was made and before it could hear of it. */
  async #isOutdated() {
    const isNewer = ({ subject, version }) =>
      version > (this.fields.get(subject)?.standing.version ?? version);
    const isEdited = [...this.fields.values()].some((field) => field.isTouched());
    return !isEdited && (await outbox.acceptedMeanwhile(this.case)).some(isNewer);
  }

  /** Update every field. */
  async #show() {
    const added = new Map([...this.fields].map(([subject, field]) => [subject, field.added]));
    let isKnown = true;
    const entries = await outbox.entriesOf(this.user).catch((error) => {
      if (!(error instanceof outbox.Unreadable)) throw error;
      isKnown = false;
      return outbox.ownOf(this.user);
    });
    const mine = entries.filter((entry) => entry.case === this.case);
    outbox.adopt(mine.filter(({ subject }) => this.fields.has(subject)));
    for (const { subject, state, standing, base_version } of mine) {
      if (state === "conflict") this.fields.get(subject)?.learn(standing, base_version);
    }
    for (const [subject, field] of this.fields) {
      const its = mine.filter((entry) => entry.subject === subject);
      // What is shown is replaced only by what is known: something may wait that can't be read.
      if (!isKnown && !its.length && field.entries.length) continue;
      if (!(await field.show(its, added.get(subject)))) this.refresh();
    }
    this.onShown();
    this.form.dataset.shown = "";
  }

  saveAll() {
    return Promise.all([...this.fields.values()].map((field) => field.save()));
  }

  /** Resolves once everything is sent, or soon, so that the next page shows the latest. */
  async sent() {
    const until = Date.now() + SOON;
    while (navigator.onLine && Date.now() < until) {
      const entries = await outbox.entriesOf(this.user).catch(() => outbox.ownOf(this.user));
      if (!entries.some((one) => one.case === this.case && one.state === "waiting")) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #leave(event) {
    const isHeld = outbox.unkeptOf(this.user).length > 0;
    const isTouched = [...this.fields.values()].some((field) => field.isTouched());
    if (!isHeld && !isTouched) return;
    this.saveAll();
    event.preventDefault();
  }
}
