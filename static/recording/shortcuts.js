// Single keys for recording, for those who want them. A key acts only while the focus is on a
// question's answers, so that it is never taken from a text field, a control or a screen reader
// that reads on; all of them can be turned off (WCAG 2.1.4).

import { element } from "./words.js";

const SETTING = "shortcuts";

const KEYS = [
  ["Y", "Answer Yes"],
  ["N", "Answer No"],
  ["A", "Answer Not applicable, where the question allows it"],
  ["J", "Next question"],
  ["K", "Previous question"],
  ["U", "Next question without an answer"],
  ["G", "Show or hide the guidance of this question"],
  ["M", "Write the note of this question; Escape goes back to its answers"],
  ["?", "This list"],
];
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
    this.dialog = this.#makeDialog();
    const open = element(
      "button",
      { type: "button", className: "govuk-button govuk-button--secondary app-shortcuts__open" },
      "Keyboard shortcuts",
    );
    open.addEventListener("click", () => this.dialog.showModal());
    this.form.before(open);
    document.body.append(this.dialog);
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
      if (key === "Escape") this.#focus(section);
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
    const go = (to) => () => to && this.#focus(to);
    return {
      j: go(all[place + 1]),
      k: go(all[place - 1]),
      u: go(further.find((one) => !isAnswered(one))),
      g: () => toggle(details(section, "guidance")),
      m: () => writeNote(section),
      "?": () => this.dialog.showModal(),
    }[key];
  }

  #focus(section) {
    const radios = section.querySelector(".govuk-radios");
    (radios.querySelector("input:checked") ?? radios.querySelector("input")).focus();
    section.scrollIntoView({ block: "nearest" });
  }

  #makeDialog() {
    const setting = element("input", {
      type: "checkbox",
      className: "govuk-checkboxes__input",
      id: "shortcuts-on",
    });
    setting.checked = this.isOn;
    setting.addEventListener("change", () => this.#turn(setting.checked));
    const close = element("button", { type: "button", className: "govuk-button" }, "Close");
    const dialog = element(
      "dialog",
      { className: "app-shortcuts", "aria-labelledby": "shortcuts-title" },
      element("h2", { className: "govuk-heading-m", id: "shortcuts-title" }, "Keyboard shortcuts"),
      element(
        "p",
        { className: "govuk-body" },
        "They work while the focus is on the answers of a question. Tab goes from question to question, arrows from answer to answer.",
      ),
      element(
        "dl",
        { className: "app-shortcuts__list govuk-body" },
        ...KEYS.flatMap(([key, words]) => [
          element("dt", {}, element("kbd", {}, key)),
          element("dd", {}, words),
        ]),
      ),
      element(
        "div",
        { className: "govuk-checkboxes govuk-checkboxes--small govuk-form-group" },
        element(
          "div",
          { className: "govuk-checkboxes__item" },
          setting,
          element(
            "label",
            { className: "govuk-label govuk-checkboxes__label", for: "shortcuts-on" },
            "Use keyboard shortcuts",
          ),
        ),
      ),
      close,
    );
    close.addEventListener("click", () => dialog.close());
    return dialog;
  }
}

function answer(radio) {
  radio.focus();
  if (radio.checked) return;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
}

function isAnswered(section) {
  return Boolean(section.querySelector(".govuk-radios input:checked")?.value);
}

function details(section, about) {
  return section.querySelector(`details[data-part=${about}]`);
}

function toggle(part) {
  if (part) part.open = !part.open;
}

function writeNote(section) {
  const textarea = section.querySelector("textarea");
  textarea.closest("details").open = true;
  textarea.focus();
}
