// One conflict as its card shows it, from the conflict's record and what stands now.

import type { FieldPart } from "../../components/form/part.ts";
import {
  labelOf,
  linesOf,
  type Names,
  pick,
  type ShownLine,
  shownValue,
} from "../../components/form/shown.ts";
import type { Lang } from "../../i18n/catalogue.ts";
import { dayAndTime } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { Fields, Json } from "../../schemas/declare.ts";
import type { RecordType } from "../../schemas/registry.ts";
import { merge, mergeView } from "../../sync/text.ts";
import { answerKind, type Question } from "../visit/checklist.ts";
import type {
  Author,
  ConflictCard,
  ConflictKind,
  JoinedText,
  TextBlock,
  Version,
} from "./model.ts";
import { asksForComment, type Choice, type Entry, entriesOf, fieldOf, offerOf } from "./offer.ts";
import { WORDS } from "./words.ts";

export interface CardFacts {
  readonly id: string;
  readonly fields: Fields;
  /** The declaration of the record that it is about; null: not known here. */
  readonly type: RecordType | null;
  /** What the record holds now: a value, or the members of a group; null where the kind has no field. */
  readonly standsNow: Json;
  readonly user: string;
  readonly role: string;
  readonly device: string;
  /** The question, where the field is the answer to one. */
  readonly question: Question | null;
  /** People, villages and other records, by id. */
  readonly names: Names;
  /** The codes of tablets, by id of the device. */
  readonly tablets: Names;
  readonly deciders: readonly string[];
  readonly lang: Lang;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What the user has done on the card so far. */
export interface CardTyped {
  readonly choice: string | null;
  readonly written: Fields;
  readonly comment: string;
}

export function cardOf(facts: CardFacts, typed: CardTyped): ConflictCard {
  const { fields, type, names } = facts;
  const unit = fieldOf(fields);
  const kind = kindOf(fields);
  const offer = offerOf(fields, facts.user, facts.role, facts.standsNow, type);
  const way = offer.choices.find((it) => it.key === typed.choice)?.way ?? null;
  const text = kind === "text" ? joinedOf(facts) : null;
  const proposed = text === null || unit === null ? {} : { [unit]: proposalOf(facts) };
  return {
    id: facts.id,
    title: titleOf(facts, unit),
    kind,
    sensitive: fields.sensitive === true,
    standing: offer.standing,
    deciders: facts.deciders,
    settledBy: nameOf(fields.resolved_by, names),
    movedOn: offer.movedOn,
    before:
      unit === null || kind === "text" ? null : linesIn(facts, unit, fields.base_value ?? null),
    versions: offer.choices.filter((it) => it.way !== "custom").map((it) => versionOf(facts, it)),
    text,
    own: offer.choices.some((it) => it.way === "custom") ? ownOf(facts, unit) : null,
    names,
    choice: typed.choice,
    way,
    written: { ...startOf(facts, type, unit), ...proposed, ...typed.written },
    comment: typed.comment,
    needsComment: way === null ? offer.needsComment : asksForComment(offer, way),
  };
}

const KINDS: readonly ConflictKind[] = [
  "field",
  "text",
  "delete",
  "duplicate",
  "state",
  "invalid",
  "late",
  "possible_double",
  "after_signature",
];

function kindOf(fields: Fields): ConflictKind {
  return KINDS.find((it) => it === fields.kind) ?? "field";
}

function titleOf({ type, question, lang }: CardFacts, unit: string | null): string {
  if (question !== null) return question.text[lang];
  if (type === null) return unit ?? "";
  if (unit === null) return pick(type.doc.title, lang);
  const label = labelOf(type, unit, lang);
  if (type.name === "customer") return label;
  return `${pick(type.doc.title, lang)} · ${label}`;
}

/** The lines of a value; an answer reads as its question offers it. */
function linesIn(facts: CardFacts, unit: string | null, value: Json): readonly ShownLine[] {
  const { type, question, lang, names } = facts;
  if (question !== null) {
    return [{ label: "", text: shownValue(answerKind(question), value, lang, names) }];
  }
  return type === null ? [] : linesOf(type, unit, value, lang, names);
}

function nameOf(id: Json | undefined, names: Names): string | null {
  return typeof id === "string" ? (names[id] ?? null) : null;
}

// -------------------------------------------------------------------------------------- versions

function versionOf(facts: CardFacts, choice: Choice): Version {
  const value = choice.entry === null ? facts.standsNow : choice.entry.value;
  const removed = removalOf(value);
  const lines = removed === null ? linesIn(facts, fieldOf(facts.fields), value) : [];
  return {
    key: choice.key,
    way: choice.way,
    author: authorOf(facts, choice.entry),
    stands: choice.stands,
    lines,
    removed,
  };
}

function removalOf(value: Json): { reason: string | null } | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return null;
  const { deleted, reason } = value as Fields;
  if (deleted !== true) return null;
  return { reason: typeof reason === "string" && reason !== "" ? reason : null };
}

