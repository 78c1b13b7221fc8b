"""Books as programs export them, written apart from the other two generators and before looking at how they score.

Our side keeps its own voucher numbers (SAP's ten digits, 用友's 转-0123, 金蝶's 记-45) with the supplier's number in
another column or in words; their side prints what its program prints. A function a habit; each adds to the books.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mailflow.receivables.ledger import Item
from mailflow.receivables.party import Side
from tests.reconciliation.noise import CENT, CUT_OFF, Books

START = dt.date(2026, 7, 20)


@dataclass
class Account:
    """One supplier: its way of numbering, our way of booking, and what has been made so far."""

    r: random.Random
    hard: bool
    number_style: str = ""
    booking: str = ""
    serial: int = 0
    voucher: int = 0
    prices: list[Decimal] = field(default_factory=list)
    groups: list[tuple[str, list[Item], list[Item]]] = field(default_factory=list)
    alone: list[tuple[str, Item | None, Item | None]] = field(default_factory=list)

    def next_number(self) -> str:
        self.serial += self.r.randint(1, 2 if self.hard else 9)
        return self.number_style.format(n=self.serial)

    def serial_of(self, number: str) -> str:
        """The serial as printed inside the number, zeros included."""
        head, _, tail = self.number_style.partition("{")
        rest = tail.partition("}")[2]
        return number[len(head) : len(number) - len(rest)]

    def money(self) -> Decimal:
        if self.prices and self.r.random() < 0.6:
            return self.r.choice(self.prices) * self.r.randint(1, 2)
        return (Decimal(str(self.r.paretovariate(0.9))) * 180).quantize(CENT) % 400_000 + Decimal("11.37")

    def day(self, last: int = 100) -> dt.date:
        return START + dt.timedelta(days=self.r.randrange(last))

    def row(self, amount: Decimal, day: dt.date, reference: str, type: str = "invoice", **more) -> Item:
        return Item("", "S777", Side.PAYABLE, reference, min(day, CUT_OFF), "CNY", amount, type=type, **more)

    def booked(self, number: str, amount: Decimal, day: dt.date, type: str = "invoice", **more) -> Item:
        """A document of theirs as we booked it, in our program's way."""
        self.voucher += self.r.randint(1, 4)
        if self.booking == "sap":
            return self.row(
                amount,
                day,
                f"51{self.voucher:08d}",
                type,
                **{"their_reference": number, "description": "GR/IR", **more},
            )
        if self.booking == "yonyou":
            text = self.r.choice(("采购商品 发票号{}", "应付货款 {}", "购料 票号:{}"))
            return self.row(amount, day, f"转-{self.voucher % 900 + 100:04d}", type,
                            **{"description": text.format(number), **more})  # fmt: skip
        if self.booking == "kingdee":
            return self.row(amount, day, f"CGFP{self.voucher:06d}", type, **{"their_reference": number, **more})
        return self.row(amount, day, number, type, **more)

    def printed(self, number: str, amount: Decimal, day: dt.date, type: str = "invoice", **more) -> Item:
        """The document as their statement prints it."""
        return self.row(amount, day, number, type, **more)

    def both(self, kind: str, reference=lambda number: number, *, their_day=None, **more) -> tuple[Item, Item]:
        number, amount, day = self.next_number(), self.money(), self.day()
        our = self.booked(number, amount, day + dt.timedelta(days=self.r.choice((0, 0, 0, 1, 2))))
        their = self.printed(reference(number), amount, their_day(our.date) if their_day else day, **more)
        self.groups.append((kind, [our], [their]))
        return our, their

    def paid(self, amount: Decimal | None = None, day: dt.date | None = None, words: str = "") -> Item:
        self.voucher += 1
        reference = {"sap": f"15{self.voucher:08d}", "yonyou": f"付-{self.voucher % 900 + 100:04d}",
                     "kingdee": f"FKD{self.voucher:06d}"}.get(self.booking, f"TT{self.voucher:05d}")  # fmt: skip
        return self.row(-(amount or self.money()), day or self.day(92), reference, "payment", description=words)

    def received(self, our: Item, *, lag: int | None = None, **more) -> Item:
        days = self.r.choice((0, 0, 1, 1, 2, 3)) if lag is None else lag
        reference = self.r.choice(("", f"SK{self.r.randrange(10**4, 10**5)}", f"RV-{self.r.randrange(10**6)}"))
        values = {"reference": reference, "description": self.r.choice(("", "T/T", "收货款")), **more}
        return replace(our, date=min(CUT_OFF, our.date + dt.timedelta(days=days)), **values)


