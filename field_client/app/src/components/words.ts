import type { Words } from "../i18n/catalogue.ts";

export const WORDS = {
  "state.draft": { en: "Draft", zh: "草稿" },
  "state.ready": { en: "Ready", zh: "待发送" },
  "state.sent": { en: "Sent", zh: "已发送" },
  "state.accepted": { en: "Accepted", zh: "已接受" },
  "state.needs_attention": { en: "Needs attention", zh: "需处理" },

  "strip.all_synced": { en: "All synced", zh: "已全部同步" },
  "strip.up_to_date": { en: "up to date as of {at}", zh: "数据截至 {at}" },
  "strip.waiting": { en: "{n} {n|change|changes} waiting", zh: "{n} 条待发送" },
  "strip.nothing_waiting": { en: "Nothing waiting", zh: "没有待发送内容" },
  "strip.also_waiting": { en: "{n} waiting", zh: "{n} 条待发送" },
  "strip.last_synced": { en: "last synced {ago}", zh: "{ago}同步" },
  "strip.synced": { en: "synced {ago}", zh: "{ago}同步" },
  "strip.never": { en: "not synced yet", zh: "尚未同步" },
  "strip.not_for": { en: "not synced for {span}", zh: "已 {span}未同步" },
  "strip.sending": { en: "Sending {done} of {all}", zh: "正在发送 {done}/{all}" },
  "strip.receiving": { en: "Getting what is new", zh: "正在获取更新" },
  "strip.bytes": { en: "{done} of {all}", zh: "{done} / {all}" },
  "strip.attention": { en: "{n} {n|needs|need} attention", zh: "{n} 项需处理" },

  "nav.label": { en: "Main", zh: "主菜单" },
  "nav.today": { en: "Today", zh: "今日" },
  "nav.customers": { en: "Customers", zh: "客户" },
  "nav.new": { en: "New", zh: "新建" },
  "nav.sync": { en: "Sync", zh: "同步" },
  "nav.me": { en: "Me", zh: "我的" },
  "nav.attention": { en: "{n} {n|needs|need} you", zh: "{n} 项需处理" },
  "nav.waiting": { en: "{n} waiting", zh: "{n} 条待发送" },

  "frame.back": { en: "Back", zh: "返回" },
  "frame.detail": { en: "Chosen customer", zh: "所选客户" },

  "gate.online": { en: "Online", zh: "在线" },
  "gate.offline": { en: "Offline", zh: "离线" },

  "search.clear": { en: "Clear", zh: "清除" },
  "pin.entered": { en: "{n} {n|digit|digits} entered", zh: "已输入 {n} 位" },
  "pin.erase": { en: "Delete the last digit", zh: "删除一位" },
  "pin.keys": { en: "Digits", zh: "数字键" },
  "secret.show": { en: "Show what is typed", zh: "显示输入内容" },
  "masked.show": { en: "Show {what}", zh: "显示{what}" },
  "masked.hide": { en: "Hide {what}", zh: "隐藏{what}" },
  "bar.done": { en: "{percent}%", zh: "{percent}%" },
} as const satisfies Words;
