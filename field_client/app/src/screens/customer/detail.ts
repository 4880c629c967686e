// A customer's screen, read from all records under him.

import { daysPastDueSince } from "../../lending/arrears.ts";
import type { Fields, Json } from "../../schemas/declare.ts";
import { path } from "../../shell/router.ts";
import type { View } from "../../sync/rebase.ts";
import { attention } from "../../work/attention.ts";
import type { Book } from "../../work/book.ts";
import { replayed } from "../../work/receipts.ts";
import { standingOf } from "../../work/standing.ts";
import { choiceLabel, choiceLabels, titleLabel, typeLabel } from "../../work/titles.ts";
import { recordsOf, text, textOr } from "../../work/views.ts";
import { conflictLabels } from "../conflict/labels.ts";
import type {
  AboutCustomer,
  CustomerAttention,
  CustomerDetail,
  Happening,
  Home,
  LoanCard,
  RecordGroup,
  RiskClass,
} from "./model.ts";
import { picturesOf } from "./pictures.ts";

/** Types that the screen shows in ways of their own. */
const SHOWN = new Set(["customer", "loan", "installment", "repayment", "conflict", "assignment"]);
const HAPPENINGS = new Set(["visit", "inspection_note", "interaction", "task", "repayment"]);
const MOST_HAPPENINGS = 60;

/** What the screen of a customer shows; null: not on this tablet. */
export async function customerDetail(
  book: Book,
  id: string,
  today: string,
): Promise<CustomerDetail | null> {
  const records = await recordsOf(book.store, book.registry, id);
  const own = records.find((it) => it.type === "customer" && it.id === id);
  if (own === undefined) return null;
  const loans = records
    .filter((it) => it.type === "loan")
    .map((it) => loanCard(book, it, records, today))
    .sort((a, b) => rank(a) - rank(b));
  const f = own.fields;
  const collect = loans.find((it) => it.state === "active");
  const { role } = book.store.meta.user;
  const visible = book.registry.get("visit")?.doc.made_by.includes(role) ?? false;
  return {
    id,
    name: { name: text(f.name), latin: textOr(f.name_latin) },
    village: book.nameOf(textOr(f.village_id)) || null,
    since: textOr(f.registered_on),
    dpd: Math.max(0, ...loans.map((it) => it.dpd)),
    actions: {
      collect: collect ? path({ screen: "repayment", customer: id, loan: collect.id }) : null,
      visit: visible ? path({ screen: "visit", customer: id, id: null }) : null,
      phone: textOr(f.phone),
    },
    attention: attentionOf(book, id, records),
    warnings: () => warnings(book, id, records, today),
    outlived: () => outlived(book, id, records, today),
    troubles: () => troubles(book, records),
    tier: () => tier(book, records, today),
    loans,
    idCardEnds: () => cardEnds(book, f, today),
    about: about(f),
    home: homeOf(f),
    happened: happened(book, records),
    others: others(book, records),
    photos: picturesOf(book.registry, records),
    links: {
      edit: path({ screen: "edit", type: "customer", id, customer: id }),
      note: path({ screen: "new", type: "interaction", customer: id }),
      create: path({ screen: "new", type: null, customer: id }),
    },
    asOf: book.store.meta.data_as_of,
    own: records.filter((it) => it.pending.length > 0).length,
    onShow: () => undefined,
  };
}

/** The rules come with the screens on which work is done. A figure that cannot be hides no customer. */
async function warnings(
  book: Book,
  id: string,
  records: readonly View[],
  today: string,
): ReturnType<CustomerDetail["warnings"]> {
  try {
    const { warningsOf } = await import("../working.ts");
    return warningsOf(book, id, records, today);
  } catch {
    return [];
  }
}

async function outlived(
  book: Book,
  id: string,
  records: readonly View[],
  today: string,
): ReturnType<CustomerDetail["outlived"]> {
  try {
    const { outlivedOf } = await import("../working.ts");
    return outlivedOf(book, id, records, today);
  } catch {
    return [];
  }
}

async function troubles(
  book: Book,
  records: readonly View[],
): ReturnType<CustomerDetail["troubles"]> {
  try {
    const { troublesOfCustomer } = await import("../working.ts");
    return troublesOfCustomer(book, records);
  } catch {
    return [];
  }
}

async function tier(
  book: Book,
  records: readonly View[],
  today: string,
): ReturnType<CustomerDetail["tier"]> {
  try {
    const { rhythmOf } = await import("../working.ts");
    return rhythmOf(book, records, today);
  } catch {
    return null;
  }
}

