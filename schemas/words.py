"""The catalogue of sentences that a person reads, in English and Chinese.

Each says what happened and what to do next, blames nobody and names nobody (shared design,
"Words"). Keys: `title.` and `detail.` of a problem code, `fault.` of a change-level code, `reason.`
why a value was not taken, `rule.` the rule of domain.md, section 4, that forbids a thing, `refusal.`
what is said instead of a problem's own detail where more is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from schemas.declare import Label, RecordType, map_key
from schemas.messages import Fault

Lang = Literal["en", "zh"]
LANGUAGES: tuple[Lang, ...] = ("en", "zh")

TITLES: Mapping[str, Label] = {
    "bad-request": Label("The request could not be read", "无法读取这次请求"),
    "bad-cursor": Label("The cursor could not be read", "同步位置无法识别"),
    "unauthenticated": Label("Please sign in", "请登录"),
    "token-expired": Label("The sign-in has run out", "登录已过期"),
    "not-permitted": Label("This is for someone else to do", "此操作需由他人办理"),
    "device-locked": Label("This tablet is locked", "此平板已锁定"),
    "device-wiped": Label("This tablet was wiped", "此平板已清除"),
    "not-found": Label("Not found", "未找到"),
    "method-not-allowed": Label("This cannot be done here", "此处不支持该操作"),
    "timeout": Label("The request took too long", "请求超时"),
    "sets-out-of-order": Label("A change before this one is missing", "缺少前面的更改"),
    "set-changed": Label("This number was sent before with other content", "该编号已用于其他内容"),
    "epoch-changed": Label("The server was restored", "服务器已恢复"),
    "already-resolved": Label("Already settled", "已处理"),
    "offset-conflict": Label("This part belongs elsewhere", "这一段的位置不符"),
    "start-over": Label("Cursor is too old", "同步位置过旧"),
    "length-required": Label("The length is missing", "缺少长度"),
    "precondition-failed": Label("Uploads follow tus 1.0.0", "上传须遵循 tus 1.0.0"),
    "too-large": Label("Too much at once", "一次发送过多"),
    "unsupported-media-type": Label("This kind of content is not read here", "此处不接收该类内容"),
    "range-not-satisfiable": Label("The file is not that long", "文件没有这么长"),
    "hash-mismatch": Label("The file differs from its record", "文件与登记不符"),
    "upgrade-needed": Label("Please update the app", "请更新应用"),
    "rate-limited": Label("Too many requests", "请求过于频繁"),
    "checksum-mismatch": Label("This part arrived damaged", "这一段传输受损"),
    "internal": Label("Something went wrong here", "服务器出现问题"),
    "unavailable": Label("The server is not ready", "服务器暂不可用"),
    "storage-full": Label("The server's disk is full", "服务器存储已满"),
}

DETAILS: Mapping[str, Label] = {
    "bad-request": Label(
        "Nothing was changed and your work is kept. If it happens again, tell your supervisor.",
        "未作任何更改，您的内容已保留。如再次出现，请告知主管。",
    ),
    "bad-cursor": Label(
        "The tablet will fetch its customers anew; your unsent work is kept.",
        "平板将重新获取客户资料，未发送的内容会保留。",
    ),
    "unauthenticated": Label(
        "Sign in again. Your unsent work stays on this tablet.",
        "请重新登录。未发送的内容仍在此平板上。",
    ),
    "token-expired": Label(
        "The app signs in again by itself. If it does not, sign in with your password.",
        "应用会自动续登。如未成功，请用密码登录。",
    ),
    "not-permitted": Label(
        "Your role does not include this. Ask your supervisor to do it or to give you the task.",
        "您的角色不含此项操作。请由主管办理，或请主管指派。",
    ),
    "device-locked": Label(
        "Your work was received and is kept for your supervisor. Ask them to unlock the tablet.",
        "您的内容已收到，并由主管保管。请联系主管解锁平板。",
    ),
    "device-wiped": Label(
        "This tablet may no longer be used. Ask your supervisor for another one.",
        "此平板不能再使用，请向主管领取另一台。",
    ),
    "not-found": Label(
        "There is nothing here for you. Check the address, or ask who looks after the customer.",
        "此处没有您可以查看的内容。请核对地址，或询问该客户由谁负责。",
    ),
    "method-not-allowed": Label(
        "The address is right, the way of asking is not. See the API description.",
        "地址存在，但不支持这种请求方式。请查看接口说明。",
    ),
    "timeout": Label(
        "The connection was too slow. Nothing was lost; the app tries again.",
        "网络太慢。数据没有丢失，应用会再试。",
    ),
    "sets-out-of-order": Label(
        "Nothing was taken. The app sends again from the change that is missing.",
        "本次未接收。应用会从缺少的更改起重新发送。",
    ),
    "set-changed": Label(
        "Nothing was taken. The app registers as a new device and sends your work again.",
        "本次未接收。应用会登记为新设备，并重新发送您的内容。",
    ),
    "epoch-changed": Label(
        "Nothing was taken. The app offers again what the server may lack; your work is kept.",
        "本次未接收。应用会重新提交服务器可能缺少的内容，您的内容已保留。",
    ),
    "already-resolved": Label(
        "Someone has settled this before. Look at their decision; a supervisor may reopen it.",
        "此项已由他人处理。请查看处理结果，主管可重新打开。",
    ),
    "offset-conflict": Label(
        "Nothing was taken. Ask how far the upload has come and go on from there.",
        "本次未接收。请查询已上传到何处，再从该处继续。",
    ),
    "start-over": Label(
        "This tablet has not synced for very long. It will fetch its customers anew; your unsent"
        " work is kept.",
        "此平板很久未同步，将重新获取客户资料，未发送的内容会保留。",
    ),
    "length-required": Label(
        "Send the length of the body with the request.",
        "请在请求中注明正文长度。",
    ),
    "precondition-failed": Label(
        "Send the header Tus-Resumable: 1.0.0 with every request of an upload.",
        "上传的每个请求都须带有 Tus-Resumable 标头，值为 1.0.0。",
    ),
    "too-large": Label(
        "Nothing was taken. The app sends less at a time; your work is kept.",
        "本次未接收。应用会分批发送，您的内容已保留。",
    ),
    "unsupported-media-type": Label(
        "Send JSON as application/json, plain or packed with gzip or zstd.",
        "请以 application/json 发送 JSON，可用 gzip 或 zstd 压缩。",
    ),
    "range-not-satisfiable": Label(
        "Ask for a part that lies within the file.",
        "请在文件长度之内指定范围。",
    ),
    "hash-mismatch": Label(
        "What arrived was put away. The app sends the file again.",
        "收到的内容未保存。应用会重新发送该文件。",
    ),
    "upgrade-needed": Label(
        "What you sent was taken. Update the app to receive the branch's data.",
        "您发送的内容已收到。请更新应用，以接收网点数据。",
    ),
    "rate-limited": Label(
        "Please wait a little; the app tries again by itself.",
        "请稍候，应用会自动再试。",
    ),
    "checksum-mismatch": Label(
        "The app sends this part again.",
        "应用会重新发送这一段。",
    ),
    "internal": Label(
        "Nothing was half stored and your work is kept. The app tries again; if it goes on, tell"
        " your supervisor.",
        "没有只保存一半的内容，您的内容已保留。应用会再试；如仍不行，请告知主管。",
    ),
    "unavailable": Label(
        "Your work is kept. The app tries again in a while.",
        "您的内容已保留。应用稍后会再试。",
    ),
    "storage-full": Label(
        "Your work stays on the tablet until there is room. Tell the administrator.",
        "服务器有空间之前，您的内容保留在平板上。请告知管理员。",
    ),
}

FAULTS: Mapping[str, Label] = {
    "bad-change": Label(
        "Not accepted: the app put this together in a way that the branch cannot read. Your text"
        " is kept.",
        "未被接受：应用提交的内容网点无法读取。内容已保留。",
    ),
    "unknown-type": Label(
        "Not accepted: the branch does not know this kind of record yet. Your text is kept.",
        "未被接受：网点暂不支持这类记录。内容已保留。",
    ),
    "unknown-field": Label(
        "Not accepted: the branch does not know this field. Your text is kept.",
        "未被接受：网点没有这个字段。内容已保留。",
    ),
    "invalid-value": Label("Please check this value.", "请核对此项内容。"),
    "required": Label("Please fill this in.", "请填写此项。"),
    "create-only": Label(
        "This record is never changed. Make a new one that puts it right.",
        "此类记录不能修改。请新建一条予以更正。",
    ),
    "unknown-record": Label(
        "Not accepted: it belongs to a record that the branch does not have for you. Sync, then"
        " look again.",
        "未被接受：网点没有您可用的对应记录。请同步后再查看。",
    ),
    "out-of-scope": Label(
        "This customer is looked after by someone else now. Your text is kept for your supervisor.",
        "该客户现由他人负责。内容已保留，由主管决定。",
    ),
    "has-children": Label(
        "Other records belong to this one. Remove them first.",
        "此记录下还有其他记录，请先删除它们。",
    ),
    "not-permitted": Label(
        "This is for someone else to change. Your text is kept; you may send it as a task.",
        "此项由他人修改。内容已保留，您可以转为任务。",
    ),
    "invalid-transition": Label(
        "It has moved on meanwhile, or this step is not the next one. Look at its state and choose"
        " again.",
        "状态已有变化，或此步骤尚不能进行。请查看当前状态后再选。",
    ),
    "group-incomplete": Label(
        "These values belong together. Fill in the others as well.",
        "这些内容须一起填写，请补全其余各项。",
    ),
    "depends-on-rejected": Label(
        "It builds on something that was not accepted. Put that right first.",
        "它依赖一项未被接受的内容，请先更正那一项。",
    ),
    "too-large": Label(
        "Too much for one step. Your text is kept; split it into smaller ones.",
        "一次内容过多。内容已保留，请分几次提交。",
    ),
    "unreadable": Label(
        "The tablet could not read this work any more. Tell your supervisor; the sealed copy may"
        " still hold it.",
        "平板已无法读取这项内容。请告知主管，密封副本中可能仍有保存。",
    ),
    "withdrawn": Label(
        "You took this back or replaced it. It is kept for the record only.",
        "您已撤回或更正此项，仅作留存。",
    ),
    "device-locked": Label(
        "The tablet is locked. Your work is kept for your supervisor.",
        "平板已锁定。内容已保留，由主管处理。",
    ),
}

REASONS: Mapping[str, Label] = {
    # what a value may be (declare.py)
    "not-text": Label("Write it as text.", "请填写文字。"),
    "has-nul": Label(
        "There is a character in it that cannot be stored. Type it again.",
        "含有无法保存的字符，请重新输入。",
    ),
    "has-surrogate": Label(
        "There is half a character in it. Type it again.", "含有不完整的字符，请重新输入。"
    ),
    "not-nfc": Label(
        "The letters are put together in another way. Type it again.",
        "字符的组合方式不符，请重新输入。",
    ),
    "too-long": Label("This is too long. Shorten it.", "内容过长，请缩短。"),
    "too-short": Label("This is too short. Write more.", "内容过短，请补充。"),
    "wrong-form": Label("Check how it is written.", "请核对填写格式。"),
    "wrong-national-id": Label(
        "The id number does not add up. Compare it with the card, digit by digit.",
        "身份证号校验不符，请与证件逐位核对。",
    ),
    "not-integer": Label("Enter a whole number.", "请输入整数。"),
    "too-small": Label("This is less than it can be.", "数值低于允许范围。"),
    "too-large": Label("This is more than it can be.", "数值高于允许范围。"),
    "not-boolean": Label("Answer yes or no.", "请选择是或否。"),
    "not-date": Label("Enter a day of the calendar.", "请输入有效日期。"),
    "day-to-come": Label("This day is still to come.", "该日期尚未到来。"),
    "not-instant": Label("Enter a day and a time.", "请输入日期和时间。"),
    "not-a-choice": Label("Choose one from the list.", "请从列表中选择。"),
    "not-an-id": Label("Choose a record.", "请选择一条记录。"),
    "not-a-list": Label("This takes a list.", "此项应为列表。"),
    "too-few": Label("Choose at least one.", "请至少选择一项。"),
    "not-add-remove": Label("Say what is added and what is removed.", "请说明增加哪些、去掉哪些。"),
    "not-an-object": Label("This takes several values together.", "此项由几个值组成。"),
    "wrong-members": Label(
        "Something is missing in it, or does not belong.", "其中缺少内容，或有多余内容。"
    ),
    # what a whole record must be (checks)
    "village-or-customer": Label(
        "Name a village or a customer, one of the two.", "请填写行政村或客户，二者选一。"
    ),
    "maturity-not-after-disbursement": Label(
        "The loan must fall due after it was paid out.", "到期日期须在放款日期之后。"
    ),
    "place-or-reason": Label(
        "Take the position, or write why there is none.", "请定位，或写明无法定位的原因。"
    ),
    "until-not-after-from": Label("It must end after it began.", "结束日期须在开始日期之后。"),
    "agreement-too-long": Label("An agreement runs for three years at most.", "协议期限最长三年。"),
    "customer-or-user": Label(
        "Name a customer or an employee, one of the two.", "请填写客户或员工，二者选一。"
    ),
    "same-person": Label("These must be two people.", "须为两个人。"),
    "plan-not-amount": Label(
        "The harvest payments must add up to the amount.", "各期还本之和须等于贷款金额。"
    ),
    # how a message is put together (wire/, changes.py)
    "missing-member": Label("Something is missing in the message.", "消息缺少必要内容。"),
    "unknown-member": Label("There is more in the message than it may hold.", "消息含有多余内容。"),
    "null-member": Label("Something is empty in the message.", "消息中有一项为空。"),
    "not-positive": Label("Number it 1, 2, 3 and so on.", "编号应从 1 起逐个递增。"),
    "unknown-protocol": Label("Please update the app.", "请更新应用。"),
    "unknown-op": Label("The app asks for something unknown.", "应用请求了未知的操作。"),
    "no-changes": Label("There is nothing in it.", "其中没有内容。"),
    "customer-missing": Label("Say whose record it is.", "请说明属于哪个客户。"),
    "customer-not-null": Label("This record belongs to no customer.", "此记录不属于任何客户。"),
    "chosen-missing": Label("Say which of the values is taken.", "请说明采用哪个值。"),
    "value-missing": Label("Write the value that shall stand.", "请填写要采用的值。"),
    "survivor-missing": Label("Say which of the two stays.", "请说明保留哪一个。"),
    "officer-of-no-customer": Label("Only a customer has an officer.", "只有客户才有客户经理。"),
    "not-sealed-here": Label(
        "It was not sealed to this branch, or is damaged.", "不是封存给本机构的，或已损坏。"
    ),
    "another-number": Label("Another set lies in it than it says.", "其中的内容与编号不符。"),
    "given-twice": Label("This is in the file twice.", "文件中重复出现。"),
    # what the engine found (sync/)
    "customer-differs": Label("It belongs to another customer.", "它属于另一个客户。"),
    "another-record": Label("This id belongs to another record.", "该编号属于另一条记录。"),
    "over-names-nothing": Label("It builds on a change that is not there.", "它依据的更改不存在。"),
    "base-above-head": Label(
        "It was made over data that the branch does not have.", "它依据的数据网点没有。"
    ),
    "not-for-this-kind": Label(
        "This cannot be settled in that way. Choose another.", "此类冲突不能这样处理，请另选。"
    ),
    "no-write-with-it": Label("The value that shall stand is missing.", "缺少要采用的值。"),
    "no-such-entry": Label(
        "That value is not among those shown. Look again.", "所选的值不在其中，请重新查看。"
    ),
    # what a rule over several records forbids (sync/guards/)
    "customer-blocked": Label(
        "This customer is blocked. Ask the supervisor.", "该客户已停用，请联系主管。"
    ),
    "after-submit": Label(
        "It has been submitted. Ask for it to be returned, then change it.",
        "已提交，不能修改。请先申请退回。",
    ),
    "decision-missing": Label(
        "Write your decision with it: it says why.", "请同时填写审批意见并说明理由。"
    ),
    "review-note-missing": Label("Sign the in-loan review first.", "请先完成并签署贷时审查记录。"),
    "above-authority": Label(
        "This is beyond your authority. Pass it on to the next tier.",
        "超出您的审批权限，请报上一级审批。",
    ),
    "quorum-missing": Label(
        "The committee has not voted in sufficient number, or not in favour.",
        "贷审会表决人数不足，或同意票不足。",
    ),
    "no-emergency": Label(
        "No disaster is declared here, or the application is not marked for it.",
        "此处未宣布灾情，或申请未标记特事特办。",
    ),
    "contract-unsigned": Label(
        "The signed contract, or a guarantor's signature, is missing.",
        "缺少已签合同或保证人签字。",
    ),
    "conditions-not-met": Label(
        "A condition of the approval is still to be met.", "尚有审批条件未落实。"
    ),
    "outside-the-subtree": Label(
        "This belongs to a unit that you do not administer. Ask its administrator, or the one above.",
        "该事项属于您管理范围以外的机构，请联系该机构或上级的管理员。",
    ),
    "own-rights": Label(
        "Nobody changes his own rights. Another administrator does it.",
        "不能变更本人的权限，请由其他管理员办理。",
    ),
    "committee-vetoed": Label(
        "The chair of the committee has voted against it.", "贷审会主任委员已投反对票。"
    ),
    "age-at-maturity": Label(
        "The borrower is too young or too old on the last day. Shorten the term, or flag an exception.",
        "借款人在到期日的年龄不符合要求，请缩短期限或注明例外。",
    ),
    "plan-needs-a-reason": Label("Say why the visit is put off.", "请填写走访改期的原因。"),
    "plan-moved-already": Label(
        "This visit was put off before. The supervisor plans it anew.",
        "该走访已改期一次，请由主管重新安排。",
    ),
    "group-agreement-over": Label(
        "The group's agreement has run out. Renew it, or choose another security.",
        "联保协议已到期，请续签或改用其他担保方式。",
    ),
    "over-the-group-s-most": Label(
        "This is more than the group stands for with each member. Ask for less, or flag an exception.",
        "超过小组每户最高额，请降低金额或注明例外。",
    ),
    "restructure-loan": Label(
        "Name a loan of this customer on which something is still owed.",
        "请选择该客户尚有余额的贷款。",
    ),
    "restructure-amount": Label(
        "More is owed today than was decided about. It has to be decided anew.",
        "当前余额已超过批准金额，须重新审批。",
    ),
    "terms-have-passed": Label(
        "A date of the terms has passed. Have them decided anew.", "约定日期已过，请重新审批。"
    ),
    "decided-already": Label(
        "You have given your decision on this. One for each person.",
        "您已对此作出决定，每人一次。",
    ),
    "survey-missing": Label(
        "The cash-flow survey is missing, or not locked yet.", "缺少家庭收支调查，或尚未锁定。"
    ),
    "rating-missing": Label(
        "A valid credit rating over this survey is missing.", "缺少依据该调查的有效信用评级。"
    ),
    "inspection-missing": Label(
        "The pre-loan inspection is not signed by everybody yet.", "贷前调查尚未由全部调查人签字。"
    ),
    "consent-missing": Label(
        "The customer's consent is missing. Photograph it first.", "缺少客户授权书，请先拍照上传。"
    ),
    "five-c-incomplete": Label(
        "Give each of the five Cs a score and a note of ten characters or more.",
        "五要素须逐项评分，并填写不少于 10 个字的说明。",
    ),
    "two-investigators": Label(
        "Two investigators must each have been there and have signed.",
        "须由两名调查人分别到场并签字。",
    ),
    "outside-the-product": Label(
        "The product does not allow this. Change it, or flag it as an exception with its reason.",
        "超出产品规定，请修改，或标记为政策例外并说明理由。",
    ),
    "over-the-limit": Label(
        "This is more than the rated limit. Ask for less, or flag it as an exception.",
        "超过授信额度，请降低金额，或标记为政策例外。",
    ),
    "red-or-npl": Label(
        "There is a non-performing loan or a red signal. Flag it as an exception with its reason.",
        "存在不良贷款或红色预警，须标记为政策例外并说明理由。",
    ),
    "watchlist-block": Label(
        "The customer may not be lent to at present. Ask the supervisor.",
        "目前不能向该客户放贷，请联系主管。",
    ),
    "watchlist-caution": Label(
        "Caution is asked for with this customer. Write a comment.",
        "该客户须谨慎办理，请填写说明。",
    ),
    "signature-of-another": Label("Everybody signs for themselves.", "须由本人签字。"),
    "signed-already": Label(
        "This is signed by all. Write an amendment instead.", "已全部签字，请另写补充记录。"
    ),
    "owner-claims": Label("Its owner says that it is put right.", "须由整改责任人确认整改完成。"),
    "owner-verifies": Label(
        "Somebody else than its owner verifies it: a supervisor or the inspector.",
        "须由主管或检查人核实，责任人不能自行核实。",
    ),
    "critical-waived-above": Label(
        "A critical finding is waived by an approver, another by a supervisor.",
        "严重问题由审批人豁免，其他由主管豁免。",
    ),
    "reversal-not-asked": Label(
        "A task by somebody else must ask for the reversal.", "冲正须由他人以任务提出申请。"
    ),
    "reversal-amount": Label(
        "A reversal has the amount of what it reverses.", "冲正金额须与原还款一致。"
    ),
    "reversal-twice": Label("This was reversed before.", "该笔已冲正。"),
    "not-own-cash": Label(
        "A deposit holds cash that the officer took himself.", "缴款只含本人收取的现金。"
    ),
    "deposited-already": Label("This receipt is in another deposit.", "该收据已在另一笔缴款中。"),
    "class-above-floor": Label(
        "Days past due and facts allow no class as good as this.",
        "按逾期天数和事实，分类不能这样好。",
    ),
    "class-better-too-early": Label(
        "A better class needs everything paid on time for longer.",
        "须按期足额还款满规定时间后，方可上调分类。",
    ),
    "cash-not-allowed": Label(
        "Cash is not taken here. Ask for a transfer.", "本机构不收现金，请改用转账。"
    ),
    "task-of-another": Label(
        "Whoever the task is for ends it, or a supervisor.", "任务须由负责人或主管办结。"
    ),
    "group-too-small": Label(
        "A group begins with five households or more.", "联保小组须有五户以上才能启用。"
    ),
    "group-two-outlets": Label(
        "All members of a group belong to one outlet.", "联保小组成员须属于同一网点。"
    ),
    "group-one-household": Label(
        "Two of one household are not in one group.", "同一家庭的人不能同在一个联保小组。"
    ),
    "group-in-default": Label(
        "Whoever is in default does not belong to a group.", "有违约贷款的客户不能加入联保小组。"
    ),
    "group-owes": Label(
        "A member of the group still owes. Nobody leaves, and it does not end, before.",
        "小组成员尚有欠款，还清前不能退出或解散。",
    ),
    "group-closed": Label(
        "The group is frozen or dissolved. Nobody joins it.", "小组已冻结或解散，不能加入。"
    ),
    "group-frozen": Label(
        "The customer's group is frozen. Flag it as an exception with its reason.",
        "客户所在联保小组已冻结，须标记为政策例外并说明理由。",
    ),
    "guarantor-over-limit": Label(
        "A guarantor would answer for more than half of what he owns. Lower it, or name another.",
        "保证人担保总额超过其净资产的一半，请降低金额或更换保证人。",
    ),
    "own-deposit": Label("Hand in what you took yourself.", "只能缴本人收取的现金。"),
    "own-name": Label("Everybody confirms in their own name.", "须以本人名义确认。"),
    "upgrade-above": Label(
        "A better class is confirmed one level above.", "上调分类须由上一级确认。"
    ),
    "signal-above": Label(
        "An orange or red signal is cleared by a supervisor.", "橙色或红色预警由主管解除。"
    ),
    "about-oneself": Label(
        "It is about you. Somebody else closes it.", "涉及您本人，须由他人关闭。"
    ),
    "complaint-above": Label("A complaint is closed by a supervisor.", "投诉由主管关闭。"),
    "handover-unanswered": Label(
        "Answer every customer on the list first.", "请先对清单上的每个客户作答。"
    ),
    "handover-unruled": Label(
        "Every objection needs its ruling first.", "每一项异议都须先有裁定。"
    ),
    "handover-open": Label(
        "The three have been asked; cancel the handover and prepare another.",
        "已请三方核对，不能再改；请取消后另行发起。",
    ),
    "handover-fixed": Label(
        "What was agreed is not rewritten. Note it in the customer's dossier.",
        "交接内容已定，不能再改；请记入客户档案。",
    ),
    "handover-not-listed": Label(
        "The customer is not on the list of this handover.", "该客户不在交接清单上。"
    ),
    "handover-not-agreed": Label(
        "It is signed when it has been agreed. Look again after the next sync.",
        "达成一致后方可签字，请在下次同步后再看。",
    ),
    "registered-already": Label(
        "It is registered; it is released, not removed.", "押品已登记，只能解押，不能删除。"
    ),
    "merged-for-good": Label(
        "Two records that were merged into one stay one.", "已合并的档案不能再分开。"
    ),
    "too-old-to-reopen": Label(
        "It was settled more than seven days ago. Change the record itself.",
        "处理已超过 7 天，请直接修改记录。",
    ),
}

RULES: Mapping[str, Label] = {
    "SOD-1": Label(
        "Whoever investigated an application does not review or approve it. Pass it on.",
        "调查人不能审查或审批同一笔申请，请转交他人。",
    ),
    "SOD-2": Label(
        "The reviewer of an application does not approve it. Pass it on.",
        "审查人不能审批同一笔申请，请转交他人。",
    ),
    "SOD-3": Label(
        "Whoever investigated, reviewed or approved a loan does not pay it out. A clerk does it.",
        "参与调查、审查或审批的人不能放款，请由放款岗办理。",
    ),
    "SOD-4": Label(
        "Two investigators must have been on site. Name the second one and plan the visit.",
        "须由两名调查人到场，请指定协办人并安排走访。",
    ),
    "SOD-5": Label(
        "Someone related to the customer takes no part here. Pass it on to a colleague.",
        "与客户有亲属关系的人员须回避，请转交同事。",
    ),
    "SOD-6": Label(
        "This valuation needs a second signature, not the officer's own.",
        "该估值须由客户经理以外的第二人签字。",
    ),
    "SOD-7": Label(
        "A supervisory inspection is made by someone who did not handle the loan.",
        "督导检查须由未经办该贷款的人员进行。",
    ),
    "SOD-8": Label(
        "You wrote one of the two values. Someone who wrote neither decides.",
        "其中一个值由您填写，须由未参与填写的人决定。",
    ),
    "SOD-9": Label(
        "Whoever asks for a reversal does not confirm it. A supervisor or clerk does.",
        "冲正的申请人不能自行确认，请由主管或放款岗确认。",
    ),
    "SOD-10": Label(
        "Whoever proposed the class does not confirm it. Someone else does.",
        "分类的提出人不能自行确认，请由他人确认。",
    ),
    "SOD-11": Label(
        "Administrators and auditors do not change business records.",
        "系统管理员和稽核人员不修改业务记录。",
    ),
    "SOD-12": Label(
        "Outgoing officer, incoming officer and witness must be three people.",
        "移交人、接收人和监交人须为三个人。",
    ),
    "SOD-13": Label(
        "Nobody changes a limit that applies to themselves.",
        "不能修改适用于本人的权限额度。",
    ),
    "RSP-1": Label(
        "The people responsible for a loan are written down once and stay.",
        "贷款责任人一经登记不再更改。",
    ),
    "RSP-2": Label(
        "New applications are stopped here for now. Collection and inspection go on.",
        "此处暂停新申请，催收和检查照常进行。",
    ),
}

NOTICES: Mapping[str, Label] = {
    "clock-skew": Label(
        "The tablet's clock and the branch's differ by {seconds} seconds. Nothing is lost; set the"
        " clock when you can.",
        "平板时钟与网点相差 {seconds} 秒。数据不会丢失，请方便时校准时钟。",
    ),
}


def _keyed(prefix: str, words: Mapping[str, Label]) -> dict[str, Label]:
    return {f"{prefix}.{key}": label for key, label in words.items()}


REFUSALS: Mapping[str, Label] = {
    "courier": Label(
        "This file is not as a tablet of the branch signed it. Have it written anew on the tablet.",
        "此文件与本机构平板签名的内容不符，请在平板上重新生成。",
    ),
    "wiped": Label(
        "This tablet was wiped, and nothing takes that back. Whoever works on it signs in anew.",
        "此平板已被清除，无法恢复。使用人须重新登录。",
    ),
    "recovery-code": Label(
        "This code opens nothing: it may be mistyped, used before or too old. Check it, or ask your"
        " supervisor for a new one. Your unsent work is kept.",
        "该恢复码无法使用：可能输入有误、已用过或已过期。请核对，或向主管索取新的恢复码。"
        "未发送的内容仍然保留。",
    ),
    "posting-changed": Label(
        "This key was used for another posting. Nothing was stored; use a new key.",
        "此幂等键已用于另一笔记账，未作任何更改。请使用新的键。",
    ),
    "posting-ahead": Label(
        "The value date lies in the future. Nothing was stored.", "起息日期晚于今天，未作任何更改。"
    ),
    "posting-too-early": Label(
        "The value date lies before the loan was paid out. Nothing was stored.",
        "起息日期早于放款日期，未作任何更改。",
    ),
    "posting-receipt-there": Label(
        "The loan has a receipt with this number already. Nothing was stored.",
        "该贷款已有此收据号，未作任何更改。",
    ),
    "export-span": Label("The first day lies after the last.", "起始日期晚于截止日期。"),
}

CATALOGUE: Mapping[str, Label] = {
    **_keyed("title", TITLES),
    **_keyed("detail", DETAILS),
    **_keyed("fault", FAULTS),
    **_keyed("reason", REASONS),
    **_keyed("rule", RULES),
    **_keyed("notice", NOTICES),
    **_keyed("refusal", REFUSALS),
}


def say(key: str, lang: Lang, **facts: object) -> str:
    """Return the sentence *key* in the reader's language, with *facts* put in.

    A key that is not in the catalogue is a mistake in our code: KeyError.
    """
    words = pick(CATALOGUE[key], lang)
    return words.format(**facts) if facts else words


def pick(label: Label, lang: Lang) -> str:
    """Return the side of *label* that is in the reader's language."""
    return label.zh if lang == "zh" else label.en


