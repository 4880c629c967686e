// The short form says what the declarations at their full length say, once both languages are there.

import { expect, test } from "vitest";
import { TYPES as WHOLE, SCHEMA as WHOLE_SCHEMA } from "../generated/registry.ts";
import { laterTypes, learn, SCHEMA, TYPES } from "./declared.ts";

test("words come with their language, and until then the other's are shown", async () => {
  const phone = () => TYPES.customer?.fields.phone?.title;

  expect(phone()).toEqual({ en: "", zh: "" });
  await learn("zh");
  expect(phone()).toEqual({ en: "电话", zh: "电话" });
  await learn("en");
  expect(phone()).toEqual({ en: "Phone", zh: "电话" });
});

test("what comes later speaks what was learnt before, and nothing is lost on the way", async () => {
  await learn("zh");
  const later = await laterTypes();

  expect(TYPES.loan_application).toBeUndefined();
  expect(later.loan_application?.title).toEqual({ en: "Loan application", zh: "贷款申请" });
  expect(SCHEMA).toBe(WHOLE_SCHEMA);
  expect({ ...TYPES, ...later }).toEqual(WHOLE);
});
