// Runs on every page: guards its forms, keeps only data of the person who is signed in, sends unsent
// saves, shows their state, and warns of unsent saves before signing out. Signed out, it removes the
// copies of whoever signed out here or has no account any more, however that came about.

import { Drafts } from "../forms/drafts.js";
import { guardForms } from "../forms/guard.js";
import { guardSignOut } from "../forms/sign_out.js";
import { Banner } from "./banner.js";
import { recallClock } from "./clock.js";
import { allowedCases, removeIfOver, removeOverdue, takeOver } from "./offline_cases.js";
import * as outbox from "./outbox.js";
import { startSending } from "./sender.js";
import { Unreachable } from "./session.js";
import { SessionEnd } from "./session_end.js";
import { listen, publish } from "./tabs.js";
import { fill } from "./templates.js";

const { user: signedIn, token, worker } = document.body.dataset;
const user = signedIn ? Number(signedIn) : null;

async function start() {
  // Before anything that takes time: a form may be sent as soon as the page is there.
  guardSignOut(user);
  const drafts = user === null ? null : new Drafts(user);
  guardForms(user, drafts);
  navigator.serviceWorker?.register(worker);
  if (user === null) {
    await leave();
    return;
  }
  listen(["owner"], (message) => message.user !== user && location.reload());
  const banner = new Banner(user);
  banner.sessionEnd = new SessionEnd(user, banner.show); // counts from when the page came
  try {
    await recallClock();
    await takeOver(user, token);
    await outbox.forgetOldAcks();
  } catch {
    // If the browser stores nothing, answers are still sent while the page is open.
  }
  publish({ type: "signed-in", user });
  drafts.start();
  startSending(user);
  await banner.show();
  await Promise.all([banner.sessionEnd.watch(), removeOldCopies(banner)]);
}

async function removeOldCopies(banner) {
  const allowed = await allowedCases(user).catch((error) => {
    if (!(error instanceof Unreachable)) throw error;
  });
  banner.overdue = await removeOverdue(user, await outbox.entriesOf(user), allowed?.cases);
  await banner.show();
}

async function leave() {
  const waiting = await removeIfOver().catch(() => 0);
  if (waiting && location.pathname !== document.body.dataset.outbox) {
    document.getElementById("main-content").prepend(fill("left-waiting", { waiting }));
  }
}

if (isSecureContext) start();
