// The types that come behind Today (schemas/typescript.py says which).

import { PACKED } from "../generated/packed_later.ts";
import { Part } from "./declared.ts";

export const LATER = new Part(PACKED, {
  en: () => import("../generated/labels_later_en.ts"),
  zh: () => import("../generated/labels_later_zh.ts"),
});
