// Says to screen readers what has changed on a page since it was last said.
//
// Changes come one after another, and a message that is replaced at once may never be read out. So
// what changes within a moment is said together, and what has changed back by then is not said.

const MOMENT = 600;

export class Announcer {
  /** `root` has elements whose data-live-spoken says how they are now; that counts as said. */
  constructor(root, element) {
    this.element = element;
    this.said = new Map();
    this.now = new Map();
    this.first = "";
    for (const { dataset } of root.querySelectorAll("[data-live-spoken]")) {
      this.said.set(dataset.live, dataset.liveSpoken);
    }
  }

  /** How the part of this name is now, in a sentence. */
  note(name, sentence) {
    this.now.set(name, sentence);
    this.sayInAMoment();
  }

  /** A sentence that comes before those about parts. */
  begin(sentence) {
    this.first = sentence;
    this.sayInAMoment();
  }

  /** This alone, at once. What waits to be said still is. */
  interrupt(sentence) {
    this.element.textContent = sentence;
  }

  sayInAMoment() {
    this.waiting ??= setTimeout(() => this.say(), MOMENT);
  }

  say() {
    this.waiting = undefined;
    const changed = [...this.now].filter(([name, sentence]) => this.said.get(name) !== sentence);
    const sentences = [this.first, ...changed.map(([, sentence]) => sentence)].filter(Boolean);
    for (const [name, sentence] of changed) this.said.set(name, sentence);
    this.now.clear();
    this.first = "";
    if (sentences.length) this.element.textContent = sentences.join(" ");
  }
}
