// What a rule says: a signal or a task, with an id and fields that any second maker makes alike.

import { sha1 } from "@noble/hashes/legacy.js";
import type { Fields } from "../../schemas/declare.ts";
import type { Day } from "../day.ts";

/** From the least to the gravest. */
export const SEVERITIES = ["yellow", "orange", "red"] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * One signal; `since` is the day from which it holds, and its month the period 期间. `records` are the
 * ids of what it was read from, `figures` what was counted: for whoever looks, and not stored, since
 * another maker may have read more.
 *
 * Source: domain.md, sections 5.7 and 9.
 */
export interface Signal {
  readonly rule: string;
  readonly severity: Severity;
  readonly subjectType: "customer" | "loan" | "collateral" | "visit";
  readonly subject: string;
  readonly since: Day;
  readonly loanId: string | null;
  readonly records: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/** W01: an installment that falls due within days; a task for the loan's officer, not a signal. */
export interface Due {
  readonly loanId: string;
  readonly dueOn: Day;
  readonly amountFen: number;
  readonly assigneeId: string | null;
}

/** The namespace of every derived id (`schemas/values.py`). */
const NAMESPACE = "6f0c2b523f4e5c0a9d0e7d9a3b1e8c41";
const UTF8 = new TextEncoder();

/** The month in which a signal began: "2026-06". */
export function periodOf(signal: Signal): string {
  return signal.since.slice(0, 7);
}

/**
 * The id of a signal's record. The severity is part of the rule: what was yellow and turns orange
 * within the month is another signal, so that a tablet that has seen less contradicts nobody.
 */
export function signalId(signal: Signal): string {
  return derivedId("warning", signal.rule, signal.severity, signal.subject, periodOf(signal));
}

/** The id of the task that reminds of an installment. */
export function dueId(due: Due): string {
  return derivedId("W01", due.loanId, due.dueOn);
}

/** The fields of a signal's record: all of them follow from rule, subject and period. */
export function signalFields(signal: Signal): Fields {
  const { rule, severity, subjectType, subject, loanId } = signal;
  const facts = { subject_type: subjectType, subject, period: periodOf(signal) };
  const loan = loanId === null ? {} : { loan_id: loanId };
  return { rule, severity, ...loan, facts, state: "raised" };
}

/** The same signal one severity up, as of a large borrower 大户 (W14); red stays red. */
export function graver(signal: Signal): Signal {
  const severity = SEVERITIES[SEVERITIES.indexOf(signal.severity) + 1] ?? "red";
  return { ...signal, severity };
}

/** Orders signals: the gravest first, then by rule and subject. */
export function gravestFirst(one: Signal, other: Signal): number {
  const grave = SEVERITIES.indexOf(other.severity) - SEVERITIES.indexOf(one.severity);
  if (grave !== 0) return grave;
  return compare(one.rule, other.rule) || compare(one.subject, other.subject);
}

export function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** The id that follows from *parts* (a UUID of version 5 of them as a JSON list). */
export function derivedId(...parts: readonly string[]): string {
  const name = UTF8.encode(JSON.stringify(parts));
  const bytes = new Uint8Array(16 + name.length);
  for (let at = 0; at < 16; at += 1) {
    bytes[at] = Number.parseInt(NAMESPACE.slice(2 * at, 2 * at + 2), 16);
  }
  bytes.set(name, 16);
  const hash = sha1(bytes).subarray(0, 16);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(hash, (it) => it.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
