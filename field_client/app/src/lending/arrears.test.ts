import { expect, test } from "vitest";
import { arrearsFen, daysPastDue, daysPastDueSince, oldestUnpaid, type Unpaid } from "./arrears.ts";
import { seeded } from "./cases/seeded.ts";
import { dayNumber, numberedDay } from "./day.ts";

const [MAY, JUNE] = ["2026-05-15", "2026-06-15"];

test.each([
  [5, "2026-05-14", 0, 0],
  [5, MAY, 0, 0],
  [5, "2026-05-16", 1, 5],
  [5, "2026-06-16", 32, 12],
  [0, "2026-06-16", 1, 7],
])("the oldest unpaid installment counts: %i fen on %s", (mayFen, asOf, dpd, lateFen) => {
  const unpaid: readonly Unpaid[] = [
    [JUNE, 7],
    [MAY, mayFen],
  ];

  expect(daysPastDue(unpaid, asOf)).toBe(dpd);
  expect(arrearsFen(unpaid, asOf)).toBe(lateFen);
});

test("a paid loan is never late", () => {
  expect(oldestUnpaid([[MAY, 0]])).toBeNull();
  expect(daysPastDueSince(null, "2030-01-01")).toBe(0);
});

test("there are arrears exactly when days are past due", () => {
  const draw = seeded(84);
  for (let round = 0; round < 300; round += 1) {
    const unpaid = Array.from({ length: draw(0, 4) }, (): Unpaid => {
      return [numberedDay(dayNumber(MAY) + draw(0, 31)), draw(0, 3)];
    });
    const asOf = numberedDay(dayNumber(MAY) + draw(0, 47));

    expect(arrearsFen(unpaid, asOf) > 0).toBe(daysPastDue(unpaid, asOf) > 0);
  }
});
