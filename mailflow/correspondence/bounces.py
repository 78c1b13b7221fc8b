"""Non-delivery reports: which recipients failed, for good or not, why, and of which mail of ours (RFC 3464).

Machine-readable reports first; little more than half of real bounces have one (field guide "mail", 6.3), so the texts
of the mail systems are read too, but only in messages that a mail system sent.
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence.html_text import lines_of
from mailflow.correspondence.message import Bounce, Message

MAX_TEXT = 60_000  # characters of a report's text that are looked at
MAX_RECIPIENTS = 200

_X400 = re.compile(r"SMTP[=:]([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,200})", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_SMTP = re.compile(r"(?<![\d.:-])([45])\d\d(?=[ -](?:[#<\w]|\d\.))")
_SENDER = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?daemon|mdaemon|mail[._-]?delivery|mail-?system|mailsystem|bounces?|noreply-bounce|mmdf|uucp"
    r"|mailerdaemon|smtp|maildeliverysystem|system ?(?:attendant|administrator)|\w{0,40}smtp_?(?:mail|gateway)\w{0,20}|\w{0,20}antivirus_for_smtp\w{0,20}|imss|interscan|microsoftexchange[\w-]*|maiser|bounce[-+=].*|.*-bounces?|null|mail-?admin(?:istrator)?)(?:@|$|\b)",
    re.IGNORECASE,
)
_SENDER_NAME = re.compile(
    r"mail delivery (?:sub)?system|mail(?:er)? ?-?daemon|post ?master|mail (?:system|administrator|router)|system administrator|退信|系统退信|邮件系统|microsoft outlook$|delivery subsystem",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|non ?-?deliver|not delivered|delivery (?:status )?(?:notification|failure|failed|problem|error|report|has failed|unsuccess|warning|delayed|incomplete|attempt)"
    r"|failed (?:delivery|mail)|mail (?:delivery )?(?:failed|failure|error|status report)|returned (?:mail|to sender|message)|returned:|failure notice|message (?:delayed|could not be|status)|could not (?:be )?(?:send|deliver)"
    r"|user unknown|unknown user|bounced|nondeliverable|warning: (?:could not send|message|mail)|mail could not|delivery to .{1,60} failed|message delivery|mail system error|email error|error sending|address (?:error|unknown)"
    r"|unzustellbar|nicht zugestellt|zustellung|unzustellbarkeit|échec|non remis|remise impossible|retour de courrier|no se (?:ha podido|pudo) entregar|devuelto|mancata consegna|onbestelbaar|retour afzender|недостав|не доставлен"
    r"|退信|退回|投递失败|无法投递|未能送达|发送失败|投遞失敗|無法傳遞|無法送達|无法送达|未送达|延迟|傳送失敗",
    re.IGNORECASE,
)
_FAILURE = re.compile(
    r"(?:user|recipient|mailbox|address|account|host|domain|alias|name|person|addressee)[\w ,:'<>@.()-]{0,60}?(?:unknown|not (?:known|found|exist|listed|available|a valid|valid|allowed|reachable|accepting|local|active|in|have|recogni)|does ?n[o']t? (?:exist|like|have|accept)|invalid|disabled|inactive|unavailable|unrouteable|rejected|suspended|full|over ?quota|closed|no longer|undeliverable|doesn't)"
    r"|(?:unknown|no such|invalid|nonexistent|bad|unrouteable|unroutable|illegal|undeliverable|not a known|inactive|disabled|unresolvable)[ -](?:local )?(?:user|recipient|mailbox|address|host|domain|person|name|alias|addressee|account|destination|to)"
    r"|(?:could|can|was|were|did|has|have|had|is|are)(?: ?n[o']t| not)[\w ,]{0,40}?(?:be )?(?:deliver|sent|reach|find|found|complete|resolve|process|accept|been|able|on)"
    r"|unable to (?:deliver|relay|route|connect|find|chdir|open)|(?:permanent|fatal|delivery|transfer)(?: (?:fatal|delivery|transport))? (?:errors?|failures?|failed|problems?)|fail(?:ed|ure|s)\b|returned|reject|refused|denied|quota|mailbox (?:is )?full|exceed|expired|timed? ?out|giving up|given up|bounc"
    r"|no mailbox|not our customer|sorry|undeliverable|deliver(?:y|ed) to the following|following (?:address|recipient|user|message)|(?:addresses|recipients) (?:had|that)|relay|not listed|not exist|host not found|mail loop|too many hops|550|554|552|551|553"
    r"|konnte nicht|nicht zugestellt|unbekannt|existiert nicht|n'a pas pu|n'existe pas|inconnu|no existe|desconocid|non esiste|sconosciut"
    r"|不存在|无法|未能|失败|拒绝|退回|退信|已满|超过|超出|禁用|冻结|無法|失敗|找不到|错误|無此",
    re.IGNORECASE,
)
_TEMPORARY = re.compile(
    r"delay|not (?:yet )?(?:been )?(?:delivered|sent) (?:yet|after|for|within|in the last)|still (?:trying|being|in the queue|retry|queued)|will (?:be )?(?:keep|continue|retr|try|tried)|keep trying|retry|warning message only|you do not need to resend|do not need to resend|temporar|deferred|will be (?:re)?tried|queued for"
    r"|verzögert|wird (?:weiterhin|erneut) versucht|retard|en attente|retrasad|延迟|暂时|将继续|稍后重试|重试|延遲",
    re.IGNORECASE,
)
_GAVE_UP = re.compile(
    r"giving up|given up|did not receive (?:your|the|this) (?:message|mail)|was undeliverable|gave up|permanent|fatal|will not (?:be )?(?:retr|try)|no further|has been (?:removed|deleted) from the queue|not be re-?tried|retry timeout exceeded|queue too long|expired",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"^[ >*|]{0,6}(?:-{2,}.{0,20}(?:copy of (?:the|your)|original|returned|included|message header|your message|unsent message|body of message|undelivered message|failed message|below this line|forwarded|message follows|headers? of|message text|start of).{0,80}"
    r"|(?:original|the original|your original|returned|unsent|failed|undelivered) (?:message|mail)(?: headers?| text| follows| is| was| attached| included| below)?\b[^.\n]{0,60}:?\s{0,3}$"
    r"|(?:below|following|here) (?:is|are) (?:the|a|your|an).{0,20}(?:copy|original|header|message|part)[^\n]{0,80}|received: (?:from|by)\b[^\n]{0,200}|return-path: |-{4,}\s?(?:原始|原邮件|邮件)[^\n]{0,40}|原始邮件(?:如下|信息)?[:：]?$|the (?:header|first lines|original)[^\n]{0,60}follow[^\n]{0,20}$|=+ ?(?:original|message)[^\n]{0,40})",
    re.IGNORECASE | re.MULTILINE,
)
_TELLS = re.compile(
    r"(?:could|can|was|were|did|has|have)(?: ?n[o']t| not)\b[\w ,]{0,40}(?:deliver|reach|sent)|unable to deliver|failed recipient|undeliverable|non remis|pas pu etre delivre|non-?delivery report|returned mail|无法投递|退信|未能送达",
    re.IGNORECASE,
)
_OF_MAIL = re.compile(
    r"mail|message|recipient|failure notice|delivery (?:status|failure|notification|has failed)|邮件|退信|non remis|nondeliver",
    re.IGNORECASE,
)
_ANSWERS = re.compile(r"\s{0,5}(?:re|fwd?|aw|wg|tr|回复|转发)\s?[:：]", re.IGNORECASE)
_COPIED_ID = re.compile(
    r"^[ >*|\t]{0,8}(?:message-id|x-mailflow-id)\s?:\s{0,5}<?([^<>\s]{1,400}@[^<>\s]{1,200})>?",
    re.IGNORECASE | re.MULTILINE,
)
_NO_RECIPIENT = re.compile(
    r"^(?:mailer-?daemon|postmaster|mail-?daemon|abuse|listmaster|hostmaster|noc)@",
    re.IGNORECASE,
)
_OWN_TO = re.compile(
    r"[\s>|]{0,8}(?:to|cc|subject|from|an|von)\s{0,3}:", re.IGNORECASE
)  # the mail's own headers, told again
_LOCAL_NAME = re.compile(
    r"^\s{0,8}(?:recipient|user|address|addressee|destination)\s{0,3}:\s{0,8}<?([^\s<>@:]{1,64}@[^\s<>:]{1,200})>?\s{0,5}$",
    re.IGNORECASE | re.MULTILINE,
)


def status_blocks(message: Message) -> list[list[tuple[str, str]]]:
    """The delivery-status blocks of the report, also where a gateway wrapped the whole report once more."""
    if message.delivery_status or not from_mail_system(message):
        return message.delivery_status
    return next((inner.delivery_status for inner in message.embedded if inner.delivery_status), [])


def report_bounces(message: Message) -> tuple[list[Bounce], list[str]]:
    """(one bounce for each recipient whose delivery failed or is delayed, the actions of the others)."""
    original = original_id(message)
    bounces: list[Bounce] = []
    others: list[str] = []
    for block in status_blocks(message)[: MAX_RECIPIENTS + 1]:
        fields = dict(reversed(block))
        recipient = _recipient(fields)
        action = fields.get("action", "").split("(")[0].strip().lower()
        if recipient is None and not action:
            continue  # the fields of the message as a whole
        status = _status(fields.get("status", "")) or _status(fields.get("diagnostic-code", ""))
        if action in ("delivered", "relayed", "expanded") or (not action and status is not None and status[0] == "2"):
            others.append(action or "delivered")
            continue
        diagnostic = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("diagnostic-code", "")
        permanent = _permanent(action, status, diagnostic or fields.get("status", ""))
        bounces.append(
            Bounce(recipient, permanent, status, _short(diagnostic) or _short(fields.get("status", "")), original)
        )
    unique: dict[str | None, Bounce] = {}
    for bounce in bounces:
        unique.setdefault((bounce.recipient or "").lower(), bounce)
    return list(unique.values()), others


def _recipient(fields: dict[str, str]) -> str | None:
    for name in ("original-recipient", "final-recipient", "x-actual-recipient", "x-original-recipient"):
        value = fields.get(name, "")
        kind, semicolon, address = value.partition(";")
        address = (address if semicolon else kind).strip().strip("<>").strip()
        found = _ADDRESS.search(address)
        if found is not None and kind.strip().lower() not in ("x400", "x500"):
            return found[0]
    return None


def _status(text: str) -> str | None:
    found = _STATUS.search(text)
    return found[0] if found is not None else None


def _permanent(action: str, status: str | None, diagnostic: str) -> bool | None:
    """Whether this delivery is over. "delayed" never is and "failed" is, also with a 4.x.x: the server gave up (4.4.7).

    Without an action: the enhanced code's class, then the SMTP code, then the words.
    """
    if action == "delayed":
        return False
    if action == "failed" or _GAVE_UP.search(diagnostic):
        return True
    if status is not None and status[0] in "45" and status not in ("5.0.0", "4.0.0"):
        return status[0] == "5"
    found = _SMTP.search(diagnostic)
    if found is not None:
        return found[1] == "5"
    if status is not None and status[0] in "45":
        return status[0] == "5"
    if _TEMPORARY.search(diagnostic):
        return False
    return None if not diagnostic else True


def _short(text: str) -> str | None:
    text = " ".join(text.split())
    return text[:300] or None


def original_id(message: Message) -> str | None:
    """The Message-ID of the mail that bounced: embedded, among its pasted headers, or what the report answers."""
    for embedded in message.embedded:
        for name in ("x-mailflow-id", "message-id"):
            value = embedded.header(name)
            if value and "@" in value:
                found = re.search(r"[^<>\s]{1,400}@[^<>\s]{1,200}", value)
                if found is not None:
                    return f"<{found[0]}>"
    for attachment in message.attachments:
        if (
            attachment.type.startswith(("text/", "application/octet-stream", "message/"))
            and len(attachment.content) < 200_000
        ):
            found = _COPIED_ID.search(attachment.content[:20_000].decode("utf-8", "replace"))
            if found is not None:
                return f"<{found[1]}>"
    found = _COPIED_ID.search(_text(message))
    if found is not None:
        return f"<{found[1]}>"
    if message.in_reply_to:
        return message.in_reply_to
    return message.references[-1] if message.references else None


def _text(message: Message) -> str:
    if message.text.strip():
        return message.text[:MAX_TEXT]
    if message.html:
        return "\n".join(line.text for line in lines_of(message.html[: 4 * MAX_TEXT])[0])[:MAX_TEXT]
    for embedded in message.embedded[:1]:
        return embedded.text[:MAX_TEXT]
    return ""


def from_mail_system(message: Message) -> bool:
    """Whether a mail system's own address sent it."""
    local = message.sender.address.rpartition("@")[0] or message.sender.address or message.sender.name
    local = local.strip('"')
    if not local and message.header("from") is not None:
        return True  # From: <>
    return bool(_SENDER.match(local) or _SENDER_NAME.search(message.sender.name))


