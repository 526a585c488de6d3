// The comments of a case on one page. What is typed is a draft on this device until its button is
// pressed; then it is in the outbox, and stands in its place on the page with its state.

import { claim, draftsOf, drop, keep } from "../forms/draft_store.js";
import { correctedNow, moment } from "./clock.js";
import { storable } from "./field.js";
import { isOlderThanPage, makerFor } from "./fields.js";
import { standingIn } from "./offline_cases.js";
import * as outbox from "./outbox.js";
import { sendNow, waitsFor } from "./sender.js";
import { coalesced, listen } from "./tabs.js";
import { fill, textOf } from "./templates.js";

const KINDS = ["comment", "reply", "resolve"];
/** Typing is kept on this device at most so long after a key, in milliseconds. */
const KEEP_WITHIN = 500;

export class Comments {
  /** `form` says which case it is, as for `Fields`, and where comments go (`data-comments`). */
  constructor(form) {
    this.form = form;
    this.case = Number(form.dataset.case);
    this.user = Number(document.body.dataset.user);
    this.made = makerFor(form, form.dataset.comments);
    this.words = [...form.querySelectorAll("textarea[data-title]")].map(
      (textarea) => new Words(textarea, this.made),
    );
    this.shown = new Map();
    this.settled = new Map();
    this.show = coalesced(() => this.#show());
  }

  /** Show drafts and what was sent from this device, and keep that up to date. */
  async start() {
    listen(["answered"], (message) => this.#settle(message));
    listen(["outbox", "answered", "sending"], (message) => {
      if (message.case === undefined || message.case === this.case) this.show();
    });
    listen(["cleared"], () => {
      for (const one of this.words) one.keepAgain();
    });
    listen(["wiped"], ({ user }) => user === this.user && this.#stop());
    listen(["owner"], ({ user }) => user !== this.user && this.#stop());
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => document.hidden && this.#keepAll());
    addEventListener("beforeunload", (event) => {
      this.#keepAll();
      const isHeld = outbox.unkeptOf(this.user).length > 0;
      if (isHeld || this.words.some((one) => one.isEdited)) event.preventDefault();
    });
    await this.#recallDrafts();
    await this.#recallSaved();
    await this.show();
    this.form.dataset.commentsShown = "";
  }

  /**
   * Send what `button` is for: a comment, a reply or a resolution; or all that is typed, if it is
   * another button of the page. Resolves once it is in the outbox.
   */
  async send(button) {
    if (button?.dataset.commentAction === undefined) {
      for (const one of this.words) if (one.text) await one.send();
    } else if (button.dataset.resolves) {
      await this.#resolve(button);
    } else {
      await this.words.find(({ textarea }) => textarea.name === button.value)?.send();
    }
    sendNow();
  }

  async #resolve({ dataset }) {
    const { resolves, title } = dataset;
    const reply = this.words.find(({ textarea }) => textarea.name === `reply-${resolves}`);
    if (reply?.text) {
      reply.say("first");
      reply.textarea.focus();
      return;
    }
    const comment = Number(resolves);
    const content = { action: "resolve", question: "", comment, text: "" };
    const anchor = `comment-${comment}`;
    const isThere = [...this.shown.values()].some(({ entry }) => isResolution(entry, anchor));
    if (isThere) return; // pressed twice
    await add(this.made, { kind: "resolve", title, words: "", anchor, content });
  }

  #keepAll() {
    for (const one of this.words) one.keep();
  }

  /** The device is no longer this person's: keep nothing from now on. */
  #stop() {
    for (const one of this.words) one.isStopped = true;
  }

  /** Nobody is asked twice whether to leave. */
  #leave() {
    this.#keepAll();
    for (const one of this.words) one.isEdited = false;
  }

