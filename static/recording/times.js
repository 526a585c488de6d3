// Times in the words that the server's pages use.

const ZONE = { timeZone: "Europe/London" };
const CLOCK = new Intl.DateTimeFormat("en-GB", { ...ZONE, hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { ...ZONE, dateStyle: "long" });

/** `14:02`, or with its day where that is not the day of `now`: `3 May 2021, 14:02`. */
export function moment(time, now = new Date()) {
  const isToday = DAY.format(new Date(time)) === DAY.format(now);
  return isToday ? CLOCK.format(new Date(time)) : fullMoment(time);
}

/** `21 November 2026, 14:02`. */
export function fullMoment(time) {
  return `${DAY.format(new Date(time))}, ${CLOCK.format(new Date(time))}`;
}
