// Single records of the gallery, from the real declarations.

import { SCHEMA, TYPES } from "../src/generated/registry.ts";
import type { Fields } from "../src/schemas/declare.ts";
import { Registry } from "../src/schemas/registry.ts";
import type { RecordDetail } from "../src/screens/record/model.ts";
import { rowsOf } from "../src/screens/record/rows.ts";
import { NAMES } from "./people.ts";

const REGISTRY = new Registry(TYPES, SCHEMA);

const MORE: Omit<RecordDetail, "type" | "content" | "id" | "title"> = {
  customer: { name: NAMES.wang, href: "#/customer/wang" },
  state: null,
  names: { v1: "柳家村", u1: "李明", p1: "丰收贷" },
  links: { v1: "#/record/v1" },
  schedule: [],
  edit: "#/edit/x",
  onRemove: null,
  asOf: "2025-10-16T00:31:00Z",
  own: 0,
  onShow: () => undefined,
};

function record(type: string, title: string, fields: Fields, more = {}): RecordDetail {
  const declared = REGISTRY.get(type);
  if (declared === null) throw new Error(`no type ${type}`);
  return {
    ...MORE,
    id: type,
    title,
    type: declared.doc.title,
    content: rowsOf(declared, fields),
    ...more,
  };
}

export const CUSTOMER_RECORD = record(
  "customer",
  "王秀英",
  {
    customer_no: "KH00001",
    name: "王秀英",
    id_no: "511621197001012046",
    id_valid_to: "2031-05-12",
    gender: "f",
    phone: "13800004417",
    village_id: "v1",
    address_note: "村口第三户，老槐树旁的砖房。\n下雨时从后山走。",
    home_lat_e6: 30_543_210,
    home_lon_e6: 105_123_456,
    home_acc_m: 8,
    segment: "livestock",
    main_activity: "生猪养殖",
    years_resident: 31,
    annual_income_fen: 6_200_000,
    land_own_tmu: 125,
    registered_on: "2019-03-02",
    tags: ["脱贫户", "示范村"],
    "assets.a1.label": "砖房三间",
    "assets.a1.kind": "house",
    "assets.a1.value_fen": 12_000_000,
    "assets.b2.label": "旋耕机",
    "assets.b2.kind": "machine",
    "assets.b2.value_fen": 850_000,
    "assets.b2.proof": "购机发票",
    state: "active",
  },
  { own: 2, state: "ready" },
);

export const LOAN_RECORD = record(
  "loan",
  "JJ202400317",
  {
    loan_no: "JJ202400317",
    product_id: "p1",
    principal_fen: 5_000_000,
    rate_bps: 620,
    disbursed_on: "2024-06-12",
    maturity_on: "2026-06-12",
    officer_id: "u1",
    state: "active",
    restructure_count: 0,
  },
  {
    edit: null,
    schedule: [
      { seq: 1, dueOn: "2025-08-12", dueFen: 460_000, paidFen: 460_000, dpd: 0 },
      { seq: 2, dueOn: "2025-10-12", dueFen: 460_459, paidFen: 0, dpd: 4 },
      { seq: 3, dueOn: "2025-10-16", dueFen: 460_000, paidFen: 0, dpd: 0 },
      { seq: 4, dueOn: "2025-12-12", dueFen: 460_000, paidFen: 120_000, dpd: 0 },
      { seq: 5, dueOn: "2026-02-12", dueFen: 460_000, paidFen: 0, dpd: 0 },
    ],
  },
);

export const MEMBER_RECORD = record(
  "household_member",
  "王建军",
  { name: "王建军", relation: "sibling", birth_year: 1974, works_away: true, co_borrower: false },
  { onRemove: () => undefined, asOf: null, own: 1, state: "needs_attention", refused: true },
);
