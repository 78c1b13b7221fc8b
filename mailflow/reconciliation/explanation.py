"""Says in words what the fields say: every sentence is a template over a match's or an item's facts, never the source.

English and Chinese; for a clerk (short) and for a customer's mail (a full sentence with date, number and amount).
"""

from __future__ import annotations

from mailflow.reconciliation.entry import Entry
from mailflow.reconciliation.match import Kind, Match, ReconcilingItem, shown

ENGLISH, CHINESE = "en", "zh"

_NOTES = {
    "rival": {"en": "another line fits as well", "zh": "另有同样吻合的行"},
    "repeated_amount": {"en": "this amount occurs more than once", "zh": "该金额不止出现一次"},
    "round_amount": {"en": "a round amount identifies nothing", "zh": "整数金额不足以识别"},
    "dates_apart": {"en": "the dates are too far apart", "zh": "日期相差过大"},
    "numbers_differ": {"en": "the numbers differ", "zh": "单号不同"},
    "never_alone": {"en": "this rule only suggests", "zh": "此规则只作建议"},
    "sum_alone": {"en": "a sum alone proves nothing", "zh": "仅凭合计不能认定"},
    "totals_differ": {"en": "the totals differ", "zh": "合计不等"},
    "amounts_far_apart": {"en": "the amounts are far apart", "zh": "金额相差过大"},
    "unproven_document": {"en": "their document's own arithmetic does not hold", "zh": "对方单据自身勾稽不平"},
    "rule_switched_off": {"en": "the policy lets this rule only suggest", "zh": "制度规定此规则只作建议"},
    "above_cap": {"en": "above the amount that is accepted unseen", "zh": "超过自动认定的金额上限"},
    "far_number": {
        "en": "only part of the number agrees and the dates are far apart",
        "zh": "仅部分单号一致且日期相差较大",
    },
}


def of_match(match: Match, language: str = ENGLISH) -> str:
    """One sentence for a clerk: what agreed, what was transformed, and what kept it from being certain."""
    ours, theirs = match.ours, match.theirs
    if language == CHINESE:
        return _match_zh(match)
    if len(ours) == 1 and len(theirs) == 1:
        words = match.rule.words
        text = f"Line {theirs[0].id} {_quoted(theirs[0])} is our {_named(ours[0])}: {words}{_days(ours[0], theirs[0])}"
    else:
        one = ", ".join(_named(e) for e in ours[:6]) + (" …" if len(ours) > 6 else "")
        other = ", ".join(f"{e.id}" for e in theirs[:6]) + (" …" if len(theirs) > 6 else "")
        text = f"Line {other} covers our {one}: {match.rule.words}"
    if match.difference_units:
        text += f"; theirs differs by {shown(match.difference_units, match.places)}"
        text += f" ({match.kind.value.replace('_', ' ')})" if match.kind else ""
    if not match.automatic and match.note:
        text += f". To be confirmed: {_NOTES.get(match.note, {}).get('en', match.note)}"
    return text + "."


def _match_zh(match: Match) -> str:
    ours = "、".join(e.refs[0] if e.refs else e.tag for e in match.ours[:6])
    theirs = "、".join(str(e.id) for e in match.theirs[:6])
    text = f"对方第 {theirs} 行对应我方 {ours}:{_RULES_ZH.get(match.rule.name, match.rule.words)}"
    if match.difference_units:
        text += f",相差 {shown(match.difference_units, match.places)}"
        text += f"({_KINDS_ZH[match.kind]})" if match.kind else ""
    if not match.automatic and match.note:
        text += f"。待确认:{_NOTES.get(match.note, {}).get('zh', match.note)}"
    return text + "。"


def why_not(match: Match) -> list[tuple[Entry, str]]:
    """The rivals of a match, each with the first thing that made it lose."""
    answer = []
    kept = match.theirs[0]
    ours = match.ours[0]
    for rival in match.rivals[:3]:
        if rival.amount != ours.amount:
            because = f"amount is {shown(rival.amount, match.places)}"
        elif rival.day and kept.day and ours.day and abs(rival.day - ours.day) > abs(kept.day - ours.day):
            because = f"same amount, but {abs(rival.day - ours.day)} days apart"
        else:
            because = "fits as well; taken by another item or later in the document"
        answer.append((rival, because))
    return answer


