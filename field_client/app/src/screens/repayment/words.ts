import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "repayment.title": { en: "Collect", zh: "收款" },
  "repayment.about": { en: "{who} · loan {loan}", zh: "{who} · 贷款 {loan}" },
  "repayment.amount": { en: "Amount received", zh: "收到金额" },
  "repayment.installment": { en: "Installment {amount}", zh: "当期期供 {amount}" },
  "repayment.all_due": { en: "All due today {amount}", zh: "今日应还合计 {amount}" },
  "repayment.not_due": { en: "Nothing is due today", zh: "今日无应还款" },
  "repayment.channel": { en: "How was it paid?", zh: "付款方式" },
  "repayment.payer": { en: "Who paid?", zh: "付款人" },
  "repayment.payer.hint": {
    en: "Leave it empty if the customer paid.",
    zh: "客户本人付款时可不填。",
  },
  "repayment.day": { en: "Received on", zh: "收款日期" },
  "repayment.note": { en: "Note", zh: "备注" },
  "repayment.split": {
    en: "Where the money goes (provisional until accepted)",
    zh: "分配明细（被接受前为暂定）",
  },
  "repayment.split.none": {
    en: "Enter the amount to see where the money goes.",
    zh: "输入金额后显示分配明细。",
  },
  "split.penalty": { en: "Late fee, {n} {n|day|days}", zh: "罚息（{n} 天）" },
  "split.penalty.plain": { en: "Late fee", zh: "罚息" },
  "split.fee": { en: "Fee", zh: "费用" },
  "split.interest": { en: "Interest", zh: "利息" },
  "split.principal": { en: "Principal", zh: "本金" },
  "split.unallocated": { en: "Left over", zh: "暂收款" },
  "split.left": { en: "Left of this installment", zh: "本期尚欠" },
  "split.owed": { en: "Still owed after this", zh: "还款后剩余本金" },
  "split.arrears": { en: "Overdue after this, {n} {n|day|days}", zh: "还款后逾期（{n} 天）" },
  "split.settled": { en: "The loan is paid off with this", zh: "本次还款后贷款结清" },
  "repayment.offline": {
    en: "You can take this payment offline. The number {no} is reserved for this tablet, so it can never be used twice.",
    zh: "离线也可收款。收据号 {no} 由本机专用，不会重复。",
  },
  "repayment.no_code": {
    en: "Receipts are numbered with this tablet’s code. Sync once to receive it.",
    zh: "收据号需要本机代码，请先同步一次。",
  },
  "repayment.preview": { en: "Receipt preview", zh: "收据预览" },
  "repayment.take": { en: "Take payment {amount}", zh: "确认收款 {amount}" },
  "repayment.take.off": { en: "Take payment", zh: "确认收款" },
  "repayment.taking": { en: "Saving", zh: "正在保存" },
  "repayment.late_day": {
    en: "The day is {n} days ago. The branch will see this and may ask.",
    zh: "收款日期在 {n} 天前，网点会看到并可能询问。",
  },
  "repayment.not_taken": { en: "No receipt was made", zh: "未生成收据" },
  "repayment.not_taken.full": {
    en: "The tablet’s memory is full. Nothing was taken; free some space and press the button again.",
    zh: "平板存储空间已满，收款未记录。请清理空间后重试。",
  },
  "repayment.not_taken.failed": {
    en: "The tablet could not save it. Nothing was taken; press the button again.",
    zh: "平板未能保存，收款未记录，请重试。",
  },
  "need.amount": { en: "Enter the amount received", zh: "请输入收到金额" },
  "need.amount_unreadable": {
    en: "Write the amount in yuan, such as 4600.00",
    zh: "请以元为单位填写，如 4600.00",
  },
  "need.amount_positive": { en: "The amount must be more than nought", zh: "金额须大于零" },
  "need.channel": { en: "Choose how it was paid", zh: "请选择付款方式" },
  "need.day": { en: "Enter the day on which the money was received", zh: "请填写收款日期" },
  "need.day_ahead": {
    en: "That day has not come yet. Enter the day on which the money was received",
    zh: "该日期尚未到来，请填写收款当天的日期",
  },
} as const satisfies Words;
