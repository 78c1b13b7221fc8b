"""Text that declares nothing is decoded as it was written."""

from __future__ import annotations

import pytest

from parsers.errors import Unreadable
from parsers.formats import encodings

CHINESE = "日期,单据编号,摘要,金额,余额\n2026/09/02,FP00008140,不锈钢螺栓 M8×40,38623.91,38623.91\n" * 3
TRADITIONAL = "日期,單據編號,摘要,金額,餘額\n2026/09/02,FP00008140,台灣積體電路,38623.91,38623.91\n" * 3
JAPANESE = "日付,伝票番号,摘要,金額,残高\n2026/09/02,FP00008140,株式会社サンプル,38623.91,38623.91\n" * 3
GERMAN = "Datum;Beleg;Text;Betrag\n02.09.2026;RE-1;Überweisung Größe;1.234,56\n03.09.2026;RE-2;Müller & Söhne;5,00\n"
FRENCH = "Date;Référence;Libellé;Débit\n02/09/2026;F-1;Réglé à échéance;1 234,56\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *[(CHINESE, name) for name in ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be")],
        *[(TRADITIONAL, name) for name in ("big5", "utf-8", "utf-16-be")],
        *[(JAPANESE, name) for name in ("cp932", "utf-8")],
        *[(GERMAN, name) for name in ("cp1252", "latin-1", "utf-8", "utf-16")],
        *[(FRENCH, name) for name in ("cp1252", "utf-8")],
    ],
)
def test_text_comes_back_exactly_from_every_encoding_that_occurs(text: str, encoding: str) -> None:
    assert encodings.decode(text.encode(encoding)) == text


def test_a_statement_of_one_row_is_enough_to_know_gb18030() -> None:
    text = "日期,金额\n2026-09-02,1.00\n"
    assert encodings.decode(text.encode("gb18030")) == text


def test_yen_signs_and_true_minuses_do_not_make_chinese_look_latin() -> None:
    text = "金额\n" + "¥36,994.86  −¥3,699.49\n" * 40
    assert encodings.decode(text.encode("gb18030")) == text


def test_gb2312_that_is_declared_is_read_as_its_superset() -> None:
    text = "㛃镕有限公司"  # a character that GB2312 has not
    assert encodings.decode(text.encode("gb18030"), declared="gb2312") == text


def test_one_torn_character_does_not_lose_the_file() -> None:
    raw = CHINESE.encode("gb18030") + b"\xff\xff\n"
    assert encodings.decode(raw).startswith("日期,单据编号")


def test_binary_is_refused_instead_of_shown_as_signs() -> None:
    with pytest.raises(Unreadable, match="binary"):
        encodings.decode(bytes(range(256)) * 4)