  async #recallDrafts() {
    const drafts = (await draftsOf(this.user)).filter((draft) => draft.case === this.case);
    for (const one of this.words) {
      for (const draft of drafts.filter(({ about }) => about === one.about)) {
        if (await one.restore(draft)) break;
      }
    }
    // A comment that was begun on a question whose field is not on this page.
    for (const { about, page } of drafts.filter(({ kind }) => kind === "comment")) {
      const section = document.getElementById(about);
      const isHere = this.words.some((one) => one.about === about);
      if (section && !isHere) section.append(fill("comment-begun", { page: `${page}#${about}` }));
    }
  }

  /** What was saved from here after this copy of the page was kept. */
  async #recallSaved() {
    for (const known of await standingIn(this.user, this.case)) {
      if (!KINDS.includes(known.kind) || isOlderThanPage(this.form, known)) continue;
      this.settled.set(known.subject, { entry: { ...known, id: known.subject }, standing: known });
    }
  }

  #settle({ id, outcome, standing }) {
    const entry = this.shown.get(id)?.entry;
    if (entry && outcome === "saved") this.settled.set(id, { entry, standing });
  }

  async #show() {
    let isKnown = true;
    const all = await outbox.entriesOf(this.user).catch((error) => {
      if (!(error instanceof outbox.Unreadable)) throw error;
      isKnown = false;
      return outbox.ownOf(this.user);
    });
    const entries = all.filter(({ case: its, kind }) => its === this.case && KINDS.includes(kind));
    outbox.adopt(entries);
    const now = new Map(entries.map((entry) => [entry.id, { entry }]));
    for (const [id, settled] of this.settled) if (!now.has(id)) now.set(id, settled);
    for (const [id, { element }] of this.shown) {
      // What is shown goes only if it is known to be discarded.
      if (now.has(id) || !isKnown) continue;
      element.remove();
      this.shown.delete(id);
    }
    for (const [id, { entry, standing }] of now) this.#place(id, entry, standing);
    for (const button of this.form.querySelectorAll("[data-resolves]")) this.#offer(button);
  }

  /** Show one of them where it belongs, if that is on this page and does not show it already. */
  #place(id, entry, standing) {
    const place = document.getElementById(entry.anchor);
    if (!place || document.querySelector(`[data-save="${id}"]`)) return;
    const values = this.#valuesOf(entry, standing);
    const key = JSON.stringify(values);
    const before = this.shown.get(id);
    if (before?.key === key) return;
    const actions = { edit: () => this.#takeBack(entry), giveUp: () => outbox.discard([entry]) };
    const element = fill("comment-sent", values, actions).firstElementChild;
    element.dataset.state = values.state;
    if (before) before.element.replaceWith(element);
    else insert(place, entry, element);
    this.shown.set(id, { entry, element, key });
  }

  #valuesOf({ kind, content, state, reason, unkept, since }, standing) {
    const isSaved = standing !== undefined;
    const by = standing?.by ?? document.body.dataset.name;
    const at = moment(standing?.at ?? since);
    const status = textOf("status", {
      state: isSaved ? "saved" : state,
      at,
      reason,
      unkept,
      waitsFor,
    });
    return {
      by,
      at,
      status,
      state: isSaved ? "saved" : unkept ? "unkept" : state,
      text: kind !== "resolve" && (standing?.text ?? content.text),
      isResolved: kind === "resolve",
      canEdit: state === "refused" && !isSaved && this.#fieldOf(kind, content),
      canGiveUp: state === "refused" && !isSaved,
    };
  }

  #fieldOf(kind, content) {
    const isIts = ({ content: own }) =>
      own.action === kind && own.question === content.question && own.comment === content.comment;
    return this.words.find((one) => isIts(one))?.textarea.id;
  }

  /** Put what was refused back into its field. */
  async #takeBack(entry) {
    const id = this.#fieldOf(entry.kind, entry.content);
    await this.words.find(({ textarea }) => textarea.id === id)?.takeBack(entry.content.text);
    await outbox.discard([entry]);
  }

  /** A comment that is being resolved is not resolved again, nor answered. */
  #offer(button) {
    const place = button.closest(".app-comment");
    const isResolved = [...this.shown.values()].some(
      ({ entry, element }) => isResolution(entry, place.id) && element.dataset.state !== "refused",
    );
    button.hidden = isResolved;
    const reply = place.querySelector("details");
    if (reply) reply.hidden = isResolved && !reply.querySelector("textarea").value;
  }
}

const isResolution = ({ kind, anchor }, place) => kind === "resolve" && anchor === place;

/** Put an entry into the outbox; its own id is what it is about, as it has no versions. */
function add(made, save) {
  const id = crypto.randomUUID();
  return outbox.add(made({ ...save, id, subject: id, part: "text", seen: { version: 0 } }));
}

function insert(place, { kind }, element) {
  if (kind === "comment") {
    // On a question, or below the heading of the case's comments.
    const box = place.matches("section") ? place : place.parentElement;
    const field = box.querySelector("textarea[name=comment]")?.closest(".app-comment");
    if (field) field.before(element);
    else if (box === place) place.append(element);
    else place.after(element);
    return;
  }
  const reply = place.querySelector("details, [data-resolves]");
  if (reply) reply.before(element);
  else place.append(element);
}

