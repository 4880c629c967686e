import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "today.title": { en: "Today", zh: "今日" },
  "today.sub": { en: "{on} · {n} {n|customer|customers}", zh: "{on} · {n} 户" },
  "today.sub_late": {
    en: "{on} · {n} {n|customer|customers}, {late} late",
    zh: "{on} · {n} 户，其中逾期 {late} 户",
  },
  "today.sub_none": { en: "{on} · nothing due", zh: "{on} · 无到期事项" },
  "today.search": { en: "Name, village, phone or loan", zh: "姓名、村、电话或贷款号" },
  "today.order": { en: "Order", zh: "排序" },
  "today.by_due": { en: "By due date", zh: "按到期日" },
  "today.by_village": { en: "By village", zh: "按村" },
  "today.reading": { en: "Reading your day", zh: "正在读取今日事项" },
  "today.found": { en: "Found", zh: "找到" },

  "handover.title": {
    en: "Handover: {outgoing} to {incoming}",
    zh: "管户交接：{outgoing} 移交 {incoming}",
  },
  "handover.note": {
    en: "Note what the next officer has to know of {n} {n|customer|customers}.",
    zh: "请写明 {n} 户须知的情况。",
  },
  "handover.appraise": {
    en: "Appraise {n} {n|account|accounts}.",
    zh: "请鉴定 {n} 户。",
  },
  "handover.answer": {
    en: "Answer for {n} {n|customer|customers}.",
    zh: "请答复 {n} 户。",
  },
  "handover.sign": {
    en: "Sign for {n} {n|customer|customers}.",
    zh: "请为 {n} 户签字。",
  },

  "due.late": { en: "Late", zh: "已逾期" },
  "due.today": { en: "Due today", zh: "今天到期" },
  "due.soon": { en: "Next 3 days", zh: "未来三天" },
  "due.no_village": { en: "Village not known", zh: "村未知" },
  "due.days_late": { en: "{n} {n|day|days} late", zh: "逾期 {n} 天" },
  "due.now": { en: "Today", zh: "今天" },

  "duty.collect": { en: "Collect {amount}", zh: "收款 {amount}" },
  "duty.visit": { en: "Visit", zh: "走访" },
  "duty.under_way": { en: "{what} · under way", zh: "{what} · 进行中" },
  "duty.contact": { en: "Get in touch", zh: "联系客户" },
  "duty.where": { en: "{village} · {far}", zh: "{village} · {far}" },

  "unheard.title": { en: "Nobody was in touch in time", zh: "超期未联系" },
  "unheard.more": { en: "Show {n} more", zh: "再显示 {n} 户" },

  "cash.title": { en: "You carry {cash} in cash", zh: "您手持现金 {cash}" },
  "cash.next": { en: "The limit is {limit}. Hand it in.", zh: "上限 {limit}，请尽快缴款。" },

  "empty.done": { en: "All done for today", zh: "今日事项已完成" },
  "empty.none": { en: "Nothing is due", zh: "暂无到期事项" },
  "empty.next": { en: "Next: {name}, {on}.", zh: "下一户：{name}，{on}。" },
  "empty.next_in": {
    en: "Next: {name}, {on} in {village}.",
    zh: "下一户：{name}，{on}，{village}。",
  },
  "empty.nothing": {
    en: "Nothing is planned for the coming days either.",
    zh: "未来几天也没有计划事项。",
  },
  "empty.customers": { en: "See all customers", zh: "查看全部客户" },
  "empty.coming": { en: "Your customers are not here yet", zh: "客户尚未下载完成" },
  "empty.coming_next": {
    en: "{n} so far. Sync where there is a network; it goes on where it stopped.",
    zh: "已下载 {n} 位。请在有网络处同步，会从中断处继续。",
  },
  "empty.to_sync": { en: "To sync", zh: "去同步" },

  "old.three": { en: "Not synced for {n} days", zh: "已 {n} 天未同步" },
  "old.three_next": {
    en: "Work goes on. Sync when you can, so that the branch sees your collections.",
    zh: "可继续工作。请尽快同步，以便支行看到您的收款。",
  },
  "old.seven_next": {
    en: "Work goes on, but loans and customers may have changed at the branch. Please sync today.",
    zh: "可继续工作，但支行的贷款与客户资料可能已有变化，请今天同步。",
  },
  "old.sync": { en: "Sync now", zh: "立即同步" },

  "pane.choose": { en: "Choose a customer", zh: "请选择客户" },
  "pane.choose_next": {
    en: "How they stand, and what to do there, is shown here.",
    zh: "客户情况与待办事项显示在这里。",
  },
} as const satisfies Words;
