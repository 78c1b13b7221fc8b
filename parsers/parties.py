"""Who issued the document and to whom: labels first, then the letterhead, the addressee, the seal.

In a statement the issuer is who draws it up (letterhead, ``供方``, seal), in a remittance advice who pays.
"""

from __future__ import annotations

import re
import unicodedata

from parsers import dates
from parsers.currencies import CODES
from parsers.documents import Kind, Party
from parsers.fields import Fields, Found
from parsers.lines import Segment, TextLine, segments
from parsers.wording import folded
from parsers.wording.composed import mark
from parsers.wording.labels import Field, labels_in
from parsers.wording.names import BY, FOR, LEGAL, NOT_NAME, TAIL, TITLED
from parsers.wording.titles import kinds_in


def parties(fields: Fields, lines: list[TextLine], kind: Kind, table_top: int) -> tuple[Party, Party]:
    """Issuer and recipient. ``lines`` are those outside tables; ``table_top`` is how many of them stand above it."""
    labelled = {
        f: _names(fields, f) for f in (Field.FROM, Field.TO, Field.SELLER, Field.BUYER, Field.PAYER, Field.PAYEE)
    }
    paying = kind in (Kind.REMITTANCE_ADVICE, Kind.BANK_NOTICE)
    _tell_apart(labelled, fields, table_top)
    if paying:
        issuer = _pick(labelled, Field.PAYER, Field.FROM, Field.BUYER)
        recipient = _pick(labelled, Field.PAYEE, Field.TO, Field.SELLER)
    else:
        issuer = _pick(labelled, Field.FROM, Field.SELLER, Field.PAYEE)
        recipient = _pick(labelled, Field.TO, Field.BUYER, Field.PAYER)
    written_for, written_by = _from_titles(lines[:table_top])
    head = _letterhead(lines, table_top, {n for names in labelled.values() for n in names})
    if recipient is None:
        recipient = written_for if written_for != issuer else None
    if not paying and labelled[Field.SELLER] and not labelled[Field.FROM]:
        seller = labelled[Field.SELLER][0]
        if recipient is None and head is not None and head != seller:
            issuer, recipient = head, seller  # a customer's paper about its account with the supplier named there
    if paying and issuer is None and recipient is None and labelled[Field.BUYER]:
        issuer = labelled[Field.BUYER][0]
    if issuer is None or issuer == recipient:
        for name in (written_by, head, *_seals(lines), *_pool(labelled)):
            if name is not None and not _same(name, recipient):
                issuer = _in_full(name, [*_pool(labelled), *_seals(lines), *_first_words(lines[:table_top])])
                break
        else:
            issuer = None if _same(issuer, recipient) else issuer
    if recipient is None:
        others = [n for n in _pool(labelled) if not _same(n, issuer)]
        recipient = others[0] if others else _addressee(lines[:table_top], issuer)
    return _party(issuer, fields, lines, own=True), _party(recipient, fields, lines, own=False)


def _tell_apart(labelled: dict[Field, list[str]], fields: Fields, table_top: int) -> None:
    """Labels that say who is meant only beside others: ``To:`` on the slip under a statement is who gets the payment;
    ``单位名称`` beside ``往来单位`` is the unit that keeps the books."""
    partners = {f.words for f in fields.all(Field.TO)} & {"往来单位", "往来单位名称", "对方单位", "对方单位名称"}
    for found in fields.all(Field.TO):
        name = clean_name(found.value)
        if name not in labelled[Field.TO]:
            continue
        owner = found.words == "单位名称" and partners
        slip = found.order >= table_top and (labelled[Field.BUYER] or len(labelled[Field.TO]) > 1)
        if owner or slip:
            labelled[Field.TO].remove(name)
            labelled[Field.FROM if owner else Field.PAYEE].append(name)


def _pick(labelled: dict[Field, list[str]], *order: Field) -> str | None:
    return next((labelled[f][0] for f in order if labelled[f]), None)


def _pool(labelled: dict[Field, list[str]]) -> list[str]:
    return [n for names in labelled.values() for n in names]


def _in_full(name: str, others: list[str]) -> str:
    """The company's full name where the head shows only its mark (``pebblebrook``)."""
    if LEGAL.search(name.rpartition(" ")[2]):
        return name
    return next((o for o in others if LEGAL.search(o) and folded(o).startswith(folded(name) + " ")), name)


def _same(a: str | None, b: str | None) -> bool:
    return a is not None and b is not None and folded(a) == folded(b)


def _names(fields: Fields, wanted: Field) -> list[str]:
    names: list[str] = []
    for found in sorted(fields.all(wanted), key=lambda f: f.order):
        name = clean_name(found.value)
        if name is not None and _usable(found, name) and name not in names:
            names.append(name)
    names.sort(key=lambda n: LEGAL.search(n) is None)
    return names