def _same(a: Account):
    a.both("exact")


def _respaced(a: Account):
    def change(number: str) -> str:
        core = a.serial_of(number)
        return number.replace(core, a.r.choice((f" {core}", f"{core[:2]} {core[2:]}", f"{core[:-3]}.{core[-3:]}")))

    a.both("formatted", change)


def _year_behind(a: Account):
    a.both("formatted", lambda n: a.serial_of(n) + a.r.choice(("/26", "/2026", "-2026", ".26")))


def _named_in_chinese(a: Account):
    head = a.r.choice(("销售出库单", "开票单 ", "应收单-", "送货发票:", "№", "票据号 "))
    a.both("formatted", lambda n: head + n)


def _tax_invoice(a: Account):
    a.both("formatted", lambda n: f"发票代码3302193130 发票号码{a.serial_of(n)}")


def _digital_invoice(a: Account):
    """The long number of a fully digital invoice, of which we keep the end."""
    number, amount, day = f"{a.r.randrange(10**7, 10**8)}", a.money(), a.day()
    our = a.row(amount, day, number)
    a.groups.append(("truncated", [our], [a.printed("263320000000" + number, amount, day)]))


def _lower_glyphs(a: Account):
    def change(number: str) -> str:
        core = a.serial_of(number)
        for good, bad in a.r.sample([("0", "o"), ("1", "l"), ("1", "i"), ("5", "s"), ("2", "z"), ("8", "&")], 6):
            if good in core:
                return number.replace(core, core.replace(good, bad, 1))
        return number

    a.both("ocr", change)


def _misread_digit(a: Account):
    def change(number: str) -> str:
        core = a.serial_of(number)
        for good, bad in a.r.sample([("3", "8"), ("6", "8"), ("1", "7"), ("0", "6"), ("9", "4"), ("5", "6")], 6):
            if good in core:
                at = core.rindex(good)
                return number.replace(core, core[:at] + bad + core[at + 1 :])
        return number

    a.both("typo", change)


def _starred(a: Account):
    a.both("truncated", lambda n: "***" + a.serial_of(n)[-4:])


def _posted_at_month_end(a: Account):
    def last(day: dt.date) -> dt.date:
        return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)

    a.both("date_wrong", their_day=last)


def _day_and_month_turned(a: Account):
    def turn(day: dt.date) -> dt.date:
        return day.replace(month=day.day, day=day.month) if day.day <= 10 else day

    a.both("date_wrong", their_day=turn)


def _only_described(a: Account):
    number, amount, day = a.next_number(), a.money(), a.day()
    text = a.r.choice(("Rg. {} vom 03.09.", "goods as per {} dd 12/09", "{}号发票货款", "Lieferung zu {}"))
    their = a.printed("", amount, day, description=text.format(number))
    a.groups.append(("described", [a.booked(number, amount, day)], [their]))


def _we_described(a: Account):
    number, amount, day = a.next_number(), a.money(), a.day()
    our = a.row(amount, day, "", description=a.r.choice(("购料款 {}", "invoice {} steel", "{} 入库")).format(number))
    a.groups.append(("described", [our], [a.printed(number, amount, day)]))


def _order_of_sap(a: Account):
    order, amount, day = f"45{a.r.randrange(10**7, 10**8)}", a.money(), a.day()
    our = a.booked(a.next_number(), amount, day, po_number=order, description="")
    their = a.printed(a.r.choice((order, f"PO {order}", f"订单{order}")), amount, day)
    a.groups.append(("purchase_order", [replace(our, their_reference="")], [their]))


def _delivery_described(a: Account):
    note, amount, day = f"XSCK{a.r.randrange(10**5, 10**6)}", a.money(), a.day()
    our = a.booked(a.next_number(), amount, day, po_number=note, description="")
    their = a.printed("", amount, day, description=f"出库 {note}")
    a.groups.append(("purchase_order", [our], [their]))


def _nameless(a: Account):
    a.both("no_reference", lambda n: "", description="goods")


