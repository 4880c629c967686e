import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "customers.title": { en: "Customers", zh: "客户" },
  "customers.held": { en: "{n} on this tablet", zh: "本机 {n} 位" },
  "customers.found": { en: "{n} of {all}", zh: "{all} 位中的 {n} 位" },
  "customers.search": { en: "Name, village, phone or loan", zh: "姓名、村、电话或贷款号" },
  "customers.list": { en: "Customers", zh: "客户列表" },
  "customers.reading": { en: "Reading your customers", zh: "正在读取客户" },
  "customers.late": { en: "{n} {n|day|days} late", zh: "逾期 {n} 天" },
  "customers.tail": { en: "phone ends {tail}", zh: "电话尾号 {tail}" },
  "customers.none": { en: "No customers on this tablet yet", zh: "本机暂无客户" },
  "customers.none_next": {
    en: "They arrive with the next sync.",
    zh: "同步后即可看到您的客户。",
  },
  "customers.to_sync": { en: "To sync", zh: "去同步" },
  "customers.nobody": { en: "No one called “{text}” on this tablet", zh: "本机没有“{text}”" },
  "customers.nobody_next": {
    en: "Only your {n} {n|customer is|customers are} stored here. That does not mean that the branch has none of that name.",
    zh: "本机仅存您的 {n} 位客户，其他客户请向支行查询。",
  },
  "customers.new": { en: "New customer", zh: "新建客户" },
  "customers.choose": { en: "Choose a customer", zh: "请选择客户" },
  "customers.choose_next": {
    en: "What you choose in the list is shown here.",
    zh: "在列表中选择后，详情显示在这里。",
  },
} as const satisfies Words;
