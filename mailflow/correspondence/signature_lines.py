"""Lines that end a mail: delimiters, closing formulas, mobile footers, contact lines, disclaimers, gateway banners.

Each function answers for one folded line; :mod:`mailflow.correspondence.signature` decides where a signature starts.
"""

# ruff: noqa: E501 (a pattern or word list is read in one piece)
from __future__ import annotations

import re
from functools import lru_cache

from mailflow.correspondence import closing_formulas, company_lines

_REMEMBERED = lru_cache(maxsize=512)  # a line is asked about several times while a signature is looked for

_STRONG = (
    "best regards,kind regards,warm regards,kindest regards,warmest regards,regards,with regards,with best regards,"
    "with kind regards,best wishes,rgds,brgds,br,b.rgds,best rgds,kr,sincerely,yours sincerely,sincerely yours,"
    "yours faithfully,yours truly,very truly yours,respectfully,cordially,all the best,best,thanks and regards,"
    "thanks & regards,thanks and best regards,thanks & best regards,thanks with regards,thank you and best regards,"
    "many thanks and regards,many thanks and best regards,thank you and kind regards,thanks and kind regards,"
    "best regards and thanks,warmly,yours,"
    "此致,敬礼,此致敬礼,祝好,祝商祺,顺祝商祺,顺颂商祺,商祺,谨启,敬上,祝工作顺利,祝您工作顺利,祝您工作愉快,祝工作愉快,祝生意兴隆,"
    "祝您生活愉快,顺致敬意,致敬,祝安好,顺颂时祺,順頌商祺,順祝商祺,敬禮,此致敬禮,祝顺利,祝一切顺利,顺祝安好,顺祝工作顺利,敬祝商祺,"
    "祝您商祺,顺颂近祺,祝万事如意,謹啟,顺颂,顺祝,敬颂,谨祝,祝,商安,时祺,台安,工作顺利,工作愉快,身体健康,顺颂商安,祝近安,"
    "mit freundlichen grüßen,mit freundlichen grüssen,mit freundlichem gruß,mit freundlichem gruss,freundliche grüße,"
    "freundliche grüsse,viele grüße,viele grüsse,beste grüße,beste grüsse,mit besten grüßen,herzliche grüße,schöne grüße,"
    "liebe grüße,grüße,gruß,gruss,mfg,vg,lg,hochachtungsvoll,mit vielen grüßen,"
    "cordialement,bien cordialement,très cordialement,salutations,meilleures salutations,salutations distinguées,"
    "sincères salutations,bien à vous,respectueusement,cdt,cdlt,bien à toi,amicalement,sincèrement,"
    "saludos,saludos cordiales,un saludo,un cordial saludo,atentamente,cordialmente,un saludo cordial,atte,atte.,"
    "cordiali saluti,distinti saluti,saluti,un saluto,cordialità,"
    "atenciosamente,cumprimentos,melhores cumprimentos,com os melhores cumprimentos,att,atc,"
    "met vriendelijke groet,met vriendelijke groeten,vriendelijke groet,vriendelijke groeten,groeten,groet,mvg,hoogachtend,"
    "med venlig hilsen,venlig hilsen,med vennlig hilsen,vennlig hilsen,mvh,hilsen,med vänliga hälsningar,vänliga hälsningar,"
    "med vänlig hälsning,hälsningar,pozdrawiam,z poważaniem,с уважением,ystävällisin terveisin,terveisin,"
    "敬具,よろしくお願いします,よろしくお願いいたします,以上,감사합니다,saygılarımla,iyi çalışmalar"
)
_WEAK = (
    "thanks,thank you,thanks!,many thanks,thanks a lot,thank you very much,thank you so much,thx,tks,ty,with thanks,cheers,"
    "thanks in advance,thank you in advance,谢谢,多谢,感谢,谢谢!,非常感谢,谢谢您,感谢您,麻烦了,辛苦了,謝謝,感謝,"
    "danke,vielen dank,besten dank,danke schön,danke im voraus,vielen dank im voraus,merci,merci d'avance,"
    "merci beaucoup,gracias,muchas gracias,grazie,grazie mille,obrigado,obrigada,bedankt,dank u,alvast bedankt,tak,takk,tack,"
    "dziękuję,спасибо,kiitos,teşekkürler,ありがとうございます"
)


_NO_KEY = re.compile(r"[\s,.!~;:、，。！～*_]+")


