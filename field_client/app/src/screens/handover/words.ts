import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "handover.title": { en: "Handover", zh: "管户交接" },
  "handover.sub": { en: "{outgoing} to {incoming}", zh: "{outgoing} 移交 {incoming}" },
  "handover.day": { en: "In effect on {on}", zh: "{on} 生效" },
  "handover.witness": { en: "Witness: {name}", zh: "监交人：{name}" },
  "handover.absent": { en: "This handover is not on this tablet", zh: "本平板没有该交接" },
  "handover.absent_why": {
    en: "It comes with the next sync, or it is not yours to see.",
    zh: "下次同步时取回，或不属于您的交接。",
  },
  "handover.back": { en: "Back to Today", zh: "返回今日" },

  "asks.note": { en: "Note what the next officer has to know", zh: "请写明接收人须知的情况" },
  "asks.appraise": { en: "Appraise each account", zh: "请逐户鉴定" },
  "asks.answer": { en: "Answer for each customer", zh: "请逐户答复" },
  "asks.sign": { en: "Sign what was agreed", zh: "请签字" },
  "asks.what": {
    en: "It works without a network, and goes to the branch with the next sync.",
    zh: "无网络也可填写，下次同步时上报支行。",
  },
  "asks.stands": {
    en: "An answer stands once it is sent. An objection needs its reason.",
    zh: "答复提交后不能更改，异议须说明原因。",
  },
  "asks.sign_what": {
    en: "You sign the list, notes, appraisals, answers and rulings as they stand below.",
    zh: "您签署的是以下清单、说明、鉴定、答复与裁定。",
  },
  "state.draft": { en: "Being prepared", zh: "准备中" },
  "state.in_review": { en: "Looked at by the three", zh: "三方核对中" },
  "state.objected": { en: "Objected: the committee rules", zh: "有异议，待贷审会裁定" },
  "state.agreed": { en: "Agreed: the three sign", zh: "已达成一致，待三方签字" },
  "state.signed": { en: "Signed: the customers move on the day", zh: "已签字，客户于生效日转移" },
  "state.effective": { en: "In effect", zh: "已生效" },
  "state.cancelled": { en: "Cancelled", zh: "已取消" },

  "item.dossier": { en: "Dossier", zh: "客户档案" },
  "item.owes": { en: "Owes", zh: "欠款" },
  "item.class": { en: "Class", zh: "分类" },
  "item.note": { en: "Outgoing officer’s note", zh: "移交人风险说明" },
  "item.appraisal": { en: "Appraisal", zh: "风险状况鉴定" },
  "item.answer": { en: "Incoming officer’s answer", zh: "接收人答复" },
  "item.agreed": { en: "Takes over", zh: "同意接收" },
  "item.agree": { en: "Take over", zh: "同意接收" },
  "item.object": { en: "Object", zh: "提出异议" },
  "item.why": { en: "Why", zh: "异议原因" },
  "item.objection": { en: "Objection", zh: "异议" },
  "item.ruling": { en: "Ruling", zh: "裁定" },
  "item.waits": { en: "not yet", zh: "尚无" },

  "people.signed": { en: "{name} has signed", zh: "{name}已签字" },
  "people.unsigned": { en: "{name} has not signed yet", zh: "{name}尚未签字" },

  "save.later": { en: "Later", zh: "稍后" },
  "save.note": { en: "Save the notes", zh: "保存说明" },
  "save.appraise": { en: "Save the appraisals", zh: "保存鉴定" },
  "save.answer": { en: "Send the answers", zh: "提交答复" },
  "save.sign": { en: "Sign", zh: "签字" },
  "save.reasons": { en: "{n} {n|reason|reasons} missing", zh: "还差 {n} 项原因" },
  "save.refused": { en: "It could not be saved", zh: "未能保存" },
} as const satisfies Words;
