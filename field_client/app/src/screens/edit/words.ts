import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "edit.new": { en: "New: {what}", zh: "新建{what}" },
  "edit.change": { en: "Change: {what}", zh: "修改{what}" },
  "edit.finish": { en: "Finish", zh: "完成" },
  "edit.finishing": { en: "Saving", zh: "正在保存" },
  "edit.later": { en: "Keep as draft", zh: "保留为草稿" },
  "edit.drop": { en: "Throw this draft away", zh: "丢弃草稿" },
  "edit.drop.sure": {
    en: "What you typed here is lost then. What stood before stays.",
    zh: "丢弃后，此处填写的内容无法恢复；原有内容不变。",
  },
  "edit.drop.yes": { en: "Throw it away", zh: "确认丢弃" },
  "edit.drop.no": { en: "Keep it", zh: "保留" },
  "edit.unchanged": { en: "Nothing changed yet", zh: "尚无修改" },
  "edit.nothing": {
    en: "Your role has nothing to fill in here",
    zh: "您的角色无需在此填写",
  },
  "edit.nothing.what": {
    en: "You can read it; others keep it.",
    zh: "您可以查看，由其他人员填写。",
  },
  "edit.nothing.back": { en: "Go back", zh: "返回" },
  "edit.together": { en: "These belong together", zh: "以下内容一并保存" },
  "edit.meanwhile": {
    en: "{who} wrote here meanwhile, {when}: {value}",
    zh: "{who}（{when}）也修改了此处：{value}",
  },
  "edit.meanwhile.cleared": {
    en: "{who} cleared this meanwhile, {when}",
    zh: "{who}（{when}）清除了此处内容",
  },
  "edit.meanwhile.text": {
    en: "Both texts are joined when you finish.",
    zh: "完成后，两份文字会合并。",
  },
  "edit.meanwhile.value": {
    en: "Both are kept; you are asked to choose after the next sync.",
    zh: "两个值都会保留，下次同步后请您选择。",
  },
  "edit.meanwhile.title": {
    en: "Somebody else changed this meanwhile",
    zh: "其间有他人修改",
  },
  "edit.meanwhile.fields": {
    en: "It stands beside: {fields}. Nothing of yours is overwritten.",
    zh: "涉及：{fields}。您填写的内容不会被覆盖。",
  },
} as const satisfies Words;
