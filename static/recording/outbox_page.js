// The page that lists this device's unsent saves, with actions for them.

import { draftsOf } from "../forms/draft_store.js";
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
    let isUnreadable = false;
    const entries = await outbox.entriesOf(this.user).catch(() => {
      isUnreadable = true;
      return outbox.ownOf(this.user);
    });
    const isEmpty = !entries.length && !isUnreadable;
    const hasDrafts = (await draftsOf(this.user)).length > 0;
    const asked = new URLSearchParams(location.search);
    const isLeaving = asked.has("signing-out");
    const isLeft = asked.has("left") && !document.body.dataset.user;
    const values = {
      count: entries.length,
      isUnreadable,
      isAllSaved: isEmpty && !hasDrafts,
      isTypedOnly: isEmpty && hasDrafts,
      isWaiting: entries.some(({ state }) => state === "waiting"),
      isLeaving: entries.length && isLeaving,
      isStaying: entries.length && !isLeaving,
      isLeft: entries.length && isLeft,
    };
    const content = fill("outbox", values, {
      leave: () => this.#leave(),
      remove: () => wipe(this.user).then(this.show),
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
      const { kind, content, words } = entry;
      const page = `${entry.page}#${entry.anchor}`;
      const { value, note } = kind === "answer" ? content : { note: words };
      const isAnswer = kind === "answer";
      return fill("outbox-change", {
        ...entry,
        isAnswer,
        page,
        value,
        note,
        since: fullMoment(entry.since),
      });
    });
    section.querySelector("tbody").append(...rows);
    return section;
  }
}

const SENT = "id kind inspection case reference subject content base_version follows made_at".split(
  " ",
);

/** Download a file of the unsent saves, which the lead inspector can load. */
function download(user, entries) {
  const saves = entries.map((entry) => Object.fromEntries(SENT.map((name) => [name, entry[name]])));
  const file = JSON.stringify({ schema: "outbox/2", user, saves }, null, 2);
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
  listen(["outbox", "answered", "sending", "drafts"], page.show);
  await page.show();
}

if (isSecureContext) start(document.getElementById("waiting"));