def _key(text: str) -> str:
    return _NO_KEY.sub("", text.lower())


_STRONG_KEYS = frozenset(_key(one) for one in _STRONG.split(",")) - {""}
_WEAK_KEYS = frozenset(_key(one) for one in _WEAK.split(",")) - {""}
_FORMULA_THEN_NAME = re.compile(r"([^,，、]{2,40})[,，、!.]{1,3}\s{0,3}([^\d,，.?!:;。？！]{1,40})[.,]?$")

_JOINED_FORMULAS = re.compile(r"\s{0,3}(?:[&+/,，]|\band\b|\bund\b|\bet\b|\by\b|\be\b)\s{0,3}", re.IGNORECASE)
_WISH = re.compile(
    r"(?:(?:i |we )?wish(?:ing)? you|have|enjoy) (?:an? |the |your |all )?(?:very )?(?:nice|good|great|lovely|pleasant|wonderful|fine|rest"
    r"|day|week|weekend|evening)(?: (?:of (?:your|the)|day|week|weekend|evening|afternoon|one|start|ahead|(?:of|to) the week)){0,4}[!.,]{0,2}"
    r"|(?:merry|happy|blessed|peaceful|have a (?:merry|happy|blessed)) (?:christmas|x-?mas|new year|holidays?|holiday season|easter|weekend|friday|monday"
    r"|diwali|eid|ramadan|thanksgiving|chinese new year|lunar new year|spring festival)(?: to (?:you|all)(?: all)?)?[!.,]{0,2}",
    re.IGNORECASE,
)
_CHINESE_WISH = re.compile(
    r"(?:[敬顺順谨謹恭]祝|[敬顺順即恭][请請]|祝愿?[您你]?|[敬顺順即此][颂頌])\s{0,2}[\u4e00-\u9fff]{1,3}"
    r"(?:安|祺|康|健|好|顺利|順利|愉快|兴隆|興隆|如意|健康)[!。~]{0,3}"
)
_CHINESE_THANKS = re.compile(
    r"(?:非常|十分)?(?:谢谢|多谢|感谢|謝謝|感謝)(?:您|你|各位|大家|贵司|貴司|贵公司)?的?(?:配合|支持|理解|合作|帮助|关注|協助|协助)?[!。~]{0,3}"
)
_FROM_A_PLACE = re.compile(
    r"(.{4,40}?)\s(?:aus|from|uit|de|da|desde|depuis)(?:\s(?:dem|der|the|la|el))?(?:\s[^\W\d_]{2,20}){1,2}[,.!]?",
    re.IGNORECASE,
)  # "Freundliche Grüße aus Hamburg"
_FROM_SOMEBODY = re.compile(
    r"(.{3,40}?)\s(?:from|aus|von)\s([^\d?]{3,50})", re.IGNORECASE
)  # "Best wishes from all of us at …"
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
    r"|\|?\s?邮箱[:：]|发自\S{1,20}(?:手机|邮箱|邮箱大师)$)",
    re.IGNORECASE,
)
_MOBILE_SENTENCE = re.compile(
    r"[.!?][ ]+\S|,\s+\S+\s+\S+\s+\S+\s+\S+|\b(?:and|but|which|because|please|yesterday|address|account)\b"
)

_LINK = re.compile(r"[<(\[]?https?://\S{1,200}")

