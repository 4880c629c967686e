"""What the import says to the person at the keyboard, in English and Chinese.

Reasons that a field's kind or a record's check gives come from the house's own catalogue
(`schemas/words.py`); here is what only a spreadsheet can do wrong, and the words around the report.
"""

from __future__ import annotations

from collections.abc import Mapping

from schemas import words
from schemas.declare import Label
from schemas.words import Lang, pick

REASONS: Mapping[str, Label] = {
    # a cell
    "missing": Label("This cell is empty and must be filled in.", "此项为空，必须填写。"),
    "formula": Label(
        "This is a formula, and formulas are not computed. Paste its value.",
        "单元格是公式，导入时不计算。请粘贴为数值。",
    ),
    "not-a-number": Label("This is not a number.", "不是数字。"),
    "not-whole": Label("This must be a whole number.", "必须是整数。"),
    "wrong-unit": Label(
        "The unit differs from the heading's ({unit}).", "单位与表头（{unit}）不一致。"
    ),
    "parts-of-a-fen": Label(
        "An amount has at most two decimals (fen).", "金额最多两位小数（精确到分）。"
    ),
    "parts-of-a-bps": Label(
        "A rate has at most two decimals (0.01 %).", "利率最多两位小数（0.01%）。"
    ),
    "negative": Label("This must not be negative.", "不能为负数。"),
    "zero": Label("This must be more than zero.", "必须大于零。"),
    "not-a-date": Label(
        "This is not a date. Write it as 2026-06-16.", "不是日期，请写成 2026-06-16 的形式。"
    ),
    "no-such-day": Label("There is no such day in the calendar.", "日历上没有这一天。"),
    "too-long-ago": Label("A date before 1900 cannot be right.", "1900 年以前的日期有误。"),
    "too-far-ahead": Label("A date after 2199 cannot be right.", "2199 年以后的日期有误。"),
    "in-the-future": Label("The date lies in the future.", "日期晚于今天。"),
    "phone-letters": Label(
        "A phone number has digits only; this has other characters.",
        "电话只能是数字，含有其他字符。",
    ),
    "phone-length": Label("A phone number has 7 to 15 digits.", "电话应为 7 至 15 位数字。"),
    "id-of-15": Label(
        "An id number of 15 digits is out of use. Enter the 18 characters of the card.",
        "15 位旧身份证号已停用，请填写 18 位号码。",
    ),
    "id-form": Label(
        "An id number has 17 digits and a digit or X at the end.",
        "身份证号应为 18 位：前 17 位数字，末位数字或 X。",
    ),
    "id-rounded": Label(
        "The id was stored as a number and lost its last digits. Format the column as text and"
        " enter it again.",
        "身份证号被存为数值，末几位已丢失。请将该列设为文本后重新填写。",
    ),
    "id-birth-date": Label(
        "The birth date in the id number cannot be right.", "身份证号中的出生日期有误。"
    ),
    "id-check-digit": Label(
        "The check digit of the id number is wrong. Compare it with the card.",
        "身份证号校验位不符，请与证件逐位核对。",
    ),
    "unknown-method": Label(
        "This repayment method is not known. Known: {known}.", "没有这种还款方式。可用：{known}。"
    ),
    "unknown-channel": Label(
        "This channel is not known. Known: {known}.", "没有这种还款渠道。可用：{known}。"
    ),
    "unknown-security": Label(
        "This kind of security is not known. Known: {known}.", "没有这种担保方式。可用：{known}。"
    ),
    "unknown-word": Label("This word is not known. Known: {known}.", "无法识别。可用：{known}。"),
    "unreadable-plan": Label(
        "The plan cannot be read. Write it as 2026-08-05:16000; 2026-11-20:24000.",
        "还款计划无法识别，请写成 2026-08-05:16000; 2026-11-20:24000 的形式。",
    ),
    "more-cells": Label("The row has more cells than the heading.", "该行的单元格多于表头。"),
    # what is there already
    "twice-in-file": Label("The same value stands in row {other}.", "与第 {other} 行重复。"),
    "there-already": Label(
        "The branch has this already. Rows that are there are not imported again.",
        "支行已有此项，不会重复导入。",
    ),
    # what a row names
    "unknown-village": Label(
        "There is no village of this name in the branch (--create-missing makes it).",
        "支行没有这个行政村（可用 --create-missing 新建）。",
    ),
    "unknown-officer": Label(
        "There is no officer of this name in the branch (--create-missing makes the account).",
        "支行没有这位客户经理（可用 --create-missing 新建）。",
    ),
    "unknown-product": Label(
        "There is no product of this name in the branch (--create-missing makes it).",
        "支行没有这个贷款产品（可用 --create-missing 新建）。",
    ),
    "ambiguous": Label(
        "Several have this name. Write the code or the user name instead.",
        "有多个同名，请改填代码或用户名。",
    ),
    "unknown-customer": Label(
        "The branch has no customer with this number. If its row was refused, import it first.",
        "支行没有此编号的客户。如其所在行未导入，请先更正并导入。",
    ),
    "unknown-loan": Label(
        "The branch has no loan with this number. If its row was refused, import it first.",
        "支行没有此借据号的贷款。如其所在行未导入，请先更正并导入。",
    ),
    "no-officer": Label(
        "The customer has no responsible officer, and the row names none.",
        "该客户没有管户客户经理，本行也未填写。",
    ),
    # what does not fit together
    "matures-too-early": Label(
        "The loan must fall due after it was paid out.", "到期日期须在放款日期之后。"
    ),
    "due-too-early": Label(
        "The first installment must fall due after the loan was paid out.",
        "首次还款日须在放款日期之后。",
    ),
    "term-and-dates": Label(
        "The term does not lead to the maturity date: its last installment falls on {last}.",
        "期限与到期日不符：按期限最后一期为 {last}。",
    ),
    "plan-and-amount": Label(
        "The plan does not pay off the amount of the loan.", "还款计划与贷款金额不一致。"
    ),
    "before-disbursement": Label(
        "Paid before the loan was paid out ({disbursed}).", "早于放款日期（{disbursed}）。"
    ),
    "unknown-unit": Label(
        "There is no unit of this name or code in the branch.", "支行没有此名称或代码的机构。"
    ),
    "password-too-short": Label("A password has at least 8 characters.", "密码至少 8 个字符。"),
    "unfit-key": Label(
        "A key has up to 40 characters and no blanks.", "幂等键最多 40 个字符，且不含空格。"
    ),
    "posted-otherwise": Label(
        "This key was used for another posting. A new posting needs a new key.",
        "此幂等键已用于另一笔记账，新的记账须用新的键。",
    ),
    "unknown-receipt": Label("The loan has no receipt with this number.", "该贷款没有此收据号。"),
    "effective-differs": Label(
        "All rows of a loan must have the same day.", "同一贷款各行的生效日期须一致。"
    ),
    "effective-missing": Label(
        "This loan was restructured: say from which day the schedule holds.",
        "该贷款已展期，请填写还款计划的生效日期。",
    ),
    "effective-too-early": Label(
        "The loan was restructured after this day.", "该日期早于已有的展期日期。"
    ),
    "seq-not-next": Label(
        "The rows of a loan are numbered 1, 2, 3 and so on; here {seq} comes next.",
        "同一贷款的期次须从 1 起逐个递增，此处应为 {seq}。",
    ),
    "due-not-after": Label(
        "It must fall due after the row before it, and after the schedule begins.",
        "应还日期须晚于上一期，并晚于计划起始日。",
    ),
    "other-row-bad": Label(
        "Another row of this loan is bad; a schedule is imported whole.",
        "该贷款的其他行有误，还款计划须整体导入。",
    ),
    # warnings
    "posted-already": Label(
        "Posted before with the same content; left out.", "此前已按相同内容记账，本次略过。"
    ),
    "unknown-activity": Label(
        "Not in the table of activities; counted as “other”.",
        "不在主营项目对照表中，按“其他”处理。",
    ),
    "no-phone": Label("No phone; imported without it.", "无电话，按空导入。"),
    "rounded": Label("Rounded to a tenth of a mu.", "已四舍五入到 0.1 亩。"),
    "low-rate": Label(
        "Under 1 % a year. Is it a yearly rate in per cent?",
        "年利率低于 1%，请确认单位是否为年利率（%）。",
    ),
    "single-harvest": Label(
        "Seasonal without a plan: one harvest on the maturity date is assumed.",
        "按收获还款但无计划：按到期日一次收获处理。",
    ),
    "last-installment": Label(
        "By the term the last installment falls a few days off this; the schedule keeps to the term.",
        "按期限推算的最后一期与到期日期相差几天，还款计划以期限为准。",
    ),
    "unknown-column": Label("Column not known; not imported.", "无法识别的列，未导入。"),
    "other-sheets": Label(
        "The workbook has more sheets; only “{sheet}” was read.",
        "工作簿有多个工作表，只读取了“{sheet}”。",
    ),
}