def text_bounces(message: Message) -> tuple[list[Bounce], str]:
    """Bounces that only a text tells, with the evidence; an empty list when this is none."""
    failed = message.header("x-failed-recipients") or ""
    system = from_mail_system(message)
    announced = _SUBJECT.search(message.subject) is not None
    path = message.header("return-path")
    null_path = path is not None and path.replace(" ", "") in ("<>", "")
    reported = message.content_type == "multipart/report" and "delivery-status" in (
        message.header("content-type") or ""
    )
    if (
        not failed
        and not reported
        and not (system and (announced or null_path or _FAILURE.search(_text(message)[:4_000])))
    ):
        if not (announced and (null_path or _speaks_as_a_system(message))):
            return [], ""
    text = _text(message)
    head = _above_copy(text)
    evidence = (
        "X-Failed-Recipients" if failed else f"{message.sender.address or message.sender.name}: {message.subject}"
    )
    if not announced and not failed and not _FAILURE.search(head):
        return [], ""
    recipients = _ADDRESS.findall(failed) or _named_recipients(message, head, text)
    status = _status(head)
    delayed = bool(_TEMPORARY.search(head) or _TEMPORARY.search(message.subject)) and not _GAVE_UP.search(head)
    original = original_id(message)
    bounces = []
    for recipient in recipients[:MAX_RECIPIENTS]:
        near = _near(head, recipient)
        own = _status(near) or status
        smtp = _SMTP.search(near) or _SMTP.search(head)
        permanent: bool | None
        if delayed:
            permanent = False
        elif _GAVE_UP.search(near) or _GAVE_UP.search(head):
            permanent = True
        elif own is not None and own[0] in "45":
            permanent = own[0] == "5"
        elif smtp is not None:
            permanent = smtp[1] == "5"
        else:
            permanent = True
        bounces.append(Bounce(recipient, permanent, own, _reason(near), original))
    if not bounces and (announced or failed):
        bounces.append(Bounce(None, False if delayed else None, status, _reason(head), original))
    return bounces, evidence