_CONTACT = re.compile(
    r"\b(?:tel|tel\.|phone|ph|telephone|mobile|mob|cell|fax|direct|office|ext|e-?mail|mail|web|website|www\.|http|skype|wechat"
    r"|whatsapp|linkedin|telefon|telefax|mobil|durchwahl|tél|téléphone|móvil|teléfono|cellulare|handy|vat|ust|hrb|siren|siret"
    r"|geschäftsführer|registered|amtsgericht|sitz der|address|adresse|p\.?o\.? box)\b\.? ?[:#|+(\d/]"
    r"|^[tmfepwdoc] ?[:.|] ?[+(\d\w]"
    r"|(?:电话|手机|传真|邮箱|地址|网址|邮编|座机|微信|联系电话|手机号|分机|電話|手機|傳真|地址|郵箱|郵件|公司网站|网站|部门|职务|税号|qq|联系人|联系方式|联络人|联络方式|聯絡人|聯絡電話|聯絡方式|经办人|承辦人|短号|内线|總機|总机|传呼|工号|上班时间|工作时间|服务时间) ?[:：/]"
    r"|(?:电话|手机|传真|座机|微信|電話|手機|傳真|热线|專線|专线|总机|總機|行動|市話|钉钉|wechat|line id)(?:同号|号码|号|/\S{1,4})?\s?[:：]?\s?[+(]{0,2}\d[\d ()-]{5,}"
    r"|\b(?:hotline|helpline|switchboard|central|toll[- ]free|zalo|viber|telegram|m\.p|h/p|hp|dl|ddi|gsm|tlf|tfno|tfn|puh|tlph|cel)\b\.? ?[:#|]? ?[+(\d]{1,2}[\d ()./-]{5,}"
    r"|[路街道巷弄]\s?\d{1,5}\s?[号號弄]"
    r"|[☎☏📞📱✆🕿✉📧🌐📍🏠]"
    r"|^(?:t|m|f|d|p|o|tel|mob|ph|fax|cell|dir)[.:]? ?\+?\(?\d[\d ()/.-]{6,24}$|\+\d{1,3}[ (]{1,2}\d[\d ()/.-]{5,24}"
    r"|[\w.+-]{1,60}@[\w-]{1,60}\.[\w.-]{1,40}|\bwww\.\S{3}|https?://|^\+?[\d()\s./-]{7,24}$",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:manager|director|accountant|accounts|accounting|finance|financial|payable|receivable|controller|assistant|officer"
    r"|clerk|specialist|department|dept|team|head of|ceo|cfo|president|buchhaltung|leiter|leiterin|sachbearbeiter"
    r"|kreditoren|debitoren|comptable|comptabilité|responsable|gmbh|ag|ltd|limited|inc|llc|corp|co\.|s\.?a\.?|s\.?r\.?l|b\.?v\.?|plc"
    r"|kg|pty|engineer|sales|purchasing|procurement|treasurer|bookkeeper|contabilidad|contabilidade|contas a pagar|financeiro|cuentas por pagar|contabilità|amministrazione|tesorería|kreditoren\w*|crediteuren)\b\.?"
    r"|(?:公司|集团|财务部|财务|会计|出纳|经理|总监|主管|采购部|销售部|中心|有限|部$|科技|股份|供应链|应付|应收|會計|財務|經理)",
    re.IGNORECASE,
)
# A reference or an amount is content, unless a contact cue explains it
_CONTENT = re.compile(
    r"\b(?!(?:tel|fax|mob|vat|ust|hra|hrb|abn|acn|crn|cin|gst|gstin|rcs|kvk|nif|siren|iban|bic|suite|room|floor|box|qq)\b)[a-z]{2,6}[-/_ ]?\d{3,}[\w/-]*"
    r"|(?<![\d.+-])\d{1,3}(?:[,.' ]\d{3}){0,4}[.,]\d{2}(?![\d.])|[$€£¥￥]\s?\d|\d\s?(?:元|万|eur|usd|cny|rmb|gbp)\b|\d元|\d万",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_CONTACT_SIGN = re.compile(r"[:：#|+(\d/@☎☏📞📱✆🕿✉📧🌐📍🏠]|[wW][wW][wW]\.")
_SENTENCE = re.compile(r"[.!?。！？;；]\s{0,3}$")
_CJK = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭"
    "廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤康施牛洪季樊葛章鲁苗俞"
    "柳岳齐梅庄辛管祝左涂谷祁时舒耿牟卜路詹关欧凌焦翁安裴翟柯阮桂符费温颜纪盛童游霍岑張劉陳楊黃趙吳孫馬羅鄭謝許韓馮鄧"
    "蕭葉蔣蘇呂盧鍾譚範陸賈韋鄒閻龍陶賀顧龔嚴湯莊歐蔡倪代"
)
_CHINESE_NAME = re.compile(
    rf"(?:(?:[{_SURNAMES}]|欧阳|司马|上官|诸葛|司徒)[\u4e00-\u9fff]{{1,2}}|[小老阿][{_SURNAMES}]"
    rf"|[{_SURNAMES}](?:会计|经理|总监?|主管|工|老师|小姐|女士|先生|出纳|會計|經理|總))[,.。]?"
)
_SIGNED_BY = re.compile(rf"(?:{_CHINESE_NAME.pattern})(?:敬上|谨上|謹上|敬启|敬啟|拜上)[!。]?")
_BEHIND_A_NAME = re.compile(r"\s{0,3}[|/·•,，(（;]\s{0,3}|\s+[-–—]\s+")
_IN_TWO_SCRIPTS = re.compile(
    r"[\u4e00-\u9fff]{2,4}[\s(（]{1,2}[A-Z][a-z-]+(?:\s[A-Z][a-z-]+){0,2}[)）]?|[A-Z][a-z-]+(?:\s[A-Z][a-z-]+){0,2}[\s(（]{1,2}[\u4e00-\u9fff]{2,4}[)）]?"
)
_WORDS = re.compile(r"[^\W\d_]+")
_MINOR = frozenset(
    "de van von der den da del della la le di du bin al el y zu ter ten dos ret of and et und the jr sr".split()
)
_PROXY = re.compile(
    r"(?:i\.\s?[AV]\.|ppa\.?|p\.\s?[po]\.|per pro|gez\.|(?:for and )?on behalf of)\s{1,3}(?=[^\W\d_a-z])"
)
_PARTICLES = frozenset("de van von der den da del della la le di du bin al el y zu ter ten dos".split())
_NO_NAMES = frozenset(
    "ok okay yes no nope agreed agree confirmed confirm correct paid approved approve fine noted received done thanks thank "
    "attached sure great perfect nein ja oui non si sí bestätigt korrekt einverstanden confirmado confirmé correcto richtig "
    "balance balances invoice invoices payment payments statement statements account accounts amount all good right wrong "
    "disputed dispute incorrect please see find attached pending unpaid open closed everything nothing matches match tallies "
    "reconciled checked verified accepted rejected refused overdue yet not understood absolutely certainly hello hi dear "
    "unsubscribe stop remove merci danke gracias grazie regards cheers sent enclosed above below tomorrow today monday tuesday "
    "wednesday thursday friday soon later maybe never already duplicate returned missing fyi asap tbd tbc np nb urgent".split()
)
_NO_LETTERS = re.compile(r"[.'-]")
_PLACE = re.compile(r"[省市区县镇路号楼室街道]")
_AFTERTHOUGHT = re.compile(
    r"p\.?\s?s\b\.?|nb\b|btw\b|also\b|and\b|but\b|another\b|附[:：言]|另|又及|注[:：]|补充|以上|对了", re.IGNORECASE
)
# Words by which a line says something, other than whom to reach and where
_SPEAKS = re.compile(
    r"\b(?:please|kindly|we|i|you|your|is|are|was|were|will|have|has|had|not|send|sent|use|pay|paid|confirm|agree|bitte|wir|ihre|nous|votre)\b"
    r"|[请吗呢吧了已未]|发到|改为|变更|麻烦|确认|同意|核对|付款",
    re.IGNORECASE,
)

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
    "法律", "免责", "免責", "收件人", "收到", "误收", "错收", "环境", "环保", "打印", "proprietary",
)  # fmt: skip
_BANNER_WORD = re.compile(
    r"^\W{0,8}(?:caution|warning|external|external e-?mail|externe? (?:e-?mail|mail)|attention|achtung|vorsicht|be careful|security notice"
    r"|you don't often get email|some people who received this message don't often|this (?:e-?mail|message) (?:originated|came|was sent|is) (?:from )?(?:outside|an external|external)"
    r"|ce (?:message|courriel) provient|diese (?:e-?mail|nachricht) (?:stammt|kommt|wurde von)|\[?ext(?:ernal)?\]"
    r"|注意|警告|外部邮件|外部郵件|安全提示|安全提醒|风险提示|提醒|来自外部|此邮件来自|本邮件来自|该邮件来自|此為外部|【外部|\[外部)",
    re.IGNORECASE,
)
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


