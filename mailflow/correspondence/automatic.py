"""Who wrote it: a person, or a machine? Decided before any meaning is read (field guides "replies" 9, "mail" 6).

Order: our own mail coming back, machine-readable reports, bounces by text, lists, automatic answers by header, by the
leading words of the subject, by the body. The harmful error is a machine read as a person who agrees; the other harmful
error is a payment advice from a customer's system thrown away as "automatic", so content is kept content.
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

from mailflow.correspondence.bounce_texts import text_bounces
from mailflow.correspondence.bounces import from_mail_system, report_bounces, status_blocks
from mailflow.correspondence.folding import fold
from mailflow.correspondence.html_text import lines_of
from mailflow.correspondence.mail_dates import MailDates
from mailflow.correspondence.message import Automatic, AutomaticVerdict, Bounce, Message

MAX_LOOKED_AT = 4_000  # characters of the body

_LEADING_REPLY = r"^\s{0,5}"
_AWAY_SUBJECT = re.compile(
    _LEADING_REPLY
    + r"(?:\[?(?:out[ -]of[ -](?:the )?office|ooo|vacation|away|on (?:leave|vacation|holiday|annual leave)|absence|annual leave|holiday|i am (?:out|away)|i'm (?:out|away)|currently out)\b"
    r"|abwesenheit|automatische abwesenheit|abwesend|ich bin (?:bis|nicht|im urlaub|vom)|urlaub|absen(?:ce|t)\b|message d'absence|notification d'absence|en cong|fuera de (?:la )?oficina|ausencia|fuori (?:sede|ufficio)|afwezig|fravær|frånvaro|nieobecno|вне офиса|отсутств"
    r"|(?:假期|休假|外出|出差|请假|離職|离职|不在|春节|国庆)[^:：]{0,12}(?:自动|通知|回复|答复|回覆|中|$))",
    re.IGNORECASE,
)
_AUTO_SUBJECT = re.compile(
    _LEADING_REPLY
    + r"(?:auto(?:matic|matisch|mated|matique|mática|matica|matyczna)?e?[ _-]?(?:reply|response|respuesta|risposta|réponse|antwort|answer|acknowledg|message)|autoreply|auto:|autosvar|automatiskt? svar|automaattinen|automatisch(?:es)? antwoord|automatische (?:antwort|rückmeldung)"
    r"|réponse automatique|respuesta automática|resposta automática|risposta automatica|odpowiedź automatyczna|автоответ|автоматический ответ|自动(?:答复|回复|回覆)|自動(?:答覆|回覆|回复|返信|応答)|(?:系统)?自动(?:邮件|通知)|\[(?:自动回复|自动答复|auto-?reply)\]|回信:?自动|【自动回复】)",
    re.IGNORECASE,
)
_RECEIPT_SUBJECT = re.compile(
    _LEADING_REPLY
    + r"(?:read:|read receipt|return receipt|(?:message )?(?:opened|displayed|delivered):|gelesen:|lesebestätigung|empfangsbestätigung|lu ?:|confirmation de lecture|leído:|lida:|letto:|gelezen:|läst:|已读[:：]|已讀[:：]|已读回执|读取[:：]|已送达|送达回执|阅读回执|relayed:|delivery receipt|not read:|ungelesen gelöscht|未读)",
    re.IGNORECASE,
)
_ACK_SUBJECT = re.compile(
    r"^\s{0,5}(?:(?:re|aw|回复|答复)\s?[:：]\s?)?(?:\[?(?:ticket|case|request|anfrage|vorgang|incident|service request|工单|案件)\b[ #:\]-]|\[#?[a-z]{0,10}[ -]?#?\d{3,12}\]"
    r"|we(?:'ve| have) received|your (?:request|enquiry|inquiry|message|email|ticket) (?:has been|was) (?:received|created|opened|logged)|thank you for (?:contacting|your (?:e-?mail|message|enquiry|inquiry|request))|(?:request|ticket|case) (?:received|created|opened)|ihre anfrage|eingangsbestätigung|accusé de réception|您的(?:邮件|请求|来信|工单)|工单)",
    re.IGNORECASE,
)
_AWAY = re.compile(
    r"\bout of (?:the )?office\b|\bout of (?:the )?(?:country|town)\b|\bon (?:annual |sick |maternity |parental |paternity |a |my )?(?:leave|vacation|holidays?|business trip)\b|\b(?:away|absent) (?:from|until|till|on|for|this|between|at)\b|\bi(?:'m| am| will be)(?: currently| now)? (?:away|out|absent|travel|unavailable|not (?:in|at) (?:the|my))|\blimited access to (?:my )?e-?mail|\bno access to (?:my )?e-?mail|\bwill (?:be back|return)\b|\bback (?:in the office|on|at work)\b|\boffice (?:is|will be) closed\b|\bwe are closed\b|\bno longer (?:work|employed|with)|\bhas left the company|\bleft the company"
    r"|\babwesen|\bim urlaub\b|nicht im (?:büro|hause?)|außer haus|wieder (?:im büro|erreichbar|zurück|für sie da)|bin ich (?:wieder|zurück)|elternzeit|\bkrank|betriebsferien"
    r"|\babsente?s?\b|en cong|de retour|hors du bureau|en vacances|en déplacement|fuera de la oficina|de vacaciones|ausente|estaré de vuelta|in ferie|fuori ufficio|assente|afwezig|met vakantie|op vakantie"
    r"|休假|外出|出差|请假|年假|不在(?:办公室|公司|岗)|度假|假期(?:中|自动)?|放假|休息(?:中|至|到|日)|产假|病假|离岗|无法及时(?:回复|处理|查看)|不能及时(?:回复|处理)|返回(?:公司|岗位|工作|办公室)|回到(?:公司|岗位|办公室)|上班后|节后(?:回复|处理)|已离职|休暇|不在にして",
    re.IGNORECASE,
)
_ACK = re.compile(
    r"(?:we|i)(?:'ve| have)? (?:have )?received your (?:e-?mail|message|request|enquiry|inquiry|query)|your (?:e-?mail|message|request|enquiry|inquiry|ticket|case)(?: has been| was)? (?:received|logged|created|registered|assigned|forwarded)|thank you for (?:contacting|your (?:e-?mail|message|enquiry|inquiry))|(?:ticket|case|reference) (?:number|no\.?|id|#)|do not reply to this|this (?:is an|e-?mail (?:is|was|has been)|message (?:is|was|has been)) (?:an )?auto(?:matic|mated)|auto(?:matically|mated) (?:generated|response|reply)|this mailbox is not (?:monitored|attended)"
    r"|(?:haben|wir haben) ihre (?:nachricht|anfrage|e-?mail) erhalten|automatisch (?:generiert|erstellt|erzeugt)|nous avons bien reçu|message automatique|hemos recibido|mensaje automático"
    r"|(?:已|已经)(?:成功)?收到您的(?:邮件|来信|请求|信息)|您的(?:邮件|来信|请求|问题)(?:我们)?(?:已|已经)(?:成功)?(?:收到|受理|登记|提交)|感谢您的(?:来信|来邮|邮件)|(?:会|将)(?:尽快|在.{0,12}内)(?:回复|处理|与您联系)|自动(?:回复|答复|发送)(?:的)?(?:邮件)?|系统自动|请勿(?:直接)?回复|工单号|受理编号",
    re.IGNORECASE,
)
_QQ_HOLIDAY = re.compile(
    r"这是来自QQ邮箱的(?:假期)?自动回复邮件|这是一封自动回复(?:的)?邮件|此为自动回复|本邮件(?:为|是|由)系统自动|系统自动回复|^\s{0,5}自动回复[:：]"
)
_CHALLENGE = re.compile(
    r"(?:confirm|verify) (?:that )?you(?:'re| are) (?:a )?(?:human|real)|to (?:complete|finish) delivery of your|sender verification|anti-?spam (?:challenge|verification)|click .{0,40}to (?:deliver|release) your (?:message|e-?mail)",
    re.IGNORECASE,
)
_CONTENT_WORDS = re.compile(
    r"remittance|payment advice|payment notification|avis de paiement|zahlungsavis|avis\b|aviso de pago|vendor payment|payment (?:confirmation|details|summary|run)|付款通知|汇款通知|回单|付款明细|付款凭证|invoice|rechnung|statement|对账|账单|発票|发票",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"remittance|payment (?:advice|notification|confirmation|details|run)|avis de paiement|zahlungsavis|aviso de pago"
    r"|付款通知|汇款通知|付款明细|付款凭证|回单",
    re.IGNORECASE,
)
_PUBLIC_LIST_PRECEDENCE = ("bulk", "list", "junk")


def classify(
    message: Message, *, own_addresses: Collection[str] = (), own_marks: Collection[str] = ()
) -> AutomaticVerdict:
    """Machine or person, with the evidence. ``own_addresses`` are ours without a plus part, ``own_marks`` values of our
    X-Mailflow-Id or Message-ID that prove a mail to be our own. Never raises."""
    if _our_own(message, own_addresses, own_marks):
        return AutomaticVerdict(
            Automatic.AUTO_REPLY, "our own mail coming back", warnings=("our own mail came back (loop)",)
        )
    reported = _by_report(message)
    if reported is not None:
        return reported
    bounces, evidence = text_bounces(message)
    if bounces:
        return AutomaticVerdict(Automatic.BOUNCE, evidence, _first(bounces), tuple(bounces))
    body = _body(message)
    return _by_headers(message, body) or _by_words(message, body) or AutomaticVerdict(Automatic.NO)


def _our_own(message: Message, own_addresses: Collection[str], own_marks: Collection[str]) -> bool:
    """We are its author: our address as sender with our mark on it. A reply quotes marks, it does not carry them."""
    mark = message.header("x-mailflow-id")
    if own_marks and (message.message_id in own_marks or (mark and f"<{mark.strip().strip('<>')}>" in own_marks)):
        return True
    local, _, domain = message.sender.address.lower().rpartition("@")
    ours = f"{local.partition('+')[0]}@{domain}" in {address.lower() for address in own_addresses}
    return bool(mark) and (ours or not own_addresses)


def _by_report(message: Message) -> AutomaticVerdict | None:
    if status_blocks(message):
        bounces, others = report_bounces(message)
        if bounces:
            return AutomaticVerdict(Automatic.BOUNCE, "delivery status report", _first(bounces), tuple(bounces))
        if others:
            return AutomaticVerdict(Automatic.AUTO_REPLY, f"delivery receipt ({others[0]})")
    for kind, text in message.reports:
        if "feedback-report" in kind:
            warning = "the recipient's provider reports our mail as unwanted (feedback report)"
            return AutomaticVerdict(Automatic.AUTO_REPLY, "feedback report", warnings=(warning,))
        if "disposition-notification" in kind:
            how = "deleted unread" if "deleted" in text.lower() else "read receipt"
            return AutomaticVerdict(Automatic.AUTO_REPLY, how)
    kind = message.header("content-type") or ""
    if message.content_type == "multipart/report" and "disposition-notification" in kind:
        return AutomaticVerdict(Automatic.AUTO_REPLY, "read receipt")
    if message.content_type == "multipart/report" and "feedback-report" not in kind:
        bounces, evidence = text_bounces(message)
        if not bounces and from_mail_system(message):
            bounces = [Bounce()]
        if bounces:
            return AutomaticVerdict(Automatic.BOUNCE, evidence or "multipart/report", _first(bounces), tuple(bounces))
    return None


def _first(bounces: list[Bounce]) -> Bounce:
    """The one that matters most: what failed for good before what is delayed."""
    return next((bounce for bounce in bounces if bounce.permanent), bounces[0])


def _by_headers(message: Message, body: str) -> AutomaticVerdict | None:
    submitted = (message.header("auto-submitted") or "").split(";")[0].split("(")[0].strip().lower()
    precedence = (message.header("precedence") or "").strip().lower()
    listed = message.header("list-id") or message.header("list-post")
    away_subject = _AWAY_SUBJECT.match(message.subject) is not None
    evidence = ""
    if submitted and submitted != "no":
        evidence = f"Auto-Submitted: {submitted}"
    for name in ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autogenerated", "x-ooo", "x-vacation"):
        value = message.header(name)
        if value is not None and value.strip().lower() not in ("no", "false", "0"):
            evidence = evidence or f"{name}: {value.strip()[:40]}"
    if (message.header("x-apple-action") or "").strip().upper() == "RESPOND":
        evidence = evidence or "X-Apple-Action"
    if precedence in ("auto_reply", "auto-reply", "autoreply"):
        evidence = evidence or f"Precedence: {precedence}"
    if message.header("x-autoreply-from") or message.header("x-mail-autoreply"):
        evidence = evidence or "X-Autoreply-From"
    if evidence:
        if submitted.startswith("auto-generated") and _is_content(message, body) and not away_subject:
            return AutomaticVerdict(
                Automatic.NO, evidence, warnings=("written by a machine; read in full, never answered automatically",)
            )
        return _answer(message, body, evidence)
    if listed:
        return AutomaticVerdict(Automatic.MAILING_LIST, f"list {listed.strip()[:80]}")
    if precedence in _PUBLIC_LIST_PRECEDENCE:
        if away_subject or _AUTO_SUBJECT.match(message.subject):
            return _answer(message, body, f"Precedence: {precedence}")
        if _is_content(message, body):
            return AutomaticVerdict(
                Automatic.NO,
                f"Precedence: {precedence}",
                warnings=("written by a machine; read in full, never answered automatically",),
            )
        return AutomaticVerdict(Automatic.MAILING_LIST, f"Precedence: {precedence}")
    return None


def _is_content(message: Message, body: str) -> bool:
    """A payment advice or document that a system sends: its marks say "automatic", its content is the customer's."""
    if _AUTO_SUBJECT.match(message.subject) or _AWAY_SUBJECT.match(message.subject):
        return False
    if _ACK.search(body[:600]) and not message.attachments:
        return False
    about = _ADVICE.search(message.subject) is not None and not message.in_reply_to
    return about or (
        bool(message.attachments) and _CONTENT_WORDS.search(body[:1_500]) is not None and not _AWAY.search(body[:600])
    )