function authorOf(facts: CardFacts, entry: Entry | null): Author {
  if (entry === null) return { who: null, mine: false, when: null, where: null };
  const { lang, names, tablets } = facts;
  const code = tablets[entry.device];
  const other = code === undefined ? null : say(lang, WORDS, "card.tablet", { code });
  return {
    who: entry.by === null ? say(lang, WORDS, "card.branch") : (names[entry.by] ?? null),
    mine: entry.by === facts.user,
    when: entry.made_at === "" ? null : dayAndTime(entry.made_at, lang, facts.now),
    where: entry.device === facts.device ? say(lang, WORDS, "card.this_tablet") : other,
  };
}

// ------------------------------------------------------------------------------------------ text

/** The texts laid beside each other: what stands with each of the others, block by block. */
function joinedOf(facts: CardFacts): JoinedText {
  const base = textOf(facts.fields.base_value);
  const [kept, ...others] = entriesOf(facts.fields);
  const stands = textOf(facts.standsNow);
  const standing = authorOf(facts, kept ?? null);
  const blocks = others.flatMap((it): TextBlock[] =>
    mergeView(base, textOf(it.value), stands).map(({ by, text }) => {
      const author = by === "both" ? null : by === "theirs" ? standing : authorOf(facts, it);
      return { author, text: text.trim() };
    }),
  );
  const originals = [
    { author: null, text: base },
    { author: standing, text: stands },
    ...others.map((it) => ({ author: authorOf(facts, it), text: textOf(it.value) })),
  ];
  return { blocks: blocks.filter((it) => it.text !== ""), originals };
}

/** All versions of a text in one, to be read and mended before it is stored. */
export function proposalOf(facts: CardFacts): string {
  const base = textOf(facts.fields.base_value);
  const [, ...others] = entriesOf(facts.fields);
  return others.reduce((text, it) => {
    const value = textOf(it.value);
    const merged = merge(base, text, value);
    return (
      merged ??
      mergeView(base, value, text)
        .map((block) => block.text)
        .join("")
    );
  }, textOf(facts.standsNow));
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

// ----------------------------------------------------------------------------- a value of one's own

/** The inputs for a value of one's own: of a field one, of a group one for each member. */
function ownOf(facts: CardFacts, unit: string | null): readonly FieldPart[] | null {
  const { type, question } = facts;
  if (type === null || unit === null) return null;
  const members = type.group(unit).length > 0 ? type.group(unit) : [unit];
  return members.flatMap((path): FieldPart[] => {
    const field = type.field(path);
    if (field === null) return [];
    const { hint, sensitive } = field;
    const title = question === null ? field.title : question.text;
    const kind = question === null ? field.kind : answerKind(question);
    return [{ part: "field", path, title, hint, kind, required: false, open: true, sensitive }];
  });
}

/** A group starts from what stands, so that one member can be put right without typing the others. */
function startOf(facts: CardFacts, type: RecordType | null, unit: string | null): Fields {
  const stands = facts.standsNow;
  if (type === null || unit === null || type.group(unit).length === 0) return {};
  return stands !== null && typeof stands === "object" && !Array.isArray(stands)
    ? (stands as Fields)
    : {};
}

/** The value that a card's own inputs hold, as the record's unit takes it. */
export function ownValue(
  card: Pick<ConflictCard, "written">,
  type: RecordType,
  unit: string,
): Json {
  const group = type.group(unit);
  if (group.length === 0) return card.written[unit] ?? null;
  return Object.fromEntries(group.map((it) => [it, card.written[it] ?? null]));
}
