// Single-key shortcuts for recording. A key acts only while the focus is on a question's answers,
// so that it is never taken from a text field, another control or a screen reader; all of them can
// be turned off (WCAG 2.1.4). The page's template lists them.

import { fill } from "./templates.js";

const VALUES = { y: "YES", n: "NO", a: "NOT_APPLICABLE", c: "" };

/** What a person chose on this device, and what holds until they choose. */
const SETTINGS = { shortcuts: true, advance: false };

export function startShortcuts(form) {
  const place = document.querySelector("[data-shortcuts]");
  place.append(fill("shortcuts-button", {}, { open: () => dialog.showModal() }));
  document.body.append(fill("shortcuts", {}, { close: () => dialog.close() }));
  const dialog = document.querySelector(".app-shortcuts");
  for (const box of dialog.querySelectorAll("input")) {
    box.checked = isOn(box.name);
    box.addEventListener("change", () => remember(box.name, box.checked));
  }
  form.addEventListener("keydown", (event) => isOn("shortcuts") && press(event, form, dialog));
}

const chosen = new Map();

function isOn(setting) {
  if (chosen.has(setting)) return chosen.get(setting);
  try {
    const kept = localStorage.getItem(setting);
    return kept === null ? SETTINGS[setting] : kept === "on";
  } catch {
    return SETTINGS[setting];
  }
}

function remember(setting, isOn) {
  chosen.set(setting, isOn);
  try {
    localStorage.setItem(setting, isOn ? "on" : "off");
  } catch {
    // Then the setting is for this page only.
  }
}

function press(event, form, dialog) {
  const { target, key } = event;
  const section = target.closest("section[data-question]");
  if (!section || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  if (target.matches("textarea") && key === "Escape") focusOn(section);
  if (!target.matches("input[type=radio], summary")) return;
  const act = key === "?" ? () => dialog.showModal() : actionOf(key.toLowerCase(), section, form);
  if (!act) return;
  event.preventDefault();
  act();
}

function actionOf(key, section, form) {
  const all = sectionsOf(form);
  const place = all.indexOf(section);
  const go = (to) => () => to && focusOn(to);
  if (key in VALUES) {
    const radio = section.querySelector(`.app-answers input[value="${VALUES[key]}"]`);
    const onward = key !== "c" && isOn("advance") ? go(all[place + 1]) : () => {};
    return radio && (() => [answer(radio), onward()]);
  }
  return {
    j: go(all[place + 1]),
    k: go(all[place - 1]),
    u: go(nextUnanswered(form, section)),
    g: () => toggle(section.querySelector("details[data-part=guidance]")),
    m: () => writeNote(section),
  }[key];
}

const sectionsOf = (form) => [...form.querySelectorAll("section[data-question]")];

/** The next question of `form` without an answer after `section`, if any: from the top again. */
export function nextUnanswered(form, section) {
  const all = sectionsOf(form);
  const place = all.indexOf(section);
  const further = [...all.slice(place + 1), ...all.slice(0, place + 1)];
  return further.find((one) => !one.querySelector(".app-answers input:checked")?.value);
}

export function focusOn(section) {
  const radios = section.querySelector(".app-answers");
  (radios.querySelector("input:checked") ?? radios.querySelector("input")).focus();
  section.scrollIntoView({ block: "nearest" });
}

function answer(radio) {
  radio.focus();
  if (radio.checked) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function toggle(details) {
  if (details) details.open = !details.open;
}

function writeNote(section) {
  const textarea = section.querySelector("textarea");
  textarea.closest("details").open = true;
  textarea.focus();
}
