"""The header fields of received mail: raw lines to text, ids, addresses' raw material, parameters and dates.

Written for hostile bytes: every function is linear, never raises, and reads at most the caps named here. The standard
library's modern header parser is quadratic and raises on real mail (field guide "safety", 4.1), so it is not used.
"""

from __future__ import annotations

import binascii
import datetime as dt
import re
from email.utils import parsedate_tz
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from mailflow.correspondence.charsets import decode, guessed

MAX_HEADER_BLOCK = 256 * 1024  # bytes read as headers; Postfix and our mail guide stop at 100 KiB, long To lists exist
MAX_HEADER = 64 * 1024  # bytes of one field that are read; all readers here are linear
MAX_HEADERS = 2_000
MAX_IDS = 50  # of References; the first and the last ones are kept

_FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_UNFOLD = re.compile(rb"[ \t]*\r?[\r\n][ \t]*")
_WORD = re.compile(r"=\?([^?\s=]{1,60})\?([bBqQ])\?([^?]{0,60000})\?=")
_WORD_GAP = re.compile(r"(\?=)[ \t\r\n]{1,200}(?==\?)")
_ID = re.compile(r"<([^<>\s]{1,998})>")
_BARE_ID = re.compile(r"[^\s<>,;\"]{1,400}@[^\s<>,;\"]{1,400}")
_ISO_DATE = re.compile(
    r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[T ]{1,3}(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d{1,9})?\s?(Z|[+-]\d\d:?\d\d)?"
)
_COMMENT = re.compile(r"\([^()]{0,200}\)")


def field_lines(block: bytes) -> tuple[list[tuple[str, bytes]], list[str]]:
    """(lower-case name, raw unfolded value) in order, and warnings. ``block`` is what stands before the body."""
    warnings: list[str] = []
    if len(block) > MAX_HEADER_BLOCK:
        warnings.append(f"only the first {MAX_HEADER_BLOCK} bytes of the headers are read (MAX_HEADER_BLOCK)")
        block = block[:MAX_HEADER_BLOCK]
    fields: list[tuple[str, list[bytes]]] = []
    strange = 0
    for line in block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t"):
            if fields:
                fields[-1][1].append(line.strip(b" \t"))
            continue
        found = _FIELD.match(line)
        if found is None:
            if line.startswith((b"From ", b">From ")) or not line:  # an mbox separator
                continue
            strange += 1
            if fields:  # a folded line that lost its blank
                fields[-1][1].append(line)
            continue
        fields.append((found[1].decode("ascii").lower(), [line[found.end() :].strip(b" \t")]))
        if len(fields) >= MAX_HEADERS:
            warnings.append(f"more than {MAX_HEADERS} header fields (MAX_HEADERS)")
            break
    if strange:
        warnings.append("the headers hold lines that are no header fields")
    result = []
    for name, pieces in fields:
        value = b" ".join(pieces).strip()
        if len(value) > MAX_HEADER:
            warnings.append(f"header {name} is longer than {MAX_HEADER} bytes (MAX_HEADER)")
            value = (
                value[: MAX_HEADER // 2] + b" " + value[-MAX_HEADER // 2 :]
                if name == "references"
                else value[:MAX_HEADER]
            )
        result.append((name, value))
    return result, warnings


def plain(value: bytes) -> str:
    """Raw header bytes as text, encoded words still in place; raw 8-bit is guessed (UTF-8, GBK, Windows-1252)."""
    if value.isascii():
        text = value.decode("ascii")
    else:
        text = guessed(value)[0]
    return text.replace("\0", "")


def words(text: str) -> str:
    """Encoded words (RFC 2047) decoded, also where programs break its rules: inside quotes, unseparated, cut."""
    if "=?" not in text:
        return text
    text = _WORD_GAP.sub(r"\1", text)
    out: list[str] = []
    pending = b""
    charset = ""
    end = 0
    for found in _WORD.finditer(text):
        piece = _word_bytes(found[2], found[3])
        same = charset == found[1].lower() and found.start() == end
        if not same:
            if pending:
                out.append(decode(pending, charset)[0])
            out.append(text[end : found.start()])
            pending = b""
        charset = found[1].lower().partition("*")[0]  # a language may follow (RFC 2231, 5)
        pending += piece  # a character may be split between words of one charset
        end = found.end()
    if pending:
        out.append(decode(pending, charset)[0])
    out.append(text[end:])
    return "".join(out)


def _word_bytes(kind: str, data: str) -> bytes:
    raw = data.encode("utf-8", "replace")
    if kind in "qQ":
        return binascii.a2b_qp(raw.replace(b"_", b" "), header=False)
    return base64_bytes(raw)


def base64_bytes(raw: bytes) -> bytes:
    """Whatever of ``raw`` is Base64, decoded: foreign characters skipped, missing padding supplied."""
    cleaned = raw.translate(None, _NO_BASE64)
    out = []
    for piece in cleaned.split(b"="):
        if len(piece) % 4 == 1:
            piece = piece[:-1]
        if piece:
            out.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return b"".join(out)


_NO_BASE64 = bytes(
    code for code in range(256)
    if code not in b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
)  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u2028\u2029]|[\r\n\t]")