def _by_words(message: Message, body: str) -> AutomaticVerdict | None:
    subject = message.subject
    if _AUTO_SUBJECT.match(subject) or _AWAY_SUBJECT.match(subject):
        return _answer(message, body, f"subject: {subject[:80]}")
    if _RECEIPT_SUBJECT.match(subject) and len(body) < 1_500:
        return AutomaticVerdict(Automatic.AUTO_REPLY, f"receipt: {subject[:80]}")
    if _QQ_HOLIDAY.search(body[:400]):
        return _answer(message, body, "the body says that it is an automatic answer")
    path = message.header("return-path")
    null_path = path is not None and path.replace(" ", "") == "<>"
    if null_path:
        return _answer(message, body, "empty return path")
    if _CHALLENGE.search(body[:1_500]):
        return AutomaticVerdict(
            Automatic.AUTO_REPLY, "challenge", warnings=("the recipient's spam filter wants the sender confirmed",)
        )
    if _ACK_SUBJECT.match(subject) and _ACK.search(body[:800]) and not message.attachments:
        return AutomaticVerdict(Automatic.AUTO_REPLY, f"acknowledgement: {subject[:80]}")
    if _robot(message.sender.address) and _ACK.search(body[:800]) and not _is_content(message, body):
        return AutomaticVerdict(Automatic.AUTO_REPLY, f"acknowledgement from {message.sender.address}")
    return None