@_REMEMBERED
def closing(line: str) -> str:
    """``"strong"`` for a closing formula alone on its line (also with a name behind a comma), ``"weak"`` for thanks."""
    stripped = line.strip(" *_~")
    if not stripped or len(stripped) > 90:
        return ""
    key = _key(stripped)
    if key in _STRONG_KEYS:
        return "strong"
    if key in _WEAK_KEYS:
        return "weak"
    if closing_formulas.farewell(stripped):
        return "strong"
    if closing_formulas.thanks(stripped):
        return "weak"
    first, comma, signer = stripped.partition(",")
    if comma and signer.strip() and _key(first) in _STRONG_KEYS and named(signer) and signature_like(signer):
        return "strong"  # "Best regards, Ivan Petrov, CFO, Volga Trade LLC"
    if len(stripped) > 60:
        return ""  # longer than a formula with a name behind it
    if stripped.isascii():
        if _WISH.fullmatch(stripped):
            return "weak"
    elif _CHINESE_THANKS.fullmatch(stripped):
        return "weak"
    elif len(stripped) <= 16 and (_CHINESE_WISH.fullmatch(stripped) or _SIGNED_BY.fullmatch(stripped.replace(" ", ""))):
        return "strong"
    sender = _FROM_SOMEBODY.match(stripped)
    if sender is not None and len(stripped.split()) <= 11 and _SPEAKS.search(sender[2]) is None:
        if _key(sender[1]) in _STRONG_KEYS or closing_formulas.farewell(sender[1]):
            return "strong"
    placed = _FROM_A_PLACE.fullmatch(stripped)
    if placed is not None and _key(placed[1]) in _STRONG_KEYS:
        return "strong"
    pieces = _JOINED_FORMULAS.split(stripped)
    if len(pieces) > 1:
        parts = [(key, piece) for piece in pieces if (key := _key(piece))]
        known = [key in _STRONG_KEYS or key in _WEAK_KEYS or _WISH.fullmatch(piece.strip()) for key, piece in parts]
        if len(parts) == 2 and known[0] and parts[0][0] in _STRONG_KEYS and name_like(parts[1][1]):
            return "strong"  # "rgds / Tom"
        if 1 < len(parts) <= 3 and all(known):
            return "strong" if any(key in _STRONG_KEYS for key, _ in parts) else "weak"
    found = _FORMULA_THEN_NAME.match(stripped)
    if found is not None and len(found[2].split()) <= 4:
        first = _key(found[1])
        if first in _STRONG_KEYS:
            return "strong"
        if first in _WEAK_KEYS and found[2].strip()[:1].isupper():
            return "named thanks"
    return ""