def unstructured(value: bytes) -> str:
    """Subject and the like: one line of text."""
    return _CONTROLS.sub(" ", words(plain(value))).strip()


def ids(value: str) -> list[str]:
    """Message ids in angle brackets, in order, each once; the first and the last :data:`MAX_IDS` in all."""
    found = [f"<{one}>" for one in _ID.findall(value)]
    if not found:
        found = [f"<{one}>" for one in _BARE_ID.findall(value[:2_000])]
    unique = list(dict.fromkeys(found))
    if len(unique) > MAX_IDS:
        half = MAX_IDS // 2
        unique = unique[:half] + unique[-half:]
    return unique


def moment(value: str) -> dt.datetime | None:
    """A Date header (RFC 5322, 3.3, and what else programs write) with its offset; no offset is UTC; or None."""
    text = words(value)[:200]
    try:
        parsed = parsedate_tz(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        parsed = None
    try:
        if parsed is not None and parsed[0] >= 1900:
            zone = dt.timezone(dt.timedelta(seconds=parsed[9] or 0))
            hour, minute, second = parsed[3], parsed[4], min(parsed[5], 59)  # :60 is a leap second
            return dt.datetime(parsed[0], parsed[1], parsed[2], hour, minute, second, tzinfo=zone)
    except (ValueError, OverflowError):
        pass
    found = _ISO_DATE.search(_COMMENT.sub(" ", text))
    if found is None:
        return None
    year, month, day, hour, minute = (int(part) for part in found.groups()[:5])
    zone = dt.UTC
    try:
        if found[7] and found[7] != "Z":
            sign = -1 if found[7][0] == "-" else 1
            zone = dt.timezone(sign * dt.timedelta(hours=int(found[7][1:3]), minutes=int(found[7][-2:])))
        return dt.datetime(year, month, day, hour, minute, min(int(found[6] or 0), 59), tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def parameters(value: str) -> tuple[str, dict[str, str]]:
    """``text/plain; charset=x`` to its first word in lower case and its parameters, RFC 2231 pieces joined and decoded.

    File names also come as encoded words inside quotes (Outlook, QQ) and as raw GBK: both are read.
    """
    main, found = _parameters(value)
    return main, dict(found)


@lru_cache(maxsize=256)  # most mails say the same
def _parameters(value: str) -> tuple[str, dict[str, str]]:
    pieces = _split(value)
    main = _COMMENT.sub("", pieces[0]).strip().strip('"').lower() if pieces else ""
    if " " in main:  # the semicolon before the first parameter is missing
        first, _, rest = pieces[0].strip().partition(" ")
        main, pieces = first.lower(), [first, rest, *pieces[1:]]
    plain_values: dict[str, str] = {}
    extended: dict[str, dict[int, tuple[str, bool]]] = {}
    for piece in pieces[1:200]:
        name, equals, text = piece.partition("=")
        name = name.strip().lower()
        if not equals or not name or len(name) > 60:
            continue
        text = _unquoted(text)
        root, star, rest = name.partition("*")
        if not star:
            plain_values.setdefault(root, text)
            continue
        number = rest.partition("*")[0]
        place = int(number) if number.isdecimal() and len(number) < 4 else 0
        whole = rest == "" or rest.endswith("*")
        extended.setdefault(root, {}).setdefault(place, (text, whole))
    result = {name: words(text) for name, text in plain_values.items()}
    for root, parts in extended.items():
        result[root] = _joined([parts[place] for place in sorted(parts)])
    return main, result


def _joined(parts: list[tuple[str, bool]]) -> str:
    """RFC 2231: ``charset'language'%E5%90%8D`` in pieces, each encoded or not."""
    first, encoded = parts[0]
    charset = ""
    if encoded and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    raw = b""
    for place, (text, is_encoded) in enumerate(parts):
        text = first if place == 0 else text
        raw += unquote_to_bytes(text) if is_encoded else text.encode("utf-8", "replace")
    return words(decode(raw, charset or None)[0])


def _split(value: str) -> list[str]:
    """At semicolons outside quotes."""
    if '"' not in value:
        return value.split(";")
    out, start, quoted, skip = [], 0, False, False
    for place, character in enumerate(value):
        if skip:
            skip = False
        elif quoted and character == "\\":
            skip = True
        elif character == '"':
            quoted = not quoted
        elif character == ";" and not quoted:
            out.append(value[start:place])
            start = place + 1
    out.append(value[start:])
    if quoted and len(out) == 1:  # the closing quote is missing
        return value.split(";")
    return out


_ESCAPED = re.compile(r'\\(["\\])')


def _unquoted(text: str) -> str:
    text = text.strip()
    if text.startswith('"'):
        end = text.rfind('"')
        inner = text[1:end] if end > 0 else text[1:]
        return _ESCAPED.sub(r"\1", inner)  # a lone backslash stays: programs write C:\path unescaped
    return text.strip()
