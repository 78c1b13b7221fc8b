"""Two books that differ in every way that real ones do, with the truth beside them: seed in, lines and links out.

Forty kinds of noise in two profiles. STD: numbers rise by 1 to 60 and amounts are ordinary; HARD: neighbours are
one apart, half of the accounts sell at list prices, and twice as much is spoiled. ``version`` is frozen: change the
number when a change would give other data for a seed.

    python noise.py FOLDER SEED PROFILE LINES     writes ledger.csv, statement.csv, truth.json as the scorer reads them
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Side

VERSION = 1
CUT_OFF = dt.date(2026, 10, 31)
CENT = Decimal("0.01")

KINDS: dict[str, tuple[float, float]] = {  # weight in STD, in HARD
    "exact": (0.46, 0.25), "formatted": (0.12, 0.16), "ocr_1": (0.025, 0.05), "ocr_2": (0.005, 0.02),
    "digit_wrong": (0.008, 0.03), "digits_swapped_in_number": (0.004, 0.01), "digit_lost": (0.004, 0.01),
    "digit_doubled": (0.003, 0.008), "tail_only": (0.012, 0.03), "head_only": (0.004, 0.01),
    "no_reference": (0.02, 0.05), "order_instead": (0.012, 0.03), "their_number": (0.015, 0.02),
    "our_number_quoted": (0.01, 0.015), "in_description": (0.012, 0.02), "delivery_note": (0.005, 0.01),
    "merged_list": (0.012, 0.02), "merged_tails": (0.006, 0.01), "merged_span": (0.004, 0.006),
    "split_suffix": (0.008, 0.015), "split_same_number": (0.005, 0.01), "instalments": (0.003, 0.006),
    "credit_netted": (0.004, 0.008), "payment": (0.12, 0.12), "payment_batch": (0.02, 0.02),
    "payment_in_parts": (0.008, 0.012), "many_to_many": (0.002, 0.004), "amount_difference": (0.02, 0.03),
    "rounding": (0.008, 0.01), "discount_taken": (0.006, 0.01), "bank_charge": (0.006, 0.01),
    "short_payment": (0.005, 0.008), "partial_payment": (0.005, 0.008), "sign_error": (0.003, 0.006),
    "date_wrong": (0.008, 0.01), "round_payment": (0.006, 0.01), "twins": (0.006, 0.02), "credit_note": (0.02, 0.02),
    "digits_swapped_in_amount": (0.003, 0.005), "neighbour_misprint": (0.001, 0.004),
    # lines that only one side has
    "missing_in_ours": (0.02, 0.035), "missing_in_theirs": (0.018, 0.03), "timing": (0.015, 0.02),
    "duplicate_theirs": (0.008, 0.012), "duplicate_ours": (0.005, 0.01), "late_fee": (0.004, 0.006),
    "bank_fee_line": (0.003, 0.005), "discount_line": (0.002, 0.004),
}  # fmt: skip

SCHEMES = (
    "INV-{n:06d}",
    "XS2026{n:07d}",
    "{n:08d}",
    "FP-{n:06d}-A",
    "SI/{n:06d}",
    "INV/2026/{n:05d}",
    "RE{n:07d}",
    "B{n:05d}",
)
DECORATIONS = (
    lambda r: r.lower(), lambda r: r.replace("-", "").replace("/", ""), lambda r: r.replace("-", " - "),
    lambda r: "No." + r, lambda r: "发票" + _core(r), lambda r: "Inv " + _core(r), lambda r: _core(r) + "/2026",
    lambda r: r + "-00", lambda r: _core(r), lambda r: _core(r).lstrip("0") or r, lambda r: "INV#" + _core(r),
    lambda r: "发票号:" + r, lambda r: r.replace("/", "-"), lambda r: "Invoice no. " + r, lambda r: r + " CNY",
    lambda r: "00" + _core(r), lambda r: _wide(r), lambda r: "Rechnung " + _core(r), lambda r: " " + r + " ",
)  # fmt: skip
GLYPHS = {"0": "OQD", "1": "IL|", "2": "Z", "5": "S", "6": "G", "8": "B"}


@dataclass
class Books:
    """``theirs`` are rows in the ledger's columns, as their statement prints them (turned when ``flipped``)."""

    ours: list[Item] = field(default_factory=list)
    theirs: list[Item] = field(default_factory=list)
    groups: list[dict] = field(default_factory=list)
    items: list[dict] = field(default_factory=list)
    flipped: bool = False

    @property
    def our_balance(self) -> Decimal:
        return sum((i.amount for i in self.ours), Decimal(0))

    @property
    def their_balance(self) -> Decimal:
        return (-1 if self.flipped else 1) * sum((i.amount for i in self.theirs), Decimal(0))

    def links(self) -> set[tuple[str, int]]:
        return {(o, t) for g in self.groups for o in g["ours"] for t in g["theirs"]}

    def true_items(self) -> Counter:
        counted = Counter((i["kind"], Decimal(i["amount"])) for i in self.items)
        counted.update((g["kind"], Decimal(g["difference"])) for g in self.groups if Decimal(g["difference"]))
        return counted


