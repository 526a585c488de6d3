// The page that lists this device's unsent saves, with actions for them.

import { fullMoment, recallClock } from "./clock.js";
import { owner, wipe } from "./offline_cases.js";
import * as outbox from "./outbox.js";
import { sendNow, startSending } from "./sender.js";
import { coalesced, listen } from "./tabs.js";
import { fill } from "./templates.js";

class OutboxPage {
  constructor(list, user) {
    this.list = list;
    this.user = user;
    this.show = coalesced(() => this.#show());
  }

  async #show() {
    const entries = await outbox.entriesOf(this.user);
    const isLeaving = new URLSearchParams(location.search).has("signing-out");
    const values = {
      count: entries.length,
      isWaiting: entries.some(({ state }) => state === "waiting"),
      isLeaving: entries.length && isLeaving,
      isStaying: entries.length && !isLeaving,
    };
    const content = fill("outbox", values, {
      leave: () => this.#leave(),
      send: () => sendNow(),
      download: () => download(this.user, entries),
    });
    for (const id of new Set(entries.map((entry) => entry.case))) {
      content.append(this.#case(entries.filter((entry) => entry.case === id)));
    }
    this.list.replaceChildren(content);
  }

  async #leave() {
    await wipe(this.user);
    document.querySelector("form[data-sign-out]")?.submit();
  }

  #case(entries) {
    const [{ reference, case: caseId }] = entries;
    const refused = entries.filter(({ state }) => state === "refused");
    const section = fill(
      "outbox-case",
      { reference, isRefused: refused.length },
      {
        tryAgain: async () => {
          await outbox.tryAgain(this.user, caseId);
          sendNow();
        },
        giveUp: () => outbox.discard(refused),
      },
    );
    const rows = entries.map((entry) => {
      const page = `${entry.page}#q-${entry.question.replaceAll(".", "-")}`;
      return fill("outbox-change", { ...entry, page, since: fullMoment(entry.since) });
    });
    section.querySelector("tbody").append(...rows);
    return section;
  }
}

const SENT = "id inspection case reference question value note base_version follows made_at".split(
  " ",
);

/** Download a file of the unsent saves, which the lead inspector can load. */
function download(user, entries) {
  const saves = entries.map((entry) => Object.fromEntries(SENT.map((name) => [name, entry[name]])));
  const file = JSON.stringify({ schema: "outbox/1", user, saves }, null, 2);
  const address = URL.createObjectURL(new Blob([file], { type: "application/json" }));
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: "outbox.json" }).click();
  URL.revokeObjectURL(address);
}

async function start(list) {
  const signedIn = document.body.dataset.user;
  const user = signedIn ? Number(signedIn) : await owner().catch(() => null);
  if (!signedIn && user !== null) {
    // The kept page names nobody; sending finds out who is signed in.
    await recallClock().catch(() => {});
    startSending(user);
  }
  const page = new OutboxPage(list, user);
  listen(["outbox", "answered", "sending"], page.show);
  await page.show();
}

if (isSecureContext) start(document.getElementById("waiting"));
