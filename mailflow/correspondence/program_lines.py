"""Lines that programs add to a mail: the footers of phones, the rule above a signature, banners of mail gateways."""

# ruff: noqa: E501 (a pattern or word list is read in one piece)
from __future__ import annotations

import re

from mailflow.correspondence.lines import first_word, remembered

_RULES = frozenset("-_=*~#—")
_MOBILE = re.compile(
    r"(?:sent (?:from|via|with|using|wirelessly|by)\b|get outlook for\b|get (?:the )?\S{1,20} app\b|sent from mail for windows"
    r"|(?:von|aus) meine[mr] .{1,60} gesendet|gesendet (?:von|mit|aus|über|via)\b|diese nachricht wurde von meinem .{1,60} gesendet"
    r"|holen sie sich outlook|envoyé (?:de|depuis|à partir|par|via|avec|sans fil)\b|obtenez outlook|télécharge[rz] outlook"
    r"|enviado (?:desde|do|de|a partir|através|con)\b|obtener outlook|obter o outlook|inviato (?:da|dal|con)\b|scarica outlook"
    r"|verzonden (?:vanaf|met|via|vanuit)\b|verstuurd (?:vanaf|met)\b|sendt fra\b|skickat från\b|skickades från|wysłan[eoy] z\b"
    r"|wysłano z\b|отправлено (?:с|из)\b|lähetetty\b.{0,40}$|nadesłane z\b|odesláno z\b"
    r"|(?:发自|發自|來自|来自|发送自|由)\s?(?:我的|钉钉|网易|新浪|搜狐|企业微信|飞书|阿里|mail ?master|邮箱大师|lark|spark|wps|qq|foxmail|outlook|iphone|ipad|mac|win|安卓|android|华为|小米|oppo|vivo|荣耀|三星|中国移动|189|139)"
    r"|(?:从|從)\s?(?:我的|win|outlook|适用于).{0,30}(?:发送|傳送|寄出)|(?:从|從|由|通过)\s?\S{1,12}\s?(?:发送|傳送|寄出|发出)$|获取 ?outlook|取得 ?(?:ios|android) ?版|下载 ?outlook"
    r"|(?:本|此|该|這|此封|本封)(?:封)?(?:邮件|郵件|信件)(?:来自|來自|发自|發自|由).{1,20}$|(?:签名|簽名)由.{1,30}(?:定制|訂製)|\S{0,12}iphone ?から送信|나의 \S{1,20}에서 보냄"
    r"|发自\S{1,20}(?:手机|邮箱|邮箱大师)$)",
    re.IGNORECASE,
)
_MOBILE_BEGINS = frozenset(  # the first word of each
    "sent get von aus gesendet diese holen envoyé obtenez télécharger téléchargez enviado obtener obter inviato scarica verzonden verstuurd "
    "sendt skickat skickades wysłane wysłano wysłany отправлено lähetetty nadesłane odesláno".split()
)
_CHINESE_MOBILE_BEGINS = re.compile(r"[发發来來由从從获取下本该該这這此签簽通나]|\S{0,12}iphone", re.IGNORECASE)
_MOBILE_SENTENCE = re.compile(
    r"[.!?][ ]+\S|,\s+\S+\s+\S+\s+\S+\s+\S+|\b(?:and|but|which|because|please|yesterday|address|account)\b"
)

_LINK = re.compile(r"[<(\[]?https?://\S{1,200}")

_BANNER_WORD = re.compile(
    r"^\W{0,8}(?:caution|warning|external|external e-?mail|externe? (?:e-?mail|mail)|attention|achtung|vorsicht|be careful|security notice"
    r"|you don't often get email|some people who received this message don't often|this (?:e-?mail|message) (?:originated|came|was sent|is) (?:from )?(?:outside|an external|external)"
    r"|ce (?:message|courriel) provient|diese (?:e-?mail|nachricht) (?:stammt|kommt|wurde von)|\[?ext(?:ernal)?\]"
    r"|注意|警告|外部邮件|外部郵件|安全提示|安全提醒|风险提示|提醒|来自外部|此邮件来自|本邮件来自|该邮件来自|此為外部|【外部|\[外部)",
    re.IGNORECASE,
)
_BANNER_BEGINS = frozenset(
    "caution warning external externe extern attention achtung vorsicht be security you some this ce diese ext".split()
)
_CHINESE_BANNER_BEGINS = frozenset("注警外安风提来此本该")
_BANNER_CONTENT = re.compile(
    r"outside|external|extern|unknown sender|recogni[sz]e the sender|click (?:on )?(?:any )?links?|open(?:ing)? (?:any )?attachments?"
    r"|often get email|learn why this is important|careful|caution|with links|suspicious|phishing|verify the sender|content is safe|safe\b|außerhalb|unbekannt|anhäng"
    r"|ne cliquez|pièces jointes|expéditeur|外部|公司外|组织外|機構外|陌生|链接|附件|发件人身份|来源|钓鱼|谨慎|勿点击|请勿",
    re.IGNORECASE,
)
_BANNER_BREAK = re.compile(r"(?<=[.!。！])\s{0,3}(?=\S)|(?<=[\]】])\s{0,3}")


def delimiter(line: str) -> str:
    """``"standard"`` for ``-- ``, ``"rule"`` for a line of dashes, underscores or the like, else nothing."""
    stripped = line.strip()
    if stripped[:1] not in _RULES or not stripped:
        return ""
    if stripped in ("--", "—", "-- --"):
        return "standard"
    if stripped in ("-", "–"):
        return "rule"  # a long dash alone, folded
    return "rule" if len(stripped) >= 2 and not stripped.strip(stripped[0]) else ""


@remembered
def mobile_footer(line: str) -> bool:
    """``Sent from my iPhone`` and its kin, alone on a line; not a sentence that begins so."""
    stripped = line.strip(" *_|[]<>(")
    if not stripped or len(stripped) > 160:
        return False
    if first_word(line) not in _MOBILE_BEGINS and (stripped.isascii() or not _CHINESE_MOBILE_BEGINS.match(stripped)):
        return False
    if not _MOBILE.match(stripped):
        return False
    without_link = _LINK.sub("", stripped)
    return len(without_link.split()) <= 14 and _MOBILE_SENTENCE.search(without_link.rstrip(".! ")) is None


def banner_rest(line: str) -> str | None:
    """What is left of a line that begins with a mail gateway's banner; None when it does not."""
    begin = first_word(line)
    if begin not in _BANNER_BEGINS and begin[:1] not in _CHINESE_BANNER_BEGINS:
        return None
    if not _BANNER_WORD.match(line):
        return None
    start, taken = 0, False
    for piece_end in [found.start() for found in _BANNER_BREAK.finditer(line)] + [len(line)]:
        piece = line[start:piece_end]
        if _BANNER_CONTENT.search(piece) or (start == 0 and len(piece.strip()) < 20 and not taken):
            start, taken = piece_end, taken or _BANNER_CONTENT.search(piece) is not None
            continue
        break
    return line[start:].strip() if taken else None
