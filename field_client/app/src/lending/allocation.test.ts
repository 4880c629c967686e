// Repayments on installments: the order, the penalty, and that no order of arrival matters.

import { expect, test } from "vitest";
import {
  isSettled,
  type Repayment,
  type Replay,
  replay,
  standing,
  unpaidIn,
} from "./allocation.ts";
import { scheduledFen, totalFen } from "./amounts.ts";
import { daysPastDueSince, oldestUnpaid } from "./arrears.ts";
import { type Draw, seeded, shuffled } from "./cases/seeded.ts";
import { type Day, dayNumber, numberedDay } from "./day.ts";
import type { Installment } from "./installments.ts";
import { NO_PENALTY, penaltyFen, penaltyRate } from "./penalty.ts";
import { buildSchedule } from "./schedule.ts";

const PENALTY = penaltyRate(840);
const START = "2026-01-15";
const E1 = buildSchedule({
  method: "equal_installment",
  principalFen: 30_000_00,
  rateBps: 840,
  count: 12,
  disbursedOn: START,
});
const [FIRST] = E1;

function paid(
  amountFen: number,
  valueDate: Day,
  number = 1,
  reversesId: string | null = null,
): Repayment {
  const receiptNo = `T1-${valueDate.replaceAll("-", "")}-${String(number).padStart(3, "0")}`;
  return { id: receiptNo, receiptNo, valueDate, amountFen, reversesId };
}

function at(
  on: Day,
  repayments: readonly Repayment[],
  schedule: readonly Installment[] = E1,
): Replay {
  return replay({ schedule, repayments, penalty: PENALTY }, on);
}

const ON_TIME = E1.slice(0, 3).map((row) => paid(totalFen(row), row.dueDate));
const LATE = paid(3_000_00, "2026-06-16");

test("penalty runs on over what is left and is rounded once", () => {
  // (2,473.26 × 1 day + 2,258.78 × 9 days) × 12.6 % / 360 = 7.9808, less 0.87 paid on the 16th
  expect(at("2026-06-25", [...ON_TIME, LATE]).state.penaltyFen).toBe(7_98 - 87);
});

test("nothing is late on the due date, but it may be asked for", () => {
  expect(at("2026-02-15", []).state).toMatchObject({
    dpd: 0,
    arrearsFen: 0,
    penaltyFen: 0,
    dueTodayFen: 2_615_20,
    nextDueOn: "2026-02-15",
  });
});

test("the next due date skips what was paid in advance", () => {
  const { state } = at("2026-02-01", [paid(2_615_20 + 100, "2026-02-01")]);

  expect([state.nextDueOn, state.nextDueFen]).toEqual(["2026-03-15", 2_614_20]);
});

test("money for later installments pays their interest first", () => {
  const [split] = at("2026-02-15", [paid(2_615_20 + 200_00, "2026-02-15")]).splits;

  const part = { seq: 2, penaltyFen: 0, feeFen: 0, interestFen: 193_16, principalFen: 6_84 };
  expect(split?.parts[1]).toEqual(part);
});

test("a fee is paid before interest", () => {
  const rows = FIRST ? [{ ...FIRST, feeFen: 10_00 }] : [];
  const [split] = at("2026-02-15", [paid(15_00, "2026-02-15")], rows).splits;

  const part = { seq: 1, penaltyFen: 0, feeFen: 10_00, interestFen: 5_00, principalFen: 0 };
  expect(split?.parts).toEqual([part]);
});

test("money after the last installment is kept unallocated", () => {
  const total = E1.reduce((sum, row) => sum + totalFen(row), 0);
  const { state } = at("2026-02-01", [paid(total + 1, "2026-02-01")]);

  expect([state.unallocatedFen, isSettled(state), state.nextDueOn]).toEqual([1, true, null]);
});

test("a repayment of tomorrow does not count today", () => {
  expect(at("2026-02-14", [paid(100, "2026-02-15")]).state.paidFen).toBe(0);
});

test("a reversed repayment and its reversal leave no trace", () => {
  const wrong = paid(500_00, "2026-06-01");
  const undone = paid(500_00, "2026-06-20", 1, wrong.id);

  const done = at("2026-06-30", [...ON_TIME, undone, wrong, LATE]);
  expect(done).toEqual(at("2026-06-30", [...ON_TIME, LATE]));
});

test.each([0, -1])("a repayment is of something: %i", (amount) => {
  expect(() => at("2026-06-16", [paid(amount, "2026-06-16")])).toThrow(
    "amount_fen: must be above 0",
  );
});

test("replay order is by value date, then receipt, by code point as on the server", () => {
  const receipts = [
    ["B-2", "2026-03-02"],
    ["\u{1f600}", "2026-03-02"],
    ["\uff22", "2026-03-02"],
    ["C-1", "2026-03-01"],
    ["A-9", "2026-03-02"],
    ["A-90", "2026-03-02"],
  ] as const;
  const made = receipts.map(([no, on]) => ({ ...paid(1, on), id: no, receiptNo: no }));

  const order = standing(made).map((row) => row.receiptNo);
  expect(order).toEqual(["C-1", "A-9", "A-90", "B-2", "\uff22", "\u{1f600}"]);
});

