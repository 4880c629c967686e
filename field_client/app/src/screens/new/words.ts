import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "new.title": { en: "New", zh: "新建" },
  "new.for": { en: "What is new for {who}?", zh: "为{who}新建什么？" },
  "new.customer": { en: "Register a new customer", zh: "新客户建档" },
  "new.customer.what": {
    en: "Somebody whom nobody looks after yet",
    zh: "尚未建档的客户",
  },
  "new.known": { en: "For a customer on this tablet", zh: "为本机上的客户新建" },
  "new.known.what": {
    en: "Choose the customer first; visits and payments begin there too.",
    zh: "请先选择客户；走访和收款也从客户页开始。",
  },
} as const satisfies Words;
