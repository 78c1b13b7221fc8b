"""Header blocks that mail programs write above the mail they quote: ``From: … Sent: … To: … Subject: …`` in any language.

Evidence, never shape (field guide "replies", 6): three labels, or two with an address or a date among their values.
English labels with Chinese values, and the reverse, stand in one block: each label counts for itself.
"""

# ruff: noqa: E501 (a pattern or word list is read in one piece)
from __future__ import annotations

import re
from collections.abc import Sequence

MAX_BLOCK_LINES = 14

_FROM = (
    "from,von,de,da,van,fra,från,fran,od,od:,от,от кого,відправник,від,lähettäjä,feladó,nadawca,gönderen,kimden,absender,"
    "expéditeur,mittente,remitente,remetente,afzender,afsender,avsändare,发件人,寄件者,寄件人,从,從,发送人,发信人,發件人,"
    "差出人,보낸사람,보낸이,送信者,from/发件人,người gửi,kepada,dari,odesílatel"
)
_SENT = (
    "sent,date,message du,message from,sent time,send time,date sent,sent on,sent at,gesendet,gesendet am,datum,envoyé,envoyé le,date d'envoi,"
    "enviado,enviado el,enviado em,enviada em,fecha,fecha de envío,data,data/hora,inviato,inviata,data invio,verzonden,"
    "sendt,dato,skickat,lähetetty,päivämäärä,päiväys,wysłano,wysłane,data wysłania,дата,отправлено,дата отправки,"
    "відправлено,надіслано,elküldve,dátum,发送时间,发送日期,发件时间,发件日期,发信时间,日期,寄件日期,时间,時間,傳送時間,發送時間,送信日時,日付,"
    "보낸날짜,날짜,tarih,gönderildi,gönderme tarihi,odesláno,datum a čas,ngày,已发送,sent date,timestamp"
)
_TO = (
    "to,an,à,a,para,aan,til,till,do,кому,до,vastaanottaja,címzett,kime,alıcı,empfänger,destinataire,destinataires,"
    "destinatario,destinatário,收件人,收件者,至,宛先,받는사람,받는이,komu,收信人,到,đến,receiver,ontvanger,modtager,odbiorca"
)
_COPY = (
    "cc,bcc,ccn,cci,kopie,kopie an,copie,copie à,copy,cópia,copia,抄送,抄送人,副本,密送,kopia,kopi,dw,do wiadomości,"
    "копия,копія,másolat,참조,bilgi,kopio,cópia oculta"
)
_SUBJECT = (
    "subject,betreff,objet,sujet,asunto,assunto,oggetto,onderwerp,emne,ämne,aihe,temat,тема,主题,主题词,主旨,主題,件名,"
    "제목,tárgy,konu,标题,標題,předmět,predmet,tiêu đề,subj,re"
)
_FURTHER = (
    "reply-to,reply to,antwort an,répondre à,responder a,importance,wichtigkeit,priorität,priority,attachments,attachment,"
    "anlagen,anhang,pièces jointes,adjuntos,allegati,附件,重要性,优先级,回复,organisation,organization,sender,"
    "mailing list,categories,kategorien,sensitivity,回复地址"
)
FROM, SENT, TO, SUBJECT, COPY, FURTHER = 1, 2, 4, 8, 16, 32
_STRONG = FROM | SENT | TO | SUBJECT
_KINDS: dict[str, int] = {}
for _kind, _words in (
    (FROM, _FROM),
    (SENT, _SENT),
    (TO, _TO),
    (COPY, _COPY),
    (SUBJECT, _SUBJECT),
    (FURTHER, _FURTHER),
):
    for _word in _words.split(","):
        _KINDS.setdefault(_word.replace(" ", ""), _kind)

_LONGEST_LABEL = 32  # characters, with the marks behind it
_DOMAIN = re.compile(r"[\w-]{1,63}\.")
_BEFORE_AT = frozenset("_.+%-")
_OTHER_ADDRESS = re.compile(r"\[mailto:|<[^<>]{0,80}@|\[at\]", re.IGNORECASE)
_DATE = re.compile(
    r"\d{1,4}[-/.年]\s?\d{1,2}[-/.月]|\d{1,2}:\d\d|\b\d{1,2}(?:st|nd|rd|th|\.)?,? (?:de )?[A-Za-zéûôäąćęłśżź]{3,12}\.?,? (?:de )?\d{2,4}"
    r"|[A-Za-zé]{3,12}\.?[ -]\d{1,2}(?:st|nd|rd|th)?(?:, ?|-| )\d{2,4}"
)
_DATE_LABELS = {"sent", "date", "gesendet", "envoyé", "enviado", "datum", "发送时间", "发送日期", "日期", "寄件日期"}
_IN_ONE_LINE = re.compile(
    r"\b(?:sent|date|to|cc|subject|gesendet|an|betreff|envoyé|à|objet|enviado|para|asunto|datum)\*? ?:"
    r"|(?:发送时间|发送日期|收件人|主题|抄送|日期|寄件日期|收件者|主旨)\*? ?:",
    re.IGNORECASE,
)