class _Maker:
    def __init__(self, seed: int, profile: str):
        self.r = random.Random(f"{VERSION}/{seed}/{profile}")
        self.hard = profile == "HARD"
        self.scheme = self.r.choice(SCHEMES)
        self.step = 2 if self.hard else self.r.choice((1, 2, 5, 20, 60))
        self.n = self.r.randrange(1000, 60000)
        self.pay = self.r.randrange(1000, 90000)
        self.prices = None
        if self.r.random() < (0.5 if self.hard else 0.2):
            self.prices = [Decimal(self.r.randrange(5000, 900000)) / 100 for _ in range(11)]
        self.books = Books(flipped=self.r.random() < 0.3)
        self.pairs: list[tuple[list[Item], list[Item], str]] = []

    def number(self) -> str:
        self.n += self.r.randint(1, self.step)
        return self.scheme.format(n=self.n)

    def amount(self) -> Decimal:
        if self.prices and self.r.random() < 0.7:
            return self.r.choice(self.prices) * self.r.choice((1, 1, 1, 2, 3))
        return Decimal(max(500, int(self.r.lognormvariate(13.2, 1.1)))) / 100

    def date(self) -> dt.date:
        return dt.date(2026, 8, 1) + dt.timedelta(days=self.r.randrange(88))

    def item(self, type: str, amount: Decimal, date: dt.date, ref: str, **more) -> Item:
        return Item(
            "", "S001", Side.PAYABLE, ref, date, "CNY", amount, type=type, party_name="宁波东海塑胶制品厂", **more
        )

    def paper(self, **more) -> Item:
        date = self.date()
        po = f"PO-{self.r.randrange(10000, 99999)}" if self.r.random() < 0.3 else ""
        made = self.item(
            "invoice", self.amount(), date, self.number(), due_date=date + dt.timedelta(days=30), po_number=po
        )
        return replace(made, **more) if more else made

    def theirs(self, our: Item, **more) -> Item:
        late = self.r.choice((0, 0, 0, 0, 1, 1)) if our.type != "payment" else 0
        base = replace(our, due_date=None, po_number="", their_reference="", date=our.date + dt.timedelta(days=late))
        return replace(base, **more) if more else base

    def payment(self, amount: Decimal | None = None, date: dt.date | None = None) -> Item:
        self.pay += self.r.randint(1, 3)
        return self.item("payment", -(amount or self.amount()), date or self.date(), f"PAY{self.pay}")

    def receipt(self, our: Item, **more) -> Item:
        date = our.date + dt.timedelta(days=self.r.choice((0, 1, 2, 3)))
        ref = f"RC{self.r.randrange(10**6):06d}"
        return replace(our, reference=ref, date=date, **more)

    def group(self, kind: str, ours: list[Item], theirs: list[Item]) -> None:
        self.pairs.append((ours, theirs, kind))

    # one method a kind ------------------------------------------------------------------------------------------

    def make(self, kind: str) -> int:
        """Adds one occurrence; returns how many of our lines it made (at least 1, to end the loop)."""
        before = len(self.pairs)
        getattr(self, f"_{kind}")()
        return max(1, sum(len(ours) for ours, _, _ in self.pairs[before:]))

    def _one(self, kind: str, change) -> None:
        our = self.paper()
        self.group(kind, [our], [self.theirs(our, reference=change(our.reference))])

    def _exact(self):
        self._one("exact", lambda ref: ref)

    def _formatted(self):
        self._one("formatted", self.r.choice(DECORATIONS))

    def _glyphs(self, ref: str, count: int) -> str:
        places = [i for i, c in enumerate(ref) if c in GLYPHS]
        for i in self.r.sample(places, min(count, len(places))):
            ref = ref[:i] + self.r.choice(GLYPHS[ref[i]]) + ref[i + 1 :]
        return ref

    def _ocr_1(self):
        self._one("ocr", lambda ref: self._glyphs(ref, 1))

    def _ocr_2(self):
        self._one("ocr", lambda ref: self._glyphs(ref, 2))

    def _spoil(self, how):
        def change(ref: str) -> str:
            core = _core(ref)
            return ref.replace(core, how(core))

        return change

    def _digit_wrong(self):
        def how(core: str) -> str:
            at = self.r.randrange(max(1, len(core) - 4), len(core))
            return core[:at] + self.r.choice([d for d in "0123456789" if d != core[at]]) + core[at + 1 :]

        self._one("typo", self._spoil(how))

    def _digits_swapped_in_number(self):
        def how(core: str) -> str:
            places = [i for i in range(len(core) - 1) if core[i] != core[i + 1]]
            at = self.r.choice(places)
            return core[:at] + core[at + 1] + core[at] + core[at + 2 :]

        self._one("typo", self._spoil(how))

    def _digit_lost(self):
        at = self.r.random()
        self._one("typo", self._spoil(lambda core: core[: (k := int(at * (len(core) - 1)) + 1)] + core[k + 1 :]))

    def _digit_doubled(self):
        at = self.r.random()
        self._one("typo", self._spoil(lambda core: core[: (k := int(at * len(core)) + 1)] + core[k - 1 :]))

    def _tail_only(self):
        keep = self.r.choice((4, 5, 6))
        self._one("truncated", lambda ref: _core(ref)[-keep:])

    def _head_only(self):
        self._one("truncated", lambda ref: ref[: -self.r.choice((1, 2))] if len(_core(ref)) > 5 else ref)

    def _no_reference(self):
        self._one("no_reference", lambda ref: "")

    def _order_instead(self):
        our = self.paper(po_number=f"PO-{self.r.randrange(10000, 99999)}")
        self.group("purchase_order", [our], [self.theirs(our, reference=our.po_number)])

    def _delivery_note(self):
        note = f"DN{self.r.randrange(100000, 999999)}"
        our = self.paper(po_number=note)
        self.group("purchase_order", [our], [self.theirs(our, reference="", description=f"送货单 {note}")])

    def _their_number(self):
        other = f"K{self.r.randrange(100000, 999999)}"
        our = self.paper(their_reference=other)
        self.group("their_reference", [our], [self.theirs(our, reference=other)])

    def _our_number_quoted(self):
        our = self.paper()
        other = f"K{self.r.randrange(100000, 999999)}"
        self.group("their_reference", [our], [self.theirs(our, reference=other, their_reference=our.reference)])

    def _in_description(self):
        our = self.paper()
        text = self.r.choice(("货款 {} 请查收", "Your invoice {} goods", "发票{}", "delivery, inv. {}", "{} 9月货款"))
        self.group("described", [our], [self.theirs(our, reference="", description=text.format(our.reference))])

    def _merged(self, kind: str, write) -> None:
        date = self.date()
        ours = [
            self.paper(date=min(CUT_OFF, date + dt.timedelta(days=self.r.randrange(3))))
            for _ in range(self.r.randint(2, 4))
        ]
        line = self.theirs(ours[-1], reference=write([o.reference for o in ours]), amount=sum(o.amount for o in ours))
        self.group(kind, ours, [line])

    def _merged_list(self):
        glue = self.r.choice((", ", "; ", " & ", "、", "+", " / "))
        self._merged("merged", glue.join)

    def _merged_tails(self):
        self._merged("merged", lambda refs: refs[0] + "".join("/" + _core(r)[-3:] for r in refs[1:]))

    def _merged_span(self):
        date = self.date()
        step, self.step = self.step, 1
        ours = [self.paper(date=date) for _ in range(self.r.randint(2, 4))]
        self.step = step
        text = f"{ours[0].reference}{self.r.choice(('~', '-', ' to '))}{_core(ours[-1].reference)}"
        self.group("merged", ours, [self.theirs(ours[0], reference=text, amount=sum(o.amount for o in ours))])

    def _cut(self, amount: Decimal, parts: int) -> list[Decimal]:
        left, cuts = amount, []
        for _ in range(parts - 1):
            cut = (left * Decimal(self.r.uniform(0.25, 0.6))).quantize(CENT)
            cuts.append(cut)
            left -= cut
        return [*cuts, left]

    def _split_suffix(self):
        our, mark = self.paper(), self.r.choice(("-", "/", "."))
        cuts = self._cut(our.amount, self.r.randint(2, 3))
        lines = [self.theirs(our, reference=f"{our.reference}{mark}{i}", amount=a) for i, a in enumerate(cuts, 1)]
        self.group("split", [our], lines)

    def _split_same_number(self):
        our = self.paper()
        self.group("split", [our], [self.theirs(our, amount=a) for a in self._cut(our.amount, 2)])

    def _instalments(self):
        our = self.paper()
        cuts = self._cut(our.amount, 3)
        lines = [
            self.theirs(our, amount=a, description=f"instalment {i}/3", date=our.date + dt.timedelta(days=i))
            for i, a in enumerate(cuts, 1)
        ]
        self.group("split", [our], lines)

    def _credit_netted(self):
        our = self.paper()
        credit = replace(our, type="credit_note", amount=-(our.amount * Decimal("0.2")).quantize(CENT), po_number="")
        self.group("netted", [our, credit], [self.theirs(our, amount=our.amount + credit.amount)])

    def _payment(self):
        our = self.payment()
        self.group("payment", [our], [self.receipt(our)])

    def _round_payment(self):
        our = self.payment(Decimal(self.r.randrange(1, 90) * 1000))
        self.group("payment", [our], [self.receipt(our, description=self.r.choice(("", "on account", "预付款")))])

    def _payment_batch(self):
        date = self.date()
        ours = [self.payment(date=date) for _ in range(self.r.randint(2, 6))]
        self.group("many_to_one", ours, [self.receipt(ours[0], amount=sum(o.amount for o in ours))])

    def _payment_in_parts(self):
        our = self.payment()
        self.group("one_to_many", [our], [self.receipt(our, amount=a) for a in self._cut(our.amount, 2)])

    def _many_to_many(self):
        date = self.date()
        ours = [self.payment(date=date), self.payment(date=date)]
        total = sum(o.amount for o in ours)
        self.group("many_to_many", ours, [self.receipt(ours[0], amount=a) for a in self._cut(total, 2)])

    def _differ(self, kind: str, change) -> None:
        our = self.paper()
        amount = change(our.amount).quantize(CENT)
        if amount != our.amount:
            self.group(kind, [our], [self.theirs(our, amount=amount)])

    def _amount_difference(self):
        factor = self.r.choice((Decimal("1.05"), Decimal("0.97"), Decimal("1.10"), Decimal("1.13"), Decimal("0.9")))
        self._differ("amount_difference", lambda a: a * factor)

    def _rounding(self):
        self._differ("rounding", lambda a: a + self.r.choice((1, -1, 2)) * CENT)

    def _digits_swapped_in_amount(self):
        def swap(amount: Decimal) -> Decimal:
            digits = str(int(amount * 100))
            places = [i for i in range(len(digits) - 2) if digits[i] != digits[i + 1] and (i or digits[1] != "0")]
            if not places:
                return amount
            at = self.r.choice(places)
            return Decimal(int(digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :])) / 100

        self._differ("amount_difference", swap)

    def _less_paid(self, kind: str, less) -> None:
        our = self.payment()
        taken = less(-our.amount).quantize(CENT)
        line = self.receipt(our, amount=our.amount + taken)
        if self.r.random() < 0.5:  # both print the payment's number
            line = replace(line, reference=our.reference)
        self.group(kind, [our], [line])

    def _discount_taken(self):
        self._less_paid("discount_taken", lambda a: a * self.r.choice((Decimal("0.02"), Decimal("0.03"))))

    def _bank_charge(self):
        self._less_paid("bank_charge", lambda a: Decimal(self.r.choice((10, 15, 25, 30))) if a > 1000 else Decimal(5))

    def _short_payment(self):
        self._less_paid("short_payment", lambda a: a * Decimal(self.r.uniform(0.06, 0.15)))

    def _partial_payment(self):
        self._less_paid("partial_payment", lambda a: a * Decimal(self.r.choice((30, 40, 50, 60))) / 100)

    def _sign_error(self):
        our = self.paper()
        self.group("sign_error", [our], [self.theirs(our, amount=-our.amount)])

    def _date_wrong(self):
        our = self.paper()
        other = our.date + dt.timedelta(days=self.r.choice((-31, 30, 61, -60)))
        self.group("date_wrong", [our], [self.theirs(our, date=min(other, CUT_OFF))])

    def _twins(self):
        amount, date = self.amount(), self.date()
        for _ in range(2):
            our = self.payment(amount, date)
            self.group("payment", [our], [self.receipt(our)])
            date = min(CUT_OFF, date + dt.timedelta(days=self.r.choice((8, 14, 30))))

    def _credit_note(self):
        our = self.paper(type="credit_note")
        our = replace(our, amount=-(our.amount * Decimal("0.3")).quantize(CENT))
        self.group("exact", [our], [self.theirs(our)])

    def _neighbour_misprint(self):
        """Two neighbours at one price, one missing on each side, and the number of theirs misprinted onto ours."""
        first = self.paper()
        second = self.paper(amount=first.amount)
        self.books.items.append({"kind": "missing_in_theirs", "ours": [first], "theirs": [], "amount": -first.amount})
        line = replace(self.theirs(second), date=first.date + dt.timedelta(days=25))
        self.books.items.append({"kind": "missing_in_ours", "ours": [], "theirs": [line], "amount": line.amount})

    def _missing_in_ours(self):
        line = self.theirs(self.paper())
        self.books.items.append({"kind": "missing_in_ours", "ours": [], "theirs": [line], "amount": line.amount})

    def _missing_in_theirs(self):
        our = self.paper()
        self.books.items.append({"kind": "missing_in_theirs", "ours": [our], "theirs": [], "amount": -our.amount})

    def _timing(self):
        our = self.payment(date=CUT_OFF - dt.timedelta(days=self.r.randrange(3)))
        self.books.items.append({"kind": "timing", "ours": [our], "theirs": [], "amount": -our.amount})

    def _duplicate_theirs(self):
        our = self.paper()
        line = self.theirs(our)
        again = replace(line, date=line.date + dt.timedelta(days=self.r.choice((3, 5, 12))))
        self.group("exact", [our], [line])
        self.books.items.append({"kind": "duplicate", "ours": [], "theirs": [again], "amount": again.amount})

    def _duplicate_ours(self):
        our = self.paper()
        again = replace(our, date=min(CUT_OFF, our.date + dt.timedelta(days=self.r.choice((4, 9, 20)))))
        self.group("exact", [our], [self.theirs(our)])
        self.books.items.append({"kind": "duplicate", "ours": [again], "theirs": [], "amount": -again.amount})

    def _late_fee(self):
        words = self.r.choice(("Interest on overdue invoices", "滞纳金", "Late payment fee", "逾期利息"))
        line = self.item("fee", Decimal(self.r.randrange(500, 30000)) / 100, self.date(), "", description=words)
        self.books.items.append({"kind": "late_fee", "ours": [], "theirs": [line], "amount": line.amount})

    def _bank_fee_line(self):
        words = self.r.choice(("Bank charges", "银行手续费", "Wire transfer fee"))
        line = self.item("fee", Decimal(self.r.choice((10, 15, 25, 30))), self.date(), "", description=words)
        self.books.items.append({"kind": "bank_charge", "ours": [], "theirs": [line], "amount": line.amount})

    def _discount_line(self):
        our = self.item(
            "discount", -Decimal(self.r.randrange(500, 30000)) / 100, self.date(), "", description="现金折扣"
        )
        self.books.items.append({"kind": "discount_taken", "ours": [our], "theirs": [], "amount": -our.amount})

    def finish(self) -> Books:
        books = self.books
        ours = [o for group, _, _ in self.pairs for o in group] + [o for i in books.items for o in i["ours"]]
        theirs = [t for _, group, _ in self.pairs for t in group] + [t for i in books.items for t in i["theirs"]]
        ids = {id(o): f"L{n:07d}" for n, o in enumerate(ours, 1)}
        places = {id(t): t for t in theirs}
        order = sorted(places.values(), key=lambda t: (t.date, self.r.random()))
        numbers = {id(t): n for n, t in enumerate(order, 1)}
        for our, their, kind in self.pairs:
            difference = sum(t.amount for t in their) - sum(o.amount for o in our)
            numbered = {"ours": [ids[id(o)] for o in our], "theirs": [numbers[id(t)] for t in their]}
            books.groups.append({**numbered, "kind": kind, "difference": str(difference)})
        for item in books.items:
            item["ours"] = [ids[id(o)] for o in item["ours"]]
            item["theirs"] = [numbers[id(t)] for t in item["theirs"]]
            item["amount"] = str(item["amount"])
        books.ours = [replace(o, id=ids[id(o)]) for o in ours]
        self.r.shuffle(books.ours)
        turn = -1 if books.flipped else 1
        books.theirs = [replace(t, id=f"T{numbers[id(t)]}", amount=turn * t.amount) for t in order]
        return books


