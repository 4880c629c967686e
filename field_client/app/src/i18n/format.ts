// Numbers, money and sizes as people read them. Money is integer fen from the store to here.

import type { Lang } from "./catalogue.ts";

const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const MINUS = "\u2212"; // a true minus: it is as wide as a figure
const [THOUSAND, WAN, MILLION] = [100_000, 1_000_000, 100_000_000]; // of yuan, in fen

/** 460000 -> "¥4,600.00", in both languages alike. */
export function money(fen: number, _lang?: Lang): string {
  const [yuan, cents] = apart(fen);
  return `${fen < 0 ? MINUS : ""}¥${COUNT.format(yuan)}.${String(cents).padStart(2, "0")}`;
}

/** As `money`, without ".00" where the sum is whole: for sums that were agreed, not counted. */
export function roundMoney(fen: number): string {
  return fen % 100 === 0 ? money(fen).slice(0, -3) : money(fen);
}

/** 1842000000 -> "¥18.42M" or "1,842 万"; below ten thousand yuan the whole amount. */
export function largeMoney(fen: number, lang: Lang): string {
  const size = Math.abs(fen);
  if (size < WAN) return money(fen);
  const sign = fen < 0 ? MINUS : "";
  if (lang === "zh") return `${sign}${figures(size, WAN)} 万`;
  return size < MILLION
    ? `${sign}¥${figures(size, THOUSAND)}k`
    : `${sign}¥${figures(size, MILLION)}M`;
}

/** So many of *unit*, rounded to two places at most, none above a thousand: more would be read as exact. */
function figures(value: number, unit: number): string {
  const scale = value >= 1000 * unit ? 1 : value >= 100 * unit ? 10 : 100;
  const nearest = times(2 * value * scale + unit, 2 * unit);
  const decimals = scale === 1 ? "" : String(nearest % scale).padStart(scale === 10 ? 1 : 2, "0");
  return `${COUNT.format(times(nearest, scale))}.${decimals}`.replace(/\.?0*$/, "");
}

/** How often *part* goes into *whole*: division that stays with whole numbers. */
export function times(whole: number, part: number): number {
  return (whole - (whole % part)) / part;
}

const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const STEPS = ["", "万", "亿", "万亿"];

/** 460000 -> "人民币肆仟陆佰元整": an amount that a stroke of the pen cannot change. */
export function moneyInWords(fen: number): string {
  const [yuan, cents] = apart(fen);
  const jiao = Math.floor(cents / 10);
  const rest = cents % 10;
  const whole = yuan === 0 && cents > 0 ? "" : `${integerInWords(yuan)}元`;
  const parts = [`人民币${fen < 0 ? "负" : ""}${whole}`];
  if (jiao > 0) parts.push(`${DIGITS[jiao]}角`);
  else if (rest > 0 && whole) parts.push("零");
  parts.push(rest > 0 ? `${DIGITS[rest]}分` : "整");
  return parts.join("");
}

/** Writes a whole number by groups of four figures, with one 零 for each run of noughts in between. */
function integerInWords(value: number): string {
  if (value === 0) return "零";
  let words = "";
  let gap = false;
  const groups = [...groupsOfFour(value)];
  for (let step = groups.length - 1; step >= 0; step--) {
    const group = groups[step] ?? 0;
    if (group === 0) {
      gap = words !== "";
      continue;
    }
    if (words && (gap || group < 1000)) words += "零";
    words += groupInWords(group) + STEPS[step];
    gap = false;
  }
  return words;
}

function* groupsOfFour(value: number): Generator<number> {
  for (let rest = value; rest > 0; rest = Math.floor(rest / 10_000)) yield rest % 10_000;
}

function groupInWords(group: number): string {
  let words = "";
  let gap = false;
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(group / 10 ** place) % 10;
    if (digit === 0) {
      gap = words !== "";
      continue;
    }
    words += `${gap ? "零" : ""}${DIGITS[digit]}${PLACES[place]}`;
    gap = false;
  }
  return words;
}

function apart(fen: number): [yuan: number, cents: number] {
  const whole = Math.abs(fen);
  return [times(whole, 100), whole % 100];
}

/** Groups from five digits on, so that a year stays a year. */
const PLAIN = new Intl.NumberFormat("en", { maximumFractionDigits: 0, useGrouping: "min2" });

/** 12345 -> "12,345", 1974 -> "1974". */
export function number(value: number): string {
  return PLAIN.format(value);
}

/** Basis points a year as a rate: 620 -> "6.20%". */
export function rate(bps: number): string {
  const whole = Math.abs(bps);
  const sign = bps < 0 ? "-" : "";
  return `${sign}${times(whole, 100)}.${String(whole % 100).padStart(2, "0")}%`;
}

/** 634880 -> "620 KB", 2202009 -> "2.1 MB". */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KB", "MB", "GB"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const places = value < 10 && unit > 0 ? 1 : 0;
  return `${value.toFixed(places).replace(/\.0$/, "")} ${units[unit]}`;
}

export * from "./dates.ts";
