// What parameters say: the nearest unit counts, and of its values the one that came into force last.

import { expect, test } from "vitest";
import type { Json } from "../../schemas/declare.ts";
import { disastersFor, numbersFor } from "./declared.ts";
import type { Kept } from "./dossier.ts";

const UNITS = ["village", "outlet"];
const TODAY = "2026-06-16";

function parameter(
  id: string,
  key: string,
  value: Json,
  unit_id: string | null = null,
  valid_from: string | null = null,
): Kept {
  return { type: "parameter", id, fields: { key, value, unit_id, valid_from } };
}

const one = (value: Json, unit: string | null = null, day: string | null = null) =>
  parameter("1", "warn_due_days", value, unit, day);

test.each<[readonly Kept[], number | undefined]>([
  [[], undefined],
  [[one(3)], 3],
  [[one(3), one(4, "outlet")], 4],
  [[one(3, "village"), one(4, "outlet")], 3],
  [[one(3), one(4)], 4],
  [[one(3), one(4, null, "2026-06-17")], 3],
  [[one(3, "elsewhere")], undefined],
  [[one("3")], undefined],
])("the number of %j", (parameters, days) => {
  const wanted = days === undefined ? {} : { warn_due_days: days };

  expect(numbersFor(parameters, UNITS, TODAY)).toEqual(wanted);
});

test.each<[Json, readonly string[] | null]>([
  [true, []],
  [["grain"], ["grain"]],
  [false, null],
  [[], null],
  ["grain", null],
])("a disaster declared as %j", (value, segments) => {
  const said = [parameter("1", "disaster_declared", value, "outlet", "2026-06-10")];

  const wanted = { id: "1", villages: ["village"], declared_on: "2026-06-10", until: null };
  expect(disastersFor(said, UNITS, "village", TODAY)).toEqual(
    segments === null ? [] : [{ ...wanted, segments }],
  );
});
