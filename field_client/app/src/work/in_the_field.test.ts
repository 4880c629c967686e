// What Today warns of, from the cards: whom nobody was in touch with, and cash in hand.

import { describe, expect, it, test } from "vitest";
import type { Fields } from "../schemas/declare.ts";
import type { Book } from "./book.ts";
import { project, type Shown } from "./cards.ts";
import { idCardEnds, tooMuchCash, unheardOf } from "./in_the_field.ts";

const TODAY = "2026-06-16";
const LOAN = { state: "active", principal_fen: 30_000_00, rate_bps: 840, schedule_version: 1 };

function customer(id: string, fields: Fields, ...more: readonly Shown[]) {
  const own = { type: "customer", id, fields: { name: id, state: "active", ...fields } };
  return project(id, [own, ...more], () => ({}));
}

function receipt(n: number, fen: number, more: Fields = {}): Shown {
  const receipt_no = `T1-20260616-${String(n).padStart(3, "0")}`;
  const fields = { receipt_no, amount_fen: fen, channel: "cash", collected_by: "li", ...more };
  return { type: "repayment", id: `r${n}`, fields };
}

function book(
  cards: readonly unknown[],
  references: Readonly<
    Record<string, readonly { id: string; fields: Fields; gone?: boolean }[]>
  > = {},
): Book {
  const store = {
    meta: { user: { id: "li" } },
    reference: (type: string) => references[type] ?? [],
  };
  return { store, cards: () => cards } as unknown as Book;
}

const UNITS = [
  { id: "outlet", fields: { parent_id: "branch" } },
  { id: "branch", fields: { parent_id: null } },
];

describe("whom nobody was in touch with", () => {
  it("is told, the longest overdue first", () => {
    const found = unheardOf(
      book([
        customer("fresh", { last_contact_on: "2026-06-01" }),
        customer("half a year", { last_contact_on: "2025-12-01" }),
        customer("asleep", { last_contact_on: "2024-01-01" }),
        customer("unknown", {}),
        customer("blocked", { last_contact_on: "2024-01-01", state: "blocked" }),
      ]),
      TODAY,
    );

    expect(found.map((it) => [it.card.id, it.due_on])).toEqual([
      ["asleep", "2024-12-31"],
      ["half a year", "2026-05-30"],
    ]);
  });

  it("counts from today's call on", () => {
    const at = "2026-06-16T01:00:00.000Z";
    const call = { type: "interaction", id: "i", fields: { kind: "call", at } };

    expect(
      unheardOf(book([customer("asleep", { last_contact_on: "2024-01-01" }, call)]), TODAY),
    ).toEqual([]);
  });

  it("leaves out who has a loan that cannot be read, and nobody else", () => {
    const odd = { type: "loan", id: "l", fields: { ...LOAN, maturity_on: null } };
    const cards = [
      customer("odd", { last_contact_on: "2024-01-01" }, odd),
      customer("asleep", { last_contact_on: "2024-01-01" }),
    ];

    expect(unheardOf(book(cards), TODAY).map((it) => it.card.id)).toEqual(["asleep"]);
  });
});

describe("cash in hand", () => {
  const over = [customer("a", {}, receipt(1, 15_000_00)), customer("b", {}, receipt(2, 5_000_01))];

  it("is told above the limit, over all customers", () => {
    expect(tooMuchCash(book(over), TODAY)).toEqual({ fen: 20_000_01, limitFen: 20_000_00 });
    expect(tooMuchCash(book(over.slice(0, 1)), TODAY)).toBeNull();
  });

  test.each([
    ["handed_in", { fen: 20_000_01, limitFen: 20_000_00 }],
    ["confirmed", null],
  ])("of which a deposit is %s", (state, expected) => {
    const fields = { officer_id: "li", state, receipt_ids: ["r2"] };

    expect(tooMuchCash(book(over, { cash_deposit: [{ id: "d", fields }] }), TODAY)).toEqual(
      expected,
    );
  });

  it("has the limit of the officer's outlet", () => {
    const value = { key: "cash_limit_fen", value: 5_000_00 };
    const said = {
      org_unit: UNITS,
      user: [{ id: "li", fields: { unit_id: "outlet" } }],
      parameter: [{ id: "p", fields: { ...value, unit_id: "branch" } }],
    };

    expect(tooMuchCash(book(over.slice(1), said), TODAY)?.limitFen).toBe(5_000_00);
  });
});

test("an id card is told so many days ahead as the lender says", () => {
  const parameter = { key: "id_card_warn_days", value: 10, unit_id: "branch" };
  const said = book([], { org_unit: UNITS, parameter: [{ id: "p", fields: parameter }] });
  const liu = { village_id: "outlet", id_valid_to: "2026-07-16" };

  expect(idCardEnds(book([]), liu, TODAY)).toBe("2026-07-16");
  expect(idCardEnds(said, liu, TODAY)).toBeNull();
  expect(idCardEnds(said, {}, TODAY)).toBeNull();
});
