"""What the pages of handovers and reversals say, in English and Chinese (see `words.py`)."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.declare import Label

HANDOVERS: Mapping[str, Label] = {
    "handovers": Label("Handovers", "管户交接"),
    "handovers.intro": Label(
        "Customers move from one officer to another when all three have signed, on the day it says.",
        "三方签字后，客户于约定日期由移交人转给接收人。",
    ),
    "handovers.none": Label("No handover", "暂无管户交接"),
    "handovers.none.what": Label(
        "A supervisor prepares one before an officer leaves his customers.",
        "客户经理离开原管户前，由主管发起。",
    ),
    "handovers.new": Label("Prepare a handover", "发起管户交接"),
    "handovers.back": Label("All handovers", "全部管户交接"),
    "handovers.count": Label("{n} customers", "{n} 户"),
    "handovers.count.one": Label("{n} customer", ""),
    "handovers.signed": Label("{n} of 3 signed", "3 人中 {n} 人已签字"),
    "col.handover": Label("From and to", "移交与接收"),
    "col.witness": Label("Witness", "监交人"),
    "col.effective": Label("In effect on", "生效日期"),
    "col.customers": Label("Customers", "客户"),
    "col.signatures": Label("Signatures", "签字"),
    "handover.title": Label("{outgoing} to {incoming}", "{outgoing} 移交 {incoming}"),
    "handover.outgoing": Label("Outgoing officer", "移交人"),
    "handover.incoming": Label("Incoming officer", "接收人"),
    "handover.reason": Label("Reason", "原因"),
    "handover.choose": Label("Whose customers are handed over?", "移交哪位客户经理的客户？"),
    "handover.choose.do": Label("Show his customers", "显示其客户"),
    "handover.list": Label("Customers to hand over", "移交客户"),
    "handover.list.hint": Label(
        "What each owes and its class are noted as they are today.", "欠款与分类按当日记录。"
    ),
    "handover.nobody": Label(
        "This officer has no customers of his own.", "该客户经理名下没有主管户客户。"
    ),
    "handover.prepare": Label("Prepare it", "发起"),
    "handover.prepared": Label(
        "Prepared with {n} customers. Look at it, then ask the three.",
        "已列入 {n} 户。请核对后提交三方。",
    ),
    "handover.prepared.one": Label(
        "Prepared with {n} customer. Look at it, then ask the three.", ""
    ),
    "handover.state.draft": Label(
        "A draft. Nobody has been asked yet.", "草稿，尚未提交三方核对。"
    ),
    "handover.state.in_review": Label(
        "{outgoing} notes the risks, {witness} appraises each account, {incoming} answers for each.",
        "由{outgoing}说明风险，{witness}逐户鉴定，{incoming}逐户答复。",
    ),
    "handover.state.objected": Label(
        "{incoming} objects. The committee one level up rules on each objection.",
        "{incoming}提出异议，由上一级贷审会逐项裁定。",
    ),
    "handover.state.agreed": Label(
        "Agreed. It is signed by {outgoing}, {incoming} and {witness}.",
        "已达成一致，待{outgoing}、{incoming}、{witness}签字。",
    ),
    "handover.state.signed": Label(
        "All three have signed. The customers move on {day}.", "三方已签字，客户于 {day} 转移。"
    ),
    "handover.state.effective": Label(
        "In effect. {incoming} is responsible for what comes, {outgoing} for what was stated.",
        "已生效。此后由{incoming}负责，移交时所述事实由{outgoing}负责。",
    ),
    "handover.state.cancelled": Label("Cancelled. Nothing moved.", "已取消，未转移任何客户。"),
    "handover.unsent": Label("What tablets still hold unsent", "平板上尚未上报的工作"),
    "handover.unsent.none": Label(
        "{name} has no tablet signed in: nothing can be missing.",
        "{name}没有登录的平板，不会有遗漏。",
    ),
    "handover.unsent.what": Label(
        "What is made before a tablet hears of the move counts in its author's name. Sign when it is in.",
        "平板得知转移前所做的工作记在其本人名下。宜在上报后再签字。",
    ),
    "handover.unsent.some": Label("{n} sets not sent", "{n} 组未上报"),
    "handover.unsent.some.one": Label("{n} set not sent", ""),
    "handover.unsent.drafts": Label("{n} open forms", "{n} 份未完成表单"),
    "handover.unsent.drafts.one": Label("{n} open form", ""),
    "handover.unsent.clean": Label("everything sent", "已全部上报"),
    "handover.unsent.heard": Label("heard {moment}", "{moment} 联系"),
    "handover.unsent.never": Label("never heard", "从未联系"),
    "handover.unsent.on": Label("Not sent yet on {names}", "{names} 尚有未上报"),
    "handover.owes": Label("Owes", "欠款"),
    "handover.class": Label("Class", "分类"),
    "handover.note": Label("Outgoing officer's note", "移交人风险说明"),
    "handover.appraisal": Label("Appraisal", "风险状况鉴定"),
    "handover.answer": Label("Incoming officer's answer", "接收人答复"),
    "handover.agreed": Label("Takes over", "同意接收"),
    "handover.objection": Label("Objection", "异议"),
    "handover.ruling": Label("Ruling", "裁定"),
    "handover.ruling.by": Label("{ruling} ({name})", "{ruling}（{name}）"),
    "handover.waits": Label("not yet", "尚无"),
    "handover.object": Label("Object", "提出异议"),
    "handover.object.why": Label("Why", "异议原因"),
    "handover.do.notes": Label("Save the notes", "保存风险说明"),
    "handover.do.appraisals": Label("Save the appraisals", "保存鉴定"),
    "handover.do.answers": Label("Send the answers", "提交答复"),
    "handover.do.rulings": Label("Rule", "作出裁定"),
    "handover.hint.notes": Label(
        "Say what the next officer has to know. Leave none of your own knowledge out.",
        "请写明接收人须知的情况，不得隐瞒。",
    ),
    "handover.hint.appraisals": Label(
        "Compare papers, account and household, and say what you found.",
        "请核对档案、账目与农户现状，写明鉴定结论。",
    ),
    "handover.hint.answers": Label(
        "An answer stands once it is sent. An objection needs its reason.",
        "答复提交后不能更改，异议须说明原因。",
    ),
    "handover.hint.rulings": Label(
        "You rule in your own name. Every objection needs a ruling.",
        "以本人名义裁定，每项异议都须有裁定。",
    ),
    "handover.do.open": Label("Ask the three", "提交三方核对"),
    "handover.do.cancel": Label("Cancel the handover", "取消交接"),
    "handover.do.sign": Label("Sign", "签字"),
    "handover.sign": Label("Your signature", "您的签字"),
    "handover.sign.what": Label(
        "You sign the list, notes, appraisals, answers and rulings as they stand above.",
        "您签署的是以上清单、说明、鉴定、答复与裁定。",
    ),
    "handover.signed-at": Label("signed", "已签字"),
    "handover.unsigned": Label("not signed yet", "尚未签字"),
    "handover.said.notes": Label("The notes are saved.", "风险说明已保存。"),
    "handover.said.appraisals": Label("The appraisals are saved.", "鉴定已保存。"),
    "handover.said.answers": Label("Your answers are sent.", "答复已提交。"),
    "handover.said.rulings": Label("Your rulings are saved.", "裁定已保存。"),
    "handover.said.open": Label("The three are asked.", "已提交三方核对。"),
    "handover.said.cancel": Label("The handover is cancelled.", "交接已取消。"),
    "handover.said.sign": Label("You have signed.", "您已签字。"),
    "handover.said.nothing": Label(
        "Nothing was written, so nothing was saved.", "未填写内容，未保存。"
    ),
    "handover.said.changed": Label(
        "It changed while you read it. Look once more, then sign.",
        "阅读期间内容有变，请再核对后签字。",
    ),
}

REVERSALS: Mapping[str, Label] = {
    "reversals": Label("Reversals", "还款冲正"),
    "reversals.intro": Label(
        "One person asks for a reversal, another makes it: a supervisor or a clerk. Both receipts stay.",
        "冲正由一人申请、另一人（主管或柜员）办理，两笔记录均保留。",
    ),
    "reversals.none": Label("Nothing to reverse", "没有待办冲正"),
    "reversals.none.what": Label(
        "An officer asks with a task about the receipt.", "客户经理通过关联还款的任务提出申请。"
    ),
    "reversals.back": Label("All reversals", "全部冲正"),
    "reversal": Label("Reverse receipt {number}", "冲正收据 {number}"),
    "reversal.amount": Label("Amount", "金额"),
    "reversal.paid": Label("Paid on", "还款日期"),
    "reversal.collected": Label("Collected by", "经办人"),
    "reversal.asked": Label("Asked by {name}, {moment}", "{name}于 {moment} 申请"),
    "reversal.from-conflict": Label(
        "If it is one payment, the officer asks for a reversal; it is made under Reversals.",
        "若为同一笔还款，由客户经理申请冲正，在“冲正”中办理。",
    ),
    "reversal.double": Label(
        "It may be one payment with receipt {number}. Reversing settles that conflict.",
        "可能与收据 {number} 为同一笔还款，冲正后该冲突随之解决。",
    ),
    "reversal.own": Label("You asked for it yourself", "此项由您本人申请"),
    "reversal.own.what": Label(
        "Another supervisor or clerk makes the reversal.", "须由另一位主管或柜员办理冲正。"
    ),
    "reversal.reads": Label(
        "A supervisor or a clerk makes the reversal.", "冲正由主管或柜员办理。"
    ),
    "reversal.note": Label("Note", "备注"),
    "reversal.number": Label("Number of the reversal", "冲正凭证号"),
    "reversal.number.hint": Label(
        "As on the paper that the customer gets.", "与交给客户的凭证一致。"
    ),
    "reversal.do": Label("Reverse it", "办理冲正"),
    "reversal.what": Label(
        "What is owed goes up again by {amount}. It cannot be undone.",
        "欠款将恢复 {amount}，且不能撤销。",
    ),
    "reversal.done": Label("Receipt {number} is reversed.", "收据 {number} 已冲正。"),
}