/** A day within 500 days of the start. */
function anyDay(draw: Draw): Day {
  return numberedDay(dayNumber(START) + draw(0, 500));
}

/** Some repayments with numbers of their own, often several a day, some of them reversed. */
function anyRepayments(draw: Draw): Repayment[] {
  const days = [anyDay(draw), anyDay(draw), anyDay(draw), anyDay(draw)];
  const made = Array.from({ length: draw(0, 8) }, (_, number) => {
    return paid(draw(1, 9_000_00), days[draw(0, 3)] ?? START, number);
  });
  const undone = made.slice(0, draw(0, 2));
  const reversals = undone.map((row, number) => {
    return paid(row.amountFen, "2026-09-01", 900 + number, row.id);
  });
  return [...made, ...reversals];
}

/** Runs *body* on many loans, always the same ones. */
function forMany(seed: number, body: (draw: Draw) => void): void {
  const draw = seeded(seed);
  for (let round = 0; round < 300; round += 1) body(draw);
}

test("any order of arrival gives the same loan", () => {
  forMany(1, (draw) => {
    const [made, on] = [anyRepayments(draw), anyDay(draw)];

    expect(at(on, shuffled(made, draw))).toEqual(at(on, made));
  });
});

test("two receipts of one day may swap", () => {
  forMany(2, (draw) => {
    const [made, on, paidOn] = [anyRepayments(draw), anyDay(draw), anyDay(draw)];
    const [one, other] = [draw(1, 9_000_00), draw(1, 9_000_00)];
    const asGiven = [...made, paid(one, paidOn, 501), paid(other, paidOn, 502)];
    const swapped = [...made, paid(one, paidOn, 502), paid(other, paidOn, 501)];

    expect(at(on, asGiven).state).toEqual(at(on, swapped).state);
  });
});

test("no fen is lost", () => {
  forMany(3, (draw) => {
    const { state, splits } = at(anyDay(draw), anyRepayments(draw));

    for (const { parts, unallocatedFen, repayment } of splits) {
      const placed = parts.reduce((sum, part) => sum + totalFen(part), 0);
      expect(placed + unallocatedFen).toBe(repayment.amountFen);
    }
    const allocated = state.balances.reduce((sum, balance) => sum + balance.paidFen, 0);
    expect(allocated + state.unallocatedFen).toBe(state.paidFen);
    const parts = splits.flatMap((split) => split.parts);
    const repaid = parts.reduce((sum, part) => sum + part.principalFen, 0);
    expect(repaid + state.outstandingPrincipalFen).toBe(30_000_00);
  });
});

test("a later installment gets money only when the older are paid", () => {
  forMany(4, (draw) => {
    const { state } = at(anyDay(draw), anyRepayments(draw));

    const touched = state.balances.filter((row) => row.paidFen > 0).map((row) => row.seq);
    const unpaid = state.balances.filter((row) => scheduledFen(row) > 0).map((row) => row.seq);
    expect(Math.max(0, ...touched)).toBeLessThanOrEqual(Math.min(E1.length, ...unpaid));
    expect(state.unallocatedFen === 0 || isSettled(state)).toBe(true);
  });
});

test("penalty agrees with counting day by day", () => {
  forMany(5, (draw) => {
    const { state, splits } = at(anyDay(draw), anyRepayments(draw).slice(0, 4));
    const places = splits.flatMap(({ repayment, parts }) => {
      return parts.map((part) => ({ ...part, on: dayNumber(repayment.valueDate) }));
    });

    for (const { seq, dueDate, penaltyFen: left } of state.balances) {
      const own = places.filter((place) => place.seq === seq);
      let fenDays = 0;
      for (let day = dayNumber(dueDate); day < dayNumber(state.asOf); day += 1) {
        fenDays += E1[seq - 1]?.principalFen ?? 0;
        for (const place of own) fenDays -= place.on <= day ? place.principalFen : 0;
      }
      const taken = own.reduce((sum, place) => sum + place.penaltyFen, 0);
      expect(left).toBe(penaltyFen(PENALTY, fenDays) - taken);
    }
  });
});

test("without a penalty rate no penalty is taken", () => {
  forMany(6, (draw) => {
    const papers = { schedule: E1, repayments: anyRepayments(draw), penalty: NO_PENALTY };
    const { state, splits } = replay(papers, anyDay(draw));

    expect(state.penaltyFen).toBe(0);
    expect(splits.flatMap((split) => split.parts).some((part) => part.penaltyFen > 0)).toBe(false);
  });
});

test("days past due of later days follow from the oldest unpaid due date, without a replay", () => {
  forMany(7, (draw) => {
    const made = anyRepayments(draw);
    const newest =
      made
        .map((row) => row.valueDate)
        .sort()
        .at(-1) ?? START;
    const oldest = oldestUnpaid(unpaidIn(at(newest, made).state));
    const later = numberedDay(dayNumber(newest) + draw(0, 700));

    expect(daysPastDueSince(oldest, later)).toBe(at(later, made).state.dpd);
  });
});
