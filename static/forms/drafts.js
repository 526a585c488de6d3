// Keeps on this device what is typed into forms that the outbox does not send, and shows it again
// when the form is opened again: after a crash, a closed tab, Back, the end of a session.

import { correctedNow, moment } from "../recording/clock.js";
import { listen } from "../recording/tabs.js";
import { fill } from "../recording/templates.js";
import { claim, draftsOf, drop, dropAccepted, keep } from "./draft_store.js";

/** While somebody types, what they typed is kept this often. */
const OFTEN = 500;
/** So long a page that is being left may still hold its draft. */
const A_MOMENT = 1_000;
const TYPED =
  "input:not([type=hidden], [type=submit], [type=button], [type=file]), select, textarea";
/** Fields that say which opened form it is, and whose. */
const TOLD_BY = ["csrfmiddlewaretoken", "form_id"];
/** Forms whose typing something else keeps, or that hold only what signs somebody in. */
const OTHERS = "[data-saves], [data-outbox], [data-sign-out], [data-account]";

const here = () => location.pathname + location.search;

/** The drafts of the forms of this page of `user`; call `start` when the device is theirs. */
export class Drafts {
  #startedNow;
  #started = new Promise((resolve) => (this.#startedNow = resolve));

  constructor(user) {
    this.user = user;
    const forms = [...document.querySelectorAll("form[method=post]")].filter(isDrafted);
    const places = forms.map(placeOf);
    this.drafts = forms.map((form, n) => {
      const earlier = places.slice(0, n).filter((place) => place === places[n]).length;
      return new Draft(form, user, earlier ? `${places[n]} ${earlier}` : places[n]);
    });
    window.early.isHoldingText = () => this.drafts.some((draft) => draft.isUnkept);
    const keepAll = () => this.drafts.map((draft) => draft.save());
    document.addEventListener("visibilitychange", () => document.hidden && keepAll());
    addEventListener("pagehide", keepAll);
    addEventListener("beforeunload", (event) => {
      keepAll();
      if (this.drafts.some((draft) => draft.isUnsent)) event.preventDefault();
    });
    for (const link of document.querySelectorAll("a[data-drops-draft]")) {
      link.addEventListener("click", (event) => this.#dropAndFollow(event, link));
    }
    listen(["cleared"], () => {
      for (const draft of this.drafts) draft.keepAgain();
    });
    listen(["wiped"], (message) => message.user === user && this.#stop());
    listen(["owner"], (message) => message.user !== user && this.#stop());
  }

  /** Show what was typed here before, unless it was accepted since. */
  async start() {
    await dropAccepted(this.user).catch(() => {});
    const kept = this.drafts.length ? await draftsOf(this.user) : [];
    await Promise.all(this.drafts.map((draft) => draft.restore(kept)));
    this.#startedNow();
  }

  /** The person chose what is saved over what they sent. */
  async #dropAndFollow(event, link) {
    event.preventDefault();
    await this.#started;
    const sent = this.drafts.filter((draft) => !draft.isStanding);
    await Promise.all(sent.map((draft) => draft.discard()));
    location.assign(link.href);
  }

  /** Note that `form` is being sent; resolves once that is stored. */
  markSent(form) {
    return this.drafts.find((draft) => draft.form === form)?.markSent();
  }

  /** The device is no longer this person's: keep nothing from now on. */
  #stop() {
    for (const draft of this.drafts) draft.stop();
  }
}

/** Whether somebody types in `form`, and nothing else keeps what they type; passwords nothing may. */
function isDrafted(form) {
  return (
    !form.matches(OTHERS) && !form.querySelector("[type=password]") && form.querySelector(TYPED)
  );
}

/** Which form it is: where it is sent to. */
function placeOf(form) {
  const { pathname, search } = new URL(form.getAttribute("action") || here(), location.href);
  return pathname + search;
}

/** What `form` would send, but for files and what it is told by. */
function read(form) {
  const isKept = ([name, value]) => typeof value === "string" && !TOLD_BY.includes(name);
  return [...new FormData(form)].filter(isKept);
}

class Draft {
  /** Somebody has typed here what is not sent. */
  isUnsent = false;
  /** The device did not take what was typed. */
  isUnkept = false;
  isStopped = false;

