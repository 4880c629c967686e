"""What the field client says, in English and Chinese (shared words; tone: calm, the way out in each).

The sentences of the server's problems and faults are in `schemas.words`; these are the device's own.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas.declare import Label
from schemas.words import Lang, pick

FAULTS: Mapping[str, Label] = {
    "store-in-use": Label(
        "Another program has {path} open. Close it and try again.",
        "{path} 正被另一个程序使用，请关闭后重试。",
    ),
    "store-unreadable": Label(
        "{path} cannot be read as a store ({said}). Keep the file; `export --sealed` saves the unsent work.",
        "无法读取 {path}（{said}）。请保留该文件，可用 `export --sealed` 取出未发送的内容。",
    ),
    "store-newer": Label(
        "{path} was written by a later version. Update xiangxin-field.",
        "{path} 由更新的版本写入，请更新 xiangxin-field。",
    ),
    "store-not-writable": Label(
        "{path} cannot be written ({said}). Nothing was changed; free some space or choose another --store.",
        "无法写入 {path}（{said}）。未作任何更改，请清理空间或用 --store 指定其他位置。",
    ),
    "pin-needed": Label(
        "{path} needs its PIN. Use --pin-file, or a terminal that can ask for it.",
        "{path} 需要 PIN。请使用 --pin-file，或在终端中输入。",
    ),
    "wrong-pin": Label(
        "That is not the PIN. {left} tries are left; wait {seconds} s before the next.",
        "PIN 不正确，还可尝试 {left} 次，请等待 {seconds} 秒。",
    ),
    "pin-wait": Label(
        "Too many tries in a row. Wait {seconds} s and try again.",
        "连续尝试过多，请等待 {seconds} 秒后再试。",
    ),
    "key-destroyed": Label(
        "The key of {path} is gone. Bring {path}.sealed to the branch for the unsent work; sign in"
        " with a new --store.",
        "{path} 的密钥已销毁。请将 {path}.sealed 交给网点以恢复未发送的内容，并用新的 --store 登录。",
    ),
    "pin-too-short": Label("A PIN has at least {shortest} characters.", "PIN 至少 {shortest} 位。"),
    "offline": Label(
        "No connection to {server} ({said}). Nothing is lost; run `sync` again when there is one.",
        "无法连接 {server}（{said}）。数据不会丢失，有网络时请再次运行 `sync`。",
    ),
    "not-signed-in": Label(
        "Nobody has signed in with this store yet. Run `login SERVER --user NAME`.",
        "此存储尚未登录，请运行 `login 服务器 --user 用户名`。",
    ),
    "sign-in-again": Label(
        "The sign-in has ended. Run `login` again; unsent work is kept.",
        "登录已失效，请重新运行 `login`，未发送的内容已保留。",
    ),
    "new-device": Label(
        "This store was copied or restored and goes on as a new device. Run `login` again; unsent work"
        " is kept.",
        "此存储由复制或恢复而来，将作为新设备继续使用。请重新运行 `login`，未发送的内容已保留。",
    ),
    "other-user": Label(
        "This store belongs to {username}. Use another --store.",
        "此存储属于 {username}，请用 --store 指定另一个文件。",
    ),
    "not-here": Label(
        "{id} is not on this device. Look for it with `customers --search`, or run `sync`.",
        "此设备上没有 {id}。请用 `customers --search` 查找，或运行 `sync`。",
    ),
    "ambiguous": Label(
        "{id} is the beginning of {count} ids. Type more of it.",
        "有 {count} 个编号以 {id} 开头，请多输入几位。",
    ),
}

REASONS: Mapping[str, Label] = {
    "not-a-month": Label(
        "{month} is no month. Write it as 2026-06.", "{month} 不是月份，请按 2026-06 填写。"
    ),
    "customer-needed": Label(
        "A record of type {type} is made under a customer, or under none: check --customer.",
        "请检查 --customer：{type} 类型的记录有的属于客户，有的不属于。",
    ),
    "unknown-type": Label("There is no record type {type}.", "没有 {type} 这种记录类型。"),
    "not-deletable": Label(
        "Records of type {type} are not removed; a new one puts them right.",
        "{type} 类型的记录不能删除，请用新的记录更正。",
    ),
    "reason-needed": Label("Say why.", "请填写原因。"),
    "create-only": Label(
        "A record of type {type} is never edited. Make a new one that names it.",
        "{type} 类型的记录不能修改，请新建一条说明它的记录。",
    ),
    "not-a-handover": Label(
        "That is no handover. `handover` lists those on this device.",
        "这不是管户交接，请用 `handover` 查看本设备上的交接。",
    ),
    "not-your-part": Label("That part of the handover is another's.", "交接的这一部分由他人填写。"),
    "answered-already": Label("An answer stands once it is given.", "答复提交后不能更改。"),
    "not-to-sign": Label(
        "There is nothing for you to sign: it is not agreed yet, or you have signed.",
        "目前无需您签字：尚未达成一致，或您已签字。",
    ),
    "handover-settled": Label("What was agreed is not rewritten.", "交接内容已定，不能再改。"),
    "not-on-the-list": Label(
        "A customer is not on the list of this handover.", "有客户不在交接清单上。"
    ),
    "nothing-changed": Label("Nothing differs from what stands.", "与现有内容没有差别。"),
    "amount-needed": Label("Enter the amount received.", "请输入收到金额。"),
    "day-ahead": Label(
        "{day} has not come yet. Enter the day on which the money was received.",
        "{day} 尚未到来，请输入收款当天的日期。",
    ),
    "no-device-code": Label(
        "Receipts are numbered with this device's code. Run `sync` once to receive it.",
        "收据号需要本设备的代码，请先运行一次 `sync`。",
    ),
    "not-a-loan": Label(
        "That is not a loan. `show` the customer for its id.",
        "这不是贷款，请用 `show` 查看客户的贷款编号。",
    ),
    "no-checklist": Label(
        "There is no checklist for {kind} on this device. Run `sync`.",
        "此设备上没有 {kind} 的检查模板，请运行 `sync`。",
    ),
    "which-value": Label(
        "There are several other values. Name one with --chosen DEVICE:NUMBER.",
        "有多个其他值，请用 --chosen 设备:编号 指明。",
    ),
    "already-settled": Label("That conflict is settled already.", "该冲突已处理。"),
    "decided-at-branch": Label(
        "That is decided on the branch's pages.", "此项须在网点页面上处理。"
    ),
    "sod-8": Label(
        "You wrote one of the two values. Someone who wrote neither decides.",
        "其中一个值由您填写，须由未参与填写的人决定。",
    ),
    "comment-needed": Label("Say why, with --comment.", "请用 --comment 填写说明。"),
    "nothing-to-carry": Label("Nothing waits to be sent.", "没有待发送的内容。"),
    "signature-unknown": Label(
        "The branch does not know this device's signature yet. Run `login` once more, with a network.",
        "网点尚无本设备的签名，请在有网络时再运行一次 `login`。",
    ),
    "no-courier-file": Label(
        "{path} is no courier file. Have it written anew with `export --courier`.",
        "{path} 不是代送文件，请用 `export --courier` 重新生成。",
    ),
    "nothing-left": Label(
        "Nothing of set {number} is left to send.", "第 {number} 组没有可再发送的内容。"
    ),
    "no-such-set": Label(
        "Set {number} does not need attention. `attention` lists those that do.",
        "第 {number} 组无需处理，请用 `attention` 查看待处理项。",
    ),
    "settle-conflict": Label(
        "Set {number} is in a conflict. Settle that with `resolve`.",
        "第 {number} 组处于冲突中，请用 `resolve` 处理。",
    ),
    "no-such-field": Label(
        "“{word}” is not FIELD=VALUE with a field of {type}.",
        "“{word}” 不是 {type} 的“字段=值”。",
    ),
    "unreadable-value": Label(
        "“{text}” cannot be read as a value of {word}.", "“{text}” 不能作为 {word} 的值。"
    ),
    "visit-not-due": Label(
        "That visit is not one to start: it is under way or over. Leave --visit out to make a new one.",
        "该走访正在进行或已结束，不能再开始。如需新建走访，请不要填写 --visit。",
    ),
    "not-a-visit": Label("That is not a visit that is under way.", "这不是进行中的走访。"),
    "not-an-amount": Label(
        "“{text}” is no amount. Write it in yuan, such as 4600.00.",
        "“{text}” 不是金额，请以元为单位填写，如 4600.00。",
    ),
    "not-a-day": Label(
        "“{text}” is no day. Write it as 2026-06-16.", "“{text}” 不是日期，请写成 2026-06-16。"
    ),
    "unreadable-file": Label("{path} cannot be read ({said}).", "无法读取 {path}（{said}）。"),
    "file-size": Label(
        "A file has at least one byte and at most {most} MB.",
        "文件不能为空，且不得超过 {most} MB。",
    ),
    "file-kind": Label(
        "The branch takes photos (JPEG, PNG, WebP), recordings and PDF files.",
        "网点接收照片（JPEG、PNG、WebP）、录音和 PDF 文件。",
    ),
    "exists-already": Label(
        "{path} exists already. Choose another name.", "{path} 已存在，请换一个名称。"
    ),
}

STATES: Mapping[str, Label] = {
    "draft": Label("Draft", "草稿"),
    "ready": Label("Ready", "待发送"),
    "sent": Label("Sent", "已发送"),
    "accepted": Label("Accepted", "已接受"),
    "needs_attention": Label("Needs attention", "需处理"),
}

STRIPS: Mapping[str, Label] = {
    "all_synced": Label("All synced · up to date as of {synced}", "全部已同步 · 数据截至 {synced}"),
    "files": Label(
        "All changes synced · {files} files follow · up to date as of {synced}",
        "更改已全部同步 · {files} 个文件待上传 · 数据截至 {synced}",
    ),
    "waiting": Label(
        "{waiting} changes waiting · last synced {synced}", "{waiting} 项待发送 · 上次同步 {synced}"
    ),
    "old": Label(
        "{waiting} changes waiting · not synced since {synced}",
        "{waiting} 项待发送 · 自 {synced} 起未同步",
    ),
    "needs_attention": Label(
        "{attention} need attention · {waiting} waiting · synced {synced}",
        "{attention} 项需处理 · {waiting} 项待发送 · {synced} 已同步",
    ),
    "never": Label("never", "从未"),
}

DUTIES: Mapping[str, Label] = {
    "visit": Label("Visit", "走访"),
    "task": Label("Task", "任务"),
    "repayment": Label("Money due", "应收款"),
    "contact": Label("Contact", "联系"),
    "rhythm": Label("Nobody was in touch", "久未联系"),
    "more-contacts": Label(
        "{count} more whom nobody was in touch with in time: --contacts {all}",
        "另有 {count} 户超期未联系，查看请加 --contacts {all}",
    ),
    "cash": Label(
        "You carry {cash} in cash. The limit is {limit}: hand it in.",
        "您手持现金 {cash}，上限 {limit}，请尽快缴款。",
    ),
}

WHYS: Mapping[str, Label] = {
    "rejected": Label("Not accepted", "未被接受"),
    "conflict": Label("Two versions", "两个版本"),
    "returned": Label("Returned", "已退回"),
}

TALK: Mapping[str, Label] = {
    "no-handover": Label("No handover is on this device.", "本设备上没有管户交接。"),
    "signed-in": Label(
        "Signed in as {name}. Run `sync` next.", "已登录：{name}。请接着运行 `sync`。"
    ),
    "syncing": Label("Syncing: {records} records", "正在同步：{records} 条记录"),
    "synced": Label(
        "Sent {sent}, received {records} records. {strip}",
        "已发送 {sent} 组，收到 {records} 条记录。{strip}",
    ),
    "saved": Label("Saved as set {number}: Ready.", "已保存为第 {number} 组：待发送。"),
    "kept": Label("Kept as a draft.", "已存为草稿。"),
    "made": Label("Saved {id}: Ready.", "已保存 {id}：待发送。"),
    "unchanged": Label("Nothing differs from what stands.", "与现有内容没有差别。"),
    "discarded": Label("Given up. The branch keeps a copy.", "已放弃，网点保留副本。"),
    "started": Label("Visit {id} under way.", "走访 {id} 进行中。"),
    "finished": Label("Visit finished: Ready.", "走访已完成：待发送。"),
    "receipt": Label(
        "Receipt {receipt_no}: {amount} received. The split is provisional until Accepted.",
        "收据 {receipt_no}：收到 {amount}。分配结果在被接受前为暂定。",
    ),
    "take-money": Label("Take payment {amount}?", "确认收款 {amount}？"),
    "pin-set": Label("PIN set. The store is encrypted.", "PIN 已设置，存储已加密。"),
    "exported": Label(
        "{count} sets written to {path}. Anyone can read this file: keep it safe.",
        "已将 {count} 组写入 {path}。该文件可被任何人读取，请妥善保管。",
    ),
    "exported-sealed": Label(
        "{count} sets written to {path}. Only the branch can open them.",
        "已将 {count} 组写入 {path}，只有网点能打开。",
    ),
    "exported-courier": Label(
        "{count} sets written to {path}. Any colleague with a network can bring it: `deliver FILE`. Only"
        " the branch can open it; the results come with your next sync.",
        "已将 {count} 组写入 {path}，有网络的同事可代为送交：`deliver 文件`。"
        "只有网点能打开，结果在您下次同步时返回。",
    ),
    "delivered": Label(
        "Delivered: {sets} sets. The results go to whose they are.",
        "已送交 {sets} 组，结果将返回给提交人。",
    ),
    "nothing-here": Label("Nothing here.", "没有内容。"),
    "nothing-needs": Label("Nothing needs you.", "没有需要处理的事项。"),
    "clock": Label(
        "This device's clock is {seconds} s off the branch's. Nothing is lost; set it when you can.",
        "本设备时钟与网点相差 {seconds} 秒。数据不会丢失，请方便时校准。",
    ),
    "merged": Label(
        "{name} was registered twice: your supervisor has merged the record into that of {stays}, where"
        " you find all your work.",
        "{name}重复建档，主管已将其并入{stays}的档案，您的工作都在那里。",
    ),
    "merged-away": Label(
        "{name} was registered twice: your supervisor has merged the record into that of a colleague, who"
        " looks after the customer now and gets your work.",
        "{name}重复建档，主管已将其并入同事负责的档案；客户由该同事负责，您的工作已随之移交。",
    ),
    "attached": Label(
        "Attached as {id}. The file goes up after the next sync.",
        "已添加，编号 {id}。文件将在下次同步后上传。",
    ),
    "ask-password": Label("Password", "密码"),
    "ask-pin": Label("PIN", "PIN"),
    "ask-new-pin": Label("New PIN", "新 PIN"),
    "settled-by-others": Label(
        "Settled; the branch has the last word.", "已处理，以网点结果为准。"
    ),
    "usage": Label("Try `{command} --help`.", "请参阅 `{command} --help`。"),
    "due-title": Label("Collect {amount}", "收款 {amount}"),
    "provisional": Label("provisional", "暂定"),
    "unallocated": Label("Left over", "暂收款"),
    "installment": Label("Installment {seq}", "第 {seq} 期"),
    "pending-mark": Label("waiting", "待发送"),
    "arrears": Label(
        "Arrears after: {arrears} · days past due {dpd}", "收款后欠款：{arrears} · 逾期 {dpd} 天"
    ),
}

APPRAISALS: Mapping[str, Label] = {
    "passes": Label(
        "{method}: passes, at least {amount} left, in {month}",
        "{method}通过：{month} 最低结余 {amount}",
    ),
    "cash": Label(
        "{method}: fails in {month}, short by {amount}",
        "{method}不通过：{month} 资金缺口 {amount}",
    ),
    "stressed_cash": Label(
        "{method}: fails in {month} after a poor harvest, short by {amount}",
        "{method}不通过：减收时 {month} 资金缺口 {amount}",
    ),
    "debt_service_ratio": Label(
        "{method}: takes too much of the year, {amount} more than it bears",
        "{method}不通过：年偿债超出可承受 {amount}",
    ),
    "stressed_coverage": Label(
        "{method}: a poor year does not cover it, short by {amount}",
        "{method}不通过：减收年份偿债缺口 {amount}",
    ),
    "rated": Label(
        "Score {total}, grade {grade}, limit {limit}", "{total} 分，{grade} 级，授信额度 {limit}"
    ),
    "key": Label("Key customer", "核心客户"),
    "growth": Label("Growth customer", "成长客户"),
    "standard": Label("Standard customer", "一般客户"),
    "dormant": Label("Dormant customer", "休眠客户"),
    "rhythm": Label(
        "{tier}: in touch at least every {days} days", "{tier}：至少每 {days} 天联系一次"
    ),
}

DOSSIER: Mapping[str, Label] = {
    "untouched": Label("Nobody took it up", "尚未受理"),
    "contact": Label("Be in touch by {day}", "请在 {day} 前联系"),
    "contact-late": Label("You should have been in touch by {day}", "应在 {day} 前联系，已超期"),
    "card-ends": Label("The id card runs out on {day}", "身份证将于 {day} 到期"),
    "card-ended": Label("The id card ran out on {day}", "身份证已于 {day} 到期"),
    "hours": Label("{hours} h", "{hours} 小时"),
    "outlived": Label(
        "Early warning {id}: its reason has gone. Look, and clear it.",
        "预警 {id}：原因已消除，请核实后解除。",
    ),
}

HEADINGS: Mapping[str, Label] = {
    "summary": Label("What was said", "内容"),
    "result": Label("What was done", "处理结果"),
    "indicator": Label("Indicator", "指标"),
    "here": Label("On this device", "本机"),
    "accepted": Label("Accepted by the branch", "网点已接受"),
    "target": Label("Target", "目标"),
    "from": Label("From", "移交人"),
    "to": Label("To", "接收人"),
    "asks": Label("Asks of you", "需您办理"),
    "exposure": Label("Owes", "欠款"),
    "note": Label("Note", "风险说明"),
    "appraisal": Label("Appraisal", "鉴定"),
    "answer": Label("Answer", "答复"),
    "what": Label("What", "事项"),
    "who": Label("Who", "客户"),
    "when": Label("When", "时间"),
    "amount": Label("Amount", "金额"),
    "late": Label("Days late", "逾期天数"),
    "id": Label("Id", "编号"),
    "name": Label("Name", "姓名"),
    "village": Label("Village", "行政村"),
    "phone": Label("Phone", "电话"),
    "state": Label("State", "状态"),
    "field": Label("Field", "字段"),
    "value": Label("Value", "值"),
    "kind": Label("Kind", "类型"),
    "before": Label("Before", "原值"),
    "kept": Label("Stands now", "现值"),
    "others": Label("Others", "其他值"),
    "number": Label("Set", "组"),
    "why": Label("Why", "原因"),
    "severity": Label("Severity", "级别"),
    "warning": Label("Early warning", "预警"),
    "since": Label("Since", "起始日期"),
    "penalty": Label("Late fee", "罚息"),
    "fee": Label("Fee", "费用"),
    "interest": Label("Interest", "利息"),
    "principal": Label("Principal", "本金"),
    "waiting": Label("Waiting", "待发送"),
    "oldest": Label("Oldest of them", "其中最早"),
    "drafts": Label("Drafts", "草稿"),
    "sent-up-to": Label("Sent up to", "已发送至"),
    "data-as-of": Label("Branch data as of", "网点数据截至"),
    "attention": Label("Need attention", "需处理"),
    "device": Label("Device", "设备"),
    "user": Label("User", "用户"),
    "files": Label("Files waiting", "待上传文件"),
    "files-refused": Label("Files not accepted", "未被接受的文件"),
    "incidents": Label("Put right by itself", "已自动修复"),
}

HANDOVERS: Mapping[str, Label] = {
    "note": Label("a note on each customer", "逐户说明风险"),
    "appraise": Label("an appraisal of each account", "逐户鉴定"),
    "answer": Label("an answer for each customer", "逐户答复"),
    "sign": Label("your signature", "签字"),
    "agreed": Label("takes over", "同意接收"),
    "objected": Label("objects: {why}", "异议：{why}"),
    "ruled": Label("objects: {why}. Ruling: {ruling}", "异议：{why}；裁定：{ruling}"),
}
"""What a handover asks of its reader, and what was answered."""

HELP: Mapping[str, Label] = {
    "xiangxin-field": Label(
        "Xiangxin's field client: work without a network, sync when there is one.",
        "乡信外勤客户端：离线工作，有网络时同步。",
    ),
    "login": Label(
        "Sign in on SERVER. The password is asked for, or read from --password-file.",
        "登录 SERVER。密码在提示处输入，或由 --password-file 读取。",
    ),
    "sync": Label("Send what is ready and fetch what is new.", "发送待发送内容并获取更新。"),
    "status": Label(
        "Say what waits, what needs you and how old the data is.",
        "显示待发送、需处理的内容和数据时间。",
    ),
    "today": Label(
        "List what is to be done today, the longest due first.", "列出今日事项，最早到期的在前。"
    ),
    "customers": Label(
        "List customers; --search by name, pinyin, village, loan, or last digits of id or phone.",
        "列出客户；--search 可按姓名、拼音、行政村、借据号或证件、电话末几位查找。",
    ),
    "show": Label(
        "Show a record, or the dossier of a customer.", "显示一条记录，或一个客户的档案。"
    ),
    "targets": Label(
        "Say how far you have come in a month (--month): on this device, and as the branch has accepted it.",
        "显示本月（或 --month）指标进度：本机数与网点已接受数。",
    ),
    "edit": Label(
        "Change fields of a record: FIELD=VALUE; of a set +VALUE or -VALUE; empty clears.",
        "修改记录：字段=值；集合用 +值 或 -值；留空为清除。",
    ),
    "visit": Label("Start and finish visits.", "开始和完成走访。"),
    "visit start": Label(
        "Start the visit that is due at a customer's, or an unplanned one.",
        "开始到期的走访，或临时走访。",
    ),
    "visit finish": Label("Finish a visit that is under way.", "完成进行中的走访。"),
    "note": Label(
        "Write an inspection note, with answers as QUESTION=ANSWER.",
        "填写检查记录，答案写作 题号=答案。",
    ),
    "repay": Label(
        "Take a repayment of AMOUNT yuan and give its receipt.", "收取 AMOUNT 元还款并出具收据。"
    ),
    "new": Label("Make a record: FIELD=VALUE for its fields.", "新建记录，字段写作 字段=值。"),
    "attach": Label(
        "Attach a photo, a recording or a PDF to a customer or another record; it goes up after a sync.",
        "为客户或其他记录添加照片、录音或 PDF，同步后上传。",
    ),
    "conflicts": Label(
        "List open conflicts: both values, who and when.",
        "列出待处理的冲突：两个值、填写人和时间。",
    ),
    "resolve": Label(
        "Settle a conflict: --keep, --other or --value.", "处理冲突：--keep、--other 或 --value。"
    ),
    "attention": Label(
        "List what needs you; --mend NUMBER or --discard NUMBER for a set that was not accepted.",
        "列出需处理的事项；对未被接受的组用 --mend 编号 或 --discard 编号。",
    ),
    "handover": Label(
        "List handovers, or do your part in one: --write, --agree, --object, --sign.",
        "列出管户交接，或完成您的部分：--write、--agree、--object、--sign。",
    ),
    "pin": Label("Protect the store with a PIN.", "用 PIN 保护存储。"),
    "pin set": Label(
        "Set or change the PIN; the store is encrypted.", "设置或更改 PIN，存储随之加密。"
    ),
    "export": Label(
        "Write unsent work to FILE: plain JSON, --sealed, which only the branch can open, or --courier,"
        " which a colleague delivers.",
        "将未发送的内容写入 FILE：明文 JSON、--sealed（只有网点能打开）或 --courier（由同事代送）。",
    ),
    "deliver": Label(
        "Bring a colleague's courier FILE to the branch.", "将同事的代送文件 FILE 送交网点。"
    ),
}

EXAMPLES: Mapping[str, str] = {
    "login": "xiangxin-field login http://127.0.0.1:8000 --user li.min",
    "sync": "xiangxin-field sync",
    "status": "xiangxin-field --json status",
    "today": "xiangxin-field today",
    "customers": "xiangxin-field customers --search 陈",
    "show": "xiangxin-field show 019f0c2e",
    "targets": "xiangxin-field targets --month 2026-06",
    "edit": "xiangxin-field edit 019f0c2e phone=13800000000 tags=+脱贫户",
    "visit start": "xiangxin-field visit start 019f0c2e --purpose collection --place 30.1,110.2,12",
    "visit finish": "xiangxin-field visit finish 019f0c2f --summary 收款。 --met 陈国平",
    "note": "xiangxin-field note 019f0c2e R01=yes --narrative 长势正常。",
    "repay": "xiangxin-field repay 019f0c30 3000.00 --channel cash",
    "new": "xiangxin-field new task --customer 019f0c2e title=补拍照片 due_on=2026-07-01 source=manual",
    "attach": "xiangxin-field attach home.jpg --customer 019f0c2e --kind photo_home",
    "conflicts": "xiangxin-field conflicts",
    "resolve": "xiangxin-field resolve 6501248e --other",
    "attention": "xiangxin-field attention --mend 17 phone=13800000000",
    "handover": "xiangxin-field handover 019f0c31 --agree 019f0c2e --object 019f0c2f=未告知逾期",
    "pin set": "xiangxin-field pin set",
    "export": "xiangxin-field export rescue.json",
    "deliver": "xiangxin-field deliver courier.json",
}
"""One for each command, under its help; the same in both languages."""

OPTIONS: Mapping[str, Label] = {
    "contacts": Label(
        "How many to list of those whom nobody was in touch with in time.",
        "列出多少户超期未联系的客户。",
    ),
    "month": Label("The month, as 2026-06; this one, if not given", "月份，如 2026-06；默认本月"),
    "store": Label(
        "The store's file (XIANGXIN_FIELD_STORE).", "存储文件（XIANGXIN_FIELD_STORE）。"
    ),
    "owner": Label("The record that it belongs to.", "所属记录。"),
    "file-kind": Label("What it shows.", "文件内容的种类。"),
    "pin-file": Label("Read the PIN from this file.", "从该文件读取 PIN。"),
    "lang": Label("Language; default from LANG.", "语言，默认取自 LANG。"),
    "json": Label("Print machine-readable JSON.", "输出机器可读的 JSON。"),
    "user": Label("User name.", "用户名。"),
    "password-file": Label("Read the password from this file.", "从该文件读取密码。"),
    "device-name": Label("What the branch calls this device.", "本设备在网点的名称。"),
    "search": Label(
        "Name, pinyin, village, loan, last digits.", "姓名、拼音、行政村、借据号、末几位。"
    ),
    "draft": Label("Keep it as a draft; do not send.", "存为草稿，暂不发送。"),
    "purpose": Label("Purpose of the visit; may be given several times.", "走访目的，可多次填写。"),
    "place": Label("LATITUDE,LONGITUDE,METRES.", "纬度,经度,精度（米）。"),
    "outcome": Label("What came of the visit.", "走访结果。"),
    "summary": Label("Summary in words.", "走访小结。"),
    "met": Label("Whom you met; may be given several times.", "会见人，可多次填写。"),
    "why": Label("Reason: no place, or not done.", "原因：无定位或未完成。"),
    "promise": Label("AMOUNT:DAY promised, in yuan.", "承诺 金额:日期，以元为单位。"),
    "kind": Label("Which inspection.", "检查类型。"),
    "narrative": Label("The note in words.", "检查情况。"),
    "conclusion": Label("Conclusion.", "检查结论。"),
    "of-visit": Label("The visit it belongs to.", "所属走访。"),
    "of-loan": Label("The loan it is about.", "相关贷款。"),
    "on": Label("Day of the payment; default today.", "还款日期，默认今天。"),
    "channel": Label("How it was paid.", "还款方式。"),
    "payer": Label("Who paid.", "还款人。"),
    "yes": Label("Do not ask.", "不再询问。"),
    "customer": Label("The customer under which the record is.", "记录所属的客户。"),
    "keep": Label("Keep what stands.", "保留现值。"),
    "other": Label("Take the other value.", "采用另一个值。"),
    "chosen": Label("Which of several: DEVICE:NUMBER.", "多个值时指明：设备:编号。"),
    "value": Label("A value of your own (JSON or text).", "另行填写的值（JSON 或文字）。"),
    "way": Label(
        "A decision of the domain, such as both_count.", "业务上的处理方式，如 both_count。"
    ),
    "comment": Label("Why.", "说明。"),
    "mend": Label(
        "Send set NUMBER again, with FIELD=VALUE put right.",
        "更正后重新发送该组，字段写作 字段=值。",
    ),
    "discard": Label("Give set NUMBER up.", "放弃该组。"),
    "agree": Label(
        "Take a customer over; may be given several times.", "同意接收该客户，可多次填写。"
    ),
    "object": Label("Object to a customer, and why.", "对该客户提出异议并说明原因。"),
    "write": Label("Your note or appraisal of a customer.", "您对该客户的风险说明或鉴定。"),
    "sign": Label("Sign what was agreed.", "签字。"),
    "new-pin-file": Label("Read the new PIN from this file.", "从该文件读取新 PIN。"),
    "sealed": Label("Sealed to the branch; works without the PIN.", "密封给网点，无需 PIN。"),
    "courier": Label(
        "For a colleague to deliver: sealed to the branch and signed by this device.",
        "由同事代送：密封给网点，并由本设备签名。",
    ),
}


def _keyed(prefix: str, words: Mapping[str, Label]) -> dict[str, Label]:
    return {f"{prefix}.{key}": label for key, label in words.items()}


CATALOGUE: Mapping[str, Label] = {
    **_keyed("fault", FAULTS),
    **_keyed("reason", REASONS),
    **_keyed("state", STATES),
    **_keyed("strip", STRIPS),
    **_keyed("duty", DUTIES),
    **_keyed("attention", WHYS),
    **_keyed("talk", TALK),
    **_keyed("appraisal", APPRAISALS),
    **_keyed("handing", HANDOVERS),
    **_keyed("dossier", DOSSIER),
    **_keyed("heading", HEADINGS),
    **_keyed("help", HELP),
    **_keyed("option", OPTIONS),
}


def say(key: str, lang: Lang, **facts: object) -> str:
    """Return the sentence *key* in the reader's language; an unknown key is a mistake in our code."""
    words = pick(CATALOGUE[key], lang)
    return words.format(**facts) if facts else words


def yuan(amount_fen: int) -> str:
    """Return an amount as it is written on receipts, the same in both languages: ¥4,600.00."""
    sign = "-" if amount_fen < 0 else ""
    return f"{sign}¥{abs(amount_fen) // 100:,}.{abs(amount_fen) % 100:02d}"