_ITEMS = {
    Kind.MISSING_IN_OURS: "Only on theirs: {what}; no item of ours has this number or amount.",
    Kind.MISSING_IN_THEIRS: "Only on ours: {what}; no line of theirs has this number or amount.",
    Kind.AMOUNT_DIFFERENCE: "{what}: our amount {ours}, theirs {theirs}.",
    Kind.PARTIAL_PAYMENT: "{what}: {theirs} of {ours} is on theirs; the rest is still to come.",
    Kind.SHORT_PAYMENT: "{what}: {theirs} instead of {ours}; nothing says why less was paid.",
    Kind.DISCOUNT_TAKEN: "{what}: discount taken ({ours} on ours, {theirs} on theirs).",
    Kind.LATE_FEE: "{what}: late fee or interest.",
    Kind.BANK_CHARGE: "{what}: bank charge ({ours} on ours, {theirs} on theirs).",
    Kind.TIMING: "{what}: booked by the payer shortly before the cut-off, on its way.",
    Kind.DUPLICATE: "{what} stands twice: same number and same amount as a line already counted.",
    Kind.SIGN_ERROR: "{what}: same amount on the other side of the account ({ours} on ours, {theirs} on theirs).",
    Kind.OPENING_DIFFERENCE: "The opening balances differ: ours {ours}, theirs {theirs}.",
    Kind.ROUNDING: "{what}: rounding ({ours} on ours, {theirs} on theirs).",
}


def of_item(item: ReconcilingItem, language: str = ENGLISH) -> str:
    """One sentence for a clerk on one reconciling item."""
    entries = (*item.ours, *item.theirs)
    ours = shown(sum(e.amount for e in item.ours), item.places)
    theirs = shown(sum(e.amount for e in item.theirs), item.places)
    if language == CHINESE:
        what = "、".join(_named_zh(e) for e in entries[:3])
        return _ITEMS_ZH[item.kind].format(what=what, ours=ours, theirs=theirs)
    what = ", ".join(_described(e) for e in entries[:3]) or "balance"
    return _ITEMS[item.kind].format(what=what, ours=ours, theirs=theirs)


def action(item: ReconcilingItem, side: str, language: str = ENGLISH) -> str:
    """What to do next, for the clerk."""
    kind = item.kind
    if kind is Kind.DUPLICATE:
        key = "duplicate_theirs" if item.theirs else "duplicate_ours"
    elif kind is Kind.MISSING_IN_THEIRS and item.ours and item.ours[0].paid:
        key = "payment_missing_in_theirs"
    elif kind is Kind.MISSING_IN_OURS and item.theirs and item.theirs[0].paid:
        key = "payment_missing_in_ours"
    elif kind is Kind.AMOUNT_DIFFERENCE and item.reason == "digits_swapped":
        key = "digits_swapped"
    elif kind is Kind.DISCOUNT_TAKEN and item.reason == "unearned":
        key = "discount_unearned"
    else:
        key = kind.value
    return _ACTIONS[key][0 if language == ENGLISH else 1]


_ACTIONS = {
    "missing_in_ours": ("Ask for a copy, then book it.", "向对方索取单据副本,核实后入账。"),
    "payment_missing_in_ours": (
        "Look for the payment in the bank account; ask for proof.",
        "查银行流水,并请对方提供付款凭证。",
    ),
    "missing_in_theirs": ("Send them a copy and ask them to book it.", "将单据副本发给对方,请其入账。"),
    "payment_missing_in_theirs": ("Send proof of payment.", "向对方提供付款凭证。"),
    "amount_difference": ("Compare both documents; agree on the amount.", "核对双方单据,确认正确金额。"),
    "digits_swapped": (
        "Digits look swapped: check the document and correct the posting.",
        "疑似数字颠倒:核对单据并更正。",
    ),
    "partial_payment": ("Leave the rest open and ask when it will be paid.", "余额保留未清,询问付款日期。"),
    "short_payment": ("Ask why less was paid.", "询问少付原因。"),
    "discount_taken": ("Check against the payment terms, then accept or claim.", "对照付款条件核实,再确认或追讨。"),
    "discount_unearned": (
        "Taken after the discount days: claim it or grant it knowingly.",
        "已超过折扣期限:追讨或明确同意。",
    ),
    "late_fee": ("Check against the contract, then accept or dispute.", "对照合同核实,再确认或提出异议。"),
    "bank_charge": ("Book as bank charge or ask who bears it.", "计入银行手续费,或确认由谁承担。"),
    "timing": ("Nothing: it must clear by the next statement.", "无需处理:下期对账应自动消除。"),
    "duplicate_theirs": ("Ask them to remove the second entry.", "请对方冲销重复记账。"),
    "duplicate_ours": ("Reverse our second entry.", "冲销我方重复记账。"),
    "sign_error": ("Find out which side posted it the wrong way round and correct it.", "查明哪一方记反方向并更正。"),
    "opening_difference": ("Reconcile the earlier statement first.", "先核对上期对账单。"),
    "rounding": ("Write off as rounding.", "按尾差核销。"),
}