TALK: Mapping[str, Label] = {
    "row": Label("row", "行"),
    "column": Label("column", "列"),
    "value": Label("value", "值"),
    "reason": Label("reason", "原因"),
    "kind": Label("kind", "类别"),
    "fault": Label("bad", "错误"),
    "warning": Label("warning", "提醒"),
    "in-rows": Label("rows {rows}", "第 {rows} 行"),
    "read": Label(
        "Rows read: {read}; bad: {bad}; warnings: {warnings}.",
        "读取 {read} 行，错误 {bad} 行，提醒 {warnings} 条。",
    ),
    "users-made": Label("Users made: {count}.", "已新建用户 {count} 个。"),
    "passwords": Label(
        "Their first passwords are in {file}, which only you can read. Hand them out and delete it.",
        "初始密码在 {file} 中，仅您可读。分发后请删除。",
    ),
    "nothing": Label("Nothing was imported.", "未导入任何内容。"),
    "imported": Label(
        "Rows imported: {count}, as batch {batch}.", "已导入 {count} 行，批次 {batch}。"
    ),
    "would": Label(
        "Dry run, nothing was changed. Rows that would be imported: {count}.",
        "试运行，未作任何更改：可导入 {count} 行。",
    ),
    "made": Label("Made for it: {what}.", "同时新建：{what}。"),
    "would-make": Label("It would make: {what}.", "将新建：{what}。"),
    "skipped": Label("Bad rows written to {file}: {count}.", "{count} 行错误数据已写入 {file}。"),
    "how-to-skip": Label(
        "Mend the rows, or import the good ones with --skip-bad.",
        "请更正后重试，或用 --skip-bad 只导入无误的行。",
    ),
    "how-to-undo": Label(
        "Undo with: xiangxin import --undo {batch} --branch {branch}",
        "如需撤销：xiangxin import --undo {batch} --branch {branch}",
    ),
    "village": Label("villages", "行政村"),
    "officer": Label("officers (no password yet)", "客户经理（尚无密码）"),
    "product": Label("products", "贷款产品"),
    "undone": Label(
        "Batch {batch} was taken back. Records: {count}.", "已撤销批次 {batch}：{count} 条记录。"
    ),
    "would-undo": Label(
        "Dry run, nothing was changed. Records of batch {batch} that would go: {count}.",
        "试运行，未作任何更改：批次 {batch} 将撤销 {count} 条记录。",
    ),
    "not-undone": Label(
        "Batch {batch} is built upon and stays as it is ({count}):",
        "批次 {batch} 已有后续内容，未作任何更改（{count} 项）：",
    ),
    "changed": Label("{what} was changed at {at} by {who}", "{what} 已于 {at} 由 {who} 更改"),
    "batch": Label(
        "batch {batch} ({kind}), made at {at}, builds upon it: take that one back first",
        "批次 {batch}（{kind}，{at} 导入）以其为基础，请先撤销该批次",
    ),
    "more-blockers": Label("  … and {count} more", "  ……另有 {count} 项"),
    "entered": Label("{what} has a password by now", "{what} 已设置密码"),
    "refers": Label(
        "{what}, made at {at} by {who}, belongs to or names {about}",
        "{what}（{who} 于 {at} 建立）属于或引用 {about}",
    ),
    "somebody": Label("the server", "服务器"),
    "no-batches": Label("No imports in this branch.", "该支行没有导入记录。"),
    "batch-line": Label(
        "{batch}  {made_at}  {kind}  rows: {rows}  {file}{undone}",
        "{batch}  {made_at}  {kind}  {rows} 行  {file}{undone}",
    ),
    "batch-undone": Label("  (taken back at {at})", "  （已于 {at} 撤销）"),
    "importing": Label("Importing", "导入"),
    "undoing": Label("Taking back", "撤销"),
}

