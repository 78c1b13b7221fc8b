"""Two large books for the benchmark, written as the two CSV files of ``mailflow reconcile``, and the true links.

Quicker and plainer than ``tests/reconciliation/noise.py`` (which measures quality): one party, amounts to the cent up
to 40,000, 92 days, numbers one by one. The same seed gives the same files.
"""

from __future__ import annotations

import random
from pathlib import Path

HEADER = (
    "id,party_id,party_name,side,type,reference,their_reference,po_number,date,due_date,currency,amount,open_amount,"
    "description\n"
)
DAYS = [f"2026-{month:02d}-{day:02d}" for month, last in ((8, 31), (9, 30), (10, 31)) for day in range(1, last + 1)]
GLYPHS = {"0": "O", "1": "I", "2": "Z", "5": "S", "8": "B"}
WAYS = (
    lambda n: f"xs{n}", lambda n: f"No.XS{n}", lambda n: f"发票{n}", lambda n: f"Inv {n}", lambda n: f"XS{n}-00",
    lambda n: f"{n}/2026", lambda n: n, lambda n: f"XS-{n}",
)  # fmt: skip


def write(folder: Path, lines: int, seed: int = 1, parties: int = 1) -> set[tuple[str, int]]:
    """``ledger.csv`` and ``statement.csv`` of about ``lines`` rows each, shuffled; returns the links."""
    r = random.Random(f"{seed}/{lines}/{parties}")
    ours: list[str] = []
    theirs: list[tuple[str, tuple[str, ...]]] = []  # row without its id, ids of ours that belong to it
    serial = 20260000000

    def our(kind: str, number: str, day: int, cents: int) -> str:
        id = f"L{len(ours) + 1:08d}"
        party = f"S{len(ours) % parties + 1:04d}"
        due = DAYS[min(day + 30, 91)] if kind == "invoice" else ""
        ours.append(f"{id},{party},,payable,{kind},{number},,,{DAYS[day]},{due},CNY,{_money(cents)},,\n")
        return id

    def their(kind: str, number: str, day: int, cents: int, ids: tuple[str, ...]) -> None:
        party = f"S{(int(ids[0][1:]) - 1) % parties + 1:04d}" if ids else f"S{r.randrange(parties) + 1:04d}"
        theirs.append((f",{party},,payable,{kind},{number},,,{DAYS[min(day, 91)]},,CNY,{_money(cents)},,\n", ids))

    while len(ours) < lines:
        dice, day, cents = r.random(), r.randrange(92), r.randrange(10_000, 4_000_000)
        serial += r.randint(1, 3)
        number = f"XS{serial}"
        if dice < 0.13:
            id = our("payment", f"PAY{serial % 10**8}", day, -cents)
            their("payment", f"RC{r.randrange(10**8):08d}", day + r.randrange(4), -cents, (id,))
        elif dice < 0.135:
            parts = [r.randrange(10_000, 4_000_000) for _ in range(r.randint(2, 4))]
            ids = tuple(our("payment", f"PAY{(serial + i) % 10**8}", day, -part) for i, part in enumerate(parts))
            serial += len(parts)
            their("payment", f"RC{r.randrange(10**8):08d}", day + r.randrange(4), -sum(parts), ids)
        elif dice < 0.70:
            their("invoice", number, day + r.randrange(2), cents, (our("invoice", number, day, cents),))
        elif dice < 0.84:
            their("invoice", r.choice(WAYS)(str(serial)), day, cents, (our("invoice", number, day, cents),))
        elif dice < 0.87:
            at = r.randrange(2, len(number))
            wrong = number[:at] + GLYPHS.get(number[at], number[at]) + number[at + 1 :]
            their("invoice", wrong, day, cents, (our("invoice", number, day, cents),))
        elif dice < 0.90:
            their("invoice", "", day + r.randrange(3), cents, (our("invoice", number, day, cents),))
        elif dice < 0.93:
            their(
                "invoice", number, day, cents * r.choice((105, 97, 110)) // 100, (our("invoice", number, day, cents),)
            )
        elif dice < 0.945:
            id = our("invoice", number, day, cents)
            their("invoice", number, day, cents, (id,))
            their("invoice", number, day + 3, cents, ())
        elif dice < 0.975:
            our("invoice", number, day, cents)
        else:
            their("invoice", number, day, cents, ())
    order = list(range(len(ours)))
    r.shuffle(order)
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "ledger.csv").open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(ours[i] for i in order)
    r.shuffle(theirs)
    with (folder / "statement.csv").open("w", encoding="utf-8") as file:
        file.write(HEADER)
        file.writelines(f"T{no}{row}" for no, (row, _) in enumerate(theirs, 1))
    return {(id, no) for no, (_, ids) in enumerate(theirs, 1) for id in ids}


def _money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