def _rent(a: Account):
    amount = a.money()
    for month in (8, 9, 10):
        our = a.row(amount, dt.date(2026, month, 1), "", description=f"{month}月租金")
        their = a.printed("", amount, dt.date(2026, month, 1), description="rent")
        a.groups.append(("no_reference", [our], [their]))


def _wire(a: Account):
    our = a.paid(words=a.r.choice(("T/T", "网银转账", "电汇")))
    a.groups.append(("payment", [our], [a.received(our)]))


def _draft(a: Account):
    draft = f"1{a.r.randrange(10**14, 10**15)}"
    our = a.paid(day=a.day(80), words=f"银行承兑汇票 {draft}")
    a.groups.append(("payment", [our], [a.received(our, lag=a.r.randrange(8), reference=draft[-8:])]))


def _cheque(a: Account):
    number = f"{a.r.randrange(10**5, 10**6)}"
    our = replace(a.paid(day=a.day(85)), reference=f"CHQ {number}")
    a.groups.append(("payment", [our], [a.received(our, lag=a.r.randrange(12), reference=number)]))


def _wallet(a: Account):
    number = f"20260915{a.r.randrange(10**19, 10**20)}"
    our = replace(a.paid(), reference=number)
    a.groups.append(("payment", [our], [a.received(our, reference=number)]))


def _several_in_one_receipt(a: Account):
    day = a.day(90)
    ours = [a.paid(day=day) for _ in range(a.r.randint(2, 5))]
    a.groups.append(("many_to_one", ours, [a.received(ours[0], amount=sum(o.amount for o in ours))]))


def _limit_of_the_bank(a: Account):
    """One payment that the bank sends in equal parts and a rest, all on one day."""
    part = Decimal(a.r.choice((20000, 50000)))
    rest = Decimal(a.r.randrange(100_00, 20000_00)) / 100
    our = a.paid(2 * part + rest)
    first = a.received(our)
    theirs = [replace(first, amount=-share, reference="") for share in (part, part, rest)]
    a.groups.append(("one_to_many", [our], theirs))


def _tax_withheld(a: Account):
    our = a.paid()
    their = a.received(our, amount=(our.amount * Decimal("0.9")).quantize(CENT), reference=our.reference)
    a.groups.append(("short_payment", [our], [their]))


def _tax_in_its_own_line(a: Account):
    day = a.day(90)
    whole = a.money()
    tax = (whole / 10).quantize(CENT)
    ours = [a.paid(whole - tax, day), a.paid(tax, day, "代扣税")]
    a.groups.append(("many_to_one", ours, [a.received(ours[0], amount=-whole)]))


def _charge_kept(a: Account):
    our = a.paid(a.money() + 900)
    their = a.received(our, amount=our.amount + a.r.choice((12, 15, 25, 35)), description="less bank charge")
    a.groups.append(("bank_charge", [our], [their]))


def _discount_taken(a: Account):
    our = a.paid()
    share = a.r.choice((Decimal("0.02"), Decimal("0.03")))
    their = a.received(our, amount=our.amount + (-our.amount * share).quantize(CENT), reference=our.reference)
    if their.amount != our.amount:
        a.groups.append(("discount_taken", [our], [their]))


def _returned(a: Account):
    number, amount, day = a.next_number(), -a.money(), a.day()
    our = a.booked(number, amount, day, "credit_note")
    their = a.printed("RMA " + number, amount, day, "credit_note", description="退货")
    a.groups.append(("formatted", [our], [their]))


def _cancelled(a: Account):
    """An invoice and its cancellation under the same number, in both books."""
    number, amount, day = a.next_number(), a.money(), a.day(80)
    for value, type, days in ((amount, "invoice", 0), (-amount, "credit_note", 6)):
        when = day + dt.timedelta(days=days)
        a.groups.append(("exact", [a.booked(number, value, when, type)], [a.printed(number, value, when, type)]))


def _netted(a: Account):
    number, amount, day = a.next_number(), a.money(), a.day(80)
    back = -(amount * Decimal("0.15")).quantize(CENT)
    ours = [a.row(amount, day, number), a.row(back, day + dt.timedelta(days=3), number, "credit_note")]
    a.groups.append(("netted", ours, [a.printed(number, amount + back, day)]))


