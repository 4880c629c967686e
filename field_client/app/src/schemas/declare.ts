// What a declaration says, in the shape in which `schemas/` writes it out (../generated/registry.ts).

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };
export type Fields = Readonly<Record<string, Json>>;
export type Lang = "en" | "zh";
export type Label = Readonly<Record<Lang, string>>;

export type Policy =
  | "latest"
  | "manual"
  | "authority"
  | "once"
  | "set"
  | "text"
  | "append"
  | "highest"
  | "state";

export type Kind =
  | {
      readonly kind: "text";
      readonly longest: number;
      readonly shortest: number;
      readonly pattern: string | null;
      readonly lines: boolean;
    }
  | { readonly kind: "national_id" }
  | {
      readonly kind: "integer";
      readonly least: number;
      readonly most: number;
      readonly unit: string | null;
    }
  | { readonly kind: "flag" }
  | { readonly kind: "date" }
  | { readonly kind: "instant" }
  | { readonly kind: "choice"; readonly options: Readonly<Record<string, Label>> }
  | { readonly kind: "id" }
  | { readonly kind: "ref"; readonly to: string | null; readonly scope: "branch" | null }
  | { readonly kind: "list"; readonly of: Kind; readonly most: number; readonly least: number }
  | { readonly kind: "set"; readonly of: Kind; readonly most: number; readonly least: number }
  | {
      readonly kind: "record";
      readonly members: Readonly<Record<string, Kind>>;
      readonly required: readonly string[];
      /** What people call the members that they type. */
      readonly titles?: Readonly<Record<string, Label>>;
    }
  | { readonly kind: "value" }
  | { readonly kind: "object" }
  | { readonly kind: "any" };

export interface FieldDoc {
  readonly title: Label;
  readonly hint: Label | null;
  readonly kind: Kind;
  readonly policy: Policy;
  readonly group: string | null;
  readonly sensitive: boolean;
  readonly required: boolean;
  readonly required_by: readonly string[];
  readonly default: Json;
  readonly write: readonly string[];
  readonly authority: readonly string[];
}

export interface MapDoc {
  readonly title: Label;
  readonly key_pattern: string;
  readonly leaves: Readonly<Record<string, FieldDoc>>;
}

export interface MoveDoc {
  readonly name: string;
  readonly title: Label | null;
  readonly from: readonly string[];
  readonly to: string;
  readonly roles: readonly string[];
  readonly offline: boolean;
}

export interface StatesDoc {
  readonly field: string;
  readonly initial: readonly string[];
  readonly transitions: readonly MoveDoc[];
}

export interface TypeDoc {
  readonly title: Label;
  readonly title_field: string | null;
  readonly parent: { readonly type: string; readonly field: string } | null;
  readonly reference: "branch" | "user" | null;
  readonly users: readonly string[];
  readonly create_only: boolean;
  readonly deletable: boolean;
  readonly late_fact: boolean;
  readonly made_by: readonly string[];
  readonly states: StatesDoc | null;
  readonly checks: readonly CheckDoc[];
  readonly fields: Readonly<Record<string, FieldDoc | MapDoc>>;
}

/** Where a rule over a whole record applies; every condition that is given must hold. */
export interface When {
  /** The field has one of these values (a field that is absent counts as null). */
  readonly is?: Readonly<Record<string, readonly Json[]>>;
  /** The fields that must be there (not null, not false, not empty). */
  readonly has?: readonly string[];
  /** The fields of which none may be there. */
  readonly lacks?: readonly string[];
}

/** A rule over a whole record, as data; `schemas/checks.py` has the same and says what each means. */
export type CheckDoc =
  | {
      readonly check: "needs";
      readonly fields: readonly string[];
      readonly when: When;
      readonly reason: string | null;
    }
  | {
      readonly check: "one_of";
      readonly fields: readonly string[];
      readonly at: string;
      readonly reason: string;
    }
  | {
      readonly check: "before";
      readonly first: string;
      readonly then: string;
      readonly reason: string;
    }
  | {
      readonly check: "within";
      readonly first: string;
      readonly then: string;
      readonly months: number;
      readonly reason: string;
    }
  | {
      readonly check: "adds";
      readonly of: string;
      readonly member: string;
      readonly total: string;
      readonly reason: string;
    }
  | {
      readonly check: "differ";
      readonly fields: readonly string[];
      readonly reason: string | null;
      readonly rule: string | null;
    };
