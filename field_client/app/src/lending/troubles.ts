// A customer's requests, problems and complaints with what became of them: shown first on the dossier
// (domain.md, section 5.6).

import type { Fields, Json } from "../schemas/declare.ts";

/** Interactions of these kinds have a case, made in the same set. */
export const TROUBLE_KINDS: readonly string[] = ["request", "problem", "complaint"];

/** One of them: where it is kept, what was said and when, how it stands. */
export interface Trouble {
  readonly record_type: string;
  readonly record: string;
  readonly kind: string;
  readonly at: string;
  readonly summary: string;
  /** Null: nobody took it up. */
  readonly state: string | null;
  readonly resolution: string | null;
  readonly satisfaction: number | null;
  readonly about_user_id: string | null;
}

interface Kept {
  readonly type: string;
  readonly id: string;
  readonly fields: Fields;
}

/** Whether it has not come to its end. */
export function isOpen({ state }: Trouble): boolean {
  return state !== "closed";
}

/** Those of a customer's records: the open ones first, the newest of each first. */
export function troublesOf(records: readonly Kept[]): readonly Trouble[] {
  const said = new Map(
    records.filter((it) => it.type === "interaction").map((it) => [it.id, it.fields]),
  );
  const cases = records.filter((it) => it.type === "case");
  const takenUp = new Set(cases.map((it) => it.fields.interaction_id));
  const found = [
    ...cases.map((it) => {
      return troubleOf(it.type, it.id, said.get(String(it.fields.interaction_id)) ?? {}, it.fields);
    }),
    ...[...said]
      .filter(([id, { kind }]) => TROUBLE_KINDS.includes(String(kind)) && !takenUp.has(id))
      .map(([id, fields]) => troubleOf("interaction", id, fields, {})),
  ];
  const order = (it: Trouble) => `${isOpen(it) ? 1 : 0} ${it.at} ${it.record}`;
  return found.sort((one, other) => (order(one) < order(other) ? 1 : -1));
}

function troubleOf(record_type: string, record: string, said: Fields, made: Fields): Trouble {
  return {
    record_type,
    record,
    kind: words(made.kind) ?? words(said.kind) ?? "",
    at: words(said.at) ?? "",
    summary: words(said.summary) ?? "",
    state: words(made.state),
    resolution: words(made.resolution),
    satisfaction: typeof made.satisfaction === "number" ? made.satisfaction : null,
    about_user_id: words(made.about_user_id),
  };
}

function words(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}
