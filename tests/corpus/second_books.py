"""Accounts of the second set: a seeded draw gives a `Paper` (blocks to print) and what a right reading says."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import second_words as w

NAMES_MONTH = {"en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()}
CURRENCIES = {"en": ["GBP", "USD", "EUR", "SGD", "AUD"], "zh": ["CNY", "CNY", "CNY", "USD"], "tw": ["TWD"], "de": ["EUR"], "fr": ["EUR"], "es": ["EUR", "EUR", "MXN"]}  # fmt: skip
SYMBOLS = {"GBP": "£", "EUR": "€", "CNY": "¥", "USD": "$"}
DATES = {
    "en": ["%d/%m/%Y", "%d %b %Y", "%d-%b-%y", "%Y-%m-%d", "%d.%m.%Y", "%b %d, %Y", "%d/%m/%y", "%m/%d/%Y"],
    "zh": ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y%m%d"],
    "tw": ["%Y/%m/%d", "%Y-%m-%d", "roc"],
    "de": ["%d.%m.%Y", "%d.%m.%y"],
    "fr": ["%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y"],
    "es": ["%d/%m/%Y", "%d-%m-%Y", "%d/%m/%y"],
}


@dataclass
class Paper:
    """What is to be printed, in order: (kind, content). Table rows are (kind, cells)."""

    lang: str
    blocks: list[tuple[str, object]] = field(default_factory=list)
    truth: dict[str, object] = field(default_factory=dict)
    family: str = ""


class Style:
    """How this document writes days and money."""

    def __init__(self, rng: random.Random, lang: str) -> None:
        self.rng, self.lang = rng, lang
        self.day_format = rng.choice(DATES[lang])
        self.negative = rng.choice(
            ["-", "-", "()", "trail", "CR"]
            if lang == "en"
            else ["-", "-", "-", "()"]
            if lang in ("zh", "tw")
            else ["-", "-", "trail"]
        )
        self.zero = rng.choice(["", "", "-", "0"])
        self.group = (
            rng.choice([",", ",", ",", ""])
            if lang in ("en", "zh", "tw")
            else {"de": ".", "fr": rng.choice(["\u00a0", " ", "."]), "es": "."}[lang]
        )
        self.point = "." if lang in ("en", "zh", "tw") else ","
        self.symbol = ""

    def day(self, d: date) -> str:
        if self.day_format == "roc":
            return f"{d.year - 1911}/{d.month:02}/{d.day:02}"
        return d.strftime(self.day_format)

    def money(self, v: Decimal, blank_zero: bool = False) -> str:
        if v == 0 and blank_zero:
            return {"0": "0" + self.point + "00"}.get(self.zero, self.zero)
        text = f"{abs(v):,.2f}".replace(",", "G").replace(".", self.point).replace("G", self.group)
        text = self.symbol + text
        if v < 0:
            return {"-": "-" + text, "()": f"({text})", "trail": text + "-", "CR": text + " CR"}[self.negative]
        return text


def pick(rng: random.Random, table: dict[str, list[str]], lang: str) -> str:
    return rng.choice(table[lang])


def heading(rng: random.Random, role: str, lang: str) -> str:
    return rng.choice(w.HEADINGS[role][lang])


def amount(rng: random.Random) -> Decimal:
    cents = rng.choice([rng.randint(900, 99_999), rng.randint(10_000, 999_999), rng.randint(100_000, 9_999_999)])
    return Decimal(cents) / 100 if rng.random() < 0.8 else Decimal(cents // 100)


class Numbers:
    """Document numbers that rise as a company's do."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.at = rng.randint(1000, 90_000)
        self.prefix = {t: rng.choice(p) for t, p in w.PREFIXES.items()}
        self.width = rng.choice([5, 6, 8])

    def next(self, kind: str) -> str:
        self.at += self.rng.randint(1, 9)
        return f"{self.prefix[kind]}{self.at:0{self.width}}"


def entries(rng: random.Random, lang: str, count: int, start: date, kinds: list[str]) -> list[dict]:
    numbers, day, out = Numbers(rng), start, []
    for _ in range(count):
        day += timedelta(days=rng.choice([0, 0, 1, 1, 2, 3]) if count < 40 else rng.choice([0, 0, 0, 0, 1]))
        kind = rng.choice(kinds)
        value = amount(rng)
        out.append(
            {
                "date": day,
                "type": kind,
                "ref": numbers.next(kind),
                "amount": value if kind in ("invoice", "fee") else -value,
                "desc": rng.choice(w.GOODS[lang]),
                "due": day + timedelta(days=30),
                "po": f"{rng.randint(4500000, 4599999)}" if rng.random() < 0.7 else "",
            }
        )
    return out


