// Answers, times and counts in the words that the server's pages use.

const ANSWERS = { YES: "Yes", NO: "No", NOT_APPLICABLE: "Not applicable", "": "No answer yet" };
const ZONE = { timeZone: "Europe/London" };
const CLOCK = new Intl.DateTimeFormat("en-GB", { ...ZONE, hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { ...ZONE, day: "numeric", month: "long", year: "numeric" });

export const answer = (value) => ANSWERS[value] ?? value;

/** `14:02`, or with its day where that is not the day of `now`: `3 May 2021, 14:02`. */
export function moment(time, now = new Date()) {
  const at = new Date(time);
  const day = DAY.format(at);
  return day === DAY.format(now) ? CLOCK.format(at) : `${day}, ${CLOCK.format(at)}`;
}

/** `21 November 2026, 14:02`. */
export const fullMoment = (time) => `${DAY.format(new Date(time))}, ${CLOCK.format(new Date(time))}`;

export const date = (time) => DAY.format(new Date(time));

/** `1 answer waits`, `3 answers wait`. */
export const counted = (number, one, more) => `${number} ${number === 1 ? one : more}`;

/** An element with attributes or properties, and children that are elements or text. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in made && typeof value !== "string") made[name] = value;
    else made.setAttribute(name === "className" ? "class" : name, value);
  }
  made.append(...children);
  return made;
}
