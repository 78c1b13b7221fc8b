"""Bytes of a mail to text, whatever charset was declared, declared wrongly, or not at all.

``decode`` never raises. It believes the declared charset unless the bytes themselves speak against it: valid UTF-8 with
non-ASCII characters is UTF-8 whatever the label says; double bytes under a Western label are GBK.
"""

from __future__ import annotations

import codecs
import re

# GB2312 and GBK are subsets of GB18030, and Chinese programs write characters of the larger set under the smaller
# name (field guide "mail"); ISO-8859-1 and US-ASCII are written by programs that mean Windows-1252 (WHATWG encoding).
_MEANT = {
    "gb2312": "gb18030", "gb_2312-80": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "chinese": "gb18030", "hz-gb-2312": "hz", "csgb2312": "gb18030", "euc-cn": "gb18030", "gb": "gb18030",
    "big5": "big5hkscs", "x-x-big5": "big5hkscs", "big5-hkscs": "big5hkscs", "cn-big5": "big5hkscs",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "ksc5601": "cp949", "korean": "cp949",
    "iso-8859-8-i": "iso-8859-8", "iso-8859-8-e": "iso-8859-8", "iso-8859-6-i": "iso-8859-6",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "iso_8859-1": "cp1252", "iso8859-1": "cp1252", "latin-1": "cp1252",
    "us-ascii": "cp1252", "ascii": "cp1252", "ansi_x3.4-1968": "cp1252", "iso-8859-9": "cp1254",
    "x-sjis": "cp932", "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "windows-31j": "cp932",
    "utf8": "utf-8", "unicode-1-1-utf-7": "utf-7", "unicode-1-1-utf-8": "utf-8", "utf8mb4": "utf-8",
    "macintosh": "mac-roman", "x-mac-roman": "mac-roman", "iso-10646": "utf-16", "unicode": "utf-16",
    "x-mac-cyrillic": "mac-cyrillic", "win-1251": "cp1251", "x-unknown": "", "unknown-8bit": "", "default": "",
    "default_charset": "", "_iso-2022-jp$esc": "iso-2022-jp",
}  # fmt: skip
# Codecs of Python that no mail means; some of them take quadratic time.
_NOT_CHARSETS = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"})
_MULTIBYTE = frozenset("gb18030 big5hkscs cp949 cp932 euc_jp iso2022_jp hz utf-8 utf-7 utf-16 utf-32".split())
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_HANZI = re.compile(rb"(?:[\xb0-\xf7][\xa1-\xfe])+")  # the ideographs of GB2312, levels 1 and 2
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_LOOKED_AT = 20_000  # bytes that guesses are made from


def known(name: str) -> str | None:
    """The codec that ``name`` means, ``None`` when there is none."""
    cleaned = name.strip().strip("\"'").lower()
    cleaned = _MEANT.get(cleaned, cleaned)
    if not cleaned or len(cleaned) > 60 or not cleaned.isascii():
        return None
    try:
        found = codecs.lookup(cleaned)
    except (LookupError, ValueError):
        return None
    text_codec = getattr(found, "_is_text_encoding", True)
    if not text_codec or found.name.replace("_", "-") in _NOT_CHARSETS:
        return None
    return found.name


def decode(raw: bytes, declared: str | None) -> tuple[str, str | None]:
    """The text, and a warning when the declared charset was not what the bytes are."""
    if not raw:
        return "", None
    if raw.isascii() and not declared:
        return raw.decode("ascii"), None
    codec = known(declared) if declared else None
    if codec is None:
        complaint = f"unknown charset {declared[:40]!r}" if declared else None
        text, guess = guessed(raw)
        if complaint is None and not raw.isascii():
            complaint = "no charset declared"
        return text, complaint and f"{complaint}, read as {guess}"
    # a byte-order mark outranks the label
    if raw.startswith(codecs.BOM_UTF8):
        return raw[3:].decode("utf-8", "replace"), None
    wide_codec = codec in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7")
    if raw.isascii() and not wide_codec and codec not in ("hz", "iso2022_jp", "iso2022_kr"):
        return raw.decode("ascii"), None
    if wide_codec and codec.startswith("utf-16") and b"\0" not in raw[:200]:
        text, guess = guessed(raw)  # Outlook forwards sometimes label ASCII as "unicode"
        return text, f"the text is not {declared}, read as {guess}"
    if codec not in _MULTIBYTE and not raw.isascii():
        better = _plainly(raw)
        if better is not None and better != codec:
            return raw.decode(better, "replace"), f"declared {declared}, read as {better}"
    try:
        return raw.decode(codec), None
    except (UnicodeDecodeError, ValueError):
        pass
    better = _plainly(raw)
    if better is not None and better != codec:
        return raw.decode(better, "replace"), f"declared {declared}, read as {better}"
    try:
        return raw.decode(codec, "replace"), f"some bytes are no {declared}"
    except (UnicodeDecodeError, ValueError):
        text, guess = guessed(raw)
        return text, f"the text is not {declared}, read as {guess}"


def guessed(raw: bytes) -> tuple[str, str]:
    """The text of bytes whose charset nobody told, and the charset that was taken."""
    if raw.startswith(codecs.BOM_UTF8):
        return raw[3:].decode("utf-8", "replace"), "utf-8"
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace"), "utf-16"
    codec = _plainly(raw) or "cp1252"
    return raw.decode(codec, "replace"), codec


def _plainly(raw: bytes) -> str | None:
    """``utf-8`` or ``gb18030`` when the bytes can hardly be anything else."""
    if raw.isascii():
        return None
    try:
        raw.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        # a text cut in the middle of a character, or with one broken character, is UTF-8 all the same
        if error.start >= len(raw) - 3 and not raw[: error.start].isascii():
            return "utf-8"
    head = raw[:_LOOKED_AT]
    runs = _HIGH_RUN.findall(head)
    total = sum(map(len, runs))
    text = head.decode("utf-8", "ignore")
    if total and sum(len(c.encode()) for c in text if ord(c) > 127) >= 0.9 * total:
        return "utf-8"
    pairs = _PAIR.findall(head)
    hanzi = sum(map(len, _HANZI.findall(head))) // 2
    full = sum(pair[1] >= 0xA1 for pair in pairs)
    # Western text has its high bytes before ASCII letters, Cyrillic has runs of odd length, which no GBK text has
    if len(pairs) >= 2 and full >= 0.8 * len(pairs) and hanzi >= 0.6 * len(pairs):
        try:
            raw.decode("gb18030")
        except UnicodeDecodeError as error:
            return "gb18030" if error.start > 0.9 * len(raw) else None
        return "gb18030"
    return None
