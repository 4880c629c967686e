import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "record.edit": { en: "Edit", zh: "修改" },
  "record.remove": { en: "Remove", zh: "删除" },
  "record.remove_ask": { en: "Remove this record?", zh: "删除这条记录？" },
  "record.remove_next": {
    en: "It is gone from your lists. The branch keeps it in the history, with your reason.",
    zh: "将不再出现在您的列表中，支行会连同原因保留在历史记录里。",
  },
  "record.remove_reason": { en: "Why?", zh: "原因" },
  "record.keep": { en: "Keep it", zh: "保留" },
  "record.empty": { en: "Not filled in: {fields}", zh: "未填写：{fields}" },
  "record.details": { en: "Details", zh: "详细信息" },
  "record.yes": { en: "Yes", zh: "是" },
  "record.no": { en: "No", zh: "否" },
  "record.as_of": { en: "Branch data as of {at}.", zh: "支行数据截至 {at}。" },
  "record.own": {
    en: "Branch data as of {at}. Includes {n} {n|change|changes} that only this tablet has.",
    zh: "支行数据截至 {at}，含 {n} 条仅在本机的修改。",
  },
  "record.only_here": {
    en: "Only this tablet has it so far.",
    zh: "目前仅在本机。",
  },
  "record.absent": { en: "Not on this tablet", zh: "本机没有这条记录" },
  "record.absent_why": {
    en: "It may have been removed, or belong to another officer. The branch can tell.",
    zh: "可能已被删除，或属于其他客户经理，可向支行查询。",
  },
  "record.back": { en: "Back", zh: "返回" },
  "schedule.title": { en: "Schedule", zh: "还款计划" },
  "schedule.seq": { en: "No.", zh: "期次" },
  "schedule.due_on": { en: "Due on", zh: "到期日" },
  "schedule.due": { en: "Due", zh: "应还" },
  "schedule.paid": { en: "Paid", zh: "已还" },
  "schedule.state": { en: "State", zh: "状态" },
  "schedule.late": { en: "{n} {n|day|days} late", zh: "逾期 {n} 天" },
  "schedule.settled": { en: "Paid", zh: "已还清" },
  "schedule.part": { en: "In part", zh: "部分已还" },
  "schedule.open": { en: "To come", zh: "未到期" },
  "schedule.now": { en: "Due today", zh: "今天到期" },
} as const satisfies Words;
