// The page of a case's details: each detail is saved by itself, when it is edited.

import { focusOn } from "./conflict.js";
import { Field, storable } from "./field.js";
import { Fields } from "./fields.js";
import { offlineCases } from "./offline_cases.js";
import * as outbox from "./outbox.js";
import { fill, plain } from "./templates.js";

/** How an input is read as it is, and as it came. */
const NOW = {
  isChosen: (input) => input.checked,
  textIn: (input) => storable(input.value).trim(),
};
const AS_RENDERED = {
  isChosen: (input) => input.defaultChecked,
  textIn: (input) => (input.options ? chosenAtFirst(input) : input.defaultValue).trim(),
};

function chosenAtFirst({ options }) {
  return [...options].find((option) => option.defaultSelected)?.value ?? options[0].value;
}

const BOXES = 3;
const YEAR_DIGITS = 4;

/** One detail. Its value is a text; of checkboxes and of a date's three boxes it is a list. */
class Detail extends Field {
  parts = ["value"];
  conflictTemplate = "detail-conflict";

  constructor(section, made) {
    super(section, made);
    this.subject = section.dataset.field;
    this.label = section.dataset.label;
    this.inputs = [...section.querySelectorAll("input, select, textarea")];
    this.type = this.inputs[0].type;
    this.isDate = this.type === "text" && this.inputs.length === BOXES;
    this.nothing = { value: this.#nothing(), version: 0 };
    this.#describe();
    this.start();
  }

  #nothing() {
    if (this.isDate) return Array(BOXES).fill("");
    return this.type === "checkbox" ? [] : "";
  }

  /** Say the state of a detail to screen readers with its inputs. */
  #describe() {
    const described = this.section.querySelector("fieldset") ?? this.inputs[0];
    const by = `${described.getAttribute("aria-describedby") ?? ""} ${this.status.id}`;
    described.setAttribute("aria-describedby", by.trim());
  }

  partOf(input) {
    return this.inputs.includes(input) ? "value" : undefined;
  }

  rendered() {
    return { value: this.#value(AS_RENDERED) };
  }

  read() {
    return { value: this.#value(NOW) };
  }

  #value({ isChosen, textIn }) {
    const chosen = () => this.inputs.filter(isChosen).map(({ value }) => value);
    if (this.type === "radio") return chosen()[0] ?? "";
    if (this.type === "checkbox") return chosen();
    const texts = this.inputs.map(textIn);
    return this.isDate ? texts : texts[0];
  }

  write(_part, value) {
    for (const [n, input] of this.inputs.entries()) {
      if (["radio", "checkbox"].includes(this.type)) {
        input.checked = [value].flat().includes(input.value);
      } else {
        input.value = this.isDate ? value[n] : value;
      }
    }
  }

  isIncomplete() {
    if (!this.isDate) return false;
    const { value } = this.read();
    const isFilled = value.every(Boolean) && value[BOXES - 1].length >= YEAR_DIGITS;
    return value.some(Boolean) && !isFilled;
  }

  entry() {
    const { value } = this.read();
    return {
      kind: "detail",
      subject: this.subject,
      title: this.label,
      words: this.#words(value),
      anchor: this.section.id,
      content: { field: this.subject, value },
    };
  }

  /** What a person sees of a value: the labels of choices. */
  #words(value) {
    if (this.isDate) return value.join(" ").trim();
    return [value]
      .flat()
      .map((one) => this.#labelOf(one))
      .join(", ");
  }

  #labelOf(value) {
    if (this.type.startsWith("select")) {
      const option = [...this.inputs[0].options].find((one) => one.value === value);
      return option?.text ?? value;
    }
    const isChoice = ["radio", "checkbox"].includes(this.type);
    const input = isChoice && this.inputs.find((one) => one.value === value);
    return input ? plain(input.labels[0].textContent) : value;
  }

  /** What the conflict's template shows of two contents. */
  conflictValues(mine, theirs) {
    return {
      label: this.label,
      mine: this.#words(mine.value),
      theirs: theirs && this.#words(theirs.value),
    };
  }
}

class DetailsPage {
  constructor(form) {
    this.form = form;
    const sections = [...form.querySelectorAll("[data-field]")];
    this.details = new Fields(form, (made) => sections.map((section) => new Detail(section, made)));
  }

  async start() {
    this.form.addEventListener("submit", (event) => this.#submit(event));
    await this.details.start();
  }

  /** The page's save button: the outbox has the details already. */
  async #submit(event) {
    event.preventDefault();
    const { user, case: caseId, fields } = this.details;
    await this.details.saveAll();
    await this.details.sent();
    const entries = (await outbox.entriesOf(user).catch(() => outbox.ownOf(user))).filter(
      (entry) => entry.case === caseId && fields.has(entry.subject),
    );
    const stuck = entries.find(({ state }) => state !== "waiting");
    if (stuck) focusOn(fields.get(stuck.subject));
    else if (!entries.length || (await this.#isNextKept())) location.assign(this.form.dataset.next);
    else this.#sayKept(event.submitter);
  }

  async #isNextKept() {
    const cases = await offlineCases(this.details.user).catch(() => []);
    return cases.some((one) => one.case === this.details.case);
  }

  #sayKept(button) {
    document.querySelector(".app-not-sent")?.remove();
    (button?.closest(".govuk-button-group") ?? this.form.lastElementChild).before(
      fill("kept-here"),
    );
    document.querySelector(".app-not-sent").focus();
  }
}

const form = document.querySelector("form#details");
// A response to a form sent without scripts shows what was sent, and works without scripts.
const isAnswerToForm = document.querySelector(".app-conflict, .govuk-error-summary");
if (form && !isAnswerToForm && isSecureContext) new DetailsPage(form).start();