/** The field of a comment or a reply. */
class Words {
  /** Somebody has typed here what is not sent. */
  isEdited = false;
  isStopped = false;

  constructor(textarea, made) {
    this.textarea = textarea;
    this.made = made;
    this.title = textarea.dataset.title;
    const [, action, comment = 0] = textarea.name.match(/^(comment|reply)(?:-(\d+))?$/);
    const question = action === "comment" ? textarea.form.elements["comment-question"].value : "";
    this.content = { action, question, comment: Number(comment), text: "" };
    this.anchor = comment ? `comment-${comment}` : (textarea.closest("section")?.id ?? "comments");
    // What drafts know it by.
    this.about = this.anchor;
    this.key = `${made({}).user}-${crypto.randomUUID()}`;
    this.keeping = Promise.resolve();
    this.kept = "";
    this.#makeLine();
    textarea.addEventListener("input", () => this.#noteEdit());
    if (globalThis.early?.touched.has(textarea)) this.#noteEdit();
  }

  /** The line below the field, which is there from the start: nothing moves when it says something. */
  #makeLine() {
    this.textarea.after(fill("comment-state"));
    this.line = this.textarea.nextElementSibling;
    this.line.id = `${this.textarea.id}-state`;
    this.textarea.setAttribute("aria-describedby", this.line.id);
  }

  get text() {
    return storable(this.textarea.value).trim();
  }

  #noteEdit() {
    this.isEdited = this.text !== "";
    this.timer ??= setTimeout(() => this.keep(), KEEP_WITHIN);
  }

  /** Keep what is typed as a draft on this device; resolves once it is stored. */
  keep() {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { text } = this;
    if (this.isStopped || text === this.kept) return this.keeping;
    this.kept = text;
    const { user, case: its, reference, page } = this.made({});
    const draft = {
      key: this.key,
      user,
      case: its,
      reference,
      kind: this.content.action,
      about: this.about,
      page: page + location.search,
      anchor: this.anchor,
      title: this.title,
      words: text,
      fields: [[this.textarea.name, text]],
      typed_at: correctedNow().toISOString(),
      sent_at: null,
    };
    claim(this.key);
    this.keeping = this.keeping
      .then(() => (text ? keep(draft) : drop([this.key])))
      .then(() => this.say(text && "kept"))
      .catch(() => this.say("unkept"));
    return this.keeping;
  }

  /** The browser's storage was cleared under this page. */
  keepAgain() {
    if (!this.text) return;
    this.kept = "";
    this.keep();
  }

  /** Show `draft`, unless another tab has it or something is typed here. Returns whether it did. */
  async restore({ key, fields, typed_at }) {
    if (this.textarea.value || !(await claim(key))) return false;
    this.key = key;
    this.#write(fields[0][1]);
    this.kept = this.text;
    this.say("restored", moment(typed_at));
    return true;
  }

  /** Take back a text that was refused, below what is typed here meanwhile. */
  async takeBack(text) {
    this.#write([this.text, text].filter(Boolean).join("\n\n"));
    this.isEdited = true;
    await this.keep();
    this.textarea.focus();
  }

  #write(text) {
    this.textarea.value = text;
    this.textarea.closest("details")?.setAttribute("open", "");
  }

  /** Put it into the outbox, and empty the field. */
  async send() {
    if (this.isSending) return;
    const { text, title, anchor } = this;
    if (!text) {
      this.say("empty");
      this.textarea.focus();
      return;
    }
    this.isSending = true;
    const content = { ...this.content, text };
    await add(this.made, { kind: content.action, title, words: text, anchor, content });
    if (this.text === text) this.textarea.value = "";
    this.isEdited = this.text !== "";
    this.isSending = false;
    this.say("");
    this.#fold();
    await this.keep();
  }

  /** Fold a reply's field away; the focus stays beside it. */
  #fold() {
    const details = this.textarea.closest("details");
    if (details?.contains(document.activeElement)) details.querySelector("summary").focus();
    details?.removeAttribute("open");
  }

  /** Say how it is with what is typed: kept, unkept, restored, empty, first, or nothing. */
  say(state, at = undefined) {
    this.line.textContent = textOf("comment-field", {
      state,
      at,
      isReply: this.content.action === "reply",
    });
  }
}