@_REMEMBERED
def mobile_footer(line: str) -> bool:
    """``Sent from my iPhone`` and its kin, alone on a line; not a sentence that begins so."""
    stripped = line.strip(" *_|[]<>(")
    if not stripped or len(stripped) > 160 or not _MOBILE.match(stripped):
        return False
    without_link = _LINK.sub("", stripped)
    return len(without_link.split()) <= 14 and _MOBILE_SENTENCE.search(without_link.rstrip(".! ")) is None


@_REMEMBERED
def contact(line: str) -> bool:
    if line.count("|") >= 3 or line.count(" | ") >= 2:
        return True  # a company, its street, its town, its number in one line
    return _CONTACT_SIGN.search(line) is not None and _CONTACT.search(line) is not None


@_REMEMBERED
def content(line: str) -> bool:
    """Whether the line names a reference or an amount: such a line is never part of a signature."""
    if _DIGIT.search(line) is None or _CONTENT.search(line) is None or contact(line):
        return False
    return _CONTENT.search(company_lines.unexplained(line)) is not None


_BUSINESS = re.compile(
    r"\b(?:inv|invoices?|po|p/o|so|cn|dn|order|credit|debit|ref|rechnung|facture|factura)\b[^\w\n]{0,3}(?:no\b|nr\b|number\b|#)?[^\w\n]{0,3}[a-z]{0,4}[-/]?\d{2,}"
    r"|\b(?:inv|po|so|cn|dn|xs|fp|si|sin|cr|rma|ht|th|ar|ap)[-_/]?\d{3,}|(?<![\d.+-])\d{1,3}(?:[,.' ]\d{3}){0,4}[.,]\d{2}(?![\d.])|[$€£¥￥]\s?\d"
    r"|\d\s?(?:元|万|eur|usd|cny|rmb|gbp|k)\b|\d[元万]|发票|订单|单号|货款|对账",
    re.IGNORECASE,
)


@_REMEMBERED
def business(line: str) -> bool:
    """Whether the line names an item or an amount of the account: digits behind a cue, money; no address or register."""
    return _DIGIT.search(line) is not None and _BUSINESS.search(company_lines.unexplained(line)) is not None


@_REMEMBERED
def speaks(line: str) -> bool:
    """Whether the line says something, other than whom to reach and where."""
    stripped = line.strip()
    return bool(_AFTERTHOUGHT.match(stripped) or "?" in stripped or _SPEAKS.search(stripped) or len(stripped) > 120)


