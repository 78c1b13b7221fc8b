"""The printed words of a reconciliation document, by language. 加/减 follow the bank form 银行存款余额调节表."""

from __future__ import annotations

from dataclasses import dataclass

from mailflow.reconciliation.check_words import in_chinese
from mailflow.reconciliation.match import Kind


@dataclass(frozen=True, slots=True)
class Words:
    language: str
    title: str
    bridge_title: str
    two_sided_title: str
    items_title: str
    matches_title: str
    checks_title: str
    our_balance: dict[str, str]
    their_balance: dict[str, str]
    adjusted: str
    difference: str
    unexplained: str
    total: str
    ours: dict[str, str]
    theirs: dict[str, str]
    kinds: dict[Kind, str]
    sides: dict[str, str]
    columns: dict[str, str]
    our_source: str
    their_source: str
    at_row: str
    fact_party: str
    fact_account: str
    fact_currency: str
    fact_as_of: str
    fact_document: str
    fact_sign: str
    turned: str
    accepted: str
    suggested: str
    under_query: str
    days: str
    not_voucher: tuple[str, ...]
    signatures: tuple[str, ...]
    passed: dict[bool | None, str]
    counted: str
    more: str
    checks: dict[str, str]

    def detail(self, text: str) -> str:
        """What a check found, in this language."""
        return in_chinese(text) if self.language.startswith("zh") else text


ENGLISH = Words(
    language="en",
    title="Account reconciliation",
    bridge_title="From our balance to theirs",
    two_sided_title="Both balances adjusted",
    items_title="Reconciling items",
    matches_title="Matches",
    checks_title="Checks",
    our_balance={"payable": "Balance per our payables ledger", "receivable": "Balance per our receivables ledger"},
    their_balance={"payable": "Balance per supplier's statement", "receivable": "Balance per customer's statement"},
    adjusted="Adjusted balance",
    difference="Difference",
    unexplained="Unexplained",
    total="Total",
    ours={
        "increase": "Add: on theirs, not booked by us",
        "decrease": "Less: on theirs, not booked by us",
        "error": "Add/less: differences to correct with us",
    },
    theirs={
        "increase": "Add: booked by us, not on theirs",
        "decrease": "Less: booked by us, not on theirs",
        "error": "Add/less: differences to correct with them",
    },
    kinds={
        Kind.MISSING_IN_OURS: "On theirs, missing in ours",
        Kind.MISSING_IN_THEIRS: "On ours, missing in theirs",
        Kind.AMOUNT_DIFFERENCE: "Amounts that differ",
        Kind.PARTIAL_PAYMENT: "Part payments",
        Kind.SHORT_PAYMENT: "Short payments",
        Kind.DISCOUNT_TAKEN: "Discounts taken",
        Kind.LATE_FEE: "Late fees and interest",
        Kind.BANK_CHARGE: "Bank charges",
        Kind.TIMING: "Payments on their way",
        Kind.DUPLICATE: "Booked twice",
        Kind.SIGN_ERROR: "Booked on the wrong side",
        Kind.OPENING_DIFFERENCE: "Opening balances differ",
        Kind.ROUNDING: "Rounding",
    },
    sides={"payable": "Payable (we owe)", "receivable": "Receivable (they owe)"},
    columns={
        "no": "No.", "kind": "Kind", "date": "Date", "reference": "Number", "amount": "Amount", "text": "What",
        "age": "Age", "source": "Source", "action": "To do", "ours": "Ours", "theirs": "Theirs", "rule": "Rule",
        "amount_ours": "Our amount", "amount_theirs": "Their amount", "difference": "Difference", "state": "State",
        "explanation": "Why", "check": "Check", "result": "Result", "detail": "Detail", "side": "Adjusts",
        "our_side": "ours", "their_side": "theirs",
    },
    our_source="our item {id}",
    their_source="their line {no}, p. {page}",
    at_row=", row {row}",
    fact_party="Party",
    fact_account="Account",
    fact_currency="Currency",
    fact_as_of="As of",
    fact_document="Their document",
    fact_sign="Sign",
    turned="their document counts the other way round; shown in our ledger's sign",
    accepted="accepted",
    suggested="to be confirmed",
    under_query="under query",
    days="{days} d",
    not_voucher=(
        "This document changes nothing that is owed. Each item ends as nothing to post (timing), a correction of our "
        "ledger, or a follow-up with them.",
        "That the balances agree does not by itself prove that every match is right; see the checks.",
    ),
    signatures=("Prepared by", "Reviewed by", "Date"),
    passed={True: "passed", False: "failed", None: "nothing to test with"},
    counted="{automatic} matches accepted, {suggested} to be confirmed, {items} reconciling items",
    more="… and {count} more; the workbook (--xlsx) and --json list all.",
    checks={
        "extraction": "Their lines add up to their total", "our_side": "Our items add up to our balance",
        "bridge": "The bridge closes", "nothing_unexplained": "Nothing is unexplained",
        "evidence": "Every item has kind, lines, reason and action",
    },
)  # fmt: skip

