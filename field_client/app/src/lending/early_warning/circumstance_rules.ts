// Rules about what surrounds a loan: W06, W08, W10, W15 (domain.md, sections 8.10 and 9).

import type { Json } from "../../schemas/declare.ts";
import type { Day } from "../day.ts";
import { dueAfter } from "../due_dates.ts";
import { dayOfVisit } from "../local_day.ts";
import {
  type Dossier,
  type Kept,
  leaves,
  type Owing,
  plusDays,
  textOf,
  wholeOf,
} from "./dossier.ts";
import { compare, type Severity, type Signal } from "./signals.ts";

/** The most that may be lent on each kind, of its value; any other as the most cautious, livestock. */
const CAPS_BPS: Readonly<Record<string, bigint>> = {
  house: 7000n,
  land_management_right: 7000n,
  forest_right: 7000n,
  machine: 5000n,
  livestock: 4000n,
  deposit_receipt: 9000n,
};
const CAUTIOUS_BPS = 4000n;
const MOST_DROP_BPS = 2000n;
const BPS = 10_000n;
/** Dates after it are taken for a slip: nothing falls due then. */
const LAST_YEAR = "9990";

/** W06: disaster, disease or price fall declared for the village and segment: each active loan. */
export function disasterDeclared(dossier: Dossier): readonly Signal[] {
  const { today, household, loans } = dossier;
  const village = textOf(household, "village_id") ?? "";
  const segment = textOf(household, "segment") ?? "";
  const declared = [...(dossier.given.disasters ?? [])].sort(
    (one, other) => compare(one.declared_on, other.declared_on) || compare(one.id, other.id),
  );
  return declared.flatMap((it) => {
    const isInForce = it.declared_on <= today && today <= (it.until ?? today);
    const isOurs = it.segments.length === 0 || it.segments.includes(segment);
    if (!isInForce || !isOurs || !it.villages.includes(village)) return [];
    return loans
      .filter((loan) => String(loan.fields.disbursed_on) <= it.declared_on)
      .map((loan) => ofLoan("W06", "orange", loan, it.declared_on, [it.id], {}));
  });
}

/** W08: over the cap red; fallen by more than a fifth, revaluation or insurance overdue orange. */
export function collateralInDoubt(dossier: Dossier): readonly Signal[] {
  return dossier.loans.flatMap((loan) => {
    const application = textOf(loan.fields, "application_id");
    const pieces = dossier.of("collateral").filter(({ fields }) => {
      const isHeld = fields.state !== "released" && fields.state !== "realised";
      return application !== null && fields.application_id === application && isHeld;
    });
    return [...worthTooLittle(loan, pieces), ...pieces.flatMap((it) => overdue(dossier, loan, it))];
  });
}

/** Warns of what the pieces are worth together, since the newest valuation; compared exactly. */
function worthTooLittle(loan: Owing, pieces: readonly Kept[]): readonly Signal[] {
  let [value, former, bearable] = [0n, 0n, 0n];
  let since = String(loan.fields.disbursed_on);
  let count = 0;
  for (const piece of pieces) {
    const valued = valuations(piece);
    const last = valued.at(-1);
    if (last === undefined) continue;
    const worth = BigInt(last.fen);
    count += 1;
    value += worth;
    former += BigInt(valued.at(-2)?.fen ?? last.fen);
    bearable += worth * (CAPS_BPS[String(piece.fields.kind)] ?? CAUTIOUS_BPS);
    if (last.day > since) since = last.day;
  }
  const outstanding = loan.state.outstandingPrincipalFen;
  const isOver = BigInt(outstanding) * BPS > bearable;
  const isDown = (former - value) * BPS > former * MOST_DROP_BPS;
  if (count === 0 || !(isOver || isDown)) return [];
  const figures = {
    outstanding_fen: outstanding,
    former_fen: Number(former),
    value_fen: Number(value),
  };
  const ids = pieces.map(({ id }) => id);
  return [ofLoan("W08", isOver ? "red" : "orange", loan, since, ids, figures)];
}

