// Single keys for recording, for those who want them. A key acts only while the focus is on a
// question's answers, so that it is never taken from a text field, a control or a screen reader
// that reads on; all of them can be turned off (WCAG 2.1.4). The page's template lists them.

import { fill } from "./templates.js";

const SETTING = "shortcuts";
const VALUES = { y: "YES", n: "NO", a: "NOT_APPLICABLE" };

export function startShortcuts(form) {
  new Shortcuts(form).start();
}

class Shortcuts {
  constructor(form) {
    this.form = form;
    this.press = (event) => this.#press(event);
  }

  start() {
    this.form.before(fill("shortcuts-button", {}, { open: () => this.dialog.showModal() }));
    document.body.append(fill("shortcuts", {}, { close: () => this.dialog.close() }));
    this.dialog = document.body.lastElementChild;
    const setting = this.dialog.querySelector("input");
    setting.checked = this.isOn;
    setting.addEventListener("change", () => this.#turn(setting.checked));
    this.#listen();
  }

  get isOn() {
    try {
      return localStorage.getItem(SETTING) !== "off";
    } catch {
      return true;
    }
  }

  #turn(isOn) {
    try {
      localStorage.setItem(SETTING, isOn ? "on" : "off");
    } catch {
      // Kept for this page alone, then.
    }
    this.#listen(isOn);
  }

  #listen(isOn = this.isOn) {
    this.form.removeEventListener("keydown", this.press);
    if (isOn) this.form.addEventListener("keydown", this.press);
  }

  #press(event) {
    const { target, key } = event;
    const section = target.closest("section[data-question]");
    if (!section || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (target.matches("textarea")) {
      if (key === "Escape") focusOn(section);
      return;
    }
    if (!target.matches("input[type=radio], summary")) return;
    const act = this.#actionOf(key.toLowerCase(), section);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #actionOf(key, section) {
    if (key in VALUES) {
      const radio = section.querySelector(`input[type=radio][value=${VALUES[key]}]`);
      return radio && (() => answer(radio));
    }
    const all = [...this.form.querySelectorAll("section[data-question]")];
    const place = all.indexOf(section);
    const further = [...all.slice(place + 1), ...all.slice(0, place)];
    const go = (to) => () => to && focusOn(to);
    return {
      j: go(all[place + 1]),
      k: go(all[place - 1]),
      u: go(further.find((one) => !one.querySelector(".govuk-radios input:checked")?.value)),
      g: () => toggle(section.querySelector("details[data-part=guidance]")),
      m: () => writeNote(section),
      "?": () => this.dialog.showModal(),
    }[key];
  }
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