CHINESE = Words(
    language="zh-CN",
    title="往来款项余额调节表",
    bridge_title="我方余额至对方余额",
    two_sided_title="双方余额调节",
    items_title="未达账项明细",
    matches_title="勾对明细",
    checks_title="核验",
    our_balance={"payable": "我方账面余额（应付账款）", "receivable": "我方账面余额（应收账款）"},
    their_balance={"payable": "对方对账单余额", "receivable": "对方对账单余额"},
    adjusted="调节后余额",
    difference="差额",
    unexplained="未查明差额",
    total="合计",
    ours={
        "increase": "加：对方已记增加、我方未记",
        "decrease": "减：对方已记减少、我方未记",
        "error": "加/减：我方记账差错及待查差异",
    },
    theirs={
        "increase": "加：我方已记增加、对方未记",
        "decrease": "减：我方已记减少、对方未记",
        "error": "加/减：对方记账差错",
    },
    kinds={
        Kind.MISSING_IN_OURS: "对方已记、我方未记",
        Kind.MISSING_IN_THEIRS: "我方已记、对方未记",
        Kind.AMOUNT_DIFFERENCE: "金额不符",
        Kind.PARTIAL_PAYMENT: "部分付款",
        Kind.SHORT_PAYMENT: "少付款",
        Kind.DISCOUNT_TAKEN: "现金折扣",
        Kind.LATE_FEE: "滞纳金及利息",
        Kind.BANK_CHARGE: "银行手续费",
        Kind.TIMING: "在途款项",
        Kind.DUPLICATE: "重复记账",
        Kind.SIGN_ERROR: "方向记反",
        Kind.OPENING_DIFFERENCE: "期初余额差异",
        Kind.ROUNDING: "尾差",
    },
    sides={"payable": "应付账款", "receivable": "应收账款"},
    columns={
        "no": "序号", "kind": "类别", "date": "日期", "reference": "单号", "amount": "金额", "text": "摘要",
        "age": "账龄", "source": "出处", "action": "处理", "ours": "我方", "theirs": "对方", "rule": "规则",
        "amount_ours": "我方金额", "amount_theirs": "对方金额", "difference": "差额", "state": "状态",
        "explanation": "依据", "check": "核验项", "result": "结果", "detail": "说明", "side": "调节方",
        "our_side": "我方", "their_side": "对方",
    },
    our_source="我方 {id}",
    their_source="对方第 {no} 行，第 {page} 页",
    at_row="，表第 {row} 行",
    fact_party="往来单位",
    fact_account="科目",
    fact_currency="币种",
    fact_as_of="截止日期",
    fact_document="对方单据",
    fact_sign="方向",
    turned="对方单据借贷方向与我方相反，已按我方方向列示",
    accepted="已认定",
    suggested="待确认",
    under_query="待查",
    days="{days} 天",
    not_voucher=(
        "本表不得作为记账凭证。未达账项须待有关单据到达后方可入账。",
        "调节后余额相等，一般表明双方记账无误，但不能仅据此认定逐笔勾对正确，请参看核验。",
    ),
    signatures=("编制人", "复核人", "编制日期"),
    passed={True: "通过", False: "未通过", None: "无可核验"},
    counted="已认定 {automatic} 组，待确认 {suggested} 组，调节项 {items} 项",
    more="……另有 {count} 行，见工作簿（--xlsx）或 --json。",
    checks={
        "extraction": "对方明细合计等于其余额", "our_side": "我方明细合计等于余额", "bridge": "调节平衡",
        "nothing_unexplained": "无未查明差额", "evidence": "每项均有类别、出处、原因与处理",
    },
)  # fmt: skip


def words(language: str) -> Words:
    """Chinese for any ``zh`` tag, else English."""
    return CHINESE if language.lower().startswith("zh") else ENGLISH
