"""Made-up accounts, and what a document about them prints: a grid of cells with words around it, and the truth."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from decimal import Decimal

import corpus_words as words

CENT = Decimal("0.01")
RIGHT = {"debit", "credit", "amount", "balance", "gross", "open", "applied", "discount", "paid", "days"}


@dataclass
class Posting:
    day: dt.date
    due: dt.date | None
    kind: str  # invoice, credit_note, payment
    ref: str
    po: str
    text: str
    amount: Decimal  # signed
    gross: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    applied: Decimal = Decimal(0)


@dataclass
class Grid:
    """What is printed. ``rows`` are (kind, cells); kind is data, opening, total, closing, carried …"""

    lang: str
    family: str
    kind: str
    title: str
    issuer: str
    recipient: str
    meta: list[tuple[str, str]]
    columns: list[tuple[str, str]]
    rows: list[tuple[str, list[str]]]
    foot: list[str] = field(default_factory=list)
    ageing: tuple[list[str], list[str]] | None = None
    loose: list[tuple[str, str]] = field(default_factory=list)  # label and figure under the table
    letterhead: bool = True
    addressee: bool = False
    truth: dict = field(default_factory=dict)
    running: list[Decimal] = field(default_factory=list)
    money: object = None


class Style:
    """How one document prints numbers and dates."""

    def __init__(self, rng: random.Random, lang: str, currency: str) -> None:
        self.rng, self.lang = rng, lang
        if lang in ("zh", "tw"):
            self.form = rng.choice(["1,234.56", "1,234.56", "1234.56"])
        elif lang == "en":
            self.form = rng.choice(["1,234.56"] * 4 + ["1234.56"])
        elif lang == "de":
            self.form = rng.choice(["1.234,56"] * 3 + (["1'234.56"] if currency == "CHF" else []))
        elif lang == "fr":
            self.form = rng.choice(["1 234,56", "1 234,56", "1.234,56", "1234,56"])
        else:
            self.form = rng.choice(["1.234,56", "1.234,56", "1,234.56" if currency == "MXN" else "1.234,56"])
        self.negative = rng.choice(["-x", "-x", "(x)", "x-", "−x"] + (["x CR", "xCR"] if lang == "en" else []))
        sign = {"CNY": "¥", "GBP": "£", "EUR": "€", "USD": "$", "AUD": "$", "SGD": "S$", "TWD": "NT$"}.get(currency, "")
        self.prefix = sign if sign and rng.random() < 0.15 and lang in ("zh", "en", "tw") else ""
        self.suffix = " €" if lang in ("de", "fr", "es") and currency == "EUR" and rng.random() < 0.2 else ""
        self.zero = rng.choice(["", "", "-", "0.00"])
        self.dates = rng.choice(
            {
                "zh": ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", "%m-%d"],
                "tw": ["%Y/%m/%d", "roc", "%Y-%m-%d"],
                "en": [
                    "%d/%m/%Y",
                    "%d %b %Y",
                    "%d-%b-%y",
                    "%Y-%m-%d",
                    "%d/%m/%y",
                    "%m/%d/%Y" if currency == "USD" else "%d/%m/%Y",
                    "%b %d, %Y",
                    "%d.%m.%Y",
                    "%d/%m",
                ],
                "de": ["%d.%m.%Y", "%d.%m.%y", "%Y-%m-%d"],
                "fr": ["%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y"],
                "es": ["%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y"],
            }[lang]
        )

    def money(self, value: Decimal, zero: bool = False) -> str:
        if value == 0 and not zero:
            return self.zero if self.zero != "0.00" else self._digits(Decimal(0))
        text = self.prefix + self._digits(abs(value)) + self.suffix
        return self.negative.replace("x", text) if value < 0 else text

    def _digits(self, value: Decimal) -> str:
        text = f"{value:,.2f}"
        group, mark = {
            "1,234.56": (",", "."),
            "1234.56": ("", "."),
            "1.234,56": (".", ","),
            "1'234.56": ("'", "."),
            "1 234,56": ("\u00a0", ","),
            "1234,56": ("", ","),
        }[self.form]
        return text.replace(",", "\0").replace(".", mark).replace("\0", group)

    def date(self, day: dt.date, long: bool = False) -> str:
        form = self.dates
        if form in ("%d/%m", "%m-%d") and long:
            form = "%d/%m/%Y" if form == "%d/%m" else "%Y-%m-%d"
        if long and self.lang == "en" and self.rng.random() < 0.4:
            form = "%d %B %Y"
        if long and self.lang in ("de", "fr", "es") and self.rng.random() < 0.3:
            month = words.MONTHS[self.lang][day.month - 1]
            return {
                "de": f"{day.day}. {month} {day.year}",
                "fr": f"{day.day} {month} {day.year}",
                "es": f"{day.day} de {month} de {day.year}",
            }[self.lang]
        if long and self.lang == "zh" and self.rng.random() < 0.4:
            form = "%Y年%m月%d日"
        if form == "roc":
            return f"{day.year - 1911}/{day.month:02d}/{day.day:02d}"
        return day.strftime(form)


def say(rng: random.Random, table: dict, key: str, lang: str) -> str:
    return rng.choice(table[key][lang])


def postings(rng: random.Random, lang: str, count: int, end: dt.date, payments: bool = True) -> list[Posting]:
    start = end - dt.timedelta(days=rng.choice([30, 45, 61]))
    days = sorted(start + dt.timedelta(days=rng.randrange((end - start).days + 1)) for _ in range(count))
    shape = rng.choice(
        ["INV-{n:05d}", "{n:08d}", "SI{n:06d}", "{y}-{n:04d}", "R{n}", "F{y}/{n:05d}", "IN{n}-{k}"]
        if lang not in ("zh", "tw")
        else ["XS{y}{n:06d}", "FP{n:08d}", "销-{n:05d}", "{n:08d}", "CK-{y}-{n:05d}"]
    )
    if lang == "tw":
        shape = rng.choice(["AB{n:08d}", "{y}{n:06d}", "S-{n:05d}"])
    credit = rng.choice(
        ["CN-{n:05d}", "CR{n:06d}", "RTN/{y}/{n}"] if lang not in ("zh", "tw") else ["TH{y}{n:06d}", "红-{n:05d}"]
    )
    paid = rng.choice(
        ["PMT{n:06d}", "CHQ {n:06d}", "REC-{n}", "{n:06d}"]
        if lang not in ("zh", "tw")
        else ["SK{y}{n:06d}", "收-{n:05d}", "记-{n}"]
    )
    n = rng.randrange(100, 99000)
    owed: list[Decimal] = []
    result = []
    for day in days:
        n += rng.randrange(1, 5)
        value = Decimal(rng.randrange(1000, 4_000_000)) / 100
        if rng.random() < 0.15:
            value = Decimal(rng.randrange(1, 400) * 100)
        what = rng.random()
        kind, ref, text = "invoice", shape, rng.choice(words.ITEMS[lang])
        if owed and payments and what < 0.25:
            kind, ref, text, value = "payment", paid, rng.choice(words.PAID_WITH[lang]), -owed.pop(0)
        elif owed and what < 0.33:
            kind, ref, text, value = (
                "credit_note",
                credit,
                rng.choice(words.CREDITED[lang]),
                -(owed[-1] / 10).quantize(CENT),
            )
        else:
            owed.append(value)
        ref = ref.format(n=n, y=day.year, k=rng.randrange(1, 9))
        po = f"PO{rng.randrange(10000, 99999)}" if rng.random() < 0.4 else ""
        if kind == "invoice" and rng.random() < 0.08:
            text += {"zh": "，含运费及包装费，按合同约定分批交货", "tw": "，含運費"}.get(
                lang, " with delivery to the second gate of the southern warehouse"
            )
        due = day + dt.timedelta(days=30) if kind == "invoice" else day
        result.append(Posting(day, due, kind, ref, po, text, value))
    return result


FAMILIES = ("forward", "signed", "crdr", "open", "remittance", "noblance", "simple_remittance", "buckets")


def make(rng: random.Random, lang: str, family: str, count: int) -> Grid:
    currency = rng.choice(words.CURRENCIES[lang])
    style = Style(rng, lang, currency)
    issuer, recipient = rng.sample(words.COMPANIES[lang], 2)
    end = dt.date(2026, rng.randrange(3, 12), 1) - dt.timedelta(days=1)
    return (_remittance if "remittance" in family else _statement)(
        rng, lang, family, count, style, currency, issuer, recipient, end
    )


def _meta(rng: random.Random, lang: str, kind: str, style: Style, grid: Grid, currency: str, end: dt.date) -> None:
    meta = grid.meta
    said = rng.choice(words.CURRENCY_NAMES.get(currency, [currency]))
    if kind == "statement":
        meta.append((say(rng, words.LABELS, "date", lang), style.date(end, long=True)))
        if rng.random() < 0.3:
            meta.append((say(rng, words.LABELS, "account", lang), f"C{rng.randrange(1000, 99999)}"))
        if rng.random() < 0.2:
            meta.append((say(rng, words.LABELS, "number", lang), f"ST-{rng.randrange(1000, 9999)}"))
    if rng.random() < 0.9:
        meta.append((say(rng, words.LABELS, "currency", lang), said))
    else:
        grid.truth["currency"] = None
    if rng.random() < 0.25:
        meta.append(
            (say(rng, words.LABELS, "terms", lang), {"zh": "月结30天", "tw": "月結30天"}.get(lang, "30 days net"))
        )
    rng.shuffle(meta)


def _statement(rng, lang, family, count, style, currency, issuer, recipient, end) -> Grid:  # noqa: ANN001
    grid = Grid(lang, family, "statement", say(rng, words.TITLES, "statement", lang), issuer, recipient, [], [], [])
    lines = postings(rng, lang, count, end, payments=family not in ("open", "buckets"))
    opening = Decimal(rng.randrange(0, 9_000_000)) / 100 if rng.random() < 0.85 else Decimal(0)
    if family in ("open", "buckets"):
        opening = Decimal(0)
    types = rng.choice(words.TYPES[lang])
    with_type = rng.random() < 0.6
    with_due = family in ("open", "buckets") or rng.random() < 0.3
    with_po = rng.random() < 0.25
    with_no = rng.random() < 0.15
    head = {k: say(rng, words.HEADERS, k, lang) for k in words.HEADERS}
    left = [
        k
        for k, on in (
            ("number", with_no),
            ("date", True),
            ("type", with_type),
            ("ref", True),
            ("po", with_po),
            ("due", with_due),
            ("desc", family not in ("open", "buckets") or rng.random() < 0.3),
        )
        if on
    ]
    if rng.random() < 0.3:  # reference before date
        a, b = left.index("date"), left.index("ref")
        left[a], left[b] = left[b], left[a]
    money = {
        "forward": ["debit", "credit", "balance"],
        "signed": ["amount", "balance"],
        "crdr": ["amount", "balance"],
        "noblance": ["debit", "credit"],
        "open": rng.choice([["gross", "open"], ["gross", "applied", "open"], ["amount"], ["gross", "open", "days"]]),
        "buckets": ["amount"],
    }[family]
    if head["debit"] == head["gross"] or head["credit"] == head["open"]:
        head["debit"] = head["debit"] + " "
    columns = left + money
    style.negative = (
        style.negative
        if family != "crdr"
        else style.rng.choice(["x CR", "(x)", "x-"] if lang == "en" else ["(x)", "x-"])
    )
    header = {k: head[k] for k in columns}
    unit = {
        "zh": "（元）",
        "en": f" ({currency})",
        "de": f" {currency}",
        "fr": f" ({currency})",
        "es": f" ({currency})",
        "tw": "",
    }[lang]
    if rng.random() < 0.2:
        for k in money:
            if k != "days":
                header[k] += unit
    grid.columns = [(k, header[k].strip()) for k in columns]
    balance, total_open = opening, Decimal(0)
    sums: dict[str, Decimal] = {}
    once = rng.random() < 0.12  # a date printed once for its day
    unsigned = family == "signed" and with_type and rng.random() < 0.25
    bare = rng.random() < 0.25  # a statement whose mark rows stand in the first column
    grid.truth |= {"kind": "statement", "issuer": issuer, "recipient": recipient, "lines": [], "must_prove": True}
    grid.truth.setdefault("currency", currency)

    def mark(kind: str, label: str, **cells: Decimal) -> None:
        row = ["" for _ in columns]
        at = 0 if bare else columns.index("desc") if "desc" in columns else columns.index("ref")
        row[at] = label
        for k, v in cells.items():
            if k in columns:
                row[columns.index(k)] = style.money(v, zero=True)
        grid.rows.append((kind, row))

    printed_opening = family not in ("open", "buckets") and (opening != 0 or rng.random() < 0.5)
    if printed_opening:
        mark(
            "opening",
            say(rng, words.MARKS, "opening", lang),
            **(
                {"balance": opening}
                if "balance" in columns
                else {"debit": opening}
                if "debit" in columns
                else {"amount": opening}
            ),
        )
    last_day = None
    for i, p in enumerate(lines, 1):
        balance += p.amount
        grid.running.append(balance)
        paid = Decimal(0)
        if family == "open" and "applied" in columns and p.kind == "invoice" and rng.random() < 0.3:
            paid = (p.amount / 2).quantize(CENT)
        left_open = p.amount - paid
        total_open += left_open
        shown = {
            "number": str(i),
            "date": "" if once and p.day == last_day else style.date(p.day),
            "type": types[("invoice", "credit_note", "payment").index(p.kind)],
            "ref": p.ref,
            "po": p.po,
            "due": style.date(p.due) if p.due else "",
            "desc": p.text if with_type or p.kind != "invoice" else p.text,
            "debit": style.money(p.amount) if p.amount > 0 else style.money(Decimal(0)),
            "credit": style.money(-p.amount) if p.amount < 0 else style.money(Decimal(0)),
            "amount": style.money(abs(p.amount) if unsigned else p.amount),
            "balance": style.money(balance, zero=True),
            "gross": style.money(p.amount),
            "applied": style.money(paid),
            "open": style.money(left_open),
            "days": str(max(0, (end - (p.due or p.day)).days)),
        }
        last_day = p.day
        for k in money:
            v = {
                "debit": max(p.amount, Decimal(0)),
                "credit": max(-p.amount, Decimal(0)),
                "amount": p.amount,
                "gross": p.amount,
                "open": left_open,
                "applied": paid,
            }.get(k)
            if v is not None:
                sums[k] = sums.get(k, Decimal(0)) + v
        grid.rows.append(("data", [shown[k] for k in columns]))
        amount = left_open if family == "open" else p.amount
        grid.truth["lines"].append(
            {"date": p.day.isoformat(), "type": p.kind, "reference": p.ref, "amount": str(amount)}
        )
    closing = total_open if family == "open" else balance
    grid.truth["closing_balance"] = str(closing)
    if opening and printed_opening:
        grid.truth["opening_balance"] = str(opening)
    end_style = rng.choice(["row", "row", "total_row", "loose", "both"])
    label = say(rng, words.MARKS, "closing", lang)
    total = say(rng, words.MARKS, "total", lang)
    key = (
        "balance"
        if "balance" in columns
        else "open"
        if "open" in columns
        else "amount"
        if "amount" in columns
        else "credit"
        if closing < 0
        else "debit"
    )
    if family == "noblance":
        if rng.random() < 0.6:
            mark("total", total, debit=sums["debit"], credit=sums["credit"])
        grid.loose.append((label, style.money(closing, zero=True)))
    elif family in ("open", "buckets"):
        if end_style in ("total_row", "both", "row"):
            mark("total", total, **{k: v for k, v in sums.items()})
        if end_style in ("loose", "both"):
            grid.loose.append((label, style.money(closing, zero=True)))
        elif end_style == "loose" or rng.random() < 0.5:
            grid.ageing = _ageing(rng, lang, style, lines, grid, end, closing)
    else:
        if end_style in ("total_row", "both") and not unsigned:
            mark(
                "total",
                total,
                **{k: v for k, v in sums.items()} | {"balance": closing}
                if family == "forward"
                else {"balance": closing},
            )
        if end_style == "row":
            mark("closing", label, **{key: closing})
        if end_style in ("loose", "both"):
            grid.loose.append((label, style.money(closing, zero=True)))
        if rng.random() < 0.25:
            grid.ageing = _ageing(rng, lang, style, lines, grid, end, closing)
    _meta(rng, lang, "statement", style, grid, currency, end)
    if rng.random() < 0.5:
        grid.letterhead, grid.meta = True, [(say(rng, words.LABELS, "to", lang), recipient), *grid.meta]
    elif rng.random() < 0.5:
        grid.letterhead = rng.random() < 0.3
        grid.meta = [
            (say(rng, words.LABELS, "from", lang), issuer),
            (say(rng, words.LABELS, "to", lang), recipient),
            *grid.meta,
        ]
    else:
        grid.addressee = True
    grid.money = style
    return grid


def _ageing(rng, lang, style, lines, grid, end, closing):  # noqa: ANN001, ANN202
    cut = [Decimal(0)] * 4
    rest = closing
    for i in range(3):
        part = (rest / rng.randrange(2, 5)).quantize(CENT)
        cut[3 - i] = part
        rest -= part
    cut[0] = rest
    return list(rng.choice(words.AGEING[lang])), [style.money(v, zero=True) for v in [*cut, closing]]


def _remittance(rng, lang, family, count, style, currency, issuer, recipient, end) -> Grid:  # noqa: ANN001
    grid = Grid(
        lang,
        family,
        "remittance_advice",
        say(rng, words.TITLES, "remittance_advice", lang),
        issuer,
        recipient,
        [],
        [],
        [],
    )
    lines = [p for p in postings(rng, lang, count, end, payments=False)]
    head = {k: say(rng, words.HEADERS, k, lang) for k in words.HEADERS}
    simple = family.startswith("simple")
    money = [rng.choice(["amount", "paid"])] if simple else ["gross", "discount", "paid"]
    columns = (
        (["number"] if rng.random() < 0.2 else [])
        + ["ref", "date"]
        + (["desc"] if rng.random() < 0.3 else [])
        + (["type"] if rng.random() < 0.2 else [])
        + money
    )
    if rng.random() < 0.3:
        a, b = columns.index("date"), columns.index("ref")
        columns[a], columns[b] = columns[b], columns[a]
    grid.columns = [(k, head[k]) for k in columns]
    types = rng.choice(words.TYPES[lang])
    grid.truth |= {
        "kind": "remittance_advice",
        "issuer": issuer,
        "recipient": recipient,
        "closing_balance": None,
        "lines": [],
        "must_prove": True,
    }
    total = {k: Decimal(0) for k in money}
    if style.dates in ("%d/%m", "%m-%d"):
        style.dates = {"%d/%m": "%d/%m/%Y", "%m-%d": "%Y-%m-%d"}[style.dates]
    for i, p in enumerate(lines, 1):
        off = (
            (p.amount * Decimal("0.02")).quantize(CENT)
            if not simple and p.amount > 0 and rng.random() < 0.4
            else Decimal(0)
        )
        net = p.amount - off
        value = {"gross": p.amount, "discount": off, "paid": net, "amount": net}
        shown = {
            "number": str(i),
            "ref": p.ref,
            "date": style.date(p.day),
            "desc": p.text,
            "type": types[("invoice", "credit_note", "payment").index(p.kind)],
        }
        grid.rows.append(("data", [shown[k] if k in shown else style.money(value[k]) for k in columns]))
        for k in money:
            total[k] += value[k]
        grid.truth["lines"].append({"date": p.day.isoformat(), "type": p.kind, "reference": p.ref, "amount": str(net)})
    paid = total[money[-1]]
    where = rng.choice(["row", "row", "label", "both"])
    if where != "label":
        row = ["" for _ in columns]
        row[rng.choice([0, max(0, len(columns) - len(money) - 1)])] = say(rng, words.MARKS, "total", lang)
        for k in money if rng.random() < 0.6 else money[-1:]:
            row[columns.index(k)] = style.money(total[k], zero=True)
        grid.rows.append(("total", row))
    reference = rng.choice(["ACH{n}", "TRF{n}", "{n}", "BACS-{n}"]).format(n=rng.randrange(100000, 999999))
    day = end
    meta = [(say(rng, words.LABELS, "payer", lang), issuer), (say(rng, words.LABELS, "payee", lang), recipient)]
    if meta[0][0] == meta[1][0]:
        meta[0] = (words.LABELS["payer"][lang][1], issuer)
    rest = [
        (say(rng, words.LABELS, "paydate", lang), style.date(day, long=True)),
        (say(rng, words.LABELS, "payref", lang), reference),
    ]
    if where != "row":
        rest.append((say(rng, words.LABELS, "payamount", lang), style.money(paid, zero=True)))
    if rng.random() < 0.85:
        rest.append(
            (say(rng, words.LABELS, "currency", lang), rng.choice(words.CURRENCY_NAMES.get(currency, [currency])))
        )
        grid.truth["currency"] = currency
    rng.shuffle(rest)
    grid.meta = meta + rest
    if rng.random() < 0.4:
        grid.letterhead, grid.meta = True, grid.meta[1:]
    else:
        grid.letterhead = rng.random() < 0.4
    grid.truth["payment"] = {"amount": str(paid), "reference": reference, "date": day.isoformat()}
    grid.money = style
    return grid
