import { useState } from "preact/hooks";
import { labelOf, shownValue } from "../../components/form/shown.ts";
import { called } from "../../components/names.ts";
import { useLang } from "../../i18n/context.ts";
import type { Json, Lang } from "../../schemas/declare.ts";
import { isObject } from "../../schemas/values.ts";
import { useRead } from "../../shell/hooks.ts";
import type { Officer } from "../../shell/officer.ts";
import { path } from "../../shell/router.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import { useForm } from "../../shell/use_form.ts";
import { bundleKey } from "../../store/bundles.ts";
import { StorageFullError } from "../../store/faults.ts";
import type { View } from "../../sync/rebase.ts";
import { changesOf, conflictsOf } from "../../sync/sets.ts";
import { type Choice, resolve } from "../../work/decisions.ts";
import { personOf, titleLabel } from "../../work/titles.ts";
import { recordOf, recordsOf, referencesOf, text, textOr } from "../../work/views.ts";
import { namesIn } from "../record/detail.ts";
import { type Question, questionsOf } from "../visit/checklist.ts";
import type { ConflictProps } from "./model.ts";
import { fieldOf } from "./offer.ts";
import { type CardFacts, type CardTyped, cardOf, ownValue } from "./versions.ts";
import { ConflictView } from "./view.tsx";

/** All open conflicts of a customer, beginning with the one that was asked for. */
export function ConflictScreen({ officer, frame, route, onBusy }: ScreenProps<"conflict">) {
  const { desk } = officer;
  const { id, customer } = route;
  const lang = useLang();
  const [stage, setStage] = useState<"choosing" | "saving" | "saved">("choosing");
  const [notSaved, setNotSaved] = useState<"full" | "failed" | null>(null);
  const [saved, setSaved] = useState<readonly CardFacts[] | null>(null);
  const place = { screen: `conflicts ${id}`, type: "conflict", customer, record: id };
  const opened = useForm(officer, place, onBusy);
  const facts = useRead(officer, () => factsOf(officer, customer, id, lang, frame.now), [
    customer,
    id,
    lang,
  ]);
  const back =
    customer === null
      ? path({ screen: "sync" })
      : path({ screen: "customer", id: customer, from: null });
  if (facts === null || opened === null) return null;
  const typedOf = (conflict: string): CardTyped =>
    opened === "missing" ? NOTHING : typed(opened.form.extra(conflict));
  const cards = (saved ?? facts).map((it) => cardOf(it, typedOf(it.id)));
  const note = (conflict: string, part: Partial<CardTyped>) => {
    if (opened === "missing") return;
    const now = { ...typedOf(conflict), ...part };
    opened.form.setExtra(conflict, now as unknown as Json);
  };
  const save = async () => {
    setStage("saving");
    setNotSaved(null);
    setSaved(facts);
    try {
      for (const card of cards.filter((it) => it.standing === "decide" && it.way !== null)) {
        const of = facts.find((it) => it.id === card.id);
        const conflict = await recordOf(
          desk.store,
          desk.registry,
          bundleKey(customer, "conflict"),
          card.id,
        );
        if (of === undefined || conflict?.fields.status !== "open") continue;
        await resolve(desk, conflict, choiceOf(card, of));
      }
      if (opened !== "missing") await opened.form.drop();
      setStage("saved");
    } catch (error) {
      setSaved(null);
      setStage("choosing");
      setNotSaved(error instanceof StorageFullError ? "full" : "failed");
    }
  };
  return (
    <ConflictView
      frame={frame}
      back={back}
      about={aboutOf(officer, customer, lang)}
      recordHref={recordOfFirst(facts, customer)}
      cards={cards}
      joined={joinedOf(officer, facts, lang)}
      kept={opened === "missing" ? null : opened.kept}
      stage={stage}
      notSaved={notSaved}
      onChoose={(conflict, key) => note(conflict, { choice: key })}
      onWrite={(conflict, at, value) =>
        note(conflict, { written: { ...typedOf(conflict).written, [at]: value } })
      }
      onComment={(conflict, comment) => note(conflict, { comment })}
      onSave={() => void save()}
    />
  );
}

/** Where the record of the conflict that was asked for can be read. */
function recordOfFirst([first]: readonly CardFacts[], customer: string | null): string | null {
  const id = text(first?.fields.record);
  const type = text(first?.fields.record_type);
  if (id === "" || type === "") return null;
  if (type === "customer") return path({ screen: "customer", id, from: null });
  return path({ screen: "record", type, id, customer });
}

const NOTHING: CardTyped = { choice: null, written: {}, comment: "" };

function typed(value: Json): CardTyped {
  if (!isObject(value)) return NOTHING;
  const written = value.written ?? null;
  return {
    choice: textOr(value.choice),
    written: isObject(written) ? written : {},
    comment: text(value.comment),
  };
}