/** Warns of a piece whose revaluation or insurance has run out; one signal, since the first day. */
function overdue(dossier: Dossier, loan: Owing, piece: Kept): readonly Signal[] {
  const ends: Day[] = [];
  const last = valuations(piece).at(-1);
  if (last !== undefined && last.day < LAST_YEAR) {
    const usual = piece.fields.kind === "livestock" ? 6 : 12;
    ends.push(dueAfter(last.day, wholeOf(piece.fields.revalue_every_months) || usual));
  }
  const insured = textOf(piece.fields, "insured_to");
  if (insured !== null) ends.push(insured);
  const over = ends.filter((it) => it < dossier.today).sort();
  if (over[0] === undefined) return [];
  return [
    {
      rule: "W08",
      severity: "orange",
      subjectType: "collateral",
      subject: piece.id,
      since: plusDays(over[0], 1),
      loanId: loan.id,
      records: [piece.id],
      figures: { overdue: over.length },
    },
  ];
}

/** What a piece was worth, by day: the newest last. */
function valuations(piece: Kept): readonly { readonly day: Day; readonly fen: number }[] {
  const rows: { readonly day: Day; readonly key: string; readonly fen: number }[] = [];
  for (const [key, it] of leaves(piece.fields, "valuations")) {
    const fen = wholeOf(it.value_fen);
    if (typeof it.valued_on === "string" && fen !== null)
      rows.push({ day: it.valued_on, key, fen });
  }
  return rows.sort((one, other) => compare(one.day, other.day) || compare(one.key, other.key));
}

/**
 * W10: two failed visits in thirty days yellow, moved away red; a visit that was made ends it. Calls
 * tell no result and do not count.
 */
export function cannotBeReached(dossier: Dossier): readonly Signal[] {
  let failed: Made[] = [];
  let moved: Made | null = null;
  for (const it of visitsMade(dossier)) {
    if (it.outcome === "done") [failed, moved] = [[], null];
    else if (it.outcome === "moved") moved ??= it;
    else if (it.outcome === "absent" || it.outcome === "unreachable") failed.push(it);
  }
  if (dossier.loans.length === 0) return [];
  const found: Signal[] = [];
  if (moved !== null) found.push(unreached(dossier, "red", moved.day, [moved]));
  const count = dossier.number("warn_failed_visits");
  const after = plusDays(dossier.today, -dossier.number("warn_failed_days"));
  const recent = failed.filter(({ day }) => day > after);
  const deciding = recent[count - 1];
  if (deciding !== undefined) found.push(unreached(dossier, "yellow", deciding.day, recent));
  return found;
}

interface Made {
  readonly day: Day;
  readonly id: string;
  readonly outcome: Json;
}

/** The visits that were made, by the day of arrival (without one, the planned day). */
function visitsMade(dossier: Dossier): readonly Made[] {
  const found: Made[] = [];
  for (const visit of dossier.of("visit")) {
    const day = dayOfVisit(visit);
    const outcome = visit.fields.outcome ?? null;
    if (day !== null && outcome !== null && day <= dossier.today) {
      found.push({ day, id: visit.id, outcome });
    }
  }
  return found.sort((one, other) => compare(one.day, other.day) || compare(one.id, other.id));
}

function unreached(
  dossier: Dossier,
  severity: Severity,
  since: Day,
  visits: readonly Made[],
): Signal {
  return {
    rule: "W10",
    severity,
    subjectType: "customer",
    subject: dossier.given.customer,
    since,
    loanId: null,
    records: visits.map(({ id }) => id).sort(),
    figures: { visits: visits.length },
  };
}

/** W15: an entry of the watchlist that came into force after a loan that still runs. */
export function onTheWatchlist(dossier: Dossier): readonly Signal[] {
  const first = dossier.loans.map(({ fields }) => String(fields.disbursed_on)).sort()[0];
  if (first === undefined) return [];
  const entries = [...(dossier.given.watchlist ?? [])].sort((one, other) =>
    compare(one.id, other.id),
  );
  return entries.flatMap((it): Signal[] => {
    const since = it.valid_from ?? first;
    const isInForce = since <= dossier.today && dossier.today <= (it.valid_to ?? dossier.today);
    if (since < first || !isInForce) return [];
    return [
      {
        rule: "W15",
        severity: "red",
        subjectType: "customer",
        subject: dossier.given.customer,
        since,
        loanId: null,
        records: [it.id],
        figures: {},
      },
    ];
  });
}

function ofLoan(
  rule: string,
  severity: Severity,
  loan: Owing,
  since: Day,
  records: readonly string[],
  figures: Readonly<Record<string, number>>,
): Signal {
  return {
    rule,
    severity,
    subjectType: "loan",
    subject: loan.id,
    since,
    loanId: loan.id,
    records,
    figures,
  };
}
