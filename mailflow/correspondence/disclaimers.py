"""Legal text below a mail: notices of confidentiality, registers, the environment; known by what they have in common."""

# ruff: noqa: E501 (a pattern or word list is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence.lines import remembered

_DISCLAIMER = re.compile(
    r"(?:this|the information (?:contained )?in this|the contents? of this|the information transmitted)[ -](?:e-?mail|message"
    r"|communication|transmission)s?\b.{0,160}(?:confidential|privileged|intended (?:only|solely|for)|legally|proprietary)"
    r"|(?:confidentiality|legal|privacy) (?:notice|disclaimer|note)\b|^\W{0,6}disclaimer\b\W{0,4}(?:$|:|-|the|this)"
    r"|(?:if you (?:are not|have received|received|got) .{0,60}(?:intended recipient|in error|by mistake))"
    r"|\b(?:is )?(?:registered|incorporated) in (?:england|scotland|wales|ireland|the \w+|[a-z]+)\b.{0,80}\b(?:no|number|office|company)\b|\bregistered office\b"
    r"|please consider the environment|think before you print|virus-free\. www|scanned (?:for|by) .{0,30}(?:virus|antivirus)"
    r"|checked for viruses by|the information (?:contained )?(?:in|transmitted) .{0,60}(?:confidential|intended (?:only|solely))"
    r"|this message (?:and|may|is|contains).{0,80}(?:confidential|privileged|intended)"
    r"|diese (?:e-?mail|nachricht|mitteilung).{0,80}(?:vertraulich|ausschließlich|rechtlich geschützt)|vertraulichkeitshinweis"
    r"|(?:ce|cet|le présent) (?:message|courriel|e-?mail|courrier).{0,120}(?:confidentiel|exclusivement|strictement|destinat)"
    r"|(?:este|el presente) (?:mensaje|correo|e-?mail).{0,120}(?:confidencial|exclusiv|dirigido)|aviso legal|aviso de confidencialidad"
    r"|(?:questa|questo|la presente) (?:e-?mail|messaggio|comunicazione).{0,120}(?:riservat|confidenzial|esclusiv)"
    r"|dit (?:bericht|e-?mailbericht).{0,120}(?:vertrouwelijk|uitsluitend)|esta mensagem.{0,120}(?:confidencia|exclusiv)"
    r"|(?:本|此|该|這|这)(?:电子|電子|封)?(?:邮件|郵件|电邮|信息|讯息)(?:及|以及|和|连同|中|所|包含|含|可能|、|内容|仅|僅)?.{0,60}(?:保密|机密|機密|秘密|专有|特权|仅供|仅限|僅供|所有权|法律)"
    r"|(?:保密|免责|免責|法律|机密)(?:提示|声明|聲明|条款|通知|须知)|如果?您?(?:错收|错误(?:地)?收到|误收|不是.{0,8}收件人|并非.{0,10}收件人)"
    r"|(?:收到|接收)(?:了)?(?:本|此)邮件.{0,20}(?:有误|错误)|请考虑环境|为了环保.{0,10}打印|打印前请",
    re.IGNORECASE,
)
# What such notices have in common whatever their wording: whom it is meant for, and what all others must not do
_LEGAL_CORE = re.compile(
    r"recipient|addressee|confidential|privileged|empfänger|vertraulich|destinatair|confidentiel|destinatari|confidencial|收件人|收件者|保密|机密|機密"
)
_LEGAL_WORDS = re.compile(
    r"intended|in error|by mistake|mistakenly|delete|notify|unauthori|disclos|distribut|prohibit|named|recipient|confidential|privileged|liab|"
    r"irrtüm|löschen|unbefugt|weitergabe|erreur|supprimer|détrui|error|elimin|prohibid|误收|错收|誤收|删除|刪除|通知|不得|禁止|严禁|泄露|洩露|指定|法律"
)
_DISCLAIMER_STEMS = (
    "confiden", "privileg", "intended", "disclaimer", "notice", "in error", "by mistake", "environment", "before you print",
    "virus", "vertraulich", "ausschlie", "geschützt", "exclusiv", "strictement", "destinat", "dirigido", "legal", "registered", "incorporated", "riservat",
    "esclusiv", "vertrouwelijk", "uitsluitend", "保密", "机密", "機密", "秘密", "专有", "特权", "仅供", "仅限", "僅供", "所有权",
    "法律", "免责", "免責", "收件人", "本邮件", "此邮件", "误收", "错收", "环境", "环保", "打印", "proprietary",
)  # fmt: skip
SHORTEST = 12  # characters of a line
_LATIN_STEMS = tuple(stem for stem in _DISCLAIMER_STEMS if stem.isascii())


@remembered
def disclaimer(line: str) -> bool:
    if len(line) < SHORTEST or not may_hold_disclaimer(line):
        return False
    if _DISCLAIMER.search(line) is not None:
        return True
    lower = line.lower()
    return len(line) >= 40 and _LEGAL_CORE.search(lower) is not None and len(set(_LEGAL_WORDS.findall(lower))) >= 2


def may_hold_disclaimer(text: str) -> bool:
    """The cheap question before :func:`disclaimer`."""
    lower = text.lower()
    for stem in _LATIN_STEMS if lower.isascii() else _DISCLAIMER_STEMS:  # noqa: SIM110 (a loop is quicker than any())
        if stem in lower:
            return True
    return False