def _usable(found: Found, name: str) -> bool:
    if found.words in ("de", "du", "a", "单位") and not found.colon:
        return found.words in ("de", "a") and LEGAL.search(name) is not None
    if NOT_NAME.search(name) and not LEGAL.search(name):
        return False  # "Remit To: PO Box 992"
    return not re.fullmatch(r"[\W\d_]*", name) and not kinds_in(name)


# What stands behind a dash after a company's name: its tax number, its post box, street and town
_ADDRESS = re.compile(
    r"^(.{3,60}?)\s+[-–—·•|]\s+(?:(?:c\.?i\.?f|n\.?i\.?f|vat|ust|siret|siren|tax|abn|postfach|p\.? ?o\.? box|b\.?p)\b.*"
    r"|.*\d.*\s[-–—·•|]\s.*)$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[\u4e00-\u9fff][,，。“”][\u4e00-\u9fff“”]")
_CJK_SPACE = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff])(?=(?:[\u4e00-\u9fff](?: |$))+$|[\u4e00-\u9fff] )")
_CHINESE_COMPANY = re.compile(r"[\u4e00-\u9fff()]{1,3} [\u4e00-\u9fff()]{3,30}公司")  # a letter-space, no gap
_SALUTATION = re.compile(r"^(?:dear|estimad[oa]s?|chers?|chère|guten tag|hello|hi)\s+(?=\S)", re.IGNORECASE)
_CHINESE_NAME = re.compile(r"[\u4e00-\u9fff（）()·]{2,30}(?:公司|集团|厂|商行|中心)\s+")


def clean_name(text: str) -> str | None:
    """A company's name out of a value: without seal, address, telephone, date behind it; None if it is no name."""
    text = unicodedata.normalize("NFKC", text).strip(" :：,，;；。|-—_*")
    text = TAIL.sub("", text).strip(" :：,，;；。|-—_")
    text = _CJK_SPACE.sub("", text)
    if _CHINESE_COMPANY.fullmatch(text):
        text = text.replace(" ", "")
    head, colon, behind_colon = text.partition(":")
    if colon and len(head) <= 20 and not any(c.isdigit() for c in head) and LEGAL.search(behind_colon):
        text = behind_colon.strip()  # a label that no list knows
    chinese = _CHINESE_NAME.match(text)
    if chinese and (behind := labels_in(text[chinese.end() :].strip())) and behind[0].start == 0:
        text = chinese[0].strip()  # the next label stands close behind the name
    text = re.split(r"\s{3,}|\s+\|\s+|[;；]|\s·\s|\s•\s", text)[0].strip()
    code = re.match(r"^(?:[(（]\w{1,10}[)）]|[A-Z]{0,4}\d{2,10}\s*[-–—:/ ]|\d[\d.-]{2,14}\d\s)\s*(?=\D{3})", text)
    if code and any(c.isdigit() for c in code[0]):
        text = text[code.end() :].strip()
    text = re.sub(
        r"\s*[(（\[](?:[A-Z]{0,4}[- ]?\d[\w-]*|编[号码].*|code.*|no\.?.*)[)）\]]$", "", text, flags=re.I
    ).strip()
    comma = re.match(r"^(.*?\b(?:ltd|limited|inc|llc|plc|corp|gmbh|ag|pty ltd|bv|sarl|sas)\.?),\s+\d", text, re.I)
    if comma:
        text = comma[1]
    if (address := _ADDRESS.match(text)) and LEGAL.search(address[1]):
        text = address[1]
    text = _SALUTATION.sub("", text)
    if not 2 <= len(text) <= 80 or sum(c.isalpha() for c in text) < 2:
        return None
    if (
        re.fullmatch(r"[\d\W]+", text)
        or "@" in text
        or _SENTENCE.search(text)
        or text.upper() in CODES
        or dates.whole(re.sub(r"\s+,", ",", text)) is not None
    ):
        return None
    return text


def _from_titles(lines: list[TextLine]) -> tuple[str | None, str | None]:
    """Names inside a title: ``Customer statement for X as at …``, ``X公司与Y公司往来对账函``."""
    for line in lines:
        for piece in segments(line, 3.0):
            text = unicodedata.normalize("NFKC", piece.text).strip()
            found = FOR.search(text)
            if found:
                name = clean_name(found["to"])
                if (
                    name
                    and not re.match(r"(?:the |month|period|year|account\b)", name, re.I)
                    and not re.search(r"\d{4}", name)
                ):
                    return name, None
            by = BY.search(text)
            if by and (name := clean_name(by["by"])):
                return None, name
            if ":" in text:
                continue
            titled = TITLED.match(text.replace(" ", "") if not text.isascii() else text)
            if titled:
                return titled["other"], titled["name"]
    return None, None


