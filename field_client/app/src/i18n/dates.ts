// Days and instants as people say them. A business date is a text ("2025-10-16") and has no zone;
// an instant is read in the branch's zone. What "now" is comes from the caller.

import type { Lang } from "./catalogue.ts";

export const ZONE = "Asia/Shanghai";
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Up to here, time is told from now; beyond it, by the calendar. */
const RELATIVE_MS = 48 * HOUR_MS;

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const DAYS_ZH = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const LONG_MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** Something that names a moment: an instant as stored, or milliseconds since 1970. */
export type Moment = string | number | Date;

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
}

/** "Thu 16 Oct" / "10 月 16 日 周四"; with the year where it is not the year of `today`. */
export function date(on: string, lang: Lang, today?: string): string {
  const it = dayOf(on);
  if (today !== undefined && it.year !== dayOf(today).year) return dateWithYear(on, lang);
  return lang === "zh"
    ? `${it.month} 月 ${it.day} 日 ${DAYS_ZH[it.weekday]}`
    : `${DAYS[it.weekday]} ${it.day} ${MONTHS[it.month - 1]}`;
}

/** "12 Oct" / "10 月 12 日"; with the year where it is not the year of `today`. */
export function shortDate(on: string, lang: Lang, today?: string): string {
  const it = dayOf(on);
  if (today !== undefined && it.year !== dayOf(today).year) return dateWithYear(on, lang);
  return lang === "zh" ? `${it.month} 月 ${it.day} 日` : `${it.day} ${MONTHS[it.month - 1]}`;
}

/** "12 Jun 2024" / "2024 年 6 月 12 日". */
export function dateWithYear(on: string, lang: Lang): string {
  const it = dayOf(on);
  return lang === "zh"
    ? `${it.year} 年 ${it.month} 月 ${it.day} 日`
    : `${it.day} ${MONTHS[it.month - 1]} ${it.year}`;
}

/** "Thursday 16 October" / "10 月 16 日 周四": for a heading. */
export function longDate(on: string, lang: Lang): string {
  if (lang === "zh") return date(on, lang);
  const it = dayOf(on);
  return `${LONG_DAYS[it.weekday]} ${it.day} ${LONG_MONTHS[it.month - 1]}`;
}

/** "Fri 17" / "周五 17 日": within a few days, for a narrow column. */
export function weekday(on: string, lang: Lang): string {
  const it = dayOf(on);
  return lang === "zh" ? `${DAYS_ZH[it.weekday]} ${it.day} 日` : `${DAYS[it.weekday]} ${it.day}`;
}

/** "10:41". */
export function time(at: Moment, zone = ZONE): string {
  return local(at, zone).slice(11, 16);
}

/** The business date of a moment in the branch's zone: "2025-10-16". */
export function dateIn(at: Moment, zone = ZONE): string {
  return local(at, zone).slice(0, 10);
}

/**
 * "just now", "5 min ago", "2 h ago"; from 48 h on the day: "Tue 14 Oct 17:20".
 *
 * What is a little ahead is "just now" too: screens are told the time every half minute only.
 */
export function relative(at: Moment, lang: Lang, now: Moment, zone = ZONE): string {
  const passed = millis(now) - millis(at);
  if (passed < -60_000 || passed >= RELATIVE_MS) return dayAndTime(at, lang, now, zone);
  const minutes = Math.floor(passed / 60_000);
  if (minutes < 1) return lang === "zh" ? "刚刚" : "just now";
  if (minutes < 60) return lang === "zh" ? `${minutes} 分钟前` : `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return lang === "zh" ? `${hours} 小时前` : `${hours} h ago`;
}

/** "Today 10:41", "Yesterday 17:20", "Tue 14 Oct 17:20", "12 Jun 2024 09:00". */
export function dayAndTime(at: Moment, lang: Lang, now: Moment, zone = ZONE): string {
  return `${dayName(dateIn(at, zone), lang, dateIn(now, zone))} ${time(at, zone)}`;
}

/** "Today", "Yesterday", "Tomorrow", or the date. */
export function dayName(on: string, lang: Lang, today: string): string {
  const away = daysBetween(today, on);
  if (away === 0) return lang === "zh" ? "今天" : "Today";
  if (away === -1) return lang === "zh" ? "昨天" : "Yesterday";
  if (away === 1) return lang === "zh" ? "明天" : "Tomorrow";
  return date(on, lang, today);
}

/** "45 s", "5 min", "26 h", "3 days": how long something lasts or has lasted. */
export function duration(ms: number, lang: Lang): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return lang === "zh" ? `${seconds} 秒` : `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return lang === "zh" ? `${minutes} 分钟` : `${minutes} min`;
  const hours = Math.round(minutes / 60);
  if (hours < 72) return lang === "zh" ? `${hours} 小时` : `${hours} h`;
  const days = Math.round(hours / 24);
  return lang === "zh" ? `${days} 天` : `${days} days`;
}

/** "0:25", "12:05": a wait that is counted down. */
export function countdown(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
}

/** How many days from one business date to another; negative where the other is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

function dayOf(on: string): Day {
  const [year = 1970, month = 1, day = 1] = on.slice(0, 10).split("-").map(Number);
  return { year, month, day, weekday: new Date(Date.UTC(year, month - 1, day)).getUTCDay() };
}

function millis(at: Moment): number {
  if (typeof at === "number") return at;
  return typeof at === "string" ? Date.parse(at) : at.getTime();
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** "2025-10-16 10:41" on the wall of a zone; a formatter is costly to make, so each is made once. */
function local(at: Moment, zone: string): string {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat("sv-SE", {
      timeZone: zone,
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
    });
    clocks.set(zone, clock);
  }
  return clock.format(millis(at));
}