def _collected(a: Account):
    day, count = a.day(), a.r.randint(2, 4)
    numbers = [a.next_number() for _ in range(count)]
    ours = [a.booked(number, a.money(), day) for number in numbers]
    glue = a.r.choice(("、", " u. ", " and ", "; ", "，", " + ", "\n"))
    text = glue.join([numbers[0], *(a.r.choice((n, a.serial_of(n))) for n in numbers[1:])])
    a.groups.append(("merged", ours, [a.printed(text, sum(o.amount for o in ours), day)]))


def _collected_run(a: Account):
    day, first = a.day(), a.serial + 1
    ours = []
    for _ in range(a.r.randint(2, 4)):
        a.serial += 1
        ours.append(a.booked(a.number_style.format(n=a.serial), a.money(), day))
    low, high = (a.serial_of(a.number_style.format(n=n)) for n in (first, a.serial))
    text = low + a.r.choice(("-", "~", "至", " bis ", "..")) + a.r.choice((high, high[-2:]))
    a.groups.append(("merged", ours, [a.printed(text, sum(o.amount for o in ours), day)]))


def _split_by_them(a: Account):
    number, amount, day = a.next_number(), a.money() + 50, a.day()
    part = (amount * Decimal("0.37")).quantize(CENT)
    marks = a.r.choice(((".1", ".2"), ("-01", "-02"), (" (1/2)", " (2/2)"), ("A", "B")))
    theirs = [a.printed(number + m, v, day) for m, v in zip(marks, (part, amount - part), strict=True)]
    a.groups.append(("split", [a.row(amount, day, number)], theirs))


def _split_by_us(a: Account):
    """One invoice in two lines, a cost centre each."""
    number, amount, day = a.next_number(), a.money() + 50, a.day()
    part = (amount * Decimal("0.61")).quantize(CENT)
    ours = [a.row(value, day, number, description=f"KST {k}") for value, k in ((part, 410), (amount - part, 520))]
    a.groups.append(("many_to_one", ours, [a.printed(number, amount, day)]))


def _changed(kind: str, *changes):
    def make(a: Account):
        our, their = a.both(kind)
        amount = a.r.choice(changes)(our.amount).quantize(CENT)
        a.groups[-1] = (kind, [our], [replace(their, amount=amount)])
        if amount == our.amount:
            a.groups[-1] = ("exact", [our], [their])

    return make


def _wrong_side(a: Account):
    our, their = a.both("sign_error")
    a.groups[-1] = ("sign_error", [our], [replace(their, amount=-their.amount)])


def _free_sample(a: Account):
    number, day = a.next_number(), a.day()
    a.groups.append(("exact", [a.row(Decimal("0.00"), day, number)], [a.printed(number, Decimal("0.00"), day)]))


def _listed_twice(a: Account):
    number, amount, day = a.next_number(), a.money(), a.day(90)
    our, their = a.row(amount, day, number), a.printed(number, amount, day)
    a.groups.append(("exact", [our], [their]))
    again = a.r.choice((number.lower(), number.replace("-", ""), "Nr. " + number))
    a.alone.append(("duplicate", None, replace(their, reference=again, date=day + dt.timedelta(days=8))))


def _booked_twice(a: Account):
    number, amount, day = a.next_number(), a.money(), a.day(90)
    our = a.row(amount, day, f"51{a.r.randrange(10**7):08d}", their_reference=number)
    a.groups.append(("their_reference", [our], [a.printed(number, amount, day)]))
    again = replace(our, reference=f"52{a.r.randrange(10**7):08d}", date=day + dt.timedelta(days=7))
    a.alone.append(("duplicate", again, None))


def _not_booked(a: Account):
    a.alone.append(("missing_in_ours", None, a.printed(a.next_number(), a.money(), a.day())))


def _not_listed(a: Account):
    a.alone.append(("missing_in_theirs", a.booked(a.next_number(), a.money(), a.day()), None))


def _never_arrived(a: Account):
    a.alone.append(("missing_in_theirs", a.paid(day=a.day(60)), None))


def _on_its_way(a: Account):
    a.alone.append(("timing", a.paid(day=CUT_OFF - dt.timedelta(days=a.r.randrange(4))), None))


def _interest(a: Account):
    words = a.r.choice(("Verzugszinsen", "逾期付款利息", "late payment interest 8 %"))
    line = a.row(Decimal(a.r.randrange(300, 90000)) / 100, a.day(), "", "fee", description=words)
    a.alone.append(("late_fee", None, line))