def _robot(address: str) -> bool:
    local = re.sub(r"[._-]", "", address.lower().rpartition("@")[0])
    return local.startswith(("noreply", "donotreply", "nepasrepondre", "autoreply", "autoresponder"))


def _answer(message: Message, body: str, evidence: str) -> AutomaticVerdict:
    """An automatic answer: an absence, or a mere receipt."""
    away = _AWAY.search(body[:MAX_LOOKED_AT]) is not None or _AWAY_SUBJECT.match(message.subject) is not None
    if not away:
        away = re.search(r"\bout of office\b|假期自动|休假|外出|出差", message.subject, re.IGNORECASE) is not None
    if not away:
        return AutomaticVerdict(Automatic.AUTO_REPLY, evidence)
    back = return_date(f"{message.subject}\n{body[:MAX_LOOKED_AT]}", message.date.date() if message.date else None)
    return AutomaticVerdict(Automatic.OUT_OF_OFFICE, evidence, return_date=back)


def _body(message: Message) -> str:
    if message.text.strip():
        return message.text[: 2 * MAX_LOOKED_AT]
    if message.html:
        return "\n".join(line.text for line in lines_of(message.html[: 40 * MAX_LOOKED_AT])[0])[: 2 * MAX_LOOKED_AT]
    return ""


