// Warns before the session ends because nothing was done for a while, and says so when it has. What
// is typed stays in the page and on the device either way; sending it waits for signing in.

import { send, session, Unreachable } from "./session.js";

const LOOK_EVERY = 20_000;
/** How long before its end the warning is shown. */
const WARN = 5 * 60_000;
/** How long after it was last moved on somebody who types moves the end on. */
const STAY_AFTER = 5 * 60_000;

export class SessionEnd {
  /** `show` is called whenever `minutes` or `isOver` has changed. */
  constructor(user, show) {
    this.user = user;
    this.show = show;
    this.minutes = 0;
    this.isOver = false;
    this.isSomebodyThere = false;
    // Opening the page moved the end on.
    this.stayedAt = Date.now();
    this.endsAt = this.stayedAt + Number(document.body.dataset.sessionEnds) * 1000;
    this.stay = () => this.#stay();
  }

  async watch() {
    for (const type of ["input", "keydown", "pointerdown"]) {
      addEventListener(type, () => (this.isSomebodyThere = true), { passive: true });
    }
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
    setInterval(() => this.#look(), LOOK_EVERY);
    await this.#look();
  }

  async #look() {
    const left = this.endsAt - Date.now();
    if (this.isSomebodyThere && !this.isOver && Date.now() - this.stayedAt > STAY_AFTER) {
      await this.#stay();
    } else if (left <= WARN || this.isOver) {
      // Another tab, or a save, may have moved the end on.
      await this.#take(() => session({ fresh: true }));
    }
  }

  async #stay() {
    this.isSomebodyThere = false;
    this.stayedAt = Date.now();
    await this.#take(async () => (await send(document.body.dataset.stay, {}, this.user)).body);
  }

  async #take(ask) {
    let answer;
    try {
      answer = await ask();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return; // Without the service nothing is known: what waits says so.
    }
    this.isOver = answer?.user !== this.user;
    if (!this.isOver) this.endsAt = Date.now() + answer.ends_in * 1000;
    const left = this.endsAt - Date.now();
    this.minutes = this.isOver || left > WARN ? 0 : Math.max(1, Math.ceil(left / 60_000));
    await this.show();
  }
}
