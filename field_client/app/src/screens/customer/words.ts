import type { Words } from "../../i18n/catalogue.ts";

export const WORDS = {
  "customer.since": { en: "customer since {year}", zh: "{year} 年建档" },
  "customer.late": { en: "{n} {n|day|days} late", zh: "逾期 {n} 天" },

  "do.label": { en: "What to do", zh: "快捷操作" },
  "do.collect": { en: "Collect", zh: "收款" },
  "do.visit": { en: "Visit", zh: "走访" },
  "do.call": { en: "Call", zh: "电话" },
  "do.route": { en: "Route", zh: "导航" },

  "attention.conflict": {
    en: "{n} {n|field was|fields were} changed by two people",
    zh: "有 {n} 个字段被两人同时修改",
  },
  "attention.conflict_next": {
    en: "Your {n|version is|versions are} kept. Choose which to use.",
    zh: "您的修改已保留，请选择采用哪一个。",
  },
  "attention.rejected": {
    en: "{n} {n|change was|changes were} not accepted",
    zh: "有 {n} 条修改未被接受",
  },
  "attention.rejected_next": {
    en: "Your text is kept. See why, and put it right.",
    zh: "内容已保留，请查看原因并更正。",
  },
  "attention.returned": {
    en: "{n} {n|inspection was|inspections were} returned",
    zh: "有 {n} 份检查记录被退回",
  },
  "attention.returned_next": {
    en: "Read the comment and finish it again.",
    zh: "请查看意见后重新完成。",
  },

  "loan.title": { en: "Loan", zh: "贷款" },
  "loan.none": { en: "No loan yet", zh: "暂无贷款" },
  "loan.was_due": { en: "{amount} was due on {on}", zh: "{amount} 应于 {on}归还" },
  "loan.promised": { en: "Promised for {on}", zh: "承诺 {on}归还" },
  "loan.promised_sum": { en: "{amount} promised for {on}", zh: "承诺 {on}归还 {amount}" },
  "loan.owed": { en: "Still owed", zh: "剩余本金" },
  "loan.past_due": { en: "Past due", zh: "逾期天数" },
  "loan.days": { en: "{n} {n|day|days}", zh: "{n} 天" },
  "loan.repaid_share": { en: "{percent}% repaid", zh: "已还 {percent}%" },
  "loan.repaid": { en: "Repaid {amount}", zh: "已还 {amount}" },
  "loan.of": { en: "of {amount}", zh: "共 {amount}" },
  "loan.next": { en: "Next installment", zh: "下期应还" },
  "loan.next_on": { en: "{amount} on {on}", zh: "{on} {amount}" },
  "loan.rate": { en: "Yearly rate", zh: "年利率" },
  "loan.purpose": { en: "Purpose", zh: "用途" },
  "loan.security": { en: "Security", zh: "担保方式" },
  "loan.matures": { en: "Due on", zh: "到期日期" },
  "loan.settled": { en: "Settled", zh: "已结清" },
  "loan.written_off": { en: "Written off", zh: "已核销" },
  "loan.provisional": {
    en: "Provisional: money taken on this tablet is counted in.",
    zh: "暂定：已计入本机收款。",
  },
  "loan.open": { en: "Schedule and details", zh: "还款计划与详情" },

  "class.normal": { en: "Normal", zh: "正常" },
  "class.special_mention": { en: "Special mention", zh: "关注" },
  "class.substandard": { en: "Substandard", zh: "次级" },
  "class.doubtful": { en: "Doubtful", zh: "可疑" },
  "class.loss": { en: "Loss", zh: "损失" },

  "about.title": { en: "About the customer", zh: "客户资料" },
  "about.phone": { en: "Phone", zh: "电话" },
  "about.phone_alt": { en: "Second phone", zh: "备用电话" },
  "about.id_no": { en: "Id number", zh: "身份证号" },
  "about.household": { en: "Household", zh: "家庭" },
  "about.people": { en: "{n} {n|person|people}", zh: "{n} 人" },
  "about.workers": {
    en: "{people} {people|person|people}, {workers} able to work",
    zh: "{people} 人，{workers} 名劳力",
  },
  "about.livelihood": { en: "Livelihood", zh: "主业" },
  "about.address": { en: "How to find the house", zh: "住址说明" },
  "about.preferences": { en: "Preferences and remarks", zh: "服务偏好与备注" },
  "about.edit": { en: "Edit", zh: "修改" },

  "home.title": { en: "Where they live", zh: "住处" },
  "home.away": { en: "{far} {way} of you", zh: "在您{way}方向 {far}" },
  "home.here": { en: "You are there", zh: "您已在此处" },
  "home.open": { en: "Open in the map", zh: "打开地图" },
  "home.sketch": {
    en: "Sketch: north is up, you are in the middle",
    zh: "示意图：上方为北，中心为您",
  },

  "happened.title": { en: "What happened", zh: "往来记录" },
  "happened.none": { en: "Nothing yet.", zh: "暂无记录。" },
  "happened.more": { en: "Show {n} more", zh: "再显示 {n} 条" },
  "happened.note_button": { en: "Note", zh: "备注" },
  "happened.repaid": { en: "Repaid {amount}", zh: "还款 {amount}" },
  "happened.receipt": { en: "{channel} · receipt {no}", zh: "{channel} · 收据 {no}" },
  "happened.reversed": { en: "Reversed {amount}", zh: "冲正 {amount}" },
  "happened.reversed_of": { en: "Receipt {no}", zh: "收据 {no}" },
  "happened.paid_out": { en: "Paid out {amount}", zh: "放款 {amount}" },
  "happened.loan": { en: "Loan {no}", zh: "贷款 {no}" },
  "happened.visit": { en: "Visit", zh: "走访" },
  "happened.note": { en: "Inspection note", zh: "检查记录" },
  "happened.task_done": { en: "Task done", zh: "任务已完成" },
  "happened.task": { en: "Task", zh: "任务" },
  "happened.versions": { en: "Two versions", zh: "两个版本" },
  "happened.differs": {
    en: "{fields}: the branch has another value",
    zh: "{fields}：支行记录与此不同",
  },

  "photos.title": { en: "Photos", zh: "照片" },
  "others.title": { en: "Records", zh: "其他资料" },
  "others.new": { en: "New record", zh: "新建记录" },

  "copy.as_of": { en: "Branch data as of {at}.", zh: "支行数据截至 {at}。" },
  "copy.own": {
    en: "Branch data as of {at}. Includes {n} {n|change|changes} that only this tablet has.",
    zh: "支行数据截至 {at}，含 {n} 条仅在本机的修改。",
  },
  "copy.never": { en: "Not compared with the branch yet.", zh: "尚未与支行核对。" },

  "merged.title": { en: "Now kept under {name}", zh: "已并入{name}" },
  "merged.why": {
    en: "This customer and {name} are one person. What you saved here goes there.",
    zh: "此客户与{name}为同一人，您在此保存的内容归入该客户。",
  },
  "merged.open": { en: "Open {name}", zh: "打开{name}" },
  "absent.title": { en: "Not on this tablet", zh: "本机没有此客户" },
  "absent.why": {
    en: "The customer may be another officer's, or was handed over. That does not mean that there is no such customer; the branch can tell.",
    zh: "该客户可能由其他客户经理负责，或已交接。这并不表示没有此客户，可向支行查询。",
  },
  "absent.back": { en: "To my customers", zh: "返回我的客户" },
} as const satisfies Words;