def _revalued(a: Account):
    line = a.row(Decimal(a.r.randrange(2000, 90000)) / 100, CUT_OFF, "", "other", description="期末汇兑损益")
    a.alone.append(("missing_in_theirs", line, None))


HABITS = {
    _same: 26, _respaced: 4, _year_behind: 3, _named_in_chinese: 4, _tax_invoice: 2, _digital_invoice: 2,
    _lower_glyphs: 3, _misread_digit: 1, _starred: 1, _posted_at_month_end: 2, _day_and_month_turned: 1,
    _only_described: 3, _we_described: 2, _order_of_sap: 2, _delivery_described: 1, _nameless: 2, _rent: 1, _wire: 9,
    _draft: 2, _cheque: 2, _wallet: 1, _several_in_one_receipt: 2, _limit_of_the_bank: 1, _tax_withheld: 1,
    _tax_in_its_own_line: 1, _charge_kept: 1, _discount_taken: 1, _returned: 2, _cancelled: 1, _netted: 1,
    _collected: 2, _collected_run: 1, _split_by_them: 1, _split_by_us: 1,
    _changed("amount_difference", lambda v: v * Decimal("1.13"), lambda v: v / Decimal("1.06")): 1,
    _changed("amount_difference", lambda v: v + 45, lambda v: v + Decimal("120.50")): 1,
    _changed("rounding", lambda v: v + CENT, lambda v: v - 3 * CENT, lambda v: v + 4 * CENT): 1,
    _wrong_side: 0.6, _free_sample: 0.5, _listed_twice: 1, _booked_twice: 1, _not_booked: 3, _not_listed: 3,
    _never_arrived: 0.5, _on_its_way: 2, _interest: 0.6, _revalued: 0.3,
}  # fmt: skip
STYLES = ("INV{n:06d}", "S-{n:05d}", "{n:08d}", "XS26-{n:05d}", "R/{n:06d}", "DBH{n:07d}", "7{n:06d}-1")


def books(seed: int, profile: str = "STD", lines: int = 120) -> Books:
    """As ``noise.books``: about ``lines`` items of ours, their statement, and the truth."""
    r = random.Random(f"exports/{seed}/{profile}")
    hard = profile == "HARD"
    account = Account(r, hard, r.choice(STYLES), r.choice(("plain", "plain", "sap", "yonyou", "kingdee")))
    account.serial, account.voucher = r.randrange(1000, 90000), r.randrange(1, 9000)
    if r.random() < (0.4 if hard else 0.15):
        account.prices = [Decimal(r.randrange(1000, 500000)) / 100 for _ in range(9)]
    while sum(len(ours) for _, ours, _ in account.groups) < lines:
        [habit] = r.choices(list(HABITS), [w if habit is not _same or not hard else 14 for habit, w in HABITS.items()])
        habit(account)
    ours = [o for _, group, _ in account.groups for o in group] + [o for _, o, _ in account.alone if o is not None]
    theirs = [t for _, _, group in account.groups for t in group] + [t for _, _, t in account.alone if t is not None]
    order = sorted(theirs, key=lambda t: (t.date, r.random()))
    ids = {id(o): f"V{n:05d}" for n, o in enumerate(r.sample(ours, len(ours)), 1)}
    numbers = {id(t): n for n, t in enumerate(order, 1)}
    made = Books(flipped=r.random() < 0.3)
    for kind, our, their in account.groups:
        made.groups.append({
            "ours": [ids[id(o)] for o in our], "theirs": [numbers[id(t)] for t in their], "kind": kind,
            "difference": str(sum(t.amount for t in their) - sum(o.amount for o in our)),
        })  # fmt: skip
    for kind, our, their in account.alone:
        made.items.append({
            "kind": kind, "ours": [ids[id(our)]] if our else [], "theirs": [numbers[id(their)]] if their else [],
            "amount": str(their.amount if their else -our.amount),
        })  # fmt: skip
    turn = -1 if made.flipped else 1
    made.ours = sorted((replace(o, id=ids[id(o)]) for o in ours), key=lambda o: o.id)
    made.theirs = [replace(t, id=f"T{numbers[id(t)]}", amount=turn * t.amount) for t in order]
    return made