def label(line: str) -> tuple[int, str] | None:
    """(kind, value) when a folded line begins with a header label: ``From: x``, ``*From:* x``, ``| From | x |``."""
    head = line.lstrip(" >|*_")
    end = head.find(":", 0, _LONGEST_LABEL)
    if end < 0 or "|" in head:
        bar = head.find("|", 0, _LONGEST_LABEL)
        if end < 0 or 0 < bar < end:
            end = bar
        if end < 0:
            return None
    kind = _KINDS.get(head[:end].rstrip(" *_").replace(" ", "").lower())
    return (kind, head[end + 1 :].lstrip(" *_")) if kind is not None else None


def has_address(text: str) -> bool:
    """A mail address, also a hidden one: ``name@place.example``, ``<name@place>``, ``[mailto:…]``."""
    at = text.find("@")
    while at > 0:
        if (text[at - 1].isalnum() or text[at - 1] in _BEFORE_AT) and _DOMAIN.match(text, at + 1):
            return True
        at = text.find("@", at + 1)
    return ("[" in text or ("<" in text and "@" in text)) and _OTHER_ADDRESS.search(text) is not None


def has_date(text: str) -> bool:
    return _DATE.search(text) is not None


def block_end(lines: Sequence[str], start: int) -> int | None:
    """Where the header block that begins at ``start`` ends (exclusive); None when none begins there.

    ``lines`` are folded. Values may wrap; a blank line ends the block once it has its evidence.
    """
    first = label(lines[start])
    if first is None or first[0] in (COPY, FURTHER):
        return None
    kinds = 0
    addressed = dated = False
    end = place = start
    stop = min(len(lines), start + MAX_BLOCK_LINES)
    wrapped = 0
    while place < stop:
        line = lines[place]
        found = label(line)
        if found is not None:
            kind, value = found
            if kind & kinds & (FROM | SUBJECT):
                break  # the next block
            wrapped = 0
            kinds |= kind
            addressed = addressed or has_address(value)
            dated = dated or (kind == SENT and has_date(value))
            place += 1
            end = place
        elif not line.strip(" *_|>"):
            # some programs write an empty line between the labels: go on only when a label follows at once
            following = label(lines[place + 1]) if place + 1 < len(lines) else None
            if following is None or following[0] & kinds or _whole(kinds, addressed, dated):
                break
            place += 1
        else:
            wrapped += 1
            if not kinds or wrapped > 4 or not _continues(line, lines[place - 1]):
                break
            addressed = addressed or has_address(line)
            place += 1
            end = place
    if _whole(kinds, addressed, dated):
        return end
    return start + 1 if _one_line(lines[start]) else None


def _whole(kinds: int, addressed: bool, dated: bool) -> bool:
    """Three labels, or two with an address or a date; ``Date:`` with ``Subject:`` alone could be anybody's list."""
    strong = kinds & _STRONG
    if not strong & (FROM | SENT):
        return False
    if strong.bit_count() >= 3:
        return addressed or dated or strong == _STRONG or strong & (FROM | SENT) == FROM | SENT
    return strong.bit_count() == 2 and (addressed or dated) and strong != SENT | SUBJECT


def _continues(line: str, before: str) -> bool:
    """Whether ``line`` is the rest of a wrapped value."""
    stripped = line.strip()
    if line[:1] in (" ", "\t") or before.rstrip().endswith((",", ";", "<", "[", "mailto:", "[mailto:")):
        return True
    return has_address(stripped) and len(stripped) < 200 and not stripped.endswith((".", "!", "?", "。"))


def _one_line(line: str) -> bool:
    """All labels in one line, as relays and table cells make them: ``From: x Sent: y To: z Subject: w``."""
    found = label(line)
    if found is None or not found[0] & (FROM | SENT):
        return False
    others = {hit.group(0).strip(" *:").lower() for hit in _IN_ONE_LINE.finditer(line)}
    if len(others) == 1:
        return has_address(line) and has_date(line) and not others.isdisjoint(_DATE_LABELS)
    return len(others) >= 2 and (has_address(line) or has_date(line))
