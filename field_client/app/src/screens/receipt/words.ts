import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "receipt.title": { en: "Payment taken", zh: "收款完成" },
  "receipt.old_title": { en: "Receipt", zh: "收据" },
  receipt: { en: "Receipt", zh: "收款收据" },
  "receipt.from": {
    en: "{channel} from {payer}, {day}, {time}",
    zh: "{payer} {channel}，{day} {time}",
  },
  "receipt.value_date": { en: "Counts from {day}", zh: "入账日期 {day}" },
  "receipt.loan": { en: "Loan {loan}", zh: "贷款 {loan}" },
  "receipt.safe": { en: "Safe on this tablet", zh: "已安全存入本机" },
  "receipt.safe.what": {
    en: "It is sent by itself when there is a network.",
    zh: "有网络时自动发送。",
  },
  "receipt.sent.what": {
    en: "It has gone out; the branch has not answered yet.",
    zh: "已发出，网点尚未回复。",
  },
  "receipt.accepted": { en: "Accepted by the branch", zh: "网点已接受" },
  "receipt.accepted.what": {
    en: "The split below is final.",
    zh: "以下分配明细为最终结果。",
  },
  "receipt.attention": { en: "The branch wants to look at this payment", zh: "网点需核对此笔收款" },
  "receipt.attention.what": {
    en: "The receipt stays valid whatever the answer. See Sync for what to do.",
    zh: "无论结果如何，收据仍然有效。请在“同步”中处理。",
  },
  "receipt.stage": { en: "Where it stands", zh: "所处步骤" },
  "receipt.stage.done": { en: "{state}: done", zh: "{state}：已完成" },
  "receipt.by": { en: "Taken by {officer}.", zh: "收款人：{officer}。" },
  "receipt.provisional": {
    en: "How it is split is provisional until accepted.",
    zh: "分配明细在被接受前为暂定。",
  },
  "receipt.check": { en: "To check, call {phone}.", zh: "可拨打 {phone} 核对。" },
  "receipt.final": { en: "How it is split is final.", zh: "分配明细为最终结果。" },
  "receipt.print": { en: "Print", zh: "打印" },
  "receipt.text": { en: "Text it", zh: "短信" },
  "receipt.sms": {
    en: "Receipt {no}: {amount} received on {day}. {officer}",
    zh: "收据 {no}：{day} 收到 {amount}。{officer}",
  },
  "receipt.mistake": {
    en: "A taken payment is never edited. A mistake is put right with a reversal, and both stay on record.",
    zh: "收款不可修改；如有差错，用冲正处理，两笔记录都保留。",
  },
  "receipt.reverse": { en: "Ask for a reversal", zh: "申请冲正" },
  "receipt.reverse.why": { en: "What is wrong with it?", zh: "差错说明" },
  "receipt.reverse.hint": {
    en: "The supervisor gets it as a task and decides.",
    zh: "将生成任务，由主管决定。",
  },
  "receipt.reverse.needed": { en: "Say what is wrong with it", zh: "请填写差错说明" },
  "receipt.reverse.not_now": { en: "Leave it", zh: "暂不申请" },
  "receipt.reverse.asked": {
    en: "A reversal was asked for, {when}. The supervisor decides.",
    zh: "已申请冲正（{when}），由主管决定。",
  },
  "receipt.ask_title": { en: "Reverse receipt {no}: {why}", zh: "申请冲正收据 {no}：{why}" },
  "receipt.reversed": { en: "This payment was reversed", zh: "该笔收款已冲正" },
  "receipt.next": { en: "Next: {who}", zh: "下一户：{who}" },
  "receipt.today": { en: "Back to today", zh: "返回今日" },
  "receipt.signature": { en: "Customer’s signature", zh: "客户签字" },
} as const satisfies Words;
