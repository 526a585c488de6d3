// One question on the page: its fields, the answer that the person saw, and the current answer.

import { moment } from "./clock.js";
import { showConflict } from "./conflict.js";
import * as outbox from "./outbox.js";
import { waitsFor } from "./sender.js";
import { fill, textOf } from "./templates.js";

const PAUSE = 800;
const NOTHING = { value: "", note: "", version: 0 };

const statusText = (values) => textOf("question-status", values);

/** `text` with a replacement for each NUL and each lone surrogate, which can't be stored. */
const storable = (text) => text.replaceAll("\0", "\uFFFD").toWellFormed();

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
    this.standingStatus = this.status.textContent;
    this.entries = [];
    // What the fields were filled from; an edit is any difference from it.
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
    return { value: chosen?.value ?? "", note: storable(this.textarea.value).trim() };
  }

  isTouched() {
    const { value, note } = this.read();
    return value !== this.basis.value || note !== this.basis.note;
  }

  #pause() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save("note"), PAUSE);
    this.#updateStatus();
  }

  /** Put the fields' values into the outbox, if they are new; resolves once they are stored. */
  save(kind = "note") {
    clearTimeout(this.timer);
    this.#showStorable();
    this.#updateStatus();
    this.adding = this.adding.then(async () => {
      if (!this.isTouched()) return;
      const { value, note } = this.read();
      if (value === this.basis.value) kind = "note";
      const fields = { question: this.code, kind, value, note, seen: this.basis.seen };
      const entry = await outbox.add(this.made(fields));
      this.basis = { value, note, seen: { follows: entry.id } };
      this.entries = [...this.entries.filter(({ id }) => id !== entry.id), entry];
      this.added += 1;
    });
    return this.adding;
  }

  /** Show the text as it will be stored. It has the same length, so the caret can stay. */
  #showStorable() {
    const { value, selectionStart, selectionEnd } = this.textarea;
    if (storable(value) === value) return;
    this.textarea.value = storable(value);
    this.textarea.setSelectionRange(selectionStart, selectionEnd);
  }

  /**
   * Take `standing` as the current answer if it is newer than the known one, or if it is older
   * than the version `base` that a save was based on: then the record was restored from a backup
   * and doesn't have what this page knows.
   */
  learn(standing, base = 0) {
    const { version } = standing ?? NOTHING;
    if (version <= this.standing.version && version >= base) return;
    this.standing = standing ?? NOTHING;
    this.standingStatus = statusText({
      state: version ? "saved" : "unanswered",
      at: version && moment(standing.at),
      by: standing?.by !== document.body.dataset.name && standing?.by,
    });
  }

  /**
   * Show this question with `entries`, its unsent saves when `added` saves had been added. Returns
   * whether that is still the number: if not, they are out of date and nothing is shown.
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
    // too, the edit is then based on what is shown now.
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
    this.#updateStatus();
    showConflict(this, last?.state === "conflict" ? last : null);
    return true;
  }

  #choose(value) {
    for (const radio of this.radios.querySelectorAll("input")) {
      radio.checked = radio.value === value;
    }
  }

  #write(note) {
    this.textarea.value = note;
    if (note) this.textarea.closest("details")?.setAttribute("open", "");
  }

  /** A radio can't be unset, so once there is an answer, there is a choice to remove it. */
  #offerTakingBack({ value, version }) {
    if (this.radios.querySelector('input[value=""]') || !(value || version)) return;
    const id = `${this.section.id}-value-none`;
    const name = `${this.code}-value`;
    this.radios.append(fill("take-back", { id, name }));
  }

  #updateStatus() {
    const last = outbox.newest(this.entries);
    // Text being written is never shown as saved, or with the state of an earlier edit.
    const isNew = this.isTouched();
    const text = isNew ? statusText({ state: "waiting" }) : this.#statusOf(last);
    if (this.status.textContent !== text) this.status.textContent = text;
    const state = last ? (last.unkept ? "unkept" : last.state) : "saved";
    this.section.dataset.state = isNew ? "saving" : state;
  }

  #statusOf(last) {
    if (!last) return this.standingStatus;
    const { state, reason, unkept } = last;
    return statusText({ state, reason, unkept, waitsFor });
  }
}