async function cardEnds(
  book: Book,
  customer: Fields,
  today: string,
): ReturnType<CustomerDetail["idCardEnds"]> {
  try {
    const { idCardEnds } = await import("../working.ts");
    return idCardEnds(book, customer, today);
  } catch {
    return null;
  }
}

function rank(loan: LoanCard): number {
  if (loan.state !== "active") return 2;
  return loan.dpd > 0 ? 0 : 1;
}

function attentionOf(book: Book, customer: string, records: readonly View[]): CustomerAttention[] {
  const found: CustomerAttention[] = [];
  const mine = attention(book).filter((it) => it.customer === customer);
  const conflicts = mine.filter((it) => it.reason === "conflict" && it.conflict !== null);
  const [first] = conflicts;
  if (first?.reason === "conflict" && first.conflict !== null) {
    const href = path({ screen: "conflict", id: first.conflict, customer });
    found.push({ why: "conflict", n: conflicts.length, href });
  }
  const rejected = mine.filter((it) => it.reason === "rejected" || it.reason === "file").length;
  if (rejected > 0) found.push({ why: "rejected", n: rejected, href: path({ screen: "sync" }) });
  const returned = mine.filter((it) => it.reason === "returned");
  const note = records.find((it) => it.fields.state === "returned");
  if (returned.length > 0 && note) {
    const href = path({ screen: "record", type: note.type, id: note.id, customer });
    found.push({ why: "returned", n: returned.length, href });
  }
  return found;
}

function about(f: Fields): AboutCustomer {
  return {
    phone: textOr(f.phone),
    phoneAlt: textOr(f.phone_alt),
    idNo: textOr(f.id_no),
    people: numberOr(f.household_size),
    workers: numberOr(f.able_workers),
    livelihood: textOr(f.main_activity),
    address: textOr(f.address_note),
    preferences: textOr(f.preferences),
  };
}

function homeOf(f: Fields): Home | null {
  const latE6 = numberOr(f.home_lat_e6);
  const lonE6 = numberOr(f.home_lon_e6);
  return latE6 === null || lonE6 === null ? null : { latE6, lonE6, away: null };
}

function numberOr(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

// ------------------------------------------------------------------------------------------- loans

const CLASSES: readonly string[] = ["normal", "special_mention", "substandard", "doubtful", "loss"];
const LOAN_STATES: readonly string[] = ["active", "settled", "written_off"];

function loanCard(book: Book, loan: View, records: readonly View[], today: string): LoanCard {
  const f = loan.fields;
  const state = LOAN_STATES.includes(text(f.state))
    ? (text(f.state) as LoanCard["state"])
    : "active";
  const type = book.registry.get("loan");
  const now = replayed(book, loan, records, today).state;
  const since = now.dpd > 0 ? oldestDue(now.balances) : null;
  const taken = records.some(
    (it) => it.type === "repayment" && it.fields.loan_id === loan.id && it.pending.length > 0,
  );
  const riskClass = text(f.risk_class);
  return {
    id: loan.id,
    loanNo: text(f.loan_no),
    state,
    principalFen: numberOr(f.principal_fen) ?? 0,
    owedFen: now.outstandingPrincipalFen,
    dpd: since === null ? 0 : daysPastDueSince(since, today),
    overdue: since === null ? null : { fen: now.arrearsFen, since },
    promise: promiseOf(records, today),
    next: now.nextDueOn === null ? null : { fen: now.nextDueFen, on: now.nextDueOn },
    rateBps: numberOr(f.rate_bps) ?? 0,
    riskClass: CLASSES.includes(riskClass) ? (riskClass as RiskClass) : null,
    purpose: textOr(f.purpose),
    security: choiceLabels(type, "security", f.security),
    maturesOn: textOr(f.maturity_on),
    provisional: taken,
    href: path({ screen: "record", type: "loan", id: loan.id, customer: loan.customer }),
  };
}

function oldestDue(
  balances: readonly {
    readonly dueDate: string;
    readonly principalFen: number;
    readonly interestFen: number;
    readonly feeFen: number;
  }[],
): string | null {
  const unpaid = balances.filter((it) => it.principalFen + it.interestFen + it.feeFen > 0);
  return unpaid.map((it) => it.dueDate).sort()[0] ?? null;
}

/** The newest promise that has not run out a week ago. */
function promiseOf(records: readonly View[], today: string): LoanCard["promise"] {
  const promised = records
    .filter((it) => it.type === "visit" && typeof it.fields.promise_on === "string")
    .map((it) => ({ fen: numberOr(it.fields.promise_amount_fen), on: text(it.fields.promise_on) }))
    .filter((it) => it.on >= today)
    .sort((a, b) => (a.on < b.on ? -1 : 1));
  return promised[0] ?? null;
}

// ---------------------------------------------------------------------------------- what happened

function happened(book: Book, records: readonly View[]): Happening[] {
  const found = records.flatMap((it) => happeningOf(book, it) ?? []);
  return found
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.id < b.id ? 1 : -1))
    .slice(0, MOST_HAPPENINGS);
}

