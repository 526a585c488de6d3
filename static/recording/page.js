// A page on which answers are recorded.

import { Comments } from "./comments.js";
import { Fields } from "./fields.js";
import { watchKeyQuestions } from "./key_questions.js";
import { Question } from "./question.js";
import { focusOn, nextUnanswered, startShortcuts } from "./shortcuts.js";

class Page {
  constructor(form) {
    this.form = form;
    const sections = [...form.querySelectorAll("section[data-question]")];
    this.questions = new Fields(form, (made) =>
      sections.map((section) => new Question(section, made)),
    );
    this.comments = new Comments(form);
    this.link = document.querySelector("[data-next-unanswered]");
  }

  async start() {
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.form.addEventListener("focusin", ({ target }) => {
      this.current = target.closest("section[data-question]") ?? this.current;
    });
    this.link?.addEventListener("click", (event) => {
      event.preventDefault();
      focusOn(nextUnanswered(this.form, this.current));
    });
    startShortcuts(this.form);
    await this.questions.start(() => this.#count());
    await this.comments.start();
  }

  #count() {
    const questions = [...this.questions.fields.values()];
    const answered = questions.filter((one) => one.read().value).length;
    const total = questions.length;
    if (this.link) this.link.hidden = answered === total;
    const bar = document.getElementById("progress");
    if (!bar) return;
    bar.value = answered;
    bar.labels[0].textContent = `Questions answered: ${answered} of ${total}`;
    const here = document.querySelector(".app-standards [aria-current] .app-standards__count");
    if (here) here.textContent = `${answered} of ${total}`;
  }

  /** A button of the page: the outbox has the answers already, and gets what else is typed. */
  async #submit(event) {
    event.preventDefault();
    const { submitter } = event;
    await this.questions.saveAll();
    await this.comments.send(submitter);
    if (submitter?.dataset.commentAction !== undefined) return;
    await this.questions.sent();
    if (submitter?.value === "continue") location.assign(this.form.dataset.next);
  }
}

const form = document.querySelector("form[data-saves]");
// A response to a form sent without scripts shows what was sent, and works without scripts.
const isAnswerToForm = form?.querySelector(".app-conflict, .govuk-error-message");
if (form) watchKeyQuestions(form);
if (form && !isAnswerToForm && isSecureContext) new Page(form).start();
