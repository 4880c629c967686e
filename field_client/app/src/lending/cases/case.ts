// One case for the calculators: a JSON object, its members read by name or refused by name.
//
// This folder reads the public vectors as `schemas/derived/` does. Only tests use it.

import type { Fields, Json } from "../../schemas/declare.ts";
import { calendarDay, type Day } from "../day.ts";
import { over, type Ratio, ratio } from "../ratio.ts";
import { counted } from "../whole.ts";

const DECIMAL = /^-?[0-9]+(\.[0-9]+)?$/;

/** A JSON object and where it stands; every reader refuses what is missing or not of its kind. */
export class Case {
  private readonly members: Fields;
  private readonly where: string;

  constructor(members: Json, where = "") {
    if (!isObject(members)) {
      throw new RangeError(`${where.replace(/\.$/, "") || "case"}: expected an object`);
    }
    this.members = members;
    this.where = where;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.members, name);
  }

  names(): string[] {
    return Object.keys(this.members);
  }

  /** Makes the error about the member *name*. */
  fault(name: string, sentence: string): RangeError {
    return new RangeError(`${this.where}${name}: ${sentence}`);
  }

  text(name: string): string {
    const value = this.read(name);
    if (typeof value === "string") return value;
    throw this.fault(name, `expected a text, got ${JSON.stringify(value)}`);
  }

  /** Reads a text that is one of *allowed*. */
  choice<Option extends string>(name: string, allowed: readonly Option[]): Option {
    const value = this.text(name);
    const found = allowed.find((option) => option === value);
    if (found !== undefined) return found;
    throw this.fault(name, `'${value}' is not supported (only ${allowed.join(", ")})`);
  }

  integer(name: string, usual: number | null = null): number {
    const value = this.read(name, usual);
    if (typeof value === "number" && Number.isSafeInteger(value)) return value;
    throw this.fault(name, `expected a whole number, got ${JSON.stringify(value)}`);
  }

  /** Reads a list of whole numbers. */
  integers(name: string): number[] {
    return this.list(name).map((value) => {
      if (typeof value === "number" && Number.isSafeInteger(value)) return value;
      throw this.fault(name, `expected a whole number, got ${JSON.stringify(value)}`);
    });
  }

  boolean(name: string): boolean {
    const value = this.read(name);
    if (typeof value === "boolean") return value;
    throw this.fault(name, `expected true or false, got ${JSON.stringify(value)}`);
  }

  /** Reads a decimal string exactly; JSON numbers are refused, they may have been floats. */
  decimal(name: string, usual: string | null = null): Ratio {
    return this.exact(name, this.read(name, usual));
  }

  /** Reads a list of decimal strings. */
  decimals(name: string): Ratio[] {
    return this.list(name).map((value) => this.exact(name, value));
  }

  /** Reads a decimal string, or two of them divided, like "0.08/12". */
  quotient(name: string): Ratio {
    const [top = "", ...below] = this.text(name).split("/");
    if (below.length === 0) return this.exact(name, top);
    const bottom = below.join("/");
    const whole = this.exact(name, bottom);
    if (whole.n === 0n) throw this.fault(name, "is divided by 0");
    return over(this.exact(name, top), whole);
  }

  private exact(name: string, value: Json): Ratio {
    if (typeof value !== "string" || !DECIMAL.test(value)) {
      const got = JSON.stringify(value);
      throw this.fault(name, `expected a decimal in quotes, like "12.50", got ${got}`);
    }
    const [whole = "", decimals = ""] = value.split(".");
    return ratio(BigInt(whole + decimals), 10n ** BigInt(decimals.length));
  }

  /** Reads a decimal string as a whole number of the smallest coin (*digits* decimals). */
  money(name: string, digits: number, usual: string | null = null): number {
    const amount = this.decimal(name, usual);
    const coins = ratio(amount.n * 10n ** BigInt(digits), amount.d);
    if (coins.d !== 1n) throw this.fault(name, `has more than ${digits} decimals`);
    return counted(coins.n, `${this.where}${name}`);
  }

  day(name: string): Day {
    return this.written(name, this.read(name));
  }

  /** Reads a list of dates. */
  days(name: string): Day[] {
    return this.list(name).map((value) => this.written(name, value));
  }

  private written(name: string, value: Json): Day {
    try {
      if (typeof value === "string") return calendarDay(value) && value;
    } catch {
      // told below, by the member's name
    }
    throw this.fault(name, `expected a date like 2026-06-16, got ${JSON.stringify(value)}`);
  }

  within(name: string): Case {
    return new Case(this.read(name), `${this.where}${name}.`);
  }

  /** Reads a list of objects; its rows are counted from 1 in errors. */
  cases(name: string): Case[] {
    return this.list(name).map((row, index) => {
      return new Case(row, `${this.where}${name}[${index + 1}].`);
    });
  }

  /** Counts the entries of a list. */
  length(name: string): number {
    return this.list(name).length;
  }

  private read(name: string, usual: Json = null): Json {
    const value = this.has(name) ? (this.members[name] ?? null) : usual;
    if (value === null) throw this.fault(name, "is missing");
    return value;
  }

  private list(name: string): readonly Json[] {
    const value = this.read(name);
    if (isList(value)) return value;
    throw this.fault(name, `expected a list, got ${JSON.stringify(value)}`);
  }
}

/** Writes a whole number of the smallest coin as a decimal string. */
export function asMoney(coins: number, digits: number): string {
  const text = String(Math.abs(coins)).padStart(digits + 1, "0");
  const point = text.length - digits;
  const decimals = digits === 0 ? "" : `.${text.slice(point)}`;
  return `${coins < 0 ? "-" : ""}${text.slice(0, point)}${decimals}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is Fields {
  return typeof value === "object" && value !== null && !isList(value);
}
