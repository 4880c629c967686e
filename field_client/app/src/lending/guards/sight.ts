// What a rule may look at: the records that this tablet knows, as the set at hand leaves them.

import type { Fields, Json } from "../../schemas/declare.ts";
import type { Day } from "../day.ts";

/** A record, whoever holds it. */
export interface Known {
  readonly type: string;
  readonly id: string;
  readonly customer: string | null;
  readonly fields: Fields;
}

/** The numbers marked [own] that rules ask for, as they are where nobody set another. */
const USUAL = {
  age_least: 18,
  age_most: 65,
  two_investigators_above_fen: 5_000_000,
  second_signer_above_fen: 5_000_000,
  guarantee_share_bps: 5000,
  class_special_mention_days: 1,
  class_substandard_days: 91,
  class_doubtful_days: 271,
  class_loss_days: 361,
  technical_delay_days: 7,
} as const;

export type NumberName = keyof typeof USUAL;

export class Sight {
  readonly today: Day;
  private readonly byId: ReadonlyMap<string, Known>;
  private readonly byType = new Map<string, Known[]>();

  /** *records*: the oldest first. */
  constructor(records: readonly Known[], today: Day) {
    this.today = today;
    this.byId = new Map(records.map((it) => [it.id, it]));
    for (const it of records) {
      const known = this.byType.get(it.type);
      if (known) known.push(it);
      else this.byType.set(it.type, [it]);
    }
  }

  record(id: Json | undefined): Known | null {
    return (typeof id === "string" && this.byId.get(id)) || null;
  }

  /** The records of a type, the oldest first. */
  of(type: string): readonly Known[] {
    return this.byType.get(type) ?? [];
  }

  under(customer: string | null, type: string): readonly Known[] {
    return this.of(type).filter((it) => it.customer === customer);
  }

  /** The records of a type whose field names a record. */
  naming(type: string, field: string, id: string): readonly Known[] {
    return this.of(type).filter((it) => it.fields[field] === id);
  }

  // ------------------------------------------------------------------------ units and parameters

  /** A unit and all that lie above it, the nearest first. */
  unitsFrom(unit: Json | undefined): readonly string[] {
    const found: string[] = [];
    let it = unit;
    while (typeof it === "string" && !found.includes(it)) {
      found.push(it);
      it = this.record(it)?.fields.parent_id;
    }
    return found;
  }

  unitOf(user: Json | undefined): Json {
    return this.record(user)?.fields.unit_id ?? null;
  }

  /** A parameter for a unit: the nearest above it counts, then the lender's; null: nobody set one. */
  parameter(key: string, unit: Json): Json {
    const mine = this.of("parameter").filter(
      ({ fields }) => fields.key === key && since(fields) <= this.today,
    );
    for (const place of [...this.unitsFrom(unit), null]) {
      const here = mine.filter(({ fields }) => (fields.unit_id ?? null) === place);
      if (here.length === 0) continue;
      const last = here.reduce((one, it) => (since(it.fields) >= since(one.fields) ? it : one));
      return last.fields.value ?? null;
    }
    return null;
  }

  /** A parameter that is a whole number; one that is set to something else counts as ours. */
  number(key: NumberName, unit: Json): number {
    const found = this.parameter(key, unit);
    return typeof found === "number" ? found : USUAL[key];
  }

  // ---------------------------------------------------------------------------------- connections

  /** The customers whose exposure counts with a customer's: those one step away, either way. */
  related(customer: string | null): ReadonlySet<string> {
    const found = new Set<string>();
    for (const it of this.relationships()) {
      const other = textOf(it.fields, "to_customer_id");
      if (it.fields.kind === "guarantees" || other === null || it.customer === null) continue;
      if (customer !== it.customer && customer !== other) continue;
      found.add(it.customer).add(other);
    }
    if (customer !== null) found.delete(customer);
    return found;
  }

  /** The users who are relatives of customers or of their households. */
  relatives(customers: ReadonlySet<string | null>): ReadonlySet<string> {
    const found = this.relationships()
      .filter((it) => customers.has(it.customer) && it.fields.kind === "staff_relative")
      .map((it) => textOf(it.fields, "to_user_id"));
    return new Set(found.filter((it) => it !== null));
  }

  /** Those that have not ended. */
  private relationships(): readonly Known[] {
    return this.of("relationship").filter(
      ({ fields }) => (textOf(fields, "ended_on") ?? this.today) >= this.today,
    );
  }
}

function since(fields: Fields): string {
  return textOf(fields, "valid_from") ?? "";
}

/** A text of a field; null where there is none. */
export function textOf(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === "string" ? value : null;
}

export function wholeOf(fields: Fields, name: string): number {
  const value = fields[name];
  return typeof value === "number" ? value : 0;
}

/** The texts of a list. */
export function textsOf(fields: Fields, name: string): readonly string[] {
  const value = fields[name];
  return Array.isArray(value) ? value.filter((it) => typeof it === "string") : [];
}
