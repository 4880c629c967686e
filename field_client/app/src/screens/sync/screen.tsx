import { useState } from "preact/hooks";
import { useLang } from "../../i18n/context.ts";
import { dateIn, dayAndTime, relative, time } from "../../i18n/format.ts";
import { say } from "../../i18n/say.ts";
import type { Lang } from "../../schemas/declare.ts";
import { useRead } from "../../shell/hooks.ts";
import type { Officer } from "../../shell/officer.ts";
import { path } from "../../shell/router.ts";
import type { ScreenProps } from "../../shell/screen.ts";
import type { Draft } from "../../store/work.ts";
import { errorsOf, isUnanswered, type OwnSet, type SetState } from "../../sync/sets.ts";
import { type Attention, attention, conflictOf, stateOf } from "../../work/attention.ts";
import { status } from "../../work/day.ts";
import {
  discard,
  isForSomeoneElse,
  keptOf,
  letGoOfFile,
  mend,
  othersOf,
  sendFileAgain,
} from "../../work/decisions.ts";
import { personOf, typeLabel } from "../../work/titles.ts";
import { recordOf, text, textOr } from "../../work/views.ts";
import { conflictLabels } from "../conflict/labels.ts";
import { listed } from "../customer/happened.ts";
import type {
  AttentionRow,
  FileReason,
  LinkState,
  MergedRow,
  SyncNotice,
  WorkRow,
} from "./model.ts";
import { SyncView } from "./view.tsx";
import { WORDS } from "./words.ts";
import { detailOf, fieldsOf, hrefOf, iconOf, reasonsOf, whatOf, whoOf } from "./words_of_sets.ts";

const LATEST = 200;
const FILE_REASONS: Readonly<Record<string, FileReason>> = {
  "hash-mismatch": "changed",
  "not-here": "lost",
};

interface Props extends Omit<ScreenProps<"sync">, "route" | "onBusy"> {
  /** Asks for the password: the sign-in has ended. */
  readonly onSignIn: string;
}

export function SyncScreen({ officer, frame, onSignIn }: Props) {
  const { desk, book, sync } = officer;
  const lang = useLang();
  const { now } = frame;
  const today = dateIn(now);
  const [full, setFull] = useState(false);
  const facts = status(book, desk.now(), sync.state.running);
  const latest = useRead(officer, () => desk.store.latestSets(LATEST), []) ?? [];
  const locked = isLocked(sync);
  const needing = useRead(officer, () => attentionRows(officer, lang, now), [lang, locked]) ?? [];
  const { sets, drafts } = desk.store;
  const row = (set: OwnSet, state: SetState): WorkRow => workRow(officer, set, state, lang, now);
  const accepted = latest.filter(
    (it) =>
      it.answered_at !== null &&
      dateIn(it.answered_at) === today &&
      stateOf(book, it) === "accepted",
  );
  const times = accepted.map((it) => it.answered_at ?? "").sort();
  return (
    <SyncView
      frame={frame}
      link={linkOf(officer)}
      waiting={facts.waiting}
      caughtUp={desk.store.meta.caught_up}
      sentUpTo={facts.waiting === 0 ? (facts.synced_at ?? facts.sent_at) : facts.sent_at}
      dataAsOf={facts.data_as_of}
      toSendBytes={null}
      notices={noticesOf(officer, facts.skew_seconds, full, onSignIn)}
      attention={needing}
      drafts={[...drafts.values()].map((it) => draftRow(officer, it, lang, now))}
      ready={sets
        .filter((it) => isUnanswered(it) && it.state === "ready")
        .map((it) => row(it, "ready"))}
      sent={sets.filter((it) => it.state === "sent").map((it) => row(it, "sent"))}
      merged={latest
        .filter((it) => it.result?.status === "merged" && it.answered_at !== null)
        .filter((it) => dateIn(it.answered_at ?? "") === today)
        .map((it) => mergedRow(officer, it, lang))}
      accepted={
        accepted.length === 0
          ? null
          : {
              count: accepted.length,
              from: time(times[0] ?? ""),
              to: time(times.at(-1) ?? ""),
              rows: accepted.map((it) => row(it, "accepted")),
            }
      }
      onTry={() => void sync.now()}
      onDiscard={(key) => {
        if (desk.store.files.has(key)) {
          void letGoOfFile(desk, key).catch(() => setFull(true));
          return;
        }
        const set = sets.find((it) => it.id === key);
        if (set) void discard(desk, book, set).catch(() => setFull(true));
      }}
      onSendAgain={(key) => {
        if (desk.store.files.has(key)) {
          void sendFileAgain(desk, key)
            .then(() => void sync.now())
            .catch(() => setFull(true));
          return;
        }
        const set = sets.find((it) => it.id === key);
        if (set) void mend(desk, set, {}).catch(() => setFull(true));
      }}
    />
  );
}

function linkOf({ sync }: Officer): LinkState {
  const { running, report, last } = sync.state;
  if (running) {
    const all = report?.toSend ?? 0;
    return { link: "busy", done: report?.sent ?? 0, all, bytes: null, allBytes: null };
  }
  if (!navigator.onLine) return { link: "offline" };
  return last.kind === "offline" || last.kind === "failed"
    ? { link: "unreached" }
    : { link: "idle" };
}

function noticesOf(
  { sync }: Officer,
  skewSeconds: number | null,
  full: boolean,
  onSignIn: string,
): SyncNotice[] {
  const found: SyncNotice[] = [];
  const { last } = sync.state;
  if (skewSeconds !== null) found.push({ notice: "clock", seconds: skewSeconds });
  if (last.kind === "sign_in_again") found.push({ notice: "sign_in", href: onSignIn });
  if (last.kind === "refused" && last.problem.code === "upgrade-needed") {
    found.push({ notice: "update" });
  }
  if (isLocked(sync)) found.push({ notice: "locked" });
  if (full) found.push({ notice: "full" });
  return found;
}