_KINDS_ZH = {
    Kind.MISSING_IN_OURS: "我方未记",
    Kind.MISSING_IN_THEIRS: "对方未记",
    Kind.AMOUNT_DIFFERENCE: "金额不符",
    Kind.PARTIAL_PAYMENT: "部分付款",
    Kind.SHORT_PAYMENT: "少付",
    Kind.DISCOUNT_TAKEN: "现金折扣",
    Kind.LATE_FEE: "滞纳金",
    Kind.BANK_CHARGE: "银行手续费",
    Kind.TIMING: "在途款项",
    Kind.DUPLICATE: "重复记账",
    Kind.SIGN_ERROR: "方向记反",
    Kind.OPENING_DIFFERENCE: "期初差异",
    Kind.ROUNDING: "尾差",
}

_ITEMS_ZH = {
    Kind.MISSING_IN_OURS: "仅对方有:{what};我方无此单号或金额。",
    Kind.MISSING_IN_THEIRS: "仅我方有:{what};对方无此单号或金额。",
    Kind.AMOUNT_DIFFERENCE: "{what}:我方 {ours},对方 {theirs}。",
    Kind.PARTIAL_PAYMENT: "{what}:应 {ours},对方记 {theirs},余额待付。",
    Kind.SHORT_PAYMENT: "{what}:应 {ours},实 {theirs},少付原因未说明。",
    Kind.DISCOUNT_TAKEN: "{what}:扣除现金折扣(我方 {ours},对方 {theirs})。",
    Kind.LATE_FEE: "{what}:滞纳金或利息。",
    Kind.BANK_CHARGE: "{what}:银行手续费(我方 {ours},对方 {theirs})。",
    Kind.TIMING: "{what}:付款方已于截止日前入账,款项在途。",
    Kind.DUPLICATE: "{what} 重复:单号与金额同已核对的一笔相同。",
    Kind.SIGN_ERROR: "{what}:金额相同但方向相反(我方 {ours},对方 {theirs})。",
    Kind.OPENING_DIFFERENCE: "期初余额不一致:我方 {ours},对方 {theirs}。",
    Kind.ROUNDING: "{what}:尾差(我方 {ours},对方 {theirs})。",
}

_RULES_ZH = {
    "confirmed_by_person": "人工确认",
    "carried_match": "以前已核对",
    "opening_balance": "期初余额",
    "exact_reference": "单号与金额相同",
    "same_reference_without_separators": "去除分隔符后单号相同,金额相同",
    "same_reference_without_prefix": "去除前缀后单号相同,金额相同",
    "same_digits": "数字部分相同,金额相同",
    "same_main_number": "主号相同(年份、后缀不同),金额相同",
    "same_reference_ocr": "修正扫描误识后单号相同,金额相同",
    "same_digits_ocr": "修正扫描误识后数字相同,金额相同",
    "merged_references": "一行列出多张单据,合计相等",
    "same_number_same_total": "同一单号多行,合计相等",
    "reference_in_description": "摘要中载有单号,金额相同",
    "reference_and_credit": "单号相同,差额恰为一张未清贷项",
    "payment_in_part": "时间上唯一相近的两笔付款,到账较少",
    "purchase_order": "采购订单号与金额相同",
    "same_reference_other_amount": "单号相同,金额不同",
    "merged_references_other_amount": "一行列出多张单据,合计不等",
    "same_number_other_total": "同一单号多行,合计不等",
    "truncated_reference": "单号被截短,金额相同",
    "near_reference": "单号相近,金额相同",
    "amount_and_date": "金额相同,日期相近",
    "amount_and_date_twins": "等额多笔,按日期先后配对",
    "amount_alone": "金额唯一相同,日期相差较大",
    "sum_of_a_day": "同日各笔合计相等",
    "sum_of_consecutive": "连续各笔合计相等",
    "sum_of_few": "两三笔合计相等",
    "sum_of_some": "唯一可凑成的合计",
    "many_to_many": "两组合计相等,日期相近",
    "payment_less_charge": "付款少一笔常见扣款,日期相近",
    "amount_turned": "金额相同方向相反,日期相近",
    "amount_rounded": "金额仅差尾数,日期相近",
}


def _quoted(entry: Entry) -> str:
    return f"'{entry.refs[0]}'" if entry.refs else "(no number)"


def _named(entry: Entry) -> str:
    return entry.refs[0] if entry.refs else f"item {entry.tag}"


def _named_zh(entry: Entry) -> str:
    where = "我方" if entry.ours else f"对方第 {entry.id} 行"
    return f"{where} {entry.refs[0] if entry.refs else entry.tag}"


def _described(entry: Entry) -> str:
    date = "" if entry.source.date is None else f" of {entry.source.date.isoformat()}"
    kind = entry.type.replace("_", " ") if entry.type != "other" else "line" if not entry.ours else "item"
    if entry.ours:
        return f"our {kind} {_named(entry)}{date}"
    return f"their {kind} {entry.refs[0] if entry.refs else f'without number (line {entry.id})'}{date}"


def _days(our: Entry, their: Entry) -> str:
    if not our.day or not their.day:
        return ""
    days = abs(our.day - their.day)
    return ", same day" if days == 0 else f", {days} day{'s' if days > 1 else ''} apart"
