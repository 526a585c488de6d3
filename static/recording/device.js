// Runs on every page: makes sure that this device holds only what belongs to whoever is signed
// in, sends what waits, says so, and lets nobody sign out over unsent answers unawares.

import { learnTime, recallClock } from "./clock.js";
import { allowed, owner, removeOverdue, takeOver, wipe } from "./copies.js";
import * as outbox from "./outbox.js";
import { startSending } from "./sender.js";
import { Unreachable } from "./session.js";
import { Banner } from "./status.js";
import { listen, tell } from "./tabs.js";
import { watchWholeForms } from "./whole_forms.js";

const { user: signedIn, outbox: outboxPage } = document.body.dataset;
const user = signedIn ? Number(signedIn) : null;

async function start() {
  addEventListener("pageshow", (event) => event.persisted && comeBack());
  navigator.serviceWorker?.register(document.body.dataset.worker);
  if (user === null) return;
  listen((message) => {
    if (message.type === "owner" && message.user !== user) location.reload();
  });
  const banner = new Banner(user);
  try {
    await recallClock();
    await takeOver(user);
    await outbox.forgetOldAcks();
  } catch {
    // A browser that keeps nothing: answers are sent all the same, while the page is open.
  }
  watchSigningOut();
  watchWholeForms(user);
  tell({ type: "signed-in", user });
  startSending(user);
  await banner.show();
  await removeWhatIsOver(banner);
}

/** The browser went back to this page: it may be somebody else's by now, or out of date. */
async function comeBack() {
  const isTyped = user !== null && document.querySelector("form[data-whole]") !== null;
  if (isTyped && (await owner().catch(() => null)) === user) tell({ type: "signed-in", user });
  else location.reload();
}

async function removeWhatIsOver(banner) {
  try {
    const may = await allowed(user);
    if (may) await learnTime(new Date(may.time).toISOString());
    banner.overdue = await removeOverdue(user, await outbox.entriesOf(user), may?.cases);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    banner.overdue = await removeOverdue(user, await outbox.entriesOf(user), null);
  }
  await banner.show();
}

function watchSigningOut() {
  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if ((await outbox.entriesOf(user)).length && form.dataset.signOut !== "all") {
        location.assign(`${outboxPage}?signing-out`);
        return;
      }
      await wipe(user).catch(() => {});
      form.submit();
    });
  }
}

if (isSecureContext) start();
