// One question on the page: what its fields say, what the person has seen, and what stands.

import { showConflict } from "./conflict.js";
import * as outbox from "./outbox.js";
import { correctedNow } from "./clock.js";
import { state as sending } from "./sender.js";
import { answer, element, moment } from "./words.js";

const PAUSE = 800;

export class Question {
  /** `made(fields)` completes a save with who, where and when. */
  constructor(section, made) {
    this.section = section;
    this.code = section.dataset.question;
    this.made = made;
    this.radios = section.querySelector(".govuk-radios");
    this.textarea = section.querySelector("textarea");
    this.status = section.querySelector("[data-status]");
    this.base = section.querySelector("input[type=hidden]");
    const rendered = this.#rendered();
    this.standing = { ...rendered, version: Number(section.dataset.version) };
    this.standingWords = this.status.textContent;
    this.entries = [];
    // What the fields were filled from: an edit is whatever differs from it.
    this.basis = { ...rendered, seen: { version: this.standing.version } };
    this.adding = Promise.resolve();
    this.added = 0;
    this.radios.addEventListener("change", () => this.save("value"));
    this.textarea.addEventListener("input", () => this.#pause());
    this.textarea.addEventListener("change", () => this.save("note"));
    this.textarea.addEventListener("blur", () => this.save("note"));
    // Edited before this script ran.
    if (this.isTouched()) this.save("value");
  }

  #rendered() {
    const chosen = [...this.radios.querySelectorAll("input")].find((radio) => radio.defaultChecked);
    return { value: chosen?.value ?? "", note: this.textarea.defaultValue.trim() };
  }

  read() {
    const chosen = this.radios.querySelector("input:checked");
    return { value: chosen?.value ?? "", note: this.textarea.value.trim() };
  }

  isTouched() {
    const { value, note } = this.read();
    return value !== this.basis.value || note !== this.basis.note;
  }

  #pause() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save("note"), PAUSE);
  }

  /** Put what the fields say now into the outbox, if it is new; resolves once it is kept. */
  save(kind = "note") {
    clearTimeout(this.timer);
    if (this.isTouched()) {
      this.section.dataset.state = "saving";
      this.status.textContent = "Saving";
    }
    this.adding = this.adding.then(async () => {
      if (!this.isTouched()) return;
      const { value, note } = this.read();
      if (value === this.basis.value) kind = "note";
      const fields = { question: this.code, kind, value, note, seen: this.basis.seen };
      const entry = await outbox.add(this.made(fields));
      this.basis = { value, note, seen: { follows: entry.id } };
      this.added += 1;
    });
    return this.adding;
  }

  /** Take in what stands, if it is newer than what this page knows. */
  learn(standing) {
    if (!standing || standing.version <= this.standing.version) return;
    this.standing = standing;
    this.standingWords = `Saved, ${moment(standing.at, correctedNow())}`;
    if (standing.by !== document.body.dataset.name) this.standingWords += `, by ${standing.by}`;
  }

  /**
   * Show this question with `entries`, what of it waited when `added` of it had been added.
   * Returns whether that is still so: if not, they are out of date and nothing is shown.
   */
  async show(entries, added) {
    await this.adding;
    if (added !== this.added) return false;
    this.entries = entries;
    const last = outbox.newest(entries);
    const shown = last ?? this.standing;
    const seen = last ? { follows: last.id } : { version: this.standing.version };
    const draft = this.read();
    const valueTouched = draft.value !== this.basis.value;
    const noteTouched = draft.note !== this.basis.note;
    // A field that is being edited keeps its edit. Unless the same field has changed elsewhere
    // too, the edit is then made on top of what is shown now.
    const clash =
      (valueTouched && shown.value !== this.basis.value) ||
      (noteTouched && shown.note !== this.basis.note);
    if (!clash) {
      if (!valueTouched) this.#choose(shown.value);
      if (!noteTouched && draft.note !== shown.note) this.#write(shown.note);
      this.basis = { value: shown.value, note: shown.note, seen };
    }
    this.base.value = this.standing.version;
    this.section.dataset.version = this.standing.version;
    this.#offerTakingBack(shown);
    this.#tellStatus(last);
    showConflict(this, last?.state === "conflict" ? last : null);
    return true;
  }

  #choose(value) {
    for (const radio of this.radios.querySelectorAll("input")) radio.checked = radio.value === value;
  }

  #write(note) {
    this.textarea.value = note;
    if (note) this.textarea.closest("details")?.setAttribute("open", "");
  }

  /** A radio can't be unset, so once there is an answer, taking it back is a choice. */
  #offerTakingBack({ value, version }) {
    if (this.radios.querySelector('input[value=""]') || !(value || version)) return;
    const id = `${this.section.id}-value-none`;
    const name = `${this.code}-value`;
    this.radios.append(
      element(
        "div",
        { className: "govuk-radios__item app-question__take-back" },
        element("input", { className: "govuk-radios__input", id, name, type: "radio", value: "" }),
        element("label", { className: "govuk-label govuk-radios__label", for: id }, answer("")),
      ),
    );
  }

  #tellStatus(last) {
    const words = this.#statusOf(last);
    if (this.status.textContent !== words) this.status.textContent = words;
    this.section.dataset.state = last ? (last.unkept ? "unkept" : last.state) : "saved";
  }

  #statusOf(last) {
    if (!last) return this.standingWords;
    if (last.state === "conflict") return "Conflict: choose which answer to keep";
    if (last.state === "refused") return `Not saved. ${last.words}`;
    const waits = {
      offline: "Waiting for the network",
      "signed-out": "Waiting for you to sign in",
      "someone-else": "Waiting for you to sign in",
    }[sending];
    if (last.unkept) return `${waits ?? "Saving"}. Not kept on this device, so leave this page open`;
    return waits ?? "Saving";
  }
}