def books(seed: int, profile: str = "STD", lines: int = 120) -> Books:
    """About ``lines`` items of ours, their statement, and the truth."""
    maker = _Maker(seed, profile)
    kinds = list(KINDS)
    weights = [KINDS[kind][profile == "HARD"] for kind in kinds]
    made = 0
    while made < lines:
        made += maker.make(maker.r.choices(kinds, weights)[0])
    return maker.finish()


def _core(ref: str) -> str:
    """The serial number inside: the last group of digits that is no year."""
    groups = "".join(c if c.isdigit() else " " for c in ref).split()
    return groups[-1]


def _wide(ref: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in ref)


HEADER = (
    "id,party_id,party_name,side,type,reference,their_reference,po_number,date,due_date,currency,amount,open_amount,"
    "description"
).split(",")  # fmt: skip


def write(made: Books, folder: Path) -> None:
    """The three files of a scorer's case."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in (("ledger.csv", made.ours), ("statement.csv", made.theirs)):
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(HEADER)
            for i in rows:
                out.writerow(
                    [i.id, i.party_id, i.party_name, i.side.value, i.type, i.reference, i.their_reference, i.po_number,
                     i.date, i.due_date or "", i.currency, i.amount, "", i.description]
                )  # fmt: skip
    truth = {
        "our_balance": str(made.our_balance),
        "their_balance": str(made.their_balance),
        "sign_flipped": made.flipped,
        "groups": made.groups,
        "items": made.items,
    }
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    target, seed, profile, count = sys.argv[1:5]
    write(books(int(seed), profile, int(count)), Path(target))
