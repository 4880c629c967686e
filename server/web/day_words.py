"""What the pages of the day's end, of the lines to look at and of large borrowers say (see `words.py`)."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.declare import Label

DAY: Mapping[str, Label] = {
    "nav.day": Label("Day end", "日终"),
    "day": Label("End of the day", "日终"),
    "day.places": Label("Outlets", "网点"),
    "day.earlier": Label("The day before", "前一日"),
    "day.later": Label("The day after", "后一日"),
    "day.choose": Label("Day", "日期"),
    "day.show": Label("Show", "查看"),
    "day.trusted": Label("These figures may be trusted", "数据可以采信"),
    "day.trusted.what": Label(
        "Every tablet has reported, no receipt number is missing, and all cash is confirmed.",
        "所有平板均已上报，收据无断号，现金均已确认。",
    ),
    "day.not-yet": Label("Not yet: {n} reasons", "尚不能采信：{n} 项原因"),
    "day.not-yet.one": Label("Not yet: one reason", ""),
    "day.why.not-reported": Label(
        "Tablet {subject} of {name} has not reported since the day's work; what it holds is not known.",
        "{name}的平板 {subject} 在当日工作后尚未上报，其中内容未知。",
    ),
    "day.why.waiting": Label(
        "On tablet {subject} of {name} {n} sets were waiting at its last report.",
        "{name}的平板 {subject} 最近一次上报时尚有 {n} 组待发送。",
    ),
    "day.why.waiting.one": Label(
        "On tablet {subject} of {name} one set was waiting at its last report.", ""
    ),
    "day.why.not-accepted": Label(
        "Receipt {subject} of {name} over {money} has come and is not accepted; see what was kept aside.",
        "{name}的收据 {subject}（{money}）已到达但未被接受，请查看待处理集合。",
    ),
    "day.why.possible-double": Label(
        "Receipt {subject} of {name} over {money} may be a payment entered twice; see the conflicts.",
        "{name}的收据 {subject}（{money}）可能重复录入，请查看冲突。",
    ),
    "day.why.gap": Label(
        "In the receipts of tablet {subject} ({name}) {n} numbers are missing.",
        "平板 {subject}（{name}）的收据缺 {n} 个号。",
    ),
    "day.why.gap.one": Label(
        "In the receipts of tablet {subject} ({name}) one number is missing.", ""
    ),
    "day.why.cash-kept": Label(
        "{name} has {money} in cash that was not handed in.", "{name}尚有现金 {money} 未缴。"
    ),
    "day.why.cash-unconfirmed": Label(
        "{money} in cash handed in by {name} is not confirmed yet.",
        "{name}已缴现金 {money}，尚未确认。",
    ),
    "day.why.cash-disputed": Label(
        "{money} in cash handed in by {name} is disputed.", "{name}已缴现金 {money} 有异议。"
    ),
    "day.figures": Label("What is counted", "统计数据"),
    "day.receipts": Label("Receipts", "收据"),
    "day.reversals": Label("{n} reversals", "冲正 {n} 笔"),
    "day.reversals.one": Label("{n} reversal", ""),
    "day.cash": Label("Cash", "现金"),
    "day.other": Label("Not in cash: {money}", "非现金：{money}"),
    "day.undone": Label("Undone by reversals: {money}", "已被冲正：{money}"),
    "day.confirmed": Label("Confirmed", "已确认"),
    "day.open": Label("With the officers", "在客户经理手中"),
    "day.handed-in": Label("Handed in, not confirmed", "已缴待核"),
    "day.disputed": Label("Disputed", "有异议"),
    "day.provisional": Label("{n} provisional", "{n} 笔未定"),
    "how.day": Label(
        "By value date: cash that its receipts say, less what was reversed. A tablet counts as reported"
        " from the hour that the branch has set, with nothing waiting on it.",
        "按还款日期统计：收据所列现金，扣除已冲正部分。平板在机构设定的时点之后上报且无待发送内容，视为已上报。",
    ),
    "day.officers": Label("Who has reported", "上报情况"),
    "col.tablets": Label("Tablets", "平板"),
    "col.receipts": Label("Receipts", "收据"),
    "col.cash": Label("Cash", "现金"),
    "col.confirmed": Label("Confirmed", "已确认"),
    "col.unsettled": Label("Unsettled", "未结"),
    "col.missing": Label("Missing numbers", "缺号"),
    "day.reported.reported": Label("reported", "已上报"),
    "day.reported.waiting": Label("{n} waiting", "待发送 {n} 组"),
    "day.reported.silent": Label("not yet", "未上报"),
    "day.reported.never": Label("never used", "从未使用"),
    "day.missing.more": Label("{numbers} and {n} more", "{numbers} 等，另有 {n} 个"),
    "day.nobody": Label("Nobody works here", "此处暂无人员"),
    "day.deposits": Label("Cash handed in", "现金缴款"),
    "col.expected": Label("By the receipts", "收据合计"),
    "col.counted": Label("Counted", "实点"),
    "col.difference": Label("Difference", "差额"),
    "day.deposits.none": Label("Nothing was handed in", "暂无缴款"),
    "day.closed": Label("Closed by {name}, {moment}", "{name}于 {moment} 关账"),
    "day.closed.what": Label(
        "The figures as they were counted then are in the audit chain. What comes later is taken in and shown below.",
        "当时的统计数据已记入审计链；之后到达的内容照常接收，并在下方列出。",
    ),
    "day.closed.reason": Label("Closed all the same: {reason}", "未满足条件仍关账，原因：{reason}"),
    "day.after": Label("Arrived after the close", "关账后到达"),
    "col.receipt": Label("Receipt", "收据"),
    "col.amount": Label("Amount", "金额"),
    "col.arrived": Label("Arrived", "到达时间"),
    "day.close": Label("Close the day", "关账"),
    "day.close.trusted": Label(
        "The figures go into the audit chain with your name. Nothing is refused afterwards.",
        "数据将连同您的姓名记入审计链；之后到达的内容不会被拒绝。",
    ),
    "day.close.reason": Label("Why is it closed all the same?", "为何仍要关账？"),
    "day.close.reason.hint": Label(
        "Kept in the audit chain with your name and the reasons above.",
        "连同您的姓名及上述原因记入审计链。",
    ),
    "day.said.closed": Label("The day is closed.", "已关账。"),
    "day.said.already": Label(
        "The day had been closed before; it stays so.", "该日此前已关账，保持不变。"
    ),
    "day.sign": Label(
        "Counted by: ____________  Supervisor: ____________",
        "清点人：____________  主管：____________",
    ),
}

WATCH: Mapping[str, Label] = {
    "watch": Label("Lines to look at", "关注事项"),
    "watch.intro": Label(
        "Evidence, receipts and concentration that ask for a second look. Only supervisors and auditors"
        " see these lines; nothing of them goes to a tablet.",
        "走访证据、收据与集中度中需要复核的事项。仅主管与稽核可见，不下发到平板。",
    ),
    "watch.none": Label("Nothing to look at", "暂无关注事项"),
    "watch.none.what": Label(
        "Lines appear here by rules W12, W16 and W17, and when an officer's yearly audit is due.",
        "按规则 W12、W16、W17 及客户经理年度稽核到期生成。",
    ),
    "watch.rule.W12": Label("Evidence of visits (W12)", "走访证据（W12）"),
    "watch.rule.W16": Label("Concentration (W16)", "集中度（W16）"),
    "watch.rule.W17": Label("Receipts (W17)", "收据（W17）"),
    "watch.rule.audit": Label("Officer audits that are due", "年度稽核到期"),
    "watch.how.audit": Label(
        "Officers in use whose last signed audit is older than a year; who was never audited counts from"
        " the day the branch first knew of him.",
        "在岗客户经理距上次已签字稽核超过一年；从未稽核的，自本机构登记之日起算。",
    ),
    "watch.audited": Label("audit overdue for {n} days", "稽核已逾期 {n} 天"),
    "watch.audited.one": Label("audit overdue for a day", ""),
    "watch.never-audited": Label("never audited, overdue for {n} days", "从未稽核，已逾期 {n} 天"),
    "watch.never-audited.one": Label("never audited, overdue for a day", ""),
    "watch.how.W12": Label(
        "Visits of the last 30 days: far from the home point, over in minutes, with a photo of another"
        " visit, or on a tablet whose clock moved.",
        "近 30 天走访：离住处过远、用时过短、照片与其他走访相同，或平板时钟变动。",
    ),
    "watch.how.W16": Label(
        "More than the set share of a village's outstanding principal lives on one trade.",
        "一村贷款余额中，单一产业占比超过设定比例。",
    ),
    "watch.how.W17": Label(
        "This month and the last: holes in a tablet's numbers, cash unsettled for more than the set days,"
        " two or more reversals of one officer's receipts in a month.",
        "本月与上月：平板收据断号、现金超过设定天数未结、同一客户经理的收据一个月内被冲正两笔及以上。",
    ),
    "watch.far-from-home": Label("{n} m from the home", "距住处 {n} 米"),
    "watch.too-short": Label("over after {n} seconds", "用时 {n} 秒"),
    "watch.photo-reused": Label("{n} photos of another visit", "{n} 张照片与其他走访相同"),
    "watch.photo-reused.one": Label("a photo of another visit", ""),
    "watch.clock-jumped": Label("the tablet's clock moved", "平板时钟变动"),
    "watch.gap": Label("{n} numbers are missing", "缺 {n} 个号"),
    "watch.gap.one": Label("a number is missing", ""),
    "watch.cash-unsettled": Label("cash unsettled for {n} days", "现金 {n} 天未结"),
    "watch.reversals": Label("{n} reversals in {month}", "{month} 冲正 {n} 笔"),
    "watch.share": Label("{share} in {crop}", "{crop}占 {share}"),
    "severity.yellow": Label("yellow", "黄"),
    "severity.orange": Label("orange", "橙"),
    "severity.red": Label("red", "红"),
    "col.severity": Label("Severity", "级别"),
    "col.about": Label("About", "对象"),
    "col.what": Label("What", "内容"),
    "watch.dates": Label("Value dates to look at", "起息日期异常"),
    "watch.dates.none": Label(
        "No receipt of the last 30 days has an odd value date.", "近 30 天无起息日期异常的收据。"
    ),
    "col.value-date": Label("Paid on", "还款日期"),
    "todo.cash": Label(
        "Unsettled cash: {money} with {n} officers", "未结现金：{n} 名客户经理，{money}"
    ),
    "todo.cash.one": Label("Unsettled cash: {money} with {n} officer", ""),
    "todo.cash.over": Label(
        "{name} carries {money} in cash; the limit is {limit}",
        "{name}手持现金 {money}，超过上限 {limit}",
    ),
    "todo.cash.none": Label("No unsettled cash", "无未结现金"),
    "todo.dates": Label(
        "{n} receipts of 30 days with an odd value date", "30 天内 {n} 张收据起息日期异常"
    ),
    "todo.dates.one": Label("{n} receipt of 30 days with an odd value date", ""),
    "todo.dates.none": Label("No odd value dates in 30 days", "30 天内无起息日期异常"),
    "value-date.ahead": Label("in the future", "晚于到达日"),
    "value-date.late": Label("arrived late", "到达过迟"),
    "value-date.before-receipt": Label("before the day of its receipt", "早于收据日期"),
    "value-date.after-close": Label("on a day that was closed", "属于已关账日期"),
}

LARGE: Mapping[str, Label] = {
    "large": Label("Large borrowers", "大户"),
    "large.intro": Label(
        "Exposure above {bound}, or among the {top} largest of the outlet (W14). Each has a named person who"
        " answers for it and is looked at every month; any other signal on it is one severity up.",
        "余额超过 {bound}，或为网点前 {top} 大户（W14）。每户有指定负责人，每月检查一次；其他预警级别上调一级。",
    ),
    "large.none": Label("Nobody owes anything", "暂无余额"),
    "col.exposure": Label("Exposure", "余额"),
    "col.responsible": Label("Responsible", "负责人"),
    "col.reviewed": Label("Last inspection", "最近检查"),
    "col.review-due": Label("Due by", "应检日期"),
    "large.never": Label("none yet", "尚无"),
    "large.overdue": Label("overdue", "逾期未检"),
    "large.branch": Label("No outlet", "未归属网点"),
}