@_REMEMBERED
def signature_like(line: str) -> bool:
    """Whether the line could stand in a signature block: a name, a role, a company, a way to reach somebody."""
    stripped = line.strip()
    if not stripped:
        return True
    if _AFTERTHOUGHT.match(stripped):
        return False
    if company_lines.footer(stripped):
        return True
    stripped = stripped[found.end() :] if (found := _PROXY.match(stripped)) else stripped
    if contact(stripped):
        return len(stripped) <= 200 and _SPEAKS.search(stripped) is None
    if content(stripped) or len(stripped) > 90 or "?" in stripped:
        return False
    if company_lines.company_line(stripped) and not _SPEAKS.search(stripped):
        return True
    cjk = len(_CJK.findall(stripped))
    if cjk:
        if cjk > 30 or "。" in stripped or "," in stripped or _SPEAKS.search(stripped):
            return False
        return cjk <= 12 or bool(_ROLE.search(stripped)) or _PLACE.search(stripped) is not None
    words = stripped.split()
    known = _ROLE.search(stripped) is not None
    if (
        not known
        and len(words) > 3
        and (_SENTENCE.search(stripped) or stripped[0].islower() or _SPEAKS.search(stripped))
    ):
        return False
    return len(words) <= 8 or known


@_REMEMBERED
def name_like(line: str) -> bool:
    """A person's name, perhaps behind a dash: capitalised words, one short word, or ideographs with a known surname.

    Strict, because short answers look like names: ``Balance agreed.``, ``Confirmed``, ``无误``.
    """
    stripped = line.strip().lstrip("-~—* ").strip()
    stripped = stripped[found.end() :] if (found := _PROXY.match(stripped)) else stripped
    if not stripped or len(stripped) > 40 or any(c.isdigit() for c in stripped):
        return False
    if _CJK.search(stripped):
        return _CHINESE_NAME.fullmatch(stripped.replace(" ", "")) is not None
    words = stripped.rstrip(",").split()
    if len(words) > 4 or (stripped.endswith(".") and len(words[-1]) > 3) or stripped.endswith(("!", "?", ":")):
        return False
    bare = [_NO_LETTERS.sub("", word) for word in words]
    if not all(word.isalpha() for word in bare) or any(word.lower() in _NO_NAMES for word in bare):
        return False
    if len(words) == 1:
        return len(words[0]) <= 15
    return all(word[0].isupper() or word.lower() in _PARTICLES for word in words)


@_REMEMBERED
def named(line: str) -> bool:
    """A line that begins with a name: ``Sofia Almeida | AP Analyst``, ``Amara Obi, ACCA``, ``杨帆 Fan Yang``."""
    stripped = line.strip()
    if name_like(stripped):
        return True
    first = _BEHIND_A_NAME.split(stripped, maxsplit=1)[0]
    if first != stripped and _full(first) and not content(stripped) and _SPEAKS.search(stripped) is None:
        return True
    if _CJK.search(stripped):
        if _IN_TWO_SCRIPTS.fullmatch(stripped):
            return True
        return len(stripped) <= 24 and name_like(stripped.split(maxsplit=1)[0]) and not _SPEAKS.search(stripped)
    return False


@_REMEMBERED
def heading(line: str) -> bool:
    """Whether a block of somebody's whereabouts can begin so: a name, a role, a firm, words that all begin in capitals."""
    stripped = line.strip()
    if named(stripped) or (role(stripped) and signature_like(stripped)):
        return True
    words = _WORDS.findall(stripped)
    return (
        2 <= len(words) <= 7
        and all(word[0].isupper() or word.lower() in _MINOR for word in words)
        and not content(line)
    )


def _full(name: str) -> bool:
    return name_like(name) and (len(name.split()) >= 2 or not name.isascii())


def disclaimer(line: str) -> bool:
    if len(line) < 12 or not may_hold_disclaimer(line):
        return False
    if _DISCLAIMER.search(line) is not None:
        return True
    lower = line.lower()
    return len(line) >= 40 and _LEGAL_CORE.search(lower) is not None and len(set(_LEGAL_WORDS.findall(lower))) >= 2


def may_hold_disclaimer(text: str) -> bool:
    """The cheap question before :func:`disclaimer`."""
    lower = text.lower()
    return any([stem in lower for stem in _DISCLAIMER_STEMS])  # noqa: C419 (a list is quicker here)


def role(line: str) -> bool:
    return _ROLE.search(line) is not None


def banner_rest(line: str) -> str | None:
    """What is left of a line that begins with a mail gateway's banner; None when it does not."""
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
