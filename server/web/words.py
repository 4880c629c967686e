"""What the pages say, in English and Chinese; a template holds no sentence of its own.

`key.one` is the English singular of `key` where it differs; Chinese has none.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.declare import Label
from schemas.words import Lang, pick
from server.web.day_words import DAY, LARGE, WATCH
from server.web.desk_words import HANDOVERS, REVERSALS
from server.web.lending_words import EXCEPTIONS

FRAME: Mapping[str, Label] = {
    "product": Label("Xiangxin", "乡信"),
    "skip": Label("Skip to the content", "跳到正文"),
    "nav.main": Label("Main", "主导航"),
    "nav.summary": Label("Summary", "概览"),
    "nav.conflicts": Label("Conflicts", "冲突"),
    "nav.arrears": Label("Arrears", "逾期贷款"),
    "nav.handovers": Label("Handovers", "管户交接"),
    "nav.reversals": Label("Reversals", "冲正"),
    "nav.open": Label("{n} open", "{n} 个待处理"),
    "role.in": Label("{role}, {branch}", "{branch} {role}"),
    "sign-out": Label("Sign out", "退出登录"),
    "language.other": Label("中文", "English"),
    "language.switch": Label("切换到中文", "Switch to English"),
    "separator": Label(" · ", " · "),
    "gap": Label(" ", ""),
    "comma": Label(", ", "、"),
    "and": Label(" and ", "和"),
    "colon": Label(": ", "："),
    "previous": Label("Previous page", "上一页"),
    "next": Label("Next page", "下一页"),
    "pages": Label("Pages", "分页"),
    "page-of": Label("Page {page} of {pages}", "第 {page} 页，共 {pages} 页"),
    "none": Label("–", "–"),
    "unknown": Label("unknown", "未知"),
    "nobody": Label("nobody named", "未署名"),
    "system": Label("The branch's server", "网点服务器"),
    "you": Label("{name} (you)", "{name}（您）"),
    "device.web": Label("branch web", "支行网页"),
    "device.server": Label("server", "服务器"),
    "device.tablet": Label("tablet {code}", "平板 {code}"),
}

API: Mapping[str, Label] = {
    "api.title": Label("The API", "接口说明"),
    "api.what": Label(
        "For whoever writes a client or a script, version {version}. How a sync works: docs/protocol.md.",
        "供编写客户端或脚本的人员使用，版本 {version}。同步方式见 docs/protocol.md。",
    ),
    "api.document": Label("The same as OpenAPI 3.1", "OpenAPI 3.1 文档"),
    "api.signed-in": Label("Needs an access token.", "需要访问令牌。"),
    "api.open": Label("Needs no sign-in.", "无需登录。"),
    "api.given": Label("In the address", "地址参数"),
    "api.takes": Label("Takes", "请求内容"),
    "api.answers": Label("Answers", "应答"),
    "api.components": Label("What bodies consist of", "数据结构"),
}

SIGN_IN: Mapping[str, Label] = {
    "sign-in": Label("Sign in", "登录"),
    "sign-in.for": Label(
        "For supervisors, auditors, reviewers, approvers and clerks. Officers work in the tablet app.",
        "供主管、稽核、审查、审批和柜面人员使用。客户经理请使用平板应用。",
    ),
    "sign-in.username": Label("User name", "用户名"),
    "sign-in.password": Label("Password", "密码"),
    "sign-in.tablet": Label("Tablet app for officers", "客户经理平板应用"),
    "sign-in.wrong": Label(
        "That user name and password do not go together. Check both and try again.",
        "用户名与密码不匹配，请核对后再试。",
    ),
    "sign-in.fill": Label("Enter your user name and password", "请输入用户名和密码"),
    "sign-in.again": Label(
        "Sign in to go on. A sign-in lasts 12 hours.", "请登录后继续。每次登录有效 12 小时。"
    ),
    "signed-out": Label("You are signed out", "您已退出登录"),
}

PROBLEMS: Mapping[str, Label] = {
    "problem.missing": Label("Nothing is here", "此处没有内容"),
    "problem.missing.what": Label(
        "The address is wrong, or what it names belongs to another branch.",
        "地址有误，或该内容属于其他支行。",
    ),
    "problem.not-yours": Label("These pages are for supervisors", "这些页面供主管使用"),
    "problem.not-yours.what": Label(
        "You are signed in as {name}, {role}. Your own work is in the tablet app. If you need these"
        " pages, ask your branch for another role.",
        "您以{name}（{role}）登录。您的工作请在平板应用中进行；如需使用这些页面，请联系支行调整角色。",
    ),
    "problem.read-only": Label("Your role reads here", "您的角色只能查看"),
    "problem.read-only.what": Label(
        "A supervisor decides this. Nothing was changed.", "此事由主管决定。未作任何更改。"
    ),
    "problem.form": Label("The form is no longer good", "表单已失效"),
    "problem.form.what": Label(
        "It was open in another sign-in, or came from another site. Nothing was changed. Go back,"
        " load the page again and send it once more.",
        "表单来自另一次登录或其他网站。未作任何更改。请返回并刷新页面，再提交一次。",
    ),
    "problem.slow-down": Label("Please wait a minute", "请稍等一分钟"),
    "problem.slow-down.what": Label(
        "There were many requests in a short time. Nothing was changed.",
        "短时间内请求较多。未作任何更改。",
    ),
    "problem.busy": Label("The server is not ready", "服务器暂时无法响应"),
    "problem.busy.what": Label(
        "Nothing was half saved. Try again in a moment.", "没有只保存一半的内容，请稍后再试。"
    ),
    "problem.ours": Label("Something went wrong on our side", "我们这边出现了问题"),
    "problem.ours.what": Label(
        "Nothing was half saved. If it happens again, tell the administrator the time: {time}.",
        "没有只保存一半的内容。如再次出现，请将时间告知管理员：{time}。",
    ),
    "problem.request": Label("This could not be read", "无法读取这次请求"),
    "problem.request.what": Label(
        "Nothing was changed. Go back and try again.", "未作任何更改，请返回再试。"
    ),
    "problem.not-built": Label("The tablet app is not built here", "此处尚未构建平板应用"),
    "problem.not-built.what": Label(
        "Run “make build” on the server, then load this page again.",
        "请在服务器上运行 make build，然后刷新此页。",
    ),
    "problem.home": Label("Go to the summary", "前往概览"),
    "problem.tablet": Label("Open the tablet app", "打开平板应用"),
}

SUMMARY: Mapping[str, Label] = {
    "summary": Label("Summary", "概览"),
    "as-of": Label("Figures as of {moment}.", "数据截至 {moment}。"),
    "as-of.all": Label(
        "Every tablet has reported within 24 hours.", "所有平板均在 24 小时内上报。"
    ),
    "as-of.silent": Label(
        "{names} have not synced, so their visits and collections may be higher.",
        "{names}尚未同步，其走访和收款可能更高。",
    ),
    "as-of.silent.one": Label(
        "{names} has not synced, so visits and collections may be higher.", ""
    ),
    "as-of.no-tablets": Label(
        "No tablet has been signed in yet: the figures are what the branch entered.",
        "尚无平板登录，数据仅含支行录入的内容。",
    ),
    "silent.for": Label("{name} ({age})", "{name}（{age}）"),
    "silent.never": Label("{name} (never)", "{name}（从未）"),
    "silent.more": Label("{n} more", "另外 {n} 人"),
    "todo": Label("Waiting for you", "待您处理"),
    "todo.conflicts": Label("{n} conflicts", "{n} 个冲突"),
    "todo.conflicts.one": Label("{n} conflict", ""),
    "todo.oldest": Label("oldest {age}", "最早 {age}"),
    "todo.nothing": Label("nothing open", "没有待处理"),
    "differed": Label(
        "{n} times in the last 7 days a tablet’s copy was not the branch’s",
        "最近 7 天平板数据副本与网点不一致 {n} 次",
    ),
    "differed.one": Label("Once in the last 7 days a tablet’s copy was not the branch’s", ""),
    "differed.what": Label(
        "It was put right, the last time on {moment}. Tell whoever looks after the server: it should"
        " never happen.",
        "已自动修复，最近一次在 {moment}。此情况不应发生，请告知服务器管理员。",
    ),
    "todo.quarantine": Label("{n} sets kept aside", "{n} 组内容被隔离保存"),
    "todo.quarantine.one": Label("{n} set kept aside", ""),
    "todo.quarantine.what": Label("not accepted, nothing lost", "未被接受，内容未丢失"),
    "todo.quarantine.none": Label("all work was accepted", "全部内容已接受"),
    "todo.late": Label("{n} late visits", "{n} 户逾期走访"),
    "todo.late.one": Label("{n} late visit", ""),
    "todo.late.who": Label("{n} with {name}", "{name} {n} 户"),
    "todo.late.none": Label("every plan is kept", "计划均已完成"),
    "todo.silent": Label("{n} officers silent", "{n} 人未同步"),
    "todo.silent.one": Label("{n} officer silent", ""),
    "todo.silent.what": Label("over 24 hours", "超过 24 小时"),
    "todo.silent.no-tablets": Label("no tablet signed in yet", "尚无平板登录"),
    "todo.silent.none": Label("all heard within 24 hours", "24 小时内均有消息"),
    "figures": Label("Portfolio", "贷款组合"),
    "figure.outstanding": Label("Outstanding principal", "贷款余额"),
    "figure.par": Label("PAR{days}", "PAR{days}"),
    "figure.par-restructured": Label("PAR30 + restructured", "PAR30 + 重组"),
    "figure.loans": Label("{n} loans, {late} in arrears", "{n} 笔，逾期 {late} 笔"),
    "figure.loans.one": Label("{n} loan, {late} in arrears", ""),
    "figure.amount": Label("{amount}, {n} loans", "{amount}，{n} 笔"),
    "figure.amount.one": Label("{amount}, {n} loan", ""),
    "figure.list": Label("See the loans", "查看明细"),
    "figure.how": Label("How it is counted", "计算方法"),
    "figure.how.of": Label("How {figure} is counted", "{figure}的计算方法"),
    "how.outstanding": Label(
        "Principal not yet repaid on all active loans. Repayments are laid on the installments,"
        " oldest first, inside each late fee, fee, interest, principal. Written-off loans"
        " ({written_off}) are left out.",
        "全部未结清贷款尚未归还的本金。还款按期次先后冲抵，每期内依次为罚息、费用、利息、本金。"
        "已核销贷款（{written_off}）不计入。",
    ),
    "how.par": Label(
        "All remaining principal of loans more than {days} days past due: {amount}, divided by"
        " the outstanding principal: {gross}.",
        "逾期超过 {days} 天的贷款的全部剩余本金 {amount}，除以贷款余额 {gross}。",
    ),
    "how.par1": Label(
        "All remaining principal of loans at least one day past due: {amount}, divided by the"
        " outstanding principal: {gross}.",
        "逾期 1 天及以上的贷款的全部剩余本金 {amount}，除以贷款余额 {gross}。",
    ),
    "how.par-restructured": Label(
        "As PAR30, and restructured loans as well, whether late or not: {amount}, divided by the"
        " outstanding principal: {gross}.",
        "在 PAR30 基础上加入全部重组贷款（无论是否逾期）：{amount}，除以贷款余额 {gross}。",
    ),
    "how.age": Label(
        "From every record received by {moment}, for the business date {date}.",
        "依据截至 {moment} 收到的全部记录，业务日期 {date}。",
    ),
    "how.classes": Label(
        "By days past due: 0 normal, 1–90 special mention, 91–270 substandard, 271–360 doubtful,"
        " over 360 loss. Restructured loans are at least special mention for a year, and so are"
        " the other loans of a customer with a non-performing one.",
        "按逾期天数：0 天正常，1–90 天关注，91–270 天次级，271–360 天可疑，超过 360 天损失。"
        "重组贷款一年内至少为关注；客户有一笔不良的，其他贷款也至少为关注。",
    ),
    "how.visits": Label(
        "Planned: visits with today's date that were not cancelled. Done: those of them that were"
        " finished. Late: planned for an earlier day and still open.",
        "计划：日期为今天且未取消的走访。已走访：其中已完成的。逾期走访：计划日期已过仍未完成的。",
    ),
    "how.waiting": Label(
        "Known waiting is what the tablet reported at its last contact. After 24 hours of silence"
        " it may be more.",
        "已知待发送为平板上次联系时的报告；超过 24 小时没有消息，实际可能更多。",
    ),
    "officers": Label("Officers today", "今日客户经理"),
    "officers.note": Label("The longest without sync are red", "长时间未同步标红"),
    "officers.none": Label("No officer works in this branch yet", "本支行暂无客户经理"),
    "officers.none.what": Label(
        "Add officers in the set-up file; they appear here.", "请在配置文件中添加客户经理。"
    ),
    "col.officer": Label("Officer", "客户经理"),
    "col.visits": Label("Visits done", "已走访"),
    "col.late-visits": Label("Late visits", "逾期走访"),
    "col.outstanding": Label("Outstanding", "余额"),
    "col.par30": Label("PAR30", "PAR30"),
    "col.last-sync": Label("Last sync", "上次同步"),
    "col.waiting": Label("Known waiting", "已知待发送"),
    "col.conflicts": Label("Conflicts", "冲突"),
    "visits.of": Label("{done} / {planned}", "{done} / {planned}"),
    "visits.no-news": Label("no news / {planned}", "无消息 / {planned}"),
    "visits.none": Label("none planned", "无计划"),
    "visits.branch": Label("and {n} planned, no news", "另 {n} 户无消息"),
    "sync.never": Label("never", "从未"),
    "sync.no-tablet": Label("no tablet", "无平板"),
    "sync.age": Label("{age} ago", "{age}前"),
    "skew.ahead": Label("clock {age} ahead", "时钟快 {age}"),
    "skew.behind": Label("clock {age} behind", "时钟慢 {age}"),
    "waiting.exactly": Label("{n}", "{n}"),
    "waiting.at-least": Label("at least {n}", "至少 {n}"),
    "waiting.unknown": Label("not known", "未知"),
    "waiting.attention": Label("{n} need attention", "{n} 项需处理"),
    "waiting.attention.one": Label("{n} needs attention", ""),
    "branch.total": Label("Branch", "全行"),
    "classes": Label("Five-class", "五级分类"),
    "classes.chart": Label("Outstanding principal by class", "按分类的贷款余额"),
    "classes.npl": Label("Non-performing", "不良"),
    "classes.written-off": Label("Written off", "已核销"),
    "col.class": Label("Class", "分类"),
    "col.amount": Label("Amount", "金额"),
    "col.share": Label("Share", "占比"),
    "open-conflicts": Label("Oldest open conflicts", "最早的待处理冲突"),
    "open-conflicts.all": Label("See all {n}", "查看全部 {n} 个"),
    "open-conflicts.none": Label("No conflict is open", "没有待处理的冲突"),
    "open-conflicts.none.what": Label(
        "When two people change the same thing without seeing each other, it appears here.",
        "两人在互不知情时修改同一内容，会显示在这里。",
    ),
}

PIN_CODE: Mapping[str, Label] = {
    "pin-code.new": Label("New PIN code", "新 PIN 恢复码"),
    "pin-code.new.for": Label("New PIN code for {name}", "新 PIN 恢复码：{name}"),
    "pin-code": Label("Code for a new PIN: {name}", "{name}的 PIN 恢复码"),
    "pin-code.is": Label("The code", "恢复码"),
    "pin-code.who": Label(
        "Make sure that {name} is asking: face to face, or by a call to a number that you know.",
        "请确认是{name}本人提出：当面确认，或拨打您已知的号码。",
    ),
    "pin-code.how": Label(
        "On the tablet’s lock, {name} taps “Forgot?”, signs in with the password and types this code.",
        "请{name}在平板锁屏上点“忘记？”，用密码登录，再输入此码。",
    ),
    "pin-code.then": Label(
        "{name} chooses a new PIN. Work that was not sent yet is still there.",
        "由{name}设置新 PIN，尚未发送的内容仍在。",
    ),
    "pin-code.until": Label(
        "Good until {moment}, once, on one tablet. It is not shown again; a new code replaces it.",
        "有效期至 {moment}，限一台平板使用一次。此码不再显示，新的恢复码会取代它。",
    ),
}

ASIDE: Mapping[str, Label] = {
    "aside": Label("Kept aside", "隔离保存"),
    "aside.intro": Label(
        "None of this is in the customers’ records, and nothing of it is lost. Whoever sent it finds it"
        " under “Needs attention” on the tablet, with the same reasons, and can mend it there.",
        "这些内容未写入客户资料，也没有丢失。提交人在平板的“待处理”中可看到相同的原因，并可在那里更正。",
    ),
    "aside.filter": Label("Show", "显示"),
    "aside.show.waiting": Label("Not accepted", "未被接受"),
    "aside.show.withdrawn": Label("Taken back by their makers", "提交人已撤回"),
    "aside.number": Label("set {number}", "第 {number} 组"),
    "aside.sent": Label("What was sent: {n} changes", "提交的内容：{n} 处更改"),
    "aside.sent.one": Label("What was sent: {n} change", ""),
    "aside.more": Label("and {n} more changes", "另有 {n} 处更改"),
    "aside.more.one": Label("and {n} more change", ""),
    "aside.create": Label("New: {what}", "新增：{what}"),
    "aside.update": Label("Changed: {what}", "修改：{what}"),
    "aside.delete": Label("Removed: {what}", "删除：{what}"),
    "aside.held": Label(
        "It waits for a record that another tablet still has; it is tried again by itself.",
        "它在等待另一台平板上的记录，收到后会自动再试。",
    ),
    "aside.none": Label("Nothing is kept aside here", "此处没有隔离的内容"),
    "aside.none.what": Label(
        "What a tablet sends and the branch cannot take appears here, with the reason.",
        "平板提交而网点无法接受的内容会显示在这里，并注明原因。",
    ),
}

TABLETS: Mapping[str, Label] = {
    "tablets": Label("Tablets", "平板"),
    "tablets.all": Label("All tablets", "全部平板"),
    "tablets.none": Label("No tablet has been signed in yet", "尚无平板登录"),
    "tablets.none.what": Label(
        "A tablet appears here with its first sign-in.", "平板首次登录后会显示在这里。"
    ),
    "col.tablet": Label("Tablet", "平板"),
    "col.user": Label("User", "使用人"),
    "col.state": Label("State", "状态"),
    "tablets.state.active": Label("In use", "使用中"),
    "tablets.state.locked": Label("Locked", "已锁定"),
    "tablets.state.wiped": Label("Wiped", "已清除"),
    "tablets.decided": Label("{name}, {moment}", "{name}，{moment}"),
    "tablets.admin": Label("An administrator", "系统管理员"),
    "tablets.repairs": Label("Its copy was put right {n} times", "数据副本已修复 {n} 次"),
    "tablets.repairs.one": Label("Its copy was put right once", ""),
    "tablets.lock": Label("Lock", "锁定"),
    "tablets.unlock": Label("Unlock", "解锁"),
    "tablets.wipe": Label("Wipe", "清除"),
    "tablets.ask.lock": Label("Lock tablet {code} of {name}?", "锁定{name}的平板 {code}？"),
    "tablets.ask.unlock": Label("Unlock tablet {code} of {name}?", "解锁{name}的平板 {code}？"),
    "tablets.ask.wipe": Label("Wipe tablet {code} of {name}?", "清除{name}的平板 {code}？"),
    "tablets.what.lock": Label(
        "It is given nothing any more. What it sends is kept aside and not taken, until you unlock it;"
        " {name} then sends it again from the tablet. Nothing is lost.",
        "该平板不再获得任何资料；解锁前其提交的内容会被隔离保存，不会写入。解锁后由{name}在平板上重新提交，不会丢失。",
    ),
    "tablets.what.unlock": Label(
        "{name} works on as before. What was kept aside meanwhile waits on the tablet under “Needs"
        " attention”, to be sent again.",
        "{name}可照常使用。锁定期间被隔离的内容在平板的“待处理”中，可重新提交。",
    ),
    "tablets.what.wipe": Label(
        "When it is next heard, the tablet destroys its key and everything on it. Nothing takes that"
        " back. {name} can sign in anew on any tablet and finds there what the branch has. What it sent"
        " and was kept aside stays readable here, and can no longer be mended on the tablet.",
        "平板下次联系时会销毁密钥和全部数据，且无法撤销。{name}可在任何平板上重新登录，网点已收到的内容仍在。"
        "此前被隔离保存的内容仍可在此查看，但不能再在平板上更正。",
    ),
    "tablets.lost": Label(
        "It reported {n} sets that it had not sent: they are lost with it.",
        "该平板曾报告有 {n} 组内容尚未发送，将随之丢失。",
    ),
    "tablets.lost.one": Label("It reported {n} set that it had not sent: it is lost with it.", ""),
    "tablets.lost.unknown": Label(
        "Work that it has not sent is lost with it.", "尚未发送的内容将随之丢失。"
    ),
    "tablets.leave": Label("Leave it as it is", "不作更改"),
    "tablets.done.lock": Label("Tablet {code} is locked", "平板 {code} 已锁定"),
    "tablets.done.unlock": Label("Tablet {code} is in use again", "平板 {code} 已恢复使用"),
    "tablets.done.wipe": Label(
        "Tablet {code} is wiped when it is next heard", "平板 {code} 下次联系时将被清除"
    ),
}

PHOTOS: Mapping[str, Label] = {
    "photos": Label("Photos and files", "照片与文件"),
    "photos.record": Label("Those of one record", "仅显示一条记录的"),
    "photos.all": Label("All of this customer", "该客户的全部"),
    "photos.count": Label("{n} in all, the newest first", "共 {n} 个，最新的在前"),
    "photos.taken": Label("Taken", "拍摄于"),
    "photos.place": Label("At {lat}, {lon}", "位置 {lat}，{lon}"),
    "photos.place.within": Label(
        "At {lat}, {lon}, to {metres} m", "位置 {lat}，{lon}（误差 {metres} 米）"
    ),
    "photos.no-place": Label("Place not known", "位置未知"),
    "photos.file": Label("Save the file ({size} KB)", "保存文件（{size} KB）"),
    "photos.not-arrived": Label("Not arrived yet", "尚未收到"),
    "photos.not-arrived.what": Label(
        "The tablet still has it and sends it by itself.", "仍在平板上，会自动发送。"
    ),
    "photos.none": Label("No photos or files", "没有照片或文件"),
    "photos.none.what": Label(
        "What officers attach to this customer’s records appears here.",
        "客户经理附在该客户资料中的内容会显示在这里。",
    ),
}

ARREARS: Mapping[str, Label] = {
    "arrears": Label("Loans in arrears", "逾期贷款"),
    "arrears.filter": Label("Show", "显示"),
    "arrears.over.0": Label("PAR1", "PAR1"),
    "arrears.over.30": Label("PAR30", "PAR30"),
    "arrears.over.90": Label("PAR90", "PAR90"),
    "arrears.over.restructured": Label("PAR30 + restructured", "PAR30 + 重组"),
    "arrears.total": Label(
        "{n} loans, {amount} of {gross} outstanding: {share}",
        "{n} 笔，合计 {amount}；贷款余额 {gross}，占比 {share}",
    ),
    "arrears.total.one": Label("{n} loan, {amount} of {gross} outstanding: {share}", ""),
    "arrears.officer": Label("Loans of {name}", "{name}的贷款"),
    "arrears.everyone": Label("Show all officers", "显示全部客户经理"),
    "arrears.none": Label("No loan is this late", "没有符合条件的逾期贷款"),
    "arrears.none.what": Label("Everything that fell due has been paid.", "到期款项均已还清。"),
    "col.customer": Label("Customer", "客户"),
    "col.loan": Label("Loan", "借据"),
    "col.dpd": Label("Days past due", "逾期天数"),
    "col.since": Label("Unpaid since", "欠款起始日"),
    "restructured": Label("Restructured", "重组"),
}

CONFLICTS: Mapping[str, Label] = {
    "conflicts": Label("Conflicts", "冲突"),
    "conflicts.filter": Label("Show", "显示"),
    "conflicts.open": Label("Open", "待处理"),
    "conflicts.settled": Label("Settled", "已处理"),
    "conflicts.none": Label("No conflict is open", "没有待处理的冲突"),
    "conflicts.none.what": Label(
        "Tablets go on bringing in work; what cannot be joined by itself will wait here.",
        "平板会继续上报；无法自动合并的内容会在这里等您处理。",
    ),
    "conflicts.none-settled": Label("None has been settled yet", "尚无已处理的冲突"),
    "conflicts.none-settled.what": Label(
        "Settled conflicts stay here with who decided and why.",
        "已处理的冲突会留在这里，注明由谁、因何决定。",
    ),
    "conflicts.back": Label("All conflicts", "全部冲突"),
    "conflicts.list": Label("List of conflicts", "冲突列表"),
    "between": Label("{a} and {b}", "{a}与{b}"),
    "sensitive": Label(
        "Sensitive: decided by someone who wrote neither side", "敏感项：由未参与填写的人决定"
    ),
    "sensitive.short": Label("Sensitive", "敏感项"),
    "no-customer": Label("No customer", "不属于客户"),
    "opened": Label("Open for {age}, since {moment}", "已等待 {age}，始于 {moment}"),
    "before": Label("Before", "原值"),
    "before.what": Label("what both started from", "双方的起点"),
    "stands": Label("Stands now", "现值"),
    "not-set": Label("empty", "未填写"),
    "deleted": Label("Deleted", "已删除"),
    "deleted.because": Label("Deleted: {reason}", "已删除：{reason}"),
    "yes": Label("Yes", "是"),
    "no": Label("No", "否"),
    "masked": Label("ending in {tail}", "尾号 {tail}"),
    "masked.show": Label("Show in full", "显示完整"),
    "record-unknown": Label("another record", "另一条记录"),
    "versions": Label("The versions", "各个版本"),
    "decide": Label("Which shall stand?", "采用哪一个？"),
    "decide.keep": Label("Keep what stands", "保留现值"),
    "decide.take": Label("Take this one", "采用此值"),
    "decide.custom": Label("Write another", "另行填写"),
    "decide.custom.what": Label(
        "When neither is right, write what is.", "两者都不对时，请填写正确的内容。"
    ),
    "decide.join": Label("Take both, joined", "合并两份文字"),
    "decide.join.what": Label(
        "Both texts are joined below. Mend the wording where they meet.",
        "两份文字已合并在下方，请在衔接处修改。",
    ),
    "decide.stays": Label("This record stays", "保留此档案"),
    "decide.two-people": Label("They are two people", "是不同的两个人"),
    "decide.two-people.what": Label(
        "Both records stay as they are, each with its officer.",
        "两份档案保持不变，各由原客户经理负责。",
    ),
    "twins.what": Label(
        "Both carry the same id number. If it is one person, choose the record that stays: the other one’s"
        " loans, visits and notes move to it, and its officer keeps looking after the customer.",
        "两份档案的身份证号相同。如为同一人，请选择保留的档案：另一份的贷款、走访和记录将移入，"
        "由保留档案的客户经理继续负责。",
    ),
    "twins.by": Label("Registered by {name}; with {officer}", "{name}建档，现由{officer}负责"),
    "twins.nobody": Label("nobody", "无人"),
    "twins.take": Label("Take over from the other record", "从另一份档案采用"),
    "twins.take.what": Label(
        "Tick what the record that stays shall have as the other one says it. What is not ticked stays"
        " readable in the history.",
        "勾选后，保留的档案将采用另一份中的内容；未勾选的内容仍可在历史中查阅。",
    ),
    "choose.twin": Label(
        "Choose the record that stays, or say that they are two people.",
        "请选择保留的档案，或说明是不同的两个人。",
    ),
    "decide.amend": Label("Take it as an amendment", "作为补充记录"),
    "decide.both-count": Label("Both count", "两笔都算"),
    "decide.delete": Label("Delete the record", "删除记录"),
    "decide.undelete": Label("Keep the record", "保留记录"),
    "joined": Label("The two texts joined", "两份文字合并"),
    "joined.added": Label("{name} wrote", "{name}填写"),
    "comment": Label("Reason", "原因"),
    "comment.hint": Label(
        "Kept in the history. Needed for a sensitive field and when you write another value.",
        "记入历史。敏感项或另行填写时必填。",
    ),
    "comment.needed": Label("Kept in the history. Needed here.", "记入历史，此处必填。"),
    "comment.write": Label("Write the reason for your decision", "请填写决定的原因"),
    "choose.which": Label("Choose which value shall stand", "请选择采用哪个值"),
    "fill-value": Label("Fill in the value that shall stand", "请填写要采用的值"),
    "save": Label("Save the decision", "保存决定"),
    "save.where": Label("It reaches the tablets with their next sync.", "各平板下次同步时收到。"),
    "missing": Label("{n} things are missing", "还差 {n} 项"),
    "missing.one": Label("One thing is missing", ""),
    "unit.fen": Label("yuan", "元"),
    "unit.bps": Label("percent a year", "% / 年"),
    "unit.mu": Label("mu", "亩"),
    "unit.degrees": Label("degrees", "度"),
    "unit.m": Label("metres", "米"),
    "choose": Label("Choose", "请选择"),
    "sod8": Label("Someone else decides this one", "此项须由他人决定"),
    "sod8.what": Label(
        "You wrote one of these values and the field is sensitive (rule SOD-8)."
        " It may be decided by: {names}.",
        "其中一个值由您填写，且该字段为敏感项（SOD-8）。可由以下人员决定：{names}。",
    ),
    "sod8.nobody": Label(
        "You wrote one of these values and the field is sensitive (rule SOD-8). Nobody else in this"
        " branch may decide it: pass it up to the reviewer.",
        "其中一个值由您填写，且该字段为敏感项（SOD-8）。本支行没有其他人可以决定，请上报审查员。",
    ),
    "reader": Label(
        "Your role may read this, a supervisor decides", "您的角色可以查看，由主管决定"
    ),
    "moved-on": Label("The value has changed since", "此后该值有变化"),
    "moved-on.what": Label(
        "It was changed again after the two met. What stands now is shown first.",
        "冲突之后又有修改，现值列在最前。",
    ),
    "settled.by": Label("Settled by {name}, {moment}", "{name}于 {moment} 处理"),
    "settled.keep": Label("What stood was kept.", "保留了当时的值。"),
    "settled.other": Label("The value of {name} was taken.", "采用了{name}的值。"),
    "settled.custom": Label("Another value was written.", "另行填写了值。"),
    "settled.merge": Label("The two records were merged into one.", "两条记录已合并。"),
    "settled.both_count": Label("Both count.", "两笔都算。"),
    "settled.reverse_one": Label("One was reversed.", "冲正了其中一笔。"),
    "settled.as_amendment": Label("It was taken as an amendment.", "作为补充记录。"),
    "settled.comment": Label("Reason: {comment}", "原因：{comment}"),
    "settled.next": Label("Next open conflict", "下一个待处理冲突"),
    "settled.again": Label("It was settled before and opened again.", "曾处理过，后重新打开。"),
    "reopen": Label("Open again", "重新打开"),
    "reopen.until": Label("Possible until {moment}", "{moment} 前可重新打开"),
    "reopen.over": Label(
        "Settled more than seven days ago. Change the record itself.",
        "处理已超过 7 天，请直接修改记录。",
    ),
    "said.saved": Label(
        "Saved. The tablets receive it with their next sync.", "已保存，各平板下次同步时收到。"
    ),
    "said.joined": Label(
        "Another value came in while you were deciding. The conflict stays open and shows it; look"
        " once more and decide again. Your reason is in the history.",
        "您决定期间又有新值到达。冲突仍待处理并已显示该值，请再看一遍后决定。您的原因已记入历史。",
    ),
    "said.already": Label(
        "Someone settled it before you; their decision stands. Yours was not saved.",
        "已由他人先行处理，以其决定为准。您的决定未保存。",
    ),
    "said.reopened": Label("The conflict is open again.", "冲突已重新打开。"),
    "said.not-reopened": Label(
        "It could not be opened again. Change the record itself.",
        "无法重新打开，请直接修改记录。",
    ),
}

AGES: Mapping[str, Label] = {
    "age.now": Label("under a minute", "不到 1 分钟"),
    "age.minutes": Label("{n} min", "{n} 分钟"),
    "age.hours": Label("{n} h", "{n} 小时"),
    "age.days": Label("{n} days", "{n} 天"),
    "age.days.one": Label("{n} day", ""),
    "age.years": Label("{n} years", "{n} 年"),
    "age.years.one": Label("{n} year", ""),
}

CATALOGUE: Mapping[str, Label] = {
    **FRAME, **API, **SIGN_IN, **PROBLEMS, **SUMMARY, **PIN_CODE, **ASIDE, **TABLETS, **PHOTOS,
    **ARREARS, **CONFLICTS, **AGES, **HANDOVERS, **REVERSALS, **DAY, **WATCH, **LARGE, **EXCEPTIONS,
}  # fmt: skip


def tell(key: str, lang: Lang, **facts: object) -> str:
    """Return the sentence *key* in the reader's language, with *facts* put in.

    Where *facts* has `n` = 1 and English has a singular of its own, that is taken. A key that is not in
    the catalogue is a mistake in our code: KeyError.
    """
    label = CATALOGUE[key]
    if lang == "en" and facts.get("n") in (1, "1"):
        label = CATALOGUE.get(f"{key}.one", label)
    words = pick(label, lang)
    return words.format(**facts) if facts else words