def _speaks_as_a_system(message: Message) -> bool:
    """A report of a gateway under a name of its own: no answer, no forward, and its first lines say who failed."""
    if _ANSWERS.match(message.subject) and not re.search(
        r"\(delivery failed\)|non remis", message.subject, re.IGNORECASE
    ):
        return False
    if message.in_reply_to or message.references:
        return False
    first = "\n".join(line for line in _text(message).split("\n") if line.strip())[:700]
    if _TELLS.search(first) is None or _ADDRESS.search(first) is None:
        return False
    return _OF_MAIL.search(message.subject) is not None and _OF_MAIL.search(first) is not None


def _above_copy(text: str) -> str:
    """What the mail system says, above the returned mail."""
    found = _COPY.search(text)
    if found is None:
        return text
    if found.start() < 40 and len(text) > 400:  # the text begins with such a line: look for the next one
        later = _COPY.search(text, found.end())
        return text[: later.start()] if later else text
    return text[: found.start()]


def _near(head: str, recipient: str) -> str:
    at = head.lower().find(recipient.lower())
    if at < 0:
        return head[:600]
    start = head.rfind("\n", 0, at) + 1
    end = head.find("\n\n", at)
    return head[start : min(end if end >= 0 else len(head), start + 600)]


def _reason(text: str) -> str | None:
    for line in text.split("\n"):
        if _FAILURE.search(line[:300]) and not _ADDRESS.fullmatch(line.strip(" <>:")):
            return _short(line)
    return _short(text.strip().split("\n")[0]) if text.strip() else None


