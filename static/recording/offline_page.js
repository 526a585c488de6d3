// The page shown for all others without a network: the kept cases, and their removal.

import { fullMoment } from "./clock.js";
import { offlineCases, owner, removeOffline } from "./offline_cases.js";
import * as outbox from "./outbox.js";
import { listen } from "./tabs.js";
import { fill } from "./templates.js";

async function show(list) {
  const user = await owner();
  const cases = user === null ? [] : await offlineCases(user);
  const waiting = cases.length ? await outbox.entriesOf(user) : [];
  const content = fill("offline-cases", { count: cases.length });
  const rows = cases.map((one) => {
    const isHeld = waiting.some((entry) => entry.case === one.case);
    const values = { ...one, page: one.pages[0], since: fullMoment(one.since), isHeld };
    return fill("offline-case", values, { remove: () => removeOffline(user, one) });
  });
  content.querySelector("dl")?.append(...rows);
  list.replaceChildren(content);
}

if (isSecureContext) {
  const list = document.getElementById("kept");
  listen(["offline-cases", "outbox", "answered"], () => show(list));
  show(list);
}
