// Runs on every page: keeps only data of the person who is signed in, sends unsent saves, shows
// their state, and warns of unsent saves before signing out.

import { Banner } from "./banner.js";
import { recallClock } from "./clock.js";
import { allowedCases, owner, removeOverdue, takeOver, wipe } from "./offline_cases.js";
import { guardForms } from "./offline_form_guard.js";
import * as outbox from "./outbox.js";
import { startSending } from "./sender.js";
import { Unreachable } from "./session.js";
import { listen, publish } from "./tabs.js";

const { user: signedIn, outbox: outboxPage } = document.body.dataset;
const user = signedIn ? Number(signedIn) : null;

async function start() {
  addEventListener("pageshow", (event) => event.persisted && whenRestored());
  navigator.serviceWorker?.register(document.body.dataset.worker);
  if (user === null) return;
  // Before anything that takes time: a form may be sent as soon as the page is there.
  watchSigningOut();
  guardForms(user);
  listen(["owner"], (message) => message.user !== user && location.reload());
  const banner = new Banner(user);
  try {
    await recallClock();
    await takeOver(user);
    await outbox.forgetOldAcks();
  } catch {
    // If the browser stores nothing, answers are still sent while the page is open.
  }
  publish({ type: "signed-in", user });
  startSending(user);
  await banner.show();
  await removeOldCopies(banner);
}

/** The browser restored this page: it may be another person's, or out of date. */
async function whenRestored() {
  const isTyped = user !== null && document.querySelector("form[data-offline-guard]") !== null;
  if (isTyped && (await owner().catch(() => null)) === user) publish({ type: "signed-in", user });
  else location.reload();
}

async function removeOldCopies(banner) {
  const allowed = await allowedCases(user).catch((error) => {
    if (!(error instanceof Unreachable)) throw error;
  });
  banner.overdue = await removeOverdue(user, await outbox.entriesOf(user), allowed?.cases);
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