def fault_message(
    code: str, reason: str | None, rule: str | None, field_label: str | None, lang: Lang
) -> str:
    """Return what a person is told about one fault: the rule, else the reason, else the code.

    Whatever a later server or an old row may name, there is always a sentence.
    """
    words = RULES.get(rule or "") or REASONS.get(reason or "") or FAULTS.get(code)
    sentence = pick(words or FAULTS["bad-change"], lang)
    if field_label is None:
        return sentence
    return f"{field_label}：{sentence}" if lang == "zh" else f"{field_label}: {sentence}"


def label_of(declared: RecordType, path: str, lang: Lang) -> str | None:
    """Return what people call a field, a group (its members) or a map's leaf; None if unknown."""
    between = "、" if lang == "zh" else ", "
    members = declared.group(path)
    if members:
        labels = (declared.field(it) for it in members)
        return between.join(pick(it.label, lang) for it in labels if it is not None)
    field, key = declared.field(path), map_key(path)
    if field is None:
        return None
    if key is None:
        return pick(field.label, lang)
    return " ".join([pick(declared.by_name[key[0]].label, lang), key[1], pick(field.label, lang)])


def describe(fault: Fault, declared: RecordType | None, lang: Lang) -> str:
    """Return what a person is told about a fault of a record of the type *declared*.

    A field's own hint says better how it is written than any general sentence.
    """
    if declared is None or fault.field is None:
        return fault_message(fault.code, fault.reason, fault.rule, None, lang)
    label, field = label_of(declared, fault.field, lang), declared.field(fault.field)
    if fault.code == "invalid-value" and fault.rule is None and field and field.hint:
        return f"{label}：{field.hint.zh}" if lang == "zh" else f"{label}: {field.hint.en}"
    return fault_message(fault.code, fault.reason, fault.rule, label, lang)