TROUBLES: Mapping[str, Label] = {
    "no-branch": Label("There is no branch with the code {code}.", "没有代码为 {code} 的支行。"),
    "no-batch": Label("Branch {branch} has no batch {batch}.", "支行 {branch} 没有批次 {batch}。"),
    "undone-before": Label(
        "Batch {batch} was taken back at {at}.", "批次 {batch} 已于 {at} 撤销。"
    ),
    "refused": Label("The log refused it: {errors}", "日志拒绝了更改：{errors}"),
    "empty-file": Label("The file has no rows.", "文件没有数据行。"),
    "not-a-sheet": Label(
        "{file} is neither XLSX nor text. Save it as .xlsx or .csv.",
        "{file} 不是 XLSX 也不是文本文件，请另存为 .xlsx 或 .csv。",
    ),
    "old-excel": Label(
        "{file} has the old Excel form (.xls). Save it as .xlsx.",
        "{file} 是旧版 Excel 格式（.xls），请另存为 .xlsx。",
    ),
    "damaged": Label("{file} cannot be opened: {reason}", "{file} 无法打开：{reason}"),
    "not-written": Label(
        "{file} cannot be written: {reason}. Nothing was imported.",
        "{file} 无法写入：{reason}。未导入任何内容。",
    ),
    "schedules-stay": Label(
        "{batch} brought schedules, which are not taken back. Import the right ones.",
        "{batch} 导入的是还款计划，不能撤销。请导入正确的还款计划。",
    ),
    "not-csv": Label(
        "Line {line} of {file} cannot be read: {reason}", "{file} 第 {line} 行无法读取：{reason}"
    ),
    "missing-columns": Label(
        "The file lacks columns that are needed: {columns}. Headings found: {found}."
        " Use --map to say which heading means what.",
        "缺少必需的列：{columns}。表头为：{found}。可用 --map 指定各列含义。",
    ),
    "column-twice": Label(
        "Two columns mean the same ({field}): {headings}.", "两列含义相同（{field}）：{headings}。"
    ),
    "unknown-field": Label(
        "--map names an unknown field {field}. Fields: {fields}.",
        "--map 中的字段 {field} 不存在。可用字段：{fields}。",
    ),
    "unmapped-heading": Label(
        "--map names the heading {heading}, which the file does not have.",
        "--map 中的表头 {heading} 在文件中不存在。",
    ),
    "map-form": Label(
        'The --map file must be JSON such as {{"户名": "name"}}.',
        '--map 文件应为 JSON，例如 {{"户名": "name"}}。',
    ),
}


class Trouble(Exception):
    """The command cannot go on; said in the reader's language by `tell`."""

    def __init__(self, key: str, **facts: object) -> None:
        super().__init__(key, facts)
        self.key = key
        self.facts = facts

    def tell(self, lang: Lang) -> str:
        """Return the sentence for the reader."""
        return pick(TROUBLES[self.key], lang).format(**self.facts)

    def __str__(self) -> str:
        return self.tell("en")


def reason(key: str, facts: Mapping[str, object], lang: Lang) -> str:
    """Return why a value was not taken: our own reasons first, then the house's."""
    if key in REASONS:
        return pick(REASONS[key], lang).format(**facts)
    if key in words.REASONS:
        return pick(words.REASONS[key], lang)
    return words.fault_message(key, None, None, None, lang)


def talk(key: str, lang: Lang, **facts: object) -> str:
    """Return one of the words around the report."""
    return pick(TALK[key], lang).format(**facts)


def language_of(env: Mapping[str, str]) -> Lang:
    """Return the reader's language by the usual variables: Chinese for zh…, else English."""
    named = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return "zh" if named.lower().startswith("zh") else "en"
