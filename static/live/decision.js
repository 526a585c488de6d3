// Keeps the figures and effects of a decision's page up to date while its form is filled in.
//
// The form is left alone. Without this script the figures are those of the time that they name.

import { coalesced } from "../recording/tabs.js";
import { follow } from "./stream.js";

const root = document.querySelector("[data-live-events]");

const refresh = coalesced(async () => {
  const response = await fetch(location.pathname, { credentials: "same-origin" });
  // Somewhere else, such as to sign in: what is shown keeps the time that it names.
  if (!response.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const element of fresh.querySelectorAll("[data-live]")) {
    const shown = root.querySelector(`[data-live="${CSS.escape(element.dataset.live)}"]`);
    if (shown && shown.innerHTML !== element.innerHTML)
      shown.replaceChildren(...document.importNode(element, true).childNodes);
  }
});

function nothing() {}

follow({
  inspection: Number(root.dataset.liveInspection),
  address: root.dataset.liveEvents,
  showRatings: () => refresh().catch(nothing),
  lose: nothing,
  rest: nothing,
  end: nothing,
});