def head(
    rng: random.Random,
    paper: Paper,
    style: Style,
    title: str,
    us: str,
    them: str,
    pairs: list[tuple[str, str]],
    us_label: str,
    them_label: str,
) -> None:
    """Letterhead, title, and who and when, in one of the ways that producers arrange them."""
    lang = paper.lang
    shape = rng.choice(["letterhead", "letterhead", "labelled", "right", "title_first"])
    who = [(pick(rng, w.LABELS[them_label], lang), them)]
    if shape == "labelled":
        paper.blocks.append(("title", title))
        who.insert(0, (pick(rng, w.LABELS[us_label], lang), us))
    elif shape == "title_first":
        paper.blocks += [("title", title), ("head", [us, *rng.sample(w.STREETS[lang], 2)])]
    elif shape == "right":
        paper.blocks += [("head_right", [us, *w.STREETS[lang][:3]]), ("title", title)]
    else:
        paper.blocks += [("head", [us, *w.STREETS[lang][: rng.randint(0, 4)]]), ("title", title)]
    paper.blocks.append((rng.choice(["pairs", "pairs", "pairs_side", "pairs_line"]), [*who, *pairs]))


def columns_of(rng: random.Random, roles: list[str], lang: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for role in roles:
        for _ in range(20):
            name = heading(rng, role, lang)
            if name not in [n for _, n in out]:
                break
        out.append((role, name))
    return out


def text_roles(rng: random.Random, wanted: list[str]) -> list[str]:
    """The columns left of the money, the day mostly first, in no fixed order."""
    roles = list(wanted)
    if rng.random() < 0.35:
        rng.shuffle(roles)
    return (["no"] if rng.random() < 0.2 else []) + roles


def cell(style: Style, row: dict, role: str, n: int) -> str:
    if role in ("date", "due"):
        return style.day(row[role])
    if role == "no":
        return str(n)
    return {
        "ref": row["ref"],
        "type": row.get("word", ""),
        "desc": row["desc"],
        "po": row["po"],
        "days": str(row.get("days", "")),
    }[role]


def truth_lines(rows: list[dict]) -> list[dict]:
    return [
        {"date": r["date"].isoformat(), "type": r["type"], "reference": r["ref"], "amount": f"{r['amount']:.2f}"}
        for r in rows
    ]


def currency_pairs(rng: random.Random, style: Style, lang: str, code: str) -> list[tuple[str, str]]:
    if code in SYMBOLS and code != "USD" and rng.random() < 0.15:
        style.symbol = SYMBOLS[code]
    return [(pick(rng, w.LABELS["currency"], lang), code)]


def forward(rng: random.Random, lang: str, count: int) -> Paper:
    """Balance forward: opening, movements, running balance or totals, closing."""
    paper, style = Paper(lang, family="forward"), Style(rng, lang)
    us, them = rng.sample(w.PARTIES[lang], 2)
    code = rng.choice(CURRENCIES[lang])
    rows = entries(
        rng,
        lang,
        count,
        date(2026, 8, 1),
        [
            "invoice",
            "invoice",
            "invoice",
            "payment",
            "payment",
            "credit_note",
            "fee" if rng.random() < 0.5 else "invoice",
        ],
    )
    as_of = date(rows[-1]["date"].year, rows[-1]["date"].month, 28)
    if as_of < rows[-1]["date"]:
        as_of = rows[-1]["date"]
    words = {t: pick(rng, w.TYPES[t], lang) for t in w.TYPES}
    for r in rows:
        r["word"] = words[r["type"]]
    sided = rng.random() < 0.65
    payable = sided and rng.random() < 0.0
    with_type = rng.random() < 0.6
    with_balance = rng.random() < 0.8
    wanted = [
        "date",
        *(["type"] if with_type else []),
        "ref",
        *(["desc"] if rng.random() < 0.7 or not with_type else []),
        *(["due"] if rng.random() < 0.2 else []),
        *(["po"] if rng.random() < 0.2 else []),
    ]
    if "desc" in wanted and not with_type:
        for r in rows:
            r["desc"] = f"{r['word']} {r['desc']}" if rng.random() < 0.9 or r["type"] != "invoice" else r["desc"]
    money = ["debit", "credit"] if sided else ["amount"]
    cols = columns_of(rng, text_roles(rng, wanted) + money + (["balance"] if with_balance else []), lang)
    opening = rng.choice([Decimal(0), amount(rng), amount(rng), -amount(rng)])
    closing = opening + sum(r["amount"] for r in rows)
    pairs = [(pick(rng, w.LABELS["as_of"], lang), style.day(as_of))] + currency_pairs(rng, style, lang, code)
    if rng.random() < 0.4:
        pairs.append((pick(rng, w.LABELS["account"], lang), f"C{rng.randint(100, 99999)}"))
    if rng.random() < 0.3:
        pairs.append((pick(rng, w.LABELS["period"], lang), f"{style.day(date(2026, 8, 1))} - {style.day(as_of)}"))
    head(rng, paper, style, pick(rng, w.TITLES, lang), us, them, pairs, "supplier", "customer")
    box = rng.random() < 0.3
    opening_row = with_balance and (rng.random() < 0.75 or not box)
    totals_row = (not with_balance) or rng.random() < 0.4
    closing_row, closing_after = (with_balance and rng.random() < 0.3), rng.random() < 0.6
    opening_word, closing_word = pick(rng, w.LABELS["opening"], lang), pick(rng, w.LABELS["closing"], lang)
    if box or (not opening_row):
        paper.blocks.append(
            ("pairs_line", [(opening_word, style.money(opening)), (closing_word, style.money(closing))])
        )
    roles = [r for r, _ in cols]
    label_at = roles.index("desc") if "desc" in roles else roles.index("ref")

    def line(kind: str, label: str, values: dict[str, str]) -> tuple[str, list[str]]:
        cells = [values.get(r, "") for r in roles]
        cells[label_at] = label
        return kind, cells

    table: list[tuple[str, list[str]]] = []
    if opening_row:
        table.append(
            line(
                "opening",
                opening_word,
                {
                    "balance": style.money(opening),
                    **({"date": style.day(date(2026, 8, 1))} if rng.random() < 0.4 else {}),
                },
            )
        )
    balance, month, monthly = opening, None, rng.random() < 0.15 and sided
    sums = [Decimal(0), Decimal(0)]
    part = [Decimal(0), Decimal(0)]
    sub = pick(rng, w.LABELS["subtotal"], lang)

    def subtotal() -> None:
        table.append(
            line(
                "subtotal",
                sub.format(m=f"2026-{month:02}"),
                {"debit": style.money(part[0]), "credit": style.money(part[1])},
            )
        )

    for n, r in enumerate(rows, 1):
        if monthly and month not in (None, r["date"].month):
            subtotal()
            part = [Decimal(0), Decimal(0)]
        month = r["date"].month
        balance += r["amount"]
        plus = r["amount"] > 0
        sums[0 if plus else 1] += abs(r["amount"])
        part[0 if plus else 1] += abs(r["amount"])
        v = {
            "debit": style.money(r["amount"] if plus else Decimal(0), True),
            "credit": style.money(Decimal(0) if plus else -r["amount"], True),
            "amount": style.money(r["amount"]),
            "balance": style.money(balance),
        }
        table.append(("data", [v[x] if x in v else cell(style, r, x, n) for x in roles]))
    if monthly:
        subtotal()
    if totals_row:
        table.append(
            line(
                "total",
                pick(rng, w.LABELS["total"], lang),
                {
                    "debit": style.money(sums[0]),
                    "credit": style.money(sums[1]),
                    "amount": style.money(sums[0] - sums[1]),
                },
            )
        )
    if closing_row:
        table.append(line("closing", closing_word, {"balance": style.money(closing)}))
    paper.blocks.append(("table", (cols, table)))
    if closing_after and not box:
        paper.blocks.append(("after", [(closing_word, style.money(closing))]))
    tail(rng, paper, style, closing)
    shown = with_balance or box or closing_after or not opening_row
    paper.truth = {
        "kind": "statement",
        "issuer": us,
        "recipient": them,
        "currency": code,
        "closing_balance": f"{closing:.2f}" if shown else None,
        "must_prove": not (closing_word == "Balance c/f" and not box)
        and (opening_row or box or with_balance)
        and (totals_row or closing_row or closing_after or box),
        "lines": truth_lines(rows),
    }
    return paper


def tail(rng: random.Random, paper: Paper, style: Style, closing: Decimal) -> None:
    lang = paper.lang
    if rng.random() < 0.35:
        parts, left = [], closing
        for _ in range(4):
            part = (left * rng.choice([0, 0, 10, 35, 50]) / 100).quantize(Decimal("0.01"))
            parts.append(part)
            left -= part
        values = [left, *parts]
        names = w.AGEING[lang]
        paper.blocks.append(
            ("ageing", ([*names, pick(rng, w.LABELS["total"], lang)], [style.money(v) for v in [*values, closing]]))
        )
    for note in rng.sample(w.NOTES[lang], rng.randint(0, 2)):
        paper.blocks.append(("note", note))


def open_items(rng: random.Random, lang: str, count: int) -> Paper:
    """What is still open, item by item, with its total."""
    paper, style = Paper(lang, family="open"), Style(rng, lang)
    us, them = rng.sample(w.PARTIES[lang], 2)
    code = rng.choice(CURRENCIES[lang])
    rows = entries(
        rng,
        lang,
        count,
        date(2026, 7, 3),
        ["invoice", "invoice", "invoice", "invoice", "credit_note", "payment" if rng.random() < 0.3 else "invoice"],
    )
    words = {t: pick(rng, w.TYPES[t], lang) for t in w.TYPES}
    as_of = rows[-1]["date"] + timedelta(days=rng.randint(1, 20))
    for r in rows:
        r["word"] = words[r["type"]]
        r["paid"] = (
            (r["amount"] / 4).quantize(Decimal("0.01")) if r["type"] == "invoice" and rng.random() < 0.3 else Decimal(0)
        )
        r["original"] = r["amount"]
        r["amount"] -= r["paid"]
        r["days"] = max(0, (as_of - r["due"]).days)
    wanted = [
        "date",
        *(["type"] if rng.random() < 0.6 else []),
        "ref",
        *(["due"] if rng.random() < 0.7 else []),
        *(["po"] if rng.random() < 0.3 else []),
        *(["desc"] if rng.random() < 0.2 else []),
    ]
    if "type" not in wanted:
        if "desc" not in wanted:
            wanted.append("desc")
        for r in rows:
            r["desc"] = f"{r['word']} {r['desc']}"
    money = rng.choice([["original", "open"], ["original", "paid", "open"], ["open"]])
    if money == ["open"]:
        for r in rows:
            r["original"] = r["amount"]
    cols = columns_of(rng, [*text_roles(rng, wanted), *money, *(["days"] if rng.random() < 0.25 else [])], lang)
    running = rng.random() < 0.15
    if running:
        cols.append(("balance", heading(rng, "balance", lang)))
        if cols[-1][1] in [n for _, n in cols[:-1]]:
            cols.pop()
            running = False
    total = sum(r["amount"] for r in rows)
    pairs = [(pick(rng, w.LABELS["as_of"], lang), style.day(as_of))] + currency_pairs(rng, style, lang, code)
    head(rng, paper, style, pick(rng, w.OPEN_TITLES, lang), us, them, pairs, "supplier", "customer")
    roles = [r for r, _ in cols]
    table, balance = [], Decimal(0)
    for n, r in enumerate(rows, 1):
        balance += r["amount"]
        v = {
            "original": style.money(r["original"]),
            "paid": style.money(r["paid"], True),
            "open": style.money(r["amount"]),
            "balance": style.money(balance),
        }
        table.append(("data", [v[x] if x in v else cell(style, r, x, n) for x in roles]))
    where = rng.choice(["row", "row", "after", "both"])
    word = pick(rng, w.LABELS["due_total" if rng.random() < 0.6 else "total"], lang)
    if where != "after":
        cells = [""] * len(roles)
        cells[roles.index("ref")] = word
        cells[roles.index("open")] = style.money(total)
        if "paid" in roles and rng.random() < 0.5:
            cells[roles.index("original")] = style.money(sum(r["original"] for r in rows))
            cells[roles.index("paid")] = style.money(sum(r["paid"] for r in rows))
        table.append(("total", cells))
    paper.blocks.append(("table", (cols, table)))
    if where != "row":
        paper.blocks.append(("after", [(pick(rng, w.LABELS["due_total"], lang), style.money(total))]))
    tail(rng, paper, style, total)
    paper.truth = {
        "kind": "statement",
        "issuer": us,
        "recipient": them,
        "currency": code,
        "closing_balance": f"{total:.2f}",
        "must_prove": True,
        "lines": truth_lines(rows),
    }
    return paper


def remittance(rng: random.Random, lang: str, count: int) -> Paper:
    """What a customer paid, document by document."""
    paper, style = Paper(lang, family="remit"), Style(rng, lang)
    us, them = rng.sample(w.PARTIES[lang], 2)
    code = rng.choice(CURRENCIES[lang])
    rows = entries(rng, lang, min(count, 30), date(2026, 8, 1), ["invoice"] * 6 + ["credit_note"])
    words = {t: pick(rng, w.TYPES[t], lang) for t in w.TYPES}
    discounts = rng.random() < 0.5
    for r in rows:
        r["word"] = words[r["type"]]
        r["gross"] = r["amount"]
        r["disc"] = (
            (r["amount"] * 2 / 100).quantize(Decimal("0.01"))
            if discounts and r["type"] == "invoice" and rng.random() < 0.6
            else Decimal(0)
        )
        r["amount"] -= r["disc"]
    total = sum(r["amount"] for r in rows)
    while total <= 0:
        more = entries(rng, lang, 1, rows[-1]["date"], ["invoice"])[0]
        more |= {"word": words["invoice"], "gross": more["amount"], "disc": Decimal(0)}
        rows.append(more)
        total = sum(r["amount"] for r in rows)
    wanted = [
        "ref",
        "date",
        *(["type"] if rng.random() < 0.4 else []),
        *(["po"] if rng.random() < 0.3 else []),
        *(["desc"] if rng.random() < 0.2 else []),
    ]
    money = ["gross", "discount", "net"] if discounts else rng.choice([["net"], ["gross", "net"]])
    cols = columns_of(rng, text_roles(rng, wanted) + money, lang)
    day = rows[-1]["date"] + timedelta(days=20)
    in_head = rng.random() < 0.5
    ref = f"{rng.choice(['EFT', 'PV-', 'TT26', '8000'])}{rng.randint(10000, 99999)}"
    pairs = [
        (pick(rng, w.LABELS["pay_date"], lang), style.day(day)),
        (pick(rng, w.LABELS["pay_ref"], lang), ref),
    ] + currency_pairs(rng, style, lang, code)
    if in_head:
        pairs.append((pick(rng, w.LABELS["paid_total"], lang), style.money(total)))
    head(rng, paper, style, pick(rng, w.REMITTANCE_TITLES, lang), us, them, pairs, "payer", "payee")
    roles = [r for r, _ in cols]
    table = []
    for n, r in enumerate(rows, 1):
        v = {
            "gross": style.money(r["gross"]),
            "discount": style.money(r["disc"], True),
            "net": style.money(r["amount"]),
        }
        table.append(("data", [v[x] if x in v else cell(style, r, x, n) for x in roles]))
    in_row = not in_head or rng.random() < 0.5
    if in_row:
        cells = [""] * len(roles)
        cells[roles.index("ref")] = pick(rng, w.LABELS["total" if rng.random() < 0.5 else "paid_total"], lang)
        cells[roles.index("net")] = style.money(total)
        if "gross" in roles and rng.random() < 0.5:
            cells[roles.index("gross")] = style.money(sum(r["gross"] for r in rows))
        table.append(("total", cells))
    paper.blocks.append(("table", (cols, table)))
    for note in rng.sample(w.NOTES[lang], rng.randint(0, 1)):
        paper.blocks.append(("note", note))
    paper.truth = {
        "kind": "remittance_advice",
        "issuer": us,
        "recipient": them,
        "currency": code,
        "closing_balance": None,
        "must_prove": True,
        "payment": {"amount": f"{total:.2f}", "reference": ref, "date": day.isoformat()},
        "lines": truth_lines(rows),
    }
    return paper


FAMILIES = {"forward": forward, "open": open_items, "remit": remittance}


def draw(seed: int, n: int) -> Paper:
    rng = random.Random(f"{seed}/{n}")
    lang = rng.choice(w.LANGUAGES)
    family = rng.choice(["forward", "forward", "open", "remit"])
    return FAMILIES[family](rng, lang, rng.choice([3, 5, 8, 12, 18, 30, 45, 70]))