_SENDER = re.compile(r"(?P<name>[^\d|·•–]{3,60}?)\s+[-–—·•|*]\s+\S.*\b\d{4,6}\b.*[^\W\d]{3}")
_LABELLED = re.compile(r"^[^:：]{2,24}[:：]\s+\S")


def _letterhead(lines: list[TextLine], table_top: int, taken: set[str]) -> str | None:
    """The name at the top: the first lines' piece that looks like a company, the biggest print first."""
    candidates: list[tuple[float, str]] = []
    first_page = lines[0].page if lines else 1
    height = max((line.bottom - line.top for line in lines[:table_top]), default=1.0)
    for n, line in enumerate(lines[: min(table_top, 14)]):
        if line.page != first_page:
            break
        for place, piece in enumerate(segments(line, 2.0)):
            text = _CJK_SPACE.sub("", unicodedata.normalize("NFKC", piece.text).strip(" -–—*·"))
            if labels_in(text) and (labels_in(text)[0].start == 0 or any(label.colon for label in labels_in(text))):
                continue
            if sender := _SENDER.match(text):  # the small line above the window of an envelope: who, street, town
                if LEGAL.search(sender["name"]) and sender["name"] not in taken:
                    candidates.append((4.0 - 0.5 * n, sender["name"]))
                continue
            if kinds_in(text) or mark(text) or not _plausible(text) or _SALUTATION.match(text) or text.endswith(":"):
                continue
            name = clean_name(text)
            if name is None or name in taken or _LABELLED.search(name):
                continue
            size = 0.0 if line.cells else (line.bottom - line.top) / height
            score = 1.2 * (LEGAL.search(name) is not None) + 3.0 * size - 0.5 * n + (0.6 if n == 0 else 0.0)
            score += 0.5 * _imprinted(lines[n + 1 : n + 5], piece)
            score += 0.05 * place  # beside each other: the addressee left, in the envelope's window, the sender right
            candidates.append((score, name))
    return max(candidates, key=lambda c: c[0])[1] if candidates else None


_IMPRINT = re.compile(
    r"\b(?:siret|siren|rcs|tva|vat|abn|ust|steuernr|cif|nif|p\.? ?iva|kvk|tel|phone|fax|www)\b|@|税号|电话",
    re.IGNORECASE,
)


def _imprinted(below: list[TextLine], name: Segment) -> bool:
    """Whether a name's block has what a sender prints below its own: tax number, telephone, web site."""
    return any(
        piece.x1 > name.x0 and piece.x0 < name.x1 and _IMPRINT.search(piece.text)
        for line in below
        if not line.cells
        for piece in segments(line, 2.0)
    )


def _plausible(text: str) -> bool:
    if NOT_NAME.search(text) and not re.search(r"有限公司$|\b(?:Ltd|Inc|LLC|GmbH|plc)\.?$", text):
        return False
    letters = sum(c.isalpha() for c in text)
    return letters >= 3 and letters >= 0.5 * len(text.replace(" ", "")) and len(text.split()) <= 9


def _seals(lines: list[TextLine]) -> list[str]:
    """Names at the foot (``单位盖章：…``, a signature in a letter)."""
    names = []
    for line in reversed(lines[-12:]):
        for piece in segments(line, 2.0):
            name = clean_name(piece.text)
            if name and LEGAL.search(name) and _plausible(name) and not labels_in(piece.text) and len(name) < 50:
                names.append(name)
    return names


def _first_words(lines: list[TextLine]) -> list[str]:
    """What stands before the first comma of the first lines: a company's name before its address."""
    heads = [clean_name(line.text.partition(",")[0]) for line in lines[:6] if "," in line.text]
    return [name for name in heads if name is not None and len(name.split()) <= 8]


def _addressee(lines: list[TextLine], issuer: str | None) -> str | None:
    for line in lines[:14]:
        for piece in segments(line, 2.0):
            name = clean_name(piece.text)
            text = unicodedata.normalize("NFKC", piece.text).strip()
            if labels_in(text) and labels_in(text)[0].start == 0:
                continue
            if name and LEGAL.search(name) and _plausible(name) and not kinds_in(name) and not _same(name, issuer):
                return name
    return None


_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def _party(name: str | None, fields: Fields, lines: list[TextLine], own: bool) -> Party:
    party = Party(name=name)
    tax = fields.all(Field.TAX_ID)
    mails = [m.group() for line in lines for m in _EMAIL.finditer(line.text)]
    if own:
        party.tax_id = tax[0].value.split("  ")[0] if tax else None
        party.email = mails[0] if mails else None
    else:
        party.tax_id = tax[1].value if len(tax) > 1 else None
        party.email = mails[1] if len(mails) > 1 else None
        account = fields.first(Field.ACCOUNT_NO)
        party.account_no = account.split("  ")[0] if account and len(account) <= 40 else None
    return party
