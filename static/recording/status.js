// The line at the foot of the window that says how the saves as a whole are doing. It shows
// whenever something waits, moves nothing else, and is read aloud only when what it says changes
// in kind, not for each answer.

import * as outbox from "./outbox.js";
import { state as sending } from "./sender.js";
import { listen } from "./tabs.js";
import { inTurns } from "./turns.js";
import { counted, element } from "./words.js";

export class Banner {
  constructor(user) {
    this.user = user;
    this.show = inTurns(() => this.#show());
    this.overdue = { removed: [], held: [] };
    this.box = element("div", { className: "app-sending govuk-body", hidden: true });
    this.aloud = element("div", { className: "govuk-visually-hidden", role: "status" });
    document.getElementById("main-content").append(this.box, this.aloud);
    listen(({ type }) => {
      if (["outbox", "answered", "sending"].includes(type)) this.show();
    });
  }

  async #show() {
    const entries = await outbox.entriesOf(this.user);
    const { outbox: page } = document.body.dataset;
    // The page that lists what waits says all that itself.
    const lines = this.#lines(entries).filter(({ href }) => href !== page || location.pathname !== page);
    const words = lines.map(({ words }) => words).join(" ");
    if (words !== this.words) {
      this.box.replaceChildren(...lines.map((line) => this.#paragraph(line)));
      this.box.hidden = !lines.length;
      const spoken = lines.map((line) => line.say ?? line.words).join(" ");
      if (spoken !== this.aloud.textContent) {
        const isOver = this.aloud.textContent && !lines.length;
        this.aloud.textContent = isOver ? "Everything is saved." : spoken;
      }
      this.words = words;
    }
    document.body.dataset.waiting = entries.length;
  }

  #paragraph({ words, href, link }) {
    const line = element("p", { className: "govuk-body govuk-!-margin-bottom-1" }, words);
    if (href) line.append(" ", element("a", { className: "govuk-link", href }, link));
    return line;
  }

  /** What there is to say, each with a link to what can be done about it. */
  #lines(entries) {
    const { outbox: page, signIn } = document.body.dataset;
    const back = encodeURIComponent(location.pathname);
    const of = (state) => entries.filter((entry) => entry.state === state);
    const waiting = of("waiting");
    const conflicts = new Set(of("conflict").map((entry) => `${entry.case} ${entry.question}`)).size;
    const refused = of("refused").length;
    const unkept = entries.filter((entry) => entry.unkept).length;
    const number = counted(waiting.length, "change waits", "changes wait");
    const lines = [];
    if (waiting.length && (sending === "signed-out" || sending === "someone-else")) {
      const words = `${number} on this device for you to sign in.`;
      const say = "Changes wait on this device for you to sign in.";
      lines.push({ words, say, href: `${signIn}?next=${back}`, link: "Sign in to send what waits" });
    } else if (waiting.length && sending === "offline") {
      const words = `No network: ${number} on this device.`;
      lines.push({ words, say: "No network: changes wait on this device.", href: page, link: "See what waits" });
    } else if (waiting.length && sending === "failing") {
      const words = `The service does not answer as it should: ${number} on this device and will be sent again.`;
      const say = "The service does not answer as it should: changes wait on this device.";
      lines.push({ words, say, href: page, link: "See what waits" });
    } else if (!waiting.length && sending === "offline") {
      lines.push({ words: "No network. What you record waits on this device until there is one." });
    }
    const here = document.querySelector("[data-take-along][data-case]")?.dataset.case;
    if (waiting.some((entry) => entry.case === Number(here))) {
      lines.push({ words: "The counts on this page are without what waits." });
    }
    if (conflicts) {
      const words = `${counted(conflicts, "question has", "questions have")} two different answers.`;
      lines.push({ words, href: page, link: "Choose which to keep" });
    }
    if (refused) {
      const words = `${counted(refused, "change was", "changes were")} not saved.`;
      lines.push({ words, href: page, link: "See why" });
    }
    if (unkept) {
      const words =
        "This device has no room to keep your changes, or its browser keeps nothing. " +
        "Leave this page open until everything is saved: what is not saved is lost with it.";
      lines.push({ words });
    }
    const { removed, held } = this.overdue;
    if (removed.length) {
      lines.push({ words: `No longer kept on this device: ${removed.join(", ")}.` });
    }
    if (held.length) {
      const words =
        `Case ${held.join(", ")}: the copies leave this device once nothing of it waits. ` +
        "Send or download what waits.";
      lines.push({ words, href: page, link: "See what waits" });
    }
    return lines;
  }
}
