// One question on the page: its answer and its note.

import { Field, storable } from "./field.js";
import { fill } from "./templates.js";

export class Question extends Field {
  parts = ["value", "note"];
  nothing = { value: "", note: "", version: 0 };
  conflictTemplate = "conflict";

  constructor(section, made) {
    super(section, made);
    this.code = this.subject = section.dataset.question;
    this.radios = section.querySelector(".app-answers");
    this.textarea = section.querySelector("textarea");
    this.base = section.querySelector("input[type=hidden]");
    this.start();
  }

  partOf(input) {
    if (input === this.textarea) return "note";
    return input.type === "radio" && this.radios.contains(input) ? "value" : undefined;
  }

  rendered() {
    const chosen = [...this.radios.querySelectorAll("input")].find((radio) => radio.defaultChecked);
    return { value: chosen?.value ?? "", note: this.textarea.defaultValue.trim() };
  }

  read() {
    const chosen = this.radios.querySelector("input:checked");
    return { value: chosen?.value ?? "", note: storable(this.textarea.value).trim() };
  }

  write(part, content) {
    if (part === "note") {
      this.textarea.value = content;
      if (content) this.textarea.closest("details")?.setAttribute("open", "");
      return;
    }
    for (const radio of this.radios.querySelectorAll("input")) {
      radio.checked = radio.value === content;
    }
  }

  entry() {
    return {
      kind: "answer",
      subject: this.code,
      title: this.code,
      anchor: this.section.id,
      content: { question: this.code, ...this.read() },
    };
  }

  /** What the conflict's template shows of two contents. */
  conflictValues(mine, theirs) {
    return {
      code: this.code,
      mine: mine.value,
      myNote: mine.note,
      theirs: theirs?.value,
      theirNote: theirs?.note,
    };
  }

  async show(entries, added) {
    const isShown = await super.show(entries, added);
    this.base.value = this.standing.version;
    this.#offerTakingBack();
    return isShown;
  }

  /** A radio can't be unset, so once there is an answer, there is a choice to remove it. */
  #offerTakingBack() {
    const { value } = this.read();
    const isOffered = this.radios.querySelector('input[value=""]');
    if (isOffered || !(value || this.standing.version)) return;
    const id = `${this.section.id}-value-none`;
    const name = `${this.code}-value`;
    this.radios.append(fill("take-back", { id, name }));
  }
}