_UNTIL = re.compile(
    r"until|till|through|back|return|to\b|bis\b|zurück|wieder|jusqu|retour|hasta|regres|de vuelta|fino|rientr|tot\b|terug|至|到|返回|回来|恢复|上班|结束|back on|-|–|~|after|ab\b|à partir|之后|后\b|from .{0,30} on"
)
_SINCE = re.compile(
    r"\b(?:from|since|as of|starting|ab|vom|von|seit|du|depuis|desde|dal|van|vanaf)\s{1,2}(?:the |le |dem |el )?$|(?:从|自|由)\s?$"
)


def return_date(text: str, sent: dt.date | None) -> dt.date | None:
    """The day until which, or on which, the person is back: the last date of a clause that speaks of an end."""
    best: dt.date | None = None
    folded = re.sub(r"(?<=\d) de ([a-zç]{3,12})(?: de (?=\d{4}))?", r" \1 ", fold(text))
    folded = re.sub(r" {2,}", " ", folded)
    language = "de" if re.search(r"\b(?:ich|bin|bis|zurück)\b", folded) else ""
    for found in MailDates(sent, dotted=bool(language)).find(folded):
        day = found.coming or found.gone
        if found.gone is not None and sent is not None and (sent - found.gone).days <= 60:
            day = found.gone  # "from 2 November to 13 November": the first day has just gone by
        if day is None or (sent is not None and (day < sent or (day - sent).days > 400)):
            continue
        before = folded[max(0, found.start - 40) : found.start]
        if _SINCE.search(before):
            continue
        around = before + folded[found.end : found.end + 24]
        if _UNTIL.search(around) and (best is None or day > best):
            best = day
    return best