function happeningOf(book: Book, it: View): Happening | null {
  const f = it.fields;
  const type = book.registry.get(it.type);
  const { state, refused } = standingOf(book, it.id);
  const href = path({ screen: "record", type: it.type, id: it.id, customer: it.customer });
  const base = { id: it.id, state, refused, href };
  switch (it.type) {
    case "repayment": {
      const at = text(f.value_date);
      const fen = numberOr(f.amount_fen) ?? 0;
      const receiptNo = text(f.receipt_no);
      if (f.reverses_id) return { ...base, what: "reversed", at, fen, receiptNo };
      const receipt = path({ screen: "receipt", customer: it.customer ?? "", id: it.id });
      const channel = choiceLabel(type, "channel", f.channel);
      return { ...base, what: "repaid", at, fen, receiptNo, channel, href: receipt };
    }
    case "loan": {
      const fen = numberOr(f.principal_fen) ?? 0;
      return { ...base, what: "paid_out", at: text(f.disbursed_on), fen, loanNo: text(f.loan_no) };
    }
    case "visit": {
      const at = textOr(f.arrived_at) ?? textOr(f.planned_on);
      if (at === null || f.state === "planned") return null;
      const outcome = f.outcome ? choiceLabel(type, "outcome", f.outcome) : null;
      const purposes = choiceLabels(type, "purposes", f.purposes);
      return { ...base, what: "visit", at, purposes, outcome, summary: textOr(f.summary) };
    }
    case "inspection_note": {
      const at = noteDay(it);
      const kind = choiceLabel(type, "kind", f.kind);
      if (at === null) return null;
      const words = text(f.narrative);
      if (words === "") return { ...base, what: "record", at, type: kind, title: "" };
      return { ...base, what: "record", at, type: kind, title: words };
    }
    case "interaction": {
      const kind = choiceLabel(type, "kind", f.kind);
      return { ...base, what: "contact", at: text(f.at), kind, text: text(f.summary) };
    }
    case "task": {
      const done = f.state === "done";
      if (f.state === "cancelled") return null;
      return { ...base, what: "task", at: text(f.due_on), title: text(f.title), done };
    }
    case "conflict": {
      if (f.status !== "open") return null;
      const kept = f.kept as { readonly made_at?: string | null } | null;
      const others = (f.others ?? []) as readonly { readonly made_at?: string | null }[];
      const at = others.at(-1)?.made_at ?? kept?.made_at ?? null;
      if (at === null) return null;
      const where = path({ screen: "conflict", id: it.id, customer: it.customer });
      const standing = { state: "needs_attention", refused: false, href: where } as const;
      return { ...base, ...standing, what: "versions", at, fields: conflictLabels(book, it) };
    }
    default:
      return null;
  }
}

/** A note has no day of its own; its id, made when it was written, does. */
function noteDay(note: View): string | null {
  const millis = Number.parseInt(note.id.replaceAll("-", "").slice(0, 12), 16);
  if (note.id[14] !== "7" || Number.isNaN(millis)) return null;
  return new Date(millis).toISOString();
}

// --------------------------------------------------------------------------------- other records

function others(book: Book, records: readonly View[]): RecordGroup[] {
  const found: RecordGroup[] = [];
  for (const type of book.registry.types()) {
    if (SHOWN.has(type.name) || HAPPENINGS.has(type.name)) continue;
    const rows = records.filter((it) => it.type === type.name && !it.gone);
    if (rows.length === 0) continue;
    found.push({
      type: type.name,
      title: typeLabel(type, type.name),
      rows: rows.map((it) => {
        const { state, refused } = standingOf(book, it.id);
        const href = path({ screen: "record", type: it.type, id: it.id, customer: it.customer });
        return { id: it.id, title: titleLabel(book, it).zh, sub: null, state, refused, href };
      }),
    });
  }
  return found;
}
