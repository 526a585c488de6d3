// One question on the page: what its fields say, what the person has seen, and what stands.

import { moment } from "./clock.js";
import { showConflict } from "./conflict.js";
import * as outbox from "./outbox.js";
import { waitsFor } from "./sender.js";
import { fill, textOf } from "./templates.js";

const PAUSE = 800;
const NOTHING = { value: "", note: "", version: 0 };

const statusText = (values) => textOf("question-status", values);

/** `text` with a mark for each NUL and each half of a character, which no record can hold. */
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
    return { value: chosen?.value ?? "", note: storable(this.textarea.value).trim() };
  }

  isTouched() {
    const { value, note } = this.read();
    return value !== this.basis.value || note !== this.basis.note;
  }

  #pause() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save("note"), PAUSE);
    this.#tellStatus();
  }

  /** Put what the fields say now into the outbox, if it is new; resolves once it is kept. */
  save(kind = "note") {
    clearTimeout(this.timer);
    this.#showStorable();
    this.#tellStatus();
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

  /** What is kept differs from what was pasted: show it. It is as long, so the caret can stay. */
  #showStorable() {
    const { value, selectionStart, selectionEnd } = this.textarea;
    if (storable(value) === value) return;
    this.textarea.value = storable(value);
    this.textarea.setSelectionRange(selectionStart, selectionEnd);
  }

  /**
   * Take in what stands, if it is newer than what this page knows; or if it is older than the
   * version `base` that a save was made from: then the record was brought back from a backup, and
   * what this page knows is in it no longer.
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
    this.#tellStatus();
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

  /** A radio can't be unset, so once there is an answer, taking it back is a choice. */
  #offerTakingBack({ value, version }) {
    if (this.radios.querySelector('input[value=""]') || !(value || version)) return;
    const id = `${this.section.id}-value-none`;
    const name = `${this.code}-value`;
    this.radios.append(fill("take-back", { id, name }));
  }

  #tellStatus() {
    const last = outbox.newest(this.entries);
    // What is being written is never called saved, nor anything else that an earlier edit is.
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