function isLocked({ state: { last } }: Officer["sync"]): boolean {
  return last.kind === "refused" && last.problem.code === "device-locked";
}

function workRow(
  { book }: Officer,
  set: OwnSet,
  state: SetState,
  lang: Lang,
  now: number,
): WorkRow {
  return {
    key: set.id,
    icon: iconOf(set),
    who: whoOf(book, set),
    what: whatOf(book, set, lang),
    detail: detailOf(book, set, lang, now),
    state,
    href: hrefOf(set),
  };
}

function mergedRow({ book }: Officer, set: OwnSet, lang: Lang): MergedRow {
  const update = set.content?.changes.find((it) => it.op === "update") ?? null;
  const fields = fieldsOf(book, update, lang);
  return {
    key: set.id,
    who: whoOf(book, set),
    what: whatOf(book, set, lang),
    detail:
      fields === ""
        ? say(lang, WORDS, "merged.plain")
        : say(lang, WORDS, "merged.what", { fields }),
  };
}

function draftRow({ book }: Officer, draft: Draft, lang: Lang, now: number): WorkRow {
  const { customer } = draft;
  return {
    key: draft.id,
    icon: "pencil",
    who: customer === null ? null : personOf(book, customer),
    what: typeLabel(book.registry.get(draft.type), draft.type)[lang],
    detail: relative(draft.changed_at, lang, now),
    state: "draft",
    href: draftHref(draft),
  };
}

/** The screen on which a draft is gone on with. */
function draftHref(draft: Draft): string | null {
  const { screen, type, record: id, customer } = draft;
  if (screen === "visit" && customer) {
    return path({ screen: "visit", customer, id: draft.is_new ? null : id });
  }
  if (screen.startsWith("repay ") && customer) {
    return path({ screen: "repayment", customer, loan: screen.slice("repay ".length) });
  }
  if (screen.startsWith("mend ")) {
    return path({ screen: "mend", number: Number(screen.slice("mend ".length)) });
  }
  if (screen.startsWith("conflicts ")) {
    return path({ screen: "conflict", id: screen.slice("conflicts ".length), customer });
  }
  if (screen === "edit") return path({ screen: "edit", type, id, customer });
  return path({ screen: "new", type, customer: type === "customer" ? null : customer });
}

// ---------------------------------------------------------------------------------- attention

async function attentionRows(officer: Officer, lang: Lang, now: number): Promise<AttentionRow[]> {
  const rows = attention(officer.book).map((it) => attentionRow(officer, it, lang, now));
  return Promise.all(rows);
}

async function attentionRow(
  { desk, book, sync }: Officer,
  it: Attention,
  lang: Lang,
  now: number,
): Promise<AttentionRow> {
  const who = it.customer === null ? null : personOf(book, it.customer);
  if (it.reason === "rejected") {
    const { set } = it;
    const faults = errorsOf(set);
    const wasLocked = faults.length > 0 && faults.every((it) => it.code === "device-locked");
    const canMend =
      !wasLocked && (set.content?.changes.some((change) => change.op !== "delete") ?? false);
    return {
      kind: "rejected",
      key: set.id,
      who,
      what: whatOf(book, set, lang),
      reasons: reasonsOf(set, lang),
      mendHref: canMend ? path({ screen: "mend", number: set.number }) : null,
      canDiscard: true,
      canSendAgain: wasLocked && !isLocked(sync),
    };
  }
  if (it.reason === "file") {
    const { file } = it;
    return {
      kind: "file",
      key: file.id,
      who,
      what: say(lang, WORDS, "file.what"),
      reason: FILE_REASONS[file.why ?? ""] ?? "unfit",
      taken: dayAndTime(file.captured_at, lang, now),
      canSendAgain: file.why !== "not-here",
    };
  }
  if (it.reason === "returned") {
    const note = await recordOf(desk.store, desk.registry, it.customer, it.note);
    const type = typeLabel(book.registry.get("inspection_note"), "inspection_note");
    const href = path({
      screen: "record",
      type: "inspection_note",
      id: it.note,
      customer: it.customer,
    });
    const comment = textOr(note?.fields.supervisor_comment);
    return { kind: "returned", key: it.note, who, what: type[lang], by: "", comment, href };
  }
  const conflict = it.conflict === null ? null : await conflictOf(book, it.customer, it.conflict);
  if (conflict === null) {
    const what = it.set === null ? "" : whatOf(book, it.set, lang);
    return { kind: "gone", key: it.set?.id ?? it.conflict ?? "", who, what };
  }
  const me = desk.store.meta.user.id;
  const other = [keptOf(conflict), ...othersOf(conflict)].find((entry) => entry.by !== me);
  const fields = listed(conflictLabels(book, conflict), lang);
  const about = book.registry.get(text(conflict.fields.record_type));
  return {
    kind: "conflict",
    key: conflict.id,
    who,
    what: typeLabel(about, "")[lang],
    detail: other
      ? say(lang, WORDS, "attention.changed", {
          fields,
          who: book.nameOf(other.by) || "–",
          when: other.made_at ? dayAndTime(other.made_at, lang, now) : "–",
        })
      : fields,
    href: path({ screen: "conflict", id: conflict.id, customer: conflict.customer }),
    mine: !isForSomeoneElse(desk, conflict),
  };
}
