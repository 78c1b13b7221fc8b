"""What a clerk corrected about a party's documents makes its next one right, and proves nothing by itself."""

from __future__ import annotations

import pytest

from parsers import Profile, parse
from parsers.documents import Trust
from parsers.profile import ProfileError

OCTOBER = """Kontoblatt;;;
Nordwind GmbH;;;
Wann;Kennung X;Zeug;Bleibt
01.02.2026;RE-1001;1.500,00;1.500,00
03.02.2026;RE-1002;250,00;1.750,00
04.02.2026;ZE-0007;-500,00;1.250,00
06.02.2026;RE-1003;100,50;1.350,50
"""
COLUMNS = {"Wann": "date", "Kennung X": "reference", "Zeug": "amount", "Bleibt": "balance"}


def test_a_document_of_unknown_headers_is_read_and_proven_once_its_columns_were_corrected() -> None:
    [without] = parse(OCTOBER.encode(), "oct.csv")
    assert without.trust is not Trust.PROVEN

    [document] = parse(OCTOBER.encode(), "oct.csv", profile=Profile(columns=COLUMNS))
    assert document.trust is Trust.PROVEN
    assert [str(line.amount) for line in document.lines] == ["1500.00", "250.00", "-500.00", "100.50"]
    assert [line.reference for line in document.lines] == ["RE-1001", "RE-1002", "ZE-0007", "RE-1003"]
    assert str(document.closing_balance) == "1350.50"


def test_a_profile_does_not_prove_what_the_arithmetic_denies() -> None:
    wrong = OCTOBER.replace("250,00;1.750,00", "205,00;1.750,00")
    [document] = parse(wrong.encode(), "oct.csv", profile=Profile(columns=COLUMNS))
    assert document.trust is Trust.UNPROVEN
    swapped = {**COLUMNS, "Zeug": "balance", "Bleibt": "amount"}
    [document] = parse(OCTOBER.encode(), "oct.csv", profile=Profile(columns=swapped))
    assert document.trust is not Trust.PROVEN or str(document.lines[0].amount) == "1500.00"


def test_it_is_gone_with_the_document() -> None:
    parse(OCTOBER.encode(), "oct.csv", profile=Profile(columns=COLUMNS))
    [without] = parse(OCTOBER.encode(), "oct.csv")
    assert without.trust is not Trust.PROVEN


def test_the_order_of_day_and_month_is_the_partys_where_the_document_leaves_it_open() -> None:
    text = "Statement of account\nDate,Reference,Amount,Balance\n03/04/2026,INV-1,10.00,10.00\n"
    text += "05/06/2026,INV-2,5.00,15.00\n"
    for order, days in (("DMY", ["2026-04-03", "2026-06-05"]), ("MDY", ["2026-03-04", "2026-05-06"])):
        [document] = parse(text.encode(), "x.csv", profile=Profile(date_order=order))
        assert [str(line.date) for line in document.lines] == days
        assert not any(line.doubts for line in document.lines)


def test_a_day_that_only_one_order_allows_overrules_the_profile() -> None:
    text = "Statement of account\nDate,Reference,Amount,Balance\n25/04/2026,INV-1,10.00,10.00\n"
    text += "26/04/2026,INV-2,5.00,15.00\n"
    [document] = parse(text.encode(), "x.csv", profile=Profile(date_order="MDY"))
    assert [str(line.date) for line in document.lines] == ["2026-04-25", "2026-04-26"]


def test_a_document_that_counts_the_other_way_round_is_turned() -> None:
    text = "Statement of account\nDate,Reference,Amount\n2026-04-25,INV-1,10.00\n2026-04-26,INV-2,5.00\n"
    [document] = parse(text.encode(), "x.csv", profile=Profile(sign="turned"))
    assert [str(line.amount) for line in document.lines] == ["-10.00", "-5.00"]
    assert document.trust is not Trust.PROVEN


def test_the_issuer_is_who_the_clerk_says() -> None:
    [document] = parse(OCTOBER.encode(), "oct.csv", profile=Profile(columns=COLUMNS, issuer="Nordwind Handels GmbH"))
    assert document.issuer.name == "Nordwind Handels GmbH"


@pytest.mark.parametrize(
    "told", [{"colums": {}}, {"columns": {"A": "money"}}, {"date_order": "YDM"}, {"sign": "minus"}, {"issuer": " "}]
)
def test_a_profile_that_says_nothing_known_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ProfileError):
        Profile.from_mapping(told)
