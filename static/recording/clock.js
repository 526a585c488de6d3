// The time, from the server's clock rather than the device's, which may be years off, and times in
// the words of the server's pages.
//
// The device remembers what the server said last and counts on from there by its own clock. A
// clock that is set back counts nothing, and one that jumps counts a day at most: so neither
// makes copies look older than the days on which the device was used. Where a device lay unused
// for a week, the server's time settles it as soon as there is a network.

import { read, write } from "./database.js";

const MOST_COUNTED = 24 * 60 * 60 * 1000;

const ZONE = { timeZone: "Europe/London" };
const CLOCK = new Intl.DateTimeFormat("en-GB", { ...ZONE, hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { ...ZONE, dateStyle: "long" });

let offset = 0;

/** The time by the server's clock as far as this page knows it; for showing alone. */
export function correctedNow() {
  return new Date(Date.now() + offset);
}

/** Remember the server's time. */
export async function learnTime(serverTime) {
  const server = Date.parse(serverTime);
  offset = server - Date.now();
  await write(["device"], async (device) => {
    await device.put({ name: "clock", time: server, seen: Date.now(), offset });
  });
}

/** Count on from what is remembered, and return the time that is certain to have come. */
export async function certainTime() {
  return write(["device"], async (device) => {
    const clock = await device.get("clock");
    if (!clock) return 0;
    const passed = Math.min(Math.max(Date.now() - clock.seen, 0), MOST_COUNTED);
    const counted = { ...clock, time: clock.time + passed, seen: Date.now() };
    await device.put(counted);
    return counted.time;
  });
}

/** Take over the correction that an earlier page learned. */
export async function recallClock() {
  const clock = await read(["device"], (device) => device.get("clock"));
  offset = clock?.offset ?? 0;
}

/** `14:02`, or with its day where that is not today: `3 May 2021, 14:02`. */
export function moment(time, now = correctedNow()) {
  const isToday = DAY.format(new Date(time)) === DAY.format(now);
  return isToday ? CLOCK.format(new Date(time)) : fullMoment(time);
}

/** `21 November 2026, 14:02`. */
export function fullMoment(time) {
  return `${DAY.format(new Date(time))}, ${CLOCK.format(new Date(time))}`;
}
