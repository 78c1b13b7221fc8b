"""The letter that answers one reply: its kind follows from what they said, its words come from the templates.

    their list differs ─► explained line by line, with the reconciliation and copies of what they lack
    a payment advice   ─► item by item what it will be booked to      documents asked for ─► enclosed
    dispute, promise   ─► acknowledged                                  payment without items ─► asked which
    a confirmation, a supplier's statement that agrees ─► thanked for   anything else ─► a sheet with our name

One letter says one thing. What it encloses is found by us; nothing is ever sent that somebody merely named.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Protocol

from mailflow.cases.case import State
from mailflow.correspondence.follow_ups import Confirmation, Difference, PaymentNotice
from mailflow.correspondence.letter import Letter, LetterFile
from mailflow.correspondence.message import Intent
from mailflow.correspondence.statement_sheet import ReplyRoute, StatementSheet
from mailflow.receivables.company import Company
from mailflow.receivables.party import Side
from mailflow.reconciliation.explanation import sentences
from mailflow.reconciliation.layout import Layout, layout
from mailflow.reconciliation.match import Kind
from mailflow.refusals import Refusal
from mailflow.steps.hear_reply import HeardReply
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.render_follow_up import (
    render_dispute_receipt,
    render_enclosed,
    render_explanation,
    render_payment_receipt,
    render_promise_receipt,
    render_request,
    render_thanks,
)
from mailflow.steps.render_letter import PDF, XLSX, file_stem, statement_files, statement_sheet

FREE = "free"  # the kind of a letter for which nothing is drafted
LARGEST = (
    12 * 1024 * 1024
)  # bytes of all enclosures together: base64 makes 16 MB of it, which every large provider takes
MOST_SENTENCES = 40  # beyond it the reconciliation document is the better reading
_A_STATEMENT = re.compile(
    r"statement|对[账帐]单|對[賬帳]單|往来明细|往來明細|kontoauszug|relev[ée]|extracto", re.IGNORECASE
)


class Copies(Protocol):
    def find(self, reference: str) -> LetterFile | None:
        """The copy of this invoice, None when there is none."""
        ...


class AnswerLetters:
    """``papers`` writes a reconciliation as PDF and XLSX."""

    def __init__(
        self,
        stationery: Stationery,
        company: Company,
        copies: Copies,
        papers: Callable[[Layout], tuple[bytes, bytes]],
    ) -> None:
        self._stationery, self._company, self._copies, self._papers = stationery, company, copies, papers

    def letter(self, heard: HeardReply, route: ReplyRoute, *, enclosing: bool = True) -> Letter:
        """The drafted one, or an empty sheet of the kind :data:`FREE`. For looking at, ``enclosing`` False leaves the
        documents that have yet to be made as names with nothing in them."""
        if heard.statement is None:
            return self._free(heard)
        language = heard.meaning.language if self._speaks(heard.meaning.language) else None
        supplier = heard.case.side is Side.PAYABLE
        try:
            sheet = statement_sheet(self._stationery, heard.statement, self._company, route=route, language=language)
        except Refusal:
            if supplier:
                return self._free(heard)  # our ledger as it is cannot be laid out: a person writes
            raise
        return (self._to_supplier if supplier else self._drafted)(heard, sheet, enclosing) or self._free(heard)

    def _to_supplier(self, heard: HeardReply, sheet: StatementSheet, enclosing: bool) -> Letter | None:
        """What a customer may be told about our statement says nothing to who sent us his own."""
        record = heard.record
        if record is None or record["mode"] != "statement":
            return None
        if record["reconciling_items"]:
            return self._explained(heard, sheet, enclosing)
        if Decimal(record["their_balance"]) != sheet.statement.closing:
            return None  # what is apart is not explained, or our ledger has moved: a person writes
        return self._thanked(heard, sheet)

    def _drafted(self, heard: HeardReply, sheet: StatementSheet, enclosing: bool) -> Letter | None:
        subject, stationery = heard.message.subject, self._stationery
        stated = {one.intent for one in heard.meaning.intents}
        mode = None if heard.record is None else heard.record["mode"]
        if mode == "statement" and heard.record is not None and heard.record["reconciling_items"]:
            return self._explained(heard, sheet, enclosing)
        if heard.disputes:
            return render_dispute_receipt(stationery, sheet, objections=heard.disputes, thread_subject=subject)
        if mode == "remittance_advice" and (notice := _payment_notice(heard)) is not None:
            return render_payment_receipt(stationery, sheet, notice, thread_subject=subject)
        if heard.promise is not None:
            return render_promise_receipt(stationery, sheet, heard.promise, thread_subject=subject)
        if Intent.DOCUMENT_REQUEST in stated:
            return self._with_what_they_asked_for(heard, sheet, enclosing)
        if Intent.PAYMENT_MADE in stated:
            return render_request(
                stationery, sheet, needs=["payment"], references=heard.meaning.references, thread_subject=subject
            )
        if Intent.CONFIRM in stated and heard.case.state in (State.CONFIRMED, State.CLOSED):
            return self._thanked(heard, sheet)
        return None

    def _thanked(self, heard: HeardReply, sheet: StatementSheet) -> Letter:
        day = (heard.message.sent_at or heard.message.received_at).date()
        confirmed = Confirmation(heard.reading["from"]["name"] or heard.message.sender, day)
        return render_thanks(self._stationery, sheet, confirmed, thread_subject=heard.message.subject)

    def _explained(self, heard: HeardReply, sheet: StatementSheet, enclosing: bool) -> Letter | None:
        record, compared, language = heard.record, heard.compared, sheet.words.language
        assert record is not None
        said = []
        if compared is not None and language in ("en", "zh-CN"):
            said = sentences(compared, language, "customer") if len(compared.items) <= MOST_SENTENCES else []
        try:
            letter = render_explanation(
                self._stationery, sheet, their_balance=Decimal(record["their_balance"]),
                differences=_differences(heard), unexplained=Decimal(record["proof"]["unexplained"]), sentences=said,
                thread_subject=heard.message.subject,
            )  # fmt: skip
        except ValueError:
            return None  # the statement is a newer version than the one they answered: a person writes
        if compared is None:
            return letter
        stem = file_stem(sheet).replace(sheet.words["file.statement"], sheet.words["file.reconciliation"], 1)
        pdf, workbook = b"", b""
        if enclosing:
            file = "" if heard.document is None else heard.document.name
            theirs = layout(compared, "zh-CN" if language.startswith("zh") else "en", file, internal=False)
            pdf, workbook = self._papers(theirs)
        files = [LetterFile(f"{stem}.pdf", PDF, pdf), LetterFile(f"{stem}.xlsx", XLSX, workbook)]
        lacking = [one.reference for one in compared.items if one.kind is Kind.MISSING_IN_THEIRS and one.reference]
        files += [copy for one in lacking if (copy := self._copies.find(one)) is not None]
        return replace(letter, files=_within(files))

    def _with_what_they_asked_for(self, heard: HeardReply, sheet: StatementSheet, enclosing: bool) -> Letter | None:
        words = sheet.words
        asked = " ".join(one.evidence for one in heard.meaning.intents if one.intent is Intent.DOCUMENT_REQUEST)
        known = {item.reference for item in heard.items}
        wanted = [one for one in dict.fromkeys(heard.meaning.references) if one in known]
        files: list[LetterFile] = []
        shown: list[str] = []
        missing: list[str] = []
        if not wanted and _A_STATEMENT.search(asked):
            stem = file_stem(sheet)
            named = (LetterFile(f"{stem}.pdf", PDF, b""), LetterFile(f"{stem}.xlsx", XLSX, b""))
            files += statement_files(self._stationery, sheet) if enclosing else named
            shown.append(words.say("file.statement_copy", label=sheet.statement.label))
        for reference in wanted:
            copy = self._copies.find(reference)
            if copy is None or sum(len(one.content) for one in (*files, copy)) > LARGEST:
                missing.append(reference)
                continue
            files.append(copy)
            shown.append(words.say("file.invoice_copy", reference=reference))
        if not shown:
            return None
        return render_enclosed(
            self._stationery, sheet, shown=shown, missing=missing, files=files, thread_subject=heard.message.subject
        )

    def _free(self, heard: HeardReply) -> Letter:
        """An empty sheet with our name under it."""
        words = self._stationery.templates.words(heard.meaning.language)
        subject = heard.message.subject.strip() or heard.case.id
        subject = subject if subject.lower().startswith("re:") else f"Re: {subject}"
        return Letter(FREE, words.language, subject, f"\n\n{self._company.name}\n", "")

    def _speaks(self, language: str) -> bool:
        spoken = self._stationery.templates.languages()
        return any(one.lower().startswith(language.lower()[:2]) for one in spoken)


def _payment_notice(heard: HeardReply) -> PaymentNotice | None:
    """None when the advice names nothing that we know: then a person looks."""
    record, document = heard.record, heard.document
    assert record is not None and document is not None
    references = {item.id: item.reference for item in heard.items}
    items = tuple(
        (", ".join(references.get(id, id) for id in match["ours"]), abs(Decimal(match["amount_theirs"])))
        for match in record["matches"]
        if match["ours"] and match["theirs"]
    )
    if not items:
        return None
    payment = document.document.payment
    unapplied = abs(Decimal(record.get("unapplied", "0")))
    on, amount = payment.date or document.document.date, payment.amount
    return PaymentNotice(on, None if amount is None else abs(amount), items, tuple(_differences(heard)), unapplied)


def _differences(heard: HeardReply) -> list[Difference]:
    assert heard.record is not None
    return [
        Difference(one["kind"], one["reference"] or "", Decimal(one["amount"]))
        for one in heard.record["reconciling_items"]
    ]


def _within(files: list[LetterFile]) -> tuple[LetterFile, ...]:
    """As many of them, in order, as one letter may carry."""
    kept: list[LetterFile] = []
    for file in files:
        if sum(len(one.content) for one in (*kept, file)) <= LARGEST:
            kept.append(file)
    return tuple(kept)