def _named_recipients(message: Message, head: str, text: str) -> list[str]:
    """Addresses that the report says failed: alone on a line or in brackets first, then beside words of failure."""
    never = {address.address.lower() for address in (*message.to, *message.cc, message.sender, *message.reply_to)}
    never |= {
        one.lower()
        for name, value in message.headers
        if name in ("delivered-to", "return-path", "errors-to")
        for one in _ADDRESS.findall(value)
    }

    def usable(address: str) -> bool:
        return address.lower() not in never and not _NO_RECIPIENT.match(address)

    strong: dict[str, str] = {one.lower(): one for one in _X400.findall(head) if usable(one)}
    weak: dict[str, str] = {}
    if strong:
        return list(strong.values())
    lines = head.split("\n")
    for number, line in enumerate(lines):
        if "@" not in line or _OWN_TO.match(line):
            continue
        bare = line[:400].strip(" \t<>:,;.*-|\"'()[]")
        for found in _ADDRESS.finditer(line[:400]):
            address = found[0].rstrip(".'").lstrip("'\"")
            if not usable(address):
                continue
            before = line[max(0, found.start() - 1) : found.start()]
            alone = bare.lower() == address.lower() or line.strip().lower().startswith(
                (address.lower(), f"<{address.lower()}", f"'{address.lower()}")
            )
            window = " ".join(lines[max(0, number - 2) : number + 3])[:1200]
            if alone or (before == "<" and _FAILURE.search(window)) or _FAILURE.search(line[:400]):
                strong.setdefault(address.lower(), address)
            elif _FAILURE.search(window):
                weak.setdefault(address.lower(), address)
    for found in _LOCAL_NAME.finditer(head):
        if usable(found[1]):
            strong.setdefault(found[1].lower(), found[1])
    if strong or weak:
        return list((strong or weak).values())
    everywhere = [one for one in dict.fromkeys(_ADDRESS.findall(head)) if usable(one)]
    if everywhere:
        return everywhere[:5]
    copied = [address.address for embedded in message.embedded for address in embedded.to if usable(address.address)]
    if copied:
        return copied[:5]
    pasted = re.search(r"^[ >]{0,6}to:[^\n]{0,300}", text, re.IGNORECASE | re.MULTILINE)
    return [one for one in _ADDRESS.findall(pasted[0]) if usable(one)][:5] if pasted else []
