// The time by the server's clock, because the device's may be wrong, and times formatted as on the
// server's pages.
//
// The device stores the server's last time and counts on from there by its own clock. A clock that
// is set back counts nothing, and one that jumps counts a day at most, so copies never look older
// than the days on which the device was used. If it was unused for a week, the server's time counts
// as soon as there is a network.

import { read, write } from "./database.js";

const MOST_COUNTED = 24 * 60 * 60 * 1000;

const ZONE = { timeZone: "Europe/London" };
const CLOCK = new Intl.DateTimeFormat("en-GB", { ...ZONE, hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { ...ZONE, dateStyle: "long" });

let offset = 0;

/** The server's time as far as this page knows it; only for showing. */
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

/** Count on from the stored time, and return the time that has certainly passed. */
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
