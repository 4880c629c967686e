import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "conflict.title": { en: "Two versions", zh: "两个版本" },
  "conflict.sub": {
    en: "{n} {n|choice|choices}",
    zh: "{n} 处需选择",
  },
  "conflict.sub.read": { en: "to read", zh: "待阅" },
  "conflict.intro": {
    en: "You and {who} changed the same thing. Nothing is deleted: the version you do not choose stays in the history.",
    zh: "您和{who}修改了相同内容。不会删除任何内容，未选版本仍保留在历史中。",
  },
  "conflict.intro.others": {
    en: "{who} changed the same thing. Nothing is deleted: the version you do not choose stays in the history.",
    zh: "{who}修改了相同内容。不会删除任何内容，未选版本仍保留在历史中。",
  },
  "conflict.record": { en: "See the whole record", zh: "查看完整记录" },
  "conflict.and": { en: " and ", zh: "和" },

  "kind.field": { en: "Two values", zh: "两个值" },
  "kind.text": { en: "Two wordings", zh: "两种文字" },
  "kind.delete": { en: "Deleted and changed", zh: "删除与修改" },
  "kind.duplicate": { en: "The same person twice", zh: "重复建档" },
  "kind.state": { en: "Two moves", zh: "两种状态" },
  "kind.invalid": { en: "Do not fit together", zh: "合在一起不成立" },
  "kind.late": { en: "After the handover", zh: "交接后的修改" },
  "kind.possible_double": { en: "Possibly paid twice", zh: "可能重复还款" },
  "kind.after_signature": { en: "After the signature", zh: "签字后的修改" },
  "kind.duplicate.what": {
    en: "Somebody with the same id number was registered twice. Go on working with the customer as before.",
    zh: "同一身份证号被登记了两次。您可照常为该客户办理业务。",
  },
  "kind.after_signature.what": {
    en: "It was changed after the note had been signed. It can be taken as an amendment.",
    zh: "签字后又有修改，可作为补充记录。",
  },
  "kind.invalid.what": {
    en: "Each edit was right by itself; together they do not fit, so nothing of this one is stored.",
    zh: "两次修改单独都成立，合在一起不成立，因此这次修改未存入。",
  },
  "kind.late.what": {
    en: "It was written before the tablet knew that the customer had been handed over.",
    zh: "填写时，平板尚不知客户已交接。",
  },
  "kind.delete.what": {
    en: "One removed the record while another changed it. Until it is decided the record stays.",
    zh: "一人删除了记录，另一人同时作了修改。决定之前记录保留。",
  },
  "kind.state.what": {
    en: "Two people moved it to different states.",
    zh: "两人将其改为了不同状态。",
  },
  "kind.possible_double.what": {
    en: "Two receipts look alike. Until somebody decides, both count.",
    zh: "两张收据相似。决定之前两笔都算。",
  },

  "card.before": { en: "Before", zh: "原值" },
  "card.yours": { en: "Yours", zh: "您的修改" },
  "card.yours.older": { en: "Yours, earlier", zh: "您之前的修改" },
  "card.branch": { en: "The branch’s system", zh: "支行系统" },
  "card.newer": { en: "Written since", zh: "其后填写" },
  "card.this_tablet": { en: "this tablet", zh: "本机" },
  "card.tablet": { en: "tablet {code}", zh: "平板 {code}" },
  "card.stands": { en: "stands now", zh: "现值" },
  "card.not_set": { en: "empty", zh: "未填写" },
  "card.deleted": { en: "Removed", zh: "已删除" },
  "card.deleted.because": { en: "Removed: {reason}", zh: "已删除：{reason}" },
  "card.chosen": { en: "Chosen", zh: "已选择" },
  "card.open": { en: "To choose", zh: "待选择" },
  "card.sensitive": { en: "Sensitive", zh: "敏感项" },
  "card.moved_on": {
    en: "It was changed again after the two met. What stands now is shown first.",
    zh: "冲突之后又有修改，现值列在最前。",
  },

  "choice.which": { en: "Which shall stand?", zh: "采用哪一个？" },
  "choice.keep": { en: "Keep what stands", zh: "保留现值" },
  "choice.take": { en: "Take this one", zh: "采用此值" },
  "choice.both_count": { en: "Both count", zh: "两笔都算" },
  "choice.both_count.what": {
    en: "They are two payments. If one must go, ask for its reversal on its receipt.",
    zh: "确为两笔还款。如须取消一笔，请在其收据上申请冲正。",
  },
  "choice.undelete": { en: "Keep the record", zh: "保留记录" },
  "choice.delete": { en: "Remove the record", zh: "删除记录" },
  "choice.custom": { en: "Write another", zh: "另行填写" },
  "choice.custom.what": {
    en: "When neither is right, write what is.",
    zh: "两者都不对时，请填写正确的内容。",
  },
  "choice.text": { en: "Keep this text alone", zh: "只保留这份文字" },
  "choice.join": { en: "Keep both, joined", zh: "两份都保留，合并" },
  "choice.join.what": {
    en: "Both texts are joined below. Mend the wording where they meet.",
    zh: "两份文字已合并在下方，请在衔接处修改。",
  },
  "choice.join.comment": { en: "Both texts are kept.", zh: "两份文字都保留。" },
  "choice.comment": { en: "Why?", zh: "说明" },
  "choice.comment.needed": { en: "Kept in the history. Needed here.", zh: "记入历史，此处必填。" },

  "text.by_you": { en: "added by you", zh: "您添加" },
  "text.by": { en: "added by {who}", zh: "{who}添加" },
  "text.both": { en: "in both", zh: "两份都有" },
  "text.joined": { en: "The two texts joined", zh: "两份文字合并" },
  "text.editor": { en: "The joined text", zh: "合并文本" },
  "text.you_at": { en: "You · {when}", zh: "您 · {when}" },
  "text.who_at": { en: "{who} · {when}", zh: "{who} · {when}" },
  "text.originals": { en: "See the originals", zh: "查看原文" },
  "text.original_before": { en: "Before both", zh: "修改前原文" },

  "standing.sod8": { en: "Somebody else decides this one", zh: "此项须由他人决定" },
  "standing.sod8.who": {
    en: "You wrote one of these values and the field is sensitive (rule SOD-8). It may be decided by: {names}.",
    zh: "其中一个值由您填写，且该字段为敏感项（SOD-8）。可由以下人员决定：{names}。",
  },
  "standing.sod8.nobody": {
    en: "You wrote one of these values and the field is sensitive (rule SOD-8). The supervisor or the reviewer decides.",
    zh: "其中一个值由您填写，且该字段为敏感项（SOD-8）。由主管或审查员决定。",
  },
  "standing.branch": { en: "The supervisor decides this one", zh: "此项由主管决定" },
  "standing.branch.what": {
    en: "It needs a look at two records, which the branch’s pages have.",
    zh: "需对照两份记录，在网点页面上处理。",
  },
  "standing.settled": { en: "Settled", zh: "已处理" },
  "standing.settled.by": { en: "Settled by {who}", zh: "{who}已处理" },

  "joined.title": {
    en: "{n} other {n|field|fields} joined by {n|itself|themselves}",
    zh: "另有 {n} 个字段已自动合并",
  },
  "joined.who": { en: "{value} ({who})", zh: "{value}（{who}）" },
  "joined.you": { en: "you", zh: "您" },

  save: { en: "Save {n|this choice|these choices}", zh: "保存选择" },
  "save.saving": { en: "Saving", zh: "正在保存" },
  "save.left": { en: "{n} {n|choice|choices} left", zh: "还差 {n} 项选择" },
  "save.values_left": { en: "{n} {n|value|values} to write", zh: "还差 {n} 个值" },
  "save.reasons_left": { en: "{n} {n|reason|reasons} left", zh: "还差 {n} 处说明" },
  "save.later": { en: "Decide later", zh: "稍后处理" },
  "save.back": { en: "Back to Sync", zh: "返回同步" },
  "save.where": {
    en: "It is saved on this tablet and sent with the next sync. If another value has joined by then, it comes back to you.",
    zh: "选择先存在本机，下次同步时发送。如届时又有新值加入，会再请您处理。",
  },
  "done.title": { en: "Your choice is safe on this tablet", zh: "您的选择已存入本机" },
  "done.what": {
    en: "It is sent by itself when there is a network.",
    zh: "有网络时自动发送。",
  },
} as const satisfies Words;
