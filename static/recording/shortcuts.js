// Single-key shortcuts for recording. A key acts only while the focus is on a question's answers,
// so that it is never taken from a text field, another control or a screen reader; all of them can
// be turned off (WCAG 2.1.4). The page's template lists them.

import { fill } from "./templates.js";

const SETTING = "shortcuts";
const VALUES = { y: "YES", n: "NO", a: "NOT_APPLICABLE" };

export function startShortcuts(form) {
  form.before(fill("shortcuts-button", {}, { open: () => dialog.showModal() }));
  document.body.append(fill("shortcuts", {}, { close: () => dialog.close() }));
  const dialog = document.querySelector(".app-shortcuts");
  const setting = dialog.querySelector("input");
  setting.checked = isOn();
  setting.addEventListener("change", () => remember(setting.checked));
  form.addEventListener("keydown", (event) => setting.checked && press(event, form, dialog));
}

function isOn() {
  try {
    return localStorage.getItem(SETTING) !== "off";
  } catch {
    return true;
  }
}

function remember(isOn) {
  try {
    localStorage.setItem(SETTING, isOn ? "on" : "off");
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
  if (key in VALUES) {
    const radio = section.querySelector(`input[type=radio][value=${VALUES[key]}]`);
    return radio && (() => answer(radio));
  }
  const all = [...form.querySelectorAll("section[data-question]")];
  const place = all.indexOf(section);
  const further = [...all.slice(place + 1), ...all.slice(0, place)];
  const go = (to) => () => to && focusOn(to);
  return {
    j: go(all[place + 1]),
    k: go(all[place - 1]),
    u: go(further.find((one) => !one.querySelector(".govuk-radios input:checked")?.value)),
    g: () => toggle(section.querySelector("details[data-part=guidance]")),
    m: () => writeNote(section),
  }[key];
}

function focusOn(section) {
  const radios = section.querySelector(".govuk-radios");
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
