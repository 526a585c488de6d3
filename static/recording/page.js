// A page on which answers are recorded: each is saved when it is given.

import { correctedNow, recallClock } from "./clock.js";
import { watchContradictions } from "./contradictions.js";
import { knownAnswers } from "./offline_cases.js";
import { canSend } from "./offline_form_guard.js";
import * as outbox from "./outbox.js";
import { Question } from "./question.js";
import { sendNow } from "./sender.js";
import { startShortcuts } from "./shortcuts.js";
import { coalesced, listen } from "./tabs.js";

const SOON = 2_000;
/** Longer than any save takes; older answers are on the page as loaded. */
const A_WHILE = 60_000;

class Page {
  constructor(form) {
    this.form = form;
    // Values that the browser restores on return to this page are not edits.
    form.autocomplete = "off";
    const { inspection, case: caseId, reference, saves } = form.dataset;
    this.case = Number(caseId);
    this.user = Number(document.body.dataset.user);
    const made = (fields) => ({
      id: crypto.randomUUID(),
      user: this.user,
      inspection: Number(inspection),
      case: this.case,
      reference,
      address: saves,
      page: location.pathname,
      made_at: new Date().toISOString(),
      since: correctedNow().toISOString(),
      ...fields,
    });
    const sections = [...form.querySelectorAll("section[data-question]")];
    this.refresh = coalesced(() => this.#show());
    this.questions = new Map(
      sections.map((section) => [section.dataset.question, new Question(section, made)]),
    );
  }

  async start() {
    listen(["answered"], ({ case: caseId, question, standing, base_version }) => {
      if (caseId === this.case) this.questions.get(question)?.learn(standing, base_version);
    });
    listen(["outbox", "answered", "sending"], (message) => {
      if (message.case === undefined || message.case === this.case) this.refresh();
    });
    listen(["outbox"], sendNow);
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.form.addEventListener("formdata", ({ formData }) => {
      if (this.isCommentAction) keepCommentAction(formData);
    });
    // An edit in the middle of typing goes to the outbox when the page is left, too.
    document.addEventListener("visibilitychange", () => document.hidden && this.saveAll());
    addEventListener("pagehide", () => this.saveAll());
    addEventListener("beforeunload", (event) => this.#leave(event));
    await recallClock().catch(() => {});
    for (const known of await knownAnswers(this.user, this.case)) {
      if (!this.#isOlderThanPage(known)) this.questions.get(known.question)?.learn(known);
    }
    await this.refresh();
    startShortcuts(this.form);
  }

  /** Whether this page was loaded after `known` was learned. */
  #isOlderThanPage(known) {
    return Date.parse(known.at) < Date.parse(this.form.dataset.asOf) - A_WHILE;
  }

  /** Update every question. */
  async #show() {
    const added = new Map([...this.questions].map(([code, question]) => [code, question.added]));
    const entries = await outbox.entriesOf(this.user);
    const mine = entries.filter((entry) => entry.case === this.case);
    for (const { question, state, standing, base_version } of mine) {
      if (state === "conflict") this.questions.get(question)?.learn(standing, base_version);
    }
    for (const [code, question] of this.questions) {
      const its = mine.filter((entry) => entry.question === code);
      if (!(await question.show(its, added.get(code)))) this.refresh();
    }
    this.#count();
    this.form.dataset.shown = "";
  }

  #count() {
    const answered = [...this.questions.values()].filter((one) => one.read().value).length;
    const total = this.questions.size;
    const bar = document.getElementById("progress");
    if (!bar) return;
    bar.value = answered;
    bar.labels[0].textContent = `Questions answered: ${answered} of ${total}`;
    const here = document.querySelector(".app-standards [aria-current] .app-standards__count");
    if (here) here.textContent = `${answered} of ${total}`;
  }

  saveAll() {
    return Promise.all([...this.questions.values()].map((question) => question.save()));
  }

  /** The page's save button: the outbox has the answers already. */
  async #submit(event) {
    if (this.isCommentAction) return;
    event.preventDefault();
    await this.saveAll();
    sendNow();
    await this.#sent();
    const { submitter } = event;
    if (submitter?.value === "continue") location.assign(this.form.dataset.next);
    if (submitter?.dataset.commentAction === undefined) return;
    if (!(await canSend(this.form, submitter, this.user))) return;
    this.isCommentAction = true;
    this.form.requestSubmit(submitter);
    this.isCommentAction = false;
  }

  /** Resolves once everything is sent, or soon, so that the next page shows the latest answers. */
  async #sent() {
    const until = Date.now() + SOON;
    while (navigator.onLine && Date.now() < until) {
      const entries = await outbox.entriesOf(this.user);
      if (!entries.some((one) => one.case === this.case && one.state === "waiting")) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #leave(event) {
    const isHeld = outbox.unkeptOf(this.user).length > 0;
    const isTouched = [...this.questions.values()].some((question) => question.isTouched());
    if (!isHeld && !isTouched) return;
    this.saveAll();
    event.preventDefault();
  }
}

/** A comment, a reply or a resolution is sent alone: the outbox has the answers already. */
function keepCommentAction(formData) {
  for (const name of [...formData.keys()]) {
    if (!/^(csrfmiddlewaretoken|then|comment|comment-question|reply-\d+)$/.test(name)) {
      formData.delete(name);
    }
  }
}

const form = document.querySelector("form[data-saves]");
// A response to a form sent without scripts shows what was sent, and works without scripts.
const isAnswerToForm = form?.querySelector(".app-conflict, .govuk-error-message");
if (form) watchContradictions(form);
if (form && !isAnswerToForm && isSecureContext) new Page(form).start();
