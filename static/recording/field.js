// One thing on a page that is saved through the outbox, such as a question: its inputs, what the
// person saw, what stands, and its unsent saves.
//
// Only real input is an edit. What the browser fills in after Back, a reload or a restored tab is
// replaced by what stands.

import { moment } from "./clock.js";
import { showConflict } from "./conflict.js";
import * as outbox from "./outbox.js";
import { sendNow, waitsFor } from "./sender.js";
import { fill, textOf } from "./templates.js";

/** Typing is kept on this device at most so long after a key, in milliseconds. */
const KEEP_WITHIN = 500;
/** And is sent after a pause, or at the latest so long after the first unsent key. */
const PAUSE = 800;
const SEND_WITHIN = 4_000;

const statusText = (values) => textOf("status", values);
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const LONE_SURROGATES = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** `text` with a replacement for each NUL and each lone surrogate, which can't be stored. */
export const storable = (text) =>
  text.replaceAll("\0", "\uFFFD").replace(LONE_SURROGATES, "\uFFFD");

/**
 * A subclass says:
 *
 * - `parts`, the names of what can be edited; `nothing`, the content of each part that stands
 *   before anything was saved
 * - `partOf(input)`, the part that an input belongs to, if any
 * - `rendered()` and `read()`, the content of each part as the page came and as it is
 * - `write(part, content)`, which shows a part's content
 * - `entry()`, the kind, subject, title, words, anchor and content of a save
 * - `isIncomplete()`, whether what is read is only the beginning of something: it is kept, and sent
 *   once the person has left the inputs
 */
export class Field {
  /** `made(fields)` completes a save with who, where and when; `section` holds inputs and status. */
  constructor(section, made) {
    this.section = section;
    this.made = made;
    this.status = section.querySelector("[data-status]");
    this.edited = new Set();
    this.entries = [];
    this.adding = Promise.resolve();
    this.added = 0;
  }

  /** To be called at the end of a subclass's constructor. */
  start() {
    const rendered = this.rendered();
    this.standing = { ...rendered, version: Number(this.section.dataset.version) };
    this.standingStatus = this.status.textContent;
    // What the inputs were filled from; an edit is a difference from it.
    this.basis = { ...rendered, seen: { version: this.standing.version } };
    this.#resetRestored();
    this.section.addEventListener("input", ({ target }) => this.#input(target));
    this.section.addEventListener("change", ({ target }) => this.#change(target));
    this.section.addEventListener("focusout", ({ relatedTarget }) => {
      if (!this.edited.size && !this.#isHeld()) return;
      if (this.section.contains(relatedTarget)) this.#saveIfComplete();
      else this.save();
    });
    if (this.isTouched()) this.save();
  }

  /** Inputs that were edited before this script ran keep that; others show what stands. */
  #resetRestored() {
    for (const input of this.section.querySelectorAll("input, select, textarea")) {
      const part = this.partOf(input);
      if (part && globalThis.early?.touched.has(input)) this.edited.add(part);
    }
    const read = this.read();
    for (const part of this.parts) {
      const isRestored = !this.edited.has(part) && !isSame(read[part], this.basis[part]);
      if (isRestored) this.write(part, this.basis[part]);
    }
  }

  isIncomplete() {
    return false;
  }

  /** Whether the last save is kept here until it is complete. */
  #isHeld() {
    return outbox.newest(this.entries)?.state === "incomplete";
  }

  isTouched() {
    const read = this.read();
    return this.parts.some((part) => this.#isTouched(part, read));
  }

  #isTouched(part, read) {
    return this.edited.has(part) && !isSame(read[part], this.basis[part]);
  }

  #input(input) {
    const part = this.partOf(input);
    if (!part) return;
    this.edited.add(part);
    this.updateStatus();
    if (input.matches("input[type=radio], input[type=checkbox], select")) return; // saved by change
    this.typingSince ??= Date.now();
    this.keeping ??= setTimeout(() => this.#keep(true), KEEP_WITHIN);
    clearTimeout(this.sending);
    const left = this.typingSince + SEND_WITHIN - Date.now();
    const pause = Math.max(0, Math.min(PAUSE, left));
    this.sending = setTimeout(() => this.#saveIfComplete(), pause);
  }

  #change(input) {
    const part = this.partOf(input);
    if (!part) return;
    this.edited.add(part);
    this.#saveIfComplete(part);
  }

  #saveIfComplete(part = undefined) {
    return this.isIncomplete() ? this.#keep(true, part) : this.save(part);
  }

