"""Further ways in which two books differ, thought up apart from ``noise.py`` and from the rules: for blind measuring.

Same books, same truth, other habits: numbers decorated by programs and scanners, damaged by spreadsheets, reused every
year, shared by an order's deliveries; payments that quote what they pay, late, early, in equal monthly amounts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from tests.reconciliation.noise import CENT, CUT_OFF, Books, _core, _Maker

WEIGHTS = {
    "exact": 30, "payment": 8, "customer_prefix": 3, "grouped_digits": 3, "odd_characters": 3, "remark_behind": 3,
    "dated_number": 2, "float_number": 2, "scanner_pair": 2, "delivery_first": 3, "quoted_in_receipt": 3,
    "receipt_named_as_invoice": 2, "year_restart": 2, "part_deliveries": 3, "credit_of_same_number": 2,
    "monthly_rent": 2, "order_shared": 2, "booked_before": 2, "long_lag": 2, "withheld": 2, "with_tax": 2,
    "fee_added": 2, "shifted_comma": 1, "renamed_duplicate": 2, "cent_without_number": 2, "missing_in_ours": 3,
    "missing_in_theirs": 3, "timing": 1, "duplicate_theirs": 1, "cancelled_twice": 1, "series_changed": 2,
    "two_numbers": 2, "instalment_words": 1, "credit_in_batch": 2, "late_fee": 1, "head_words": 2,
}  # fmt: skip


class _Other(_Maker):
    def _customer_prefix(self):
        mark = self.r.choice(("HX", "4711", "C0815", "华星"))
        self._one("formatted", lambda ref: f"{mark}{self.r.choice('-/ ')}{ref}")

    def _grouped_digits(self):
        gap = self.r.choice((" ", ".", "'", "\u00a0"))
        self._one("formatted", lambda ref: ref.replace(_core(ref), gap.join(_pairs(_core(ref)))))

    def _odd_characters(self):
        def change(ref: str) -> str:
            way = self.r.randrange(4)
            if way == 0:
                return ref.replace("-", "\u2013").replace("/", "\u2044")
            if way == 1:
                return "\u200b" + ref
            if way == 2:
                return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in ref)
            return f"({ref})"

        self._one("formatted", change)

    def _remark_behind(self):
        words = self.r.choice((" (copy)", " rev.2", "*", " 重开", " orig.", " / paid", "#"))
        self._one("formatted", lambda ref: ref + words)

    def _head_words(self):
        words = self.r.choice(("Our invoice ", "Beleg ", "销售发票 ", "Facture n° ", "Tax Inv: ", "S/I "))
        self._one("formatted", lambda ref: words + ref)

    def _dated_number(self):
        our = self.paper()
        self.group("formatted", [our], [self.theirs(our, reference=f"{our.date:%Y%m%d}-{_core(our.reference)}")])

    def _float_number(self):
        self._one("formatted", lambda ref: (_core(ref).lstrip("0") or ref) + ".0")

    def _scanner_pair(self):
        def change(ref: str) -> str:
            core = _core(ref)
            for good, bad in (("11", "ll"), ("0", "o"), ("8", "B"), ("5", "s"), ("9", "g"), ("1", "!")):
                if good in core:
                    return ref.replace(core, core.replace(good, bad, 1))
            return ref

        self._one("ocr", change)

    def _delivery_first(self):
        our = self.paper()
        line = self.theirs(our, reference=f"LS{self.r.randrange(10**5, 10**6)}", their_reference=our.reference)
        self.group("their_reference", [our], [line])

    def _two_numbers(self):
        our = self.paper()
        text = f"{our.reference} / LS{self.r.randrange(10**5, 10**6)}"
        self.group("formatted", [our], [self.theirs(our, reference=text)])

    def _quoted_in_receipt(self):
        paid = self.paper()
        self.group("exact", [paid], [self.theirs(paid)])
        our = replace(self.payment(paid.amount, _after(paid.date, 25)), description=paid.reference)
        self.group("payment", [our], [self.receipt(our, description=f"Zahlung {paid.reference}")])

    def _receipt_named_as_invoice(self):
        paid = self.paper()
        self.group("exact", [paid], [self.theirs(paid)])
        our = self.payment(paid.amount, _after(paid.date, 20))
        self.group("payment", [our], [replace(self.receipt(our), reference=paid.reference)])

    def _year_restart(self):
        number = f"{self.r.randrange(1, 999):05d}"
        for year in ("2025", "2026"):
            our = self.paper(reference=f"{year}/{number}")
            self.group("exact", [our], [self.theirs(our, reference=f"{number}/{year[2:]}")])

    def _part_deliveries(self):
        base, date = self.number(), self.date()
        for letter in "AB":
            our = self.paper(reference=base + letter, date=date)
            self.group("exact", [our], [self.theirs(our, reference=f"{base}-{letter}")])

    def _credit_of_same_number(self):
        our = self.paper()
        credit = self.item(
            "credit_note", -(our.amount * Decimal("0.15")).quantize(CENT), _after(our.date, 9), our.reference
        )
        self.group("exact", [our], [self.theirs(our)])
        self.group("exact", [credit], [self.theirs(credit)])

    def _monthly_rent(self):
        amount = self.amount()
        for month in (8, 9, 10):
            our = self.paper(amount=amount, date=dt.date(2026, month, 3))
            reference = self.r.choice(("", our.reference))
            self.group("no_reference", [our], [self.theirs(our, reference=reference, description="monthly service")])

    def _order_shared(self):
        order, date = f"PO-{self.r.randrange(10000, 99999)}", self.date()
        for days in (0, 12):
            our = self.paper(po_number=order, date=_after(date, days))
            self.group("purchase_order", [our], [self.theirs(our, reference=order)])

    def _booked_before(self):
        our = self.payment()
        line = replace(self.receipt(our), date=our.date - dt.timedelta(days=self.r.choice((1, 2))))
        self.group("payment", [our], [line])

    def _long_lag(self):
        our = self.payment(date=dt.date(2026, 8, 1) + dt.timedelta(days=self.r.randrange(70)))
        self.group("payment", [our], [replace(self.receipt(our), date=_after(our.date, self.r.choice((8, 9, 11))))])

    def _withheld(self):
        self._less_paid("short_payment", lambda a: a * Decimal("0.10"))

    def _with_tax(self):
        self._differ("amount_difference", lambda a: a * Decimal("1.13"))

    def _fee_added(self):
        self._differ("amount_difference", lambda a: a + Decimal("38.50"))

    def _shifted_comma(self):
        self._differ("amount_difference", lambda a: a * 10)

    def _renamed_duplicate(self):
        our = self.paper()
        line = self.theirs(our)
        again = replace(line, reference=_core(our.reference).lstrip("0") or our.reference, date=_after(line.date, 6))
        self.group("exact", [our], [line])
        self.books.items.append({"kind": "duplicate", "ours": [], "theirs": [again], "amount": again.amount})

    def _cent_without_number(self):
        our = self.paper()
        self.group("rounding", [our], [self.theirs(our, reference="", amount=our.amount + CENT, date=our.date)])

    def _cancelled_twice(self):
        """They booked it, took it back and booked it again: ours once."""
        our = self.paper()
        line = self.theirs(our)
        self.group("exact", [our], [line])
        back = replace(line, type="credit_note", amount=-line.amount, date=_after(line.date, 1), description="storno")
        again = replace(line, date=_after(line.date, 2))
        for extra, kind in ((back, "missing_in_ours"), (again, "duplicate")):
            self.books.items.append({"kind": kind, "ours": [], "theirs": [extra], "amount": extra.amount})

    def _series_changed(self):
        self._one("no_reference", lambda ref: f"ZZ{self.r.randrange(10**7, 10**8)}")

    def _instalment_words(self):
        our = self.paper()
        cuts = self._cut(our.amount, 2)
        lines = [
            self.theirs(our, reference=f"{our.reference} ({i} of 2)", amount=a, date=_after(our.date, 3 * i))
            for i, a in enumerate(cuts, 1)
        ]
        self.group("split", [our], lines)

    def _credit_in_batch(self):
        date = self.date()
        ours = [self.payment(date=date), self.payment(date=date)]
        back = self.item("payment", abs(ours[0].amount / 4).quantize(CENT), date, f"PAY{self.pay}R")
        ours.append(back)
        self.group("many_to_one", ours, [self.receipt(ours[0], amount=sum(o.amount for o in ours))])


def _after(date: dt.date, days: int) -> dt.date:
    return min(CUT_OFF, date + dt.timedelta(days=days))


def _pairs(core: str) -> list[str]:
    first = len(core) % 3
    return [piece for piece in (core[:first], *(core[i : i + 3] for i in range(first, len(core), 3))) if piece]


def books(seed: int, profile: str = "STD", lines: int = 120) -> Books:
    """As ``noise.books``, of the other kinds."""
    maker = _Other(seed + 500_000, profile)
    made = 0
    while made < lines:
        made += maker.make(maker.r.choices(list(WEIGHTS), list(WEIGHTS.values()))[0])
    return maker.finish()
