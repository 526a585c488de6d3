// The line at the bottom of the window with the state of all saves. It is shown while saves are
// unsent, moves nothing else, and is read aloud only when the kind of message changes.

import * as outbox from "./outbox.js";
import { waitsFor } from "./sender.js";
import { coalesced, listen } from "./tabs.js";
import { fill, plain, textOf } from "./templates.js";

export class Banner {
  constructor(user) {
    this.user = user;
    this.show = coalesced(() => this.#show());
    this.overdue = { removed: [], held: [] };
    document.getElementById("main-content").append(fill("saving"));
    this.box = document.querySelector(".app-sending");
    this.spoken = this.box.nextElementSibling;
    listen(["outbox", "answered", "sending"], this.show);
  }

  async #show() {
    const entries = await outbox.entriesOf(this.user);
    const content = fill("saving-banner", this.#values(entries));
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

  #values(entries) {
    const of = (state) => entries.filter((entry) => entry.state === state);
    const waiting = of("waiting");
    const here = document.querySelector("[data-offline-offer][data-case]")?.dataset.case;
    const { removed, held } = this.overdue;
    return {
      waiting: waiting.length,
      waitsFor: waiting.length ? waitsFor : "",
      isOffline: !waiting.length && waitsFor === "network",
      waitsHere: waiting.some((entry) => entry.case === Number(here)),
      conflicts: new Set(of("conflict").map((one) => `${one.case} ${one.question}`)).size,
      refused: of("refused").length,
      unkept: entries.some((entry) => entry.unkept),
      removed: removed.join(", "),
      held: held.join(", "),
      signIn: `${document.body.dataset.signIn}?next=${encodeURIComponent(location.pathname)}`,
    };
  }
}