  /** Save what was edited, and send it; resolves once it is stored. */
  async save(part = undefined) {
    clearTimeout(this.sending);
    this.typingSince = undefined;
    await this.#keep(false, part);
    sendNow();
  }

  /** Put what was edited into the outbox; resolves once it is stored. */
  #keep(isTyping, edited = undefined) {
    clearTimeout(this.keeping);
    this.keeping = undefined;
    this.showStorable();
    this.updateStatus();
    this.adding = this.adding.then(async () => {
      const read = this.read();
      const touched = this.parts.filter((part) => this.#isTouched(part, read));
      const isIncomplete = isTyping && this.isIncomplete();
      if (this.#isHeld() && !isIncomplete) touched.push(outbox.newest(this.entries).part);
      if (!touched.length) {
        this.edited.clear();
        return;
      }
      const part = touched.includes(edited) ? edited : touched[0];
      const { seen } = this.basis;
      const save = this.made({ ...this.entry(), part, seen, isTyping, isIncomplete });
      const entry = await outbox.add(save);
      this.basis = { ...read, seen: { follows: entry.id, edits: entry.edits } };
      const now = this.read();
      for (const one of this.parts) if (isSame(now[one], read[one])) this.edited.delete(one);
      this.entries = [...this.entries.filter(({ id }) => id !== entry.id), entry];
      this.added += 1;
      this.updateStatus();
    });
    return this.adding;
  }

  /** Show texts as they will be stored. They have the same length, so the caret can stay. */
  showStorable() {
    for (const input of this.section.querySelectorAll("textarea, input[type=text]")) {
      const { value, selectionStart, selectionEnd } = input;
      if (!this.partOf(input) || storable(value) === value) continue;
      input.value = storable(value);
      input.setSelectionRange(selectionStart, selectionEnd);
    }
  }

  /** Take the server's answer to a save of this, made here or in another tab. */
  settle({ id, outcome, standing, base_version, warnings }) {
    this.learn(standing, base_version);
    if (outcome !== "saved") return;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.#warn(warnings ?? []);
  }

  /** Show what the saved text seems to say of a person: the server's words, which block nothing. */
  #warn(warnings) {
    const place = this.section.querySelector("[data-note-check]");
    const shown = [...(place?.children ?? [])].map((one) => one.dataset.warning);
    if (!place || isSame(shown, warnings)) return;
    const about = place.dataset.about;
    place.replaceChildren(...warnings.map((words) => fill("note-warning", { words, about })));
  }

  /**
   * Take `standing` as what stands if it is newer than the known one, or if it is older than the
   * version `base` that a save was based on: then the record was restored from a backup and doesn't
   * have what this page knows.
   */
  learn(standing, base = 0) {
    const { version } = standing ?? this.nothing;
    if (version <= this.standing.version && version >= base) return;
    this.standing = standing ?? this.nothing;
    this.standingStatus = statusText({
      state: version ? "saved" : "unanswered",
      at: standing?.at && moment(standing.at),
      by: standing?.by !== document.body.dataset.name && standing?.by,
    });
  }

  /**
   * Show this with `entries`, its unsent saves when `added` saves had been added. Returns whether
   * that is still the number: if not, they are out of date and nothing is shown.
   */
  async show(entries, added) {
    await this.adding;
    if (added !== this.added) return false;
    this.entries = entries;
    const last = outbox.newest(entries);
    const shown = last?.content ?? this.standing;
    const seen = last
      ? { follows: last.id, edits: last.edits }
      : { version: this.standing.version };
    const read = this.read();
    // A part that is being edited keeps its edit. Unless the same part has changed elsewhere too,
    // the edit is then based on what is shown now.
    const touched = new Set(this.parts.filter((part) => this.#isTouched(part, read)));
    if (![...touched].some((part) => !isSame(shown[part], this.basis[part]))) {
      this.basis = { seen };
      for (const part of this.parts) {
        this.basis[part] = shown[part];
        if (!touched.has(part) && !isSame(read[part], shown[part])) this.write(part, shown[part]);
      }
    }
    this.section.dataset.version = this.standing.version;
    this.updateStatus();
    showConflict(this, last?.state === "conflict" ? last : null);
    return true;
  }

  updateStatus() {
    const last = outbox.newest(this.entries);
    // What is being edited is never shown as saved, or with the state of an earlier edit.
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