  constructor(form, user, place) {
    this.form = form;
    this.user = user;
    this.place = place;
    this.page = here();
    // What the page showed first, whatever was typed since, and whether that is what stands.
    const shown = form.cloneNode(true);
    shown.reset();
    this.rendered = { fields: read(shown), key: this.key };
    this.isStanding = true;
    this.latest = this.rendered.fields;
    this.sentAt = null;
    this.isEditedSince = false;
    this.saving = Promise.resolve();
    for (const type of ["input", "change"]) form.addEventListener(type, () => this.#noteEdit());
    form.addEventListener("refilled", () => this.#write(this.latest));
    const touched = window.early.touched;
    if ([...form.elements].some((element) => touched.has(element))) this.#noteEdit();
  }

  get key() {
    return this.form.elements.form_id?.value;
  }

  set key(key) {
    this.form.elements.form_id.value = key;
  }

  #noteEdit() {
    this.isUnsent = true;
    this.timer ??= setTimeout(() => this.save(), OFTEN);
  }

  /** Keep what is typed now, if that is new; resolves once it is stored. */
  save() {
    clearTimeout(this.timer);
    this.timer = null;
    const fields = read(this.form);
    if (this.isStopped || !this.key || isSame(fields, this.latest)) return this.saving;
    this.latest = fields;
    if (this.isStanding && isSame(fields, this.rendered.fields)) return this.discard();
    this.typedAt = correctedNow().toISOString();
    this.isEditedSince = this.sentAt !== null;
    return this.#keep();
  }

  /** The browser's storage was cleared under this page, which alone has the draft now. */
  async keepAgain() {
    if (!this.typedAt || this.isStopped) return;
    await this.#keep();
    this.isUnsent ||= this.isUnkept;
  }

  #keep(instead = []) {
    claim(this.key);
    const draft = {
      key: this.key,
      user: this.user,
      place: this.place,
      page: this.page,
      title: document.querySelector("h1")?.textContent.trim() ?? document.title,
      base_version: this.form.elements.base_version?.value ?? null,
      words: this.#words(),
      fields: this.latest,
      typed_at: this.typedAt,
      sent_at: this.sentAt,
      is_edited_since: this.isEditedSince,
    };
    this.saving = this.saving
      .then(() => keep(draft, instead))
      .then(() => this.#showKept(true))
      .catch(() => this.#showKept(false));
    return this.saving;
  }

  #showKept(isKept) {
    if (this.isUnkept === !isKept) return;
    this.isUnkept = !isKept;
    this.#say({ state: isKept ? "" : "unkept" });
  }

  /** Show the latest of `kept` that was typed here and that no other tab has open. */
  async restore(kept) {
    const mine = kept.filter((draft) => draft.place === this.place);
    const sent = mine.filter((draft) => draft.sent_at);
    if (document.body.dataset.posted !== undefined && sent.length) return this.#takeOver(sent);
    for (const draft of mine) {
      if (!(await claim(draft.key, A_MOMENT))) continue;
      const replaced = this.isUnsent ? [this.key] : [];
      this.typedAt = draft.typed_at;
      this.sentAt = draft.sent_at;
      this.isEditedSince = draft.is_edited_since;
      this.key = draft.key;
      this.#write(draft.fields);
      this.latest = read(this.form);
      const hasFiles = this.form.querySelector("[type=file]") !== null;
      this.#say({ state: "restored", at: moment(draft.typed_at), hasFiles });
      if (replaced.length) await this.#keep(replaced);
      return;
    }
  }

  /** The page answers to what was sent: what it shows is the draft now. */
  #takeOver(sent) {
    this.isStanding = false;
    this.page = sent[0].page;
    this.typedAt = correctedNow().toISOString();
    this.isUnsent = true;
    return this.#keep(sent.map(({ key }) => key));
  }

  async markSent() {
    this.isUnsent = false;
    await this.save();
    if (!this.typedAt) return;
    this.sentAt = correctedNow().toISOString();
    this.isEditedSince = false;
    await this.#keep();
  }

  /** Show what the page showed first, and forget what was typed. */
  async discard() {
    const { key } = this;
    this.#write(this.rendered.fields, { isAll: true });
    this.key = this.rendered.key;
    this.latest = this.rendered.fields;
    this.isUnsent = this.isUnkept = false;
    this.sentAt = this.typedAt = null;
    this.isEditedSince = false;
    this.#say({ state: "" });
    await this.saving;
    await drop([key]).catch(() => {});
  }

  stop() {
    this.save();
    this.isStopped = true;
    this.isUnsent = this.isUnkept;
  }

  #say(values) {
    this.line?.remove();
    if (!values.state) return;
    this.form.prepend(fill("draft", values, { discard: () => this.discard() }));
    this.line = this.form.firstElementChild;
  }

  /** The texts in the form, which are listed where its page may not show it any more. */
  #words() {
    const texts = [...this.form.querySelectorAll("textarea, input[type=text]")];
    const words = texts.map(({ value }) => value.trim());
    return words.filter(Boolean).join("\n\n");
  }

  /** Fill in `fields`, but for what somebody has typed already unless `isAll`. */
  #write(fields, { isAll = false } = {}) {
    const isGiven = (name, value) => fields.some((one) => isSame(one, [name, value]));
    for (const element of this.form.elements) {
      const { name, type, value } = element;
      if (!name || TOLD_BY.includes(name) || !element.matches(`${TYPED}, [type=hidden]`)) continue;
      if (!isAll && window.early.touched.has(element)) continue;
      if (["checkbox", "radio"].includes(type)) {
        element.checked = isGiven(name, value);
      } else if (element.localName === "select") {
        // A list with nothing chosen isn't in `fields`, and neither is a choice that came since.
        if (!element.multiple && !fields.some((one) => one[0] === name)) continue;
        for (const option of element.options) option.selected = isGiven(name, option.value);
      } else if (fields.some((one) => one[0] === name) && !isGiven(name, value)) {
        element.value = fields.find((one) => one[0] === name)[1];
        if (type !== "hidden") element.closest("details")?.setAttribute("open", "");
      }
    }
  }
}

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);
