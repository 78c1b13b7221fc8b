"""Bounces that only a text tells: what mail systems write instead of a report (field guide "mail", 6.2).

Read only in messages that a mail system sent, by its address, its empty return path, or the way it speaks.
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence.bounces import (
    ADDRESS,
    GAVE_UP,
    MAX_RECIPIENTS,
    SMTP_CODE,
    TEMPORARY,
    body_text,
    from_mail_system,
    original_id,
    short,
    status_of,
)
from mailflow.correspondence.message import Bounce, Message

_X400 = re.compile(r"SMTP[=:]([\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,200})", re.IGNORECASE)
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
        and not (system and (announced or null_path or _FAILURE.search(body_text(message)[:4_000])))
    ):
        if not (announced and (null_path or _speaks_as_a_system(message))):
            return [], ""
    text = body_text(message)
    head = _above_copy(text)
    evidence = (
        "X-Failed-Recipients" if failed else f"{message.sender.address or message.sender.name}: {message.subject}"
    )
    if not announced and not failed and not _FAILURE.search(head):
        return [], ""
    recipients = ADDRESS.findall(failed) or _named_recipients(message, head, text)
    status = status_of(head)
    delayed = bool(TEMPORARY.search(head) or TEMPORARY.search(message.subject)) and not GAVE_UP.search(head)
    original = original_id(message)
    bounces = []
    for recipient in recipients[:MAX_RECIPIENTS]:
        near = _near(head, recipient)
        own = status_of(near) or status
        smtp = SMTP_CODE.search(near) or SMTP_CODE.search(head)
        permanent: bool | None
        if delayed:
            permanent = False
        elif GAVE_UP.search(near) or GAVE_UP.search(head):
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
    first = "\n".join(line for line in body_text(message).split("\n") if line.strip())[:700]
    if _TELLS.search(first) is None or ADDRESS.search(first) is None:
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
        if _FAILURE.search(line[:300]) and not ADDRESS.fullmatch(line.strip(" <>:")):
            return short(line)
    return short(text.strip().split("\n")[0]) if text.strip() else None


def _named_recipients(message: Message, head: str, text: str) -> list[str]:
    """Addresses that the report says failed: alone on a line or in brackets first, then beside words of failure."""
    never = {address.address.lower() for address in (*message.to, *message.cc, message.sender, *message.reply_to)}
    never |= {
        one.lower()
        for name, value in message.headers
        if name in ("delivered-to", "return-path", "errors-to")
        for one in ADDRESS.findall(value)
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
        for found in ADDRESS.finditer(line[:400]):
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
    everywhere = [one for one in dict.fromkeys(ADDRESS.findall(head)) if usable(one)]
    if everywhere:
        return everywhere[:5]
    copied = [address.address for embedded in message.embedded for address in embedded.to if usable(address.address)]
    if copied:
        return copied[:5]
    pasted = re.search(r"^[ >]{0,6}to:[^\n]{0,300}", text, re.IGNORECASE | re.MULTILINE)
    return [one for one in ADDRESS.findall(pasted[0]) if usable(one)][:5] if pasted else []