function choiceOf(card: ReturnType<typeof cardOf>, facts: CardFacts): Choice {
  const comment = card.comment.trim() || null;
  const unit = fieldOf(facts.fields);
  if (card.way === "custom" && facts.type !== null && unit !== null) {
    return { way: "custom", value: ownValue(card, facts.type, unit), comment };
  }
  if (card.way === "both_count") return { way: "both_count", comment };
  if (card.way === "keep" || card.choice === null) return { way: "keep", comment };
  const at = card.choice.lastIndexOf(":");
  const chosen = { device: card.choice.slice(0, at), number: Number(card.choice.slice(at + 1)) };
  return { way: "other", chosen, comment };
}

function aboutOf({ book }: Officer, customer: string | null, lang: Lang): string {
  return customer === null ? "" : called(personOf(book, customer), lang);
}

/** What the user's sets in these conflicts changed beside them, and the branch stored. */
function joinedOf(
  { desk, book }: Officer,
  facts: readonly CardFacts[],
  lang: Lang,
): ConflictProps["joined"] {
  const ids = new Set(facts.map((it) => it.id));
  const clashing = new Set(facts.map((it) => `${text(it.fields.record)} ${fieldOf(it.fields)}`));
  const sets = desk.store.sets.filter((set) => conflictsOf(set).some((it) => ids.has(it)));
  return sets.flatMap((set) =>
    changesOf(set).flatMap((change) => {
      const type = desk.registry.get(change.type);
      if (type === null || change.op !== "update") return [];
      return Object.entries(change.set ?? {}).flatMap(([at, value]) => {
        const field = type.field(at);
        if (field === null || clashing.has(`${change.id} ${type.unit(at)}`)) return [];
        const names = { [text(value)]: book.nameOf(text(value)) || text(value) };
        const shown = shownValue(field.kind, value, lang, names);
        return [{ label: labelOf(type, at, lang), value: shown, who: null }];
      });
    }),
  );
}

// ------------------------------------------------------------------------------------- reading

async function factsOf(
  officer: Officer,
  customer: string | null,
  id: string,
  lang: Lang,
  now: number,
): Promise<CardFacts[]> {
  const { desk, book } = officer;
  const key = bundleKey(customer, "conflict");
  const under = await recordsOf(desk.store, desk.registry, key);
  const conflicts = under.filter(
    (it) => it.type === "conflict" && (it.id === id || it.fields.status === "open"),
  );
  conflicts.sort((a, b) => Number(b.id === id) - Number(a.id === id));
  const tablets: Record<string, string> = {};
  for (const it of referencesOf(desk.store, desk.registry, "device")) {
    const code = text(it.fields.code);
    if (code !== "") tablets[it.id] = code;
  }
  const { device } = desk.store.meta;
  const { id: user, role } = desk.store.meta.user;
  const deciders = referencesOf(desk.store, desk.registry, "user")
    .filter((it) => it.fields.role === "supervisor" && it.id !== user)
    .map((it) => text(it.fields.name));
  const found: CardFacts[] = [];
  for (const conflict of conflicts) {
    const type = desk.registry.get(text(conflict.fields.record_type));
    const record = await recordIn(officer, conflict, under);
    const unit = fieldOf(conflict.fields);
    found.push({
      id: conflict.id,
      fields: conflict.fields,
      type,
      standsNow: standsNow(type, record, unit),
      user,
      role,
      device,
      question: questionOf(officer, record, unit),
      names: { ...namesIn(book, conflict, under, lang), ...peopleOf(officer) },
      tablets,
      deciders,
      lang,
      now,
    });
  }
  return found;
}

async function recordIn(
  { desk }: Officer,
  conflict: View,
  under: readonly View[],
): Promise<View | null> {
  const id = text(conflict.fields.record);
  const found = under.find((it) => it.id === id);
  if (found !== undefined) return found;
  const key = bundleKey(conflict.customer, text(conflict.fields.record_type));
  return recordOf(desk.store, desk.registry, key, id);
}

function standsNow(type: CardFacts["type"], record: View | null, unit: string | null): Json {
  if (unit === null || record === null) return null;
  const members = type?.group(unit) ?? [];
  if (members.length === 0) return record.fields[unit] ?? null;
  return Object.fromEntries(members.map((it) => [it, record.fields[it] ?? null]));
}

/** The question of a note that an answer in conflict belongs to. */
function questionOf({ desk }: Officer, record: View | null, unit: string | null): Question | null {
  const [map, qid, leaf] = unit?.split(".") ?? [];
  if (record?.type !== "inspection_note" || map !== "answers" || leaf !== "value") return null;
  const { checklist_code, checklist_version } = record.fields;
  const list = referencesOf(desk.store, desk.registry, "checklist").find(
    (it) => it.fields.code === checklist_code && it.fields.version === checklist_version,
  );
  return list ? (questionsOf(list.fields).find((it) => it.qid === qid) ?? null) : null;
}

function peopleOf({ desk, book }: Officer): Record<string, string> {
  const people: Record<string, string> = {};
  for (const it of referencesOf(desk.store, desk.registry, "user")) {
    people[it.id] = titleLabel(book, it).zh;
  }
  return people;
}
