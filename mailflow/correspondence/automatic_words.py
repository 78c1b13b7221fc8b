"""How machines write: the words of absences, receipts, acknowledgements and challenges, zh/en/de/fr/es and some more.

Subjects are matched at their very start only: "Re: Automatic reply" is a person who answers one.
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re

_LEADING = r"^\s{0,5}[\[(（【《<]?\s?"  # at the very start, perhaps in brackets: (自动答复)
AWAY_SUBJECT = re.compile(
    _LEADING + r"(?:(?:out[ -]of[ -](?:the )?office|ooo|i am (?:out|away)|i'm (?:out|away)|currently out)\b"
    r"|abwesenheit|automatische abwesenheit|ich bin (?:bis|nicht|im urlaub|vom)|message d'absence|notification d'absence|absence du bureau|fuera de (?:la )?oficina|fuori (?:sede|ufficio)|afwezig|fravær|frånvaro|nieobecno|вне офиса|отсутств"
    r"|(?:假期|休假|外出|出差|请假|離職|离职|不在|春节|国庆)[^:：]{0,12}(?:自动|回复|答复|回覆))",
    re.IGNORECASE,
)
# Words that also people write as a subject: an absence only where the body speaks of one and of no business
MAYBE_AWAY_SUBJECT = re.compile(
    _LEADING
    + r"(?:(?:vacation|away|on (?:leave|vacation|holiday|annual leave)|absence|annual leave|holiday|abwesend|urlaub|absent|en congés?|ausencia)(?![ ]?[\w])"
    r"|(?:假期|休假|外出|出差|请假|離職|离职|不在|春节|国庆)[^:：]{0,12}(?:通知|中|$))",
    re.IGNORECASE,
)
BUSINESS = re.compile(
    r"\bbalance|\binvoice|\binv[-. ]?\d|\bpaid\b|\bpay(?:ment)?\b|statement|saldo|rechnung|bezahlt|solde|facture|余额|发票|对账|已付|付款|无误",
    re.IGNORECASE,
)
AUTO_SUBJECT = re.compile(
    _LEADING
    + r"(?:auto(?:matic|matisch|mated|matique|mática|matica|matyczna)?e?[ _-]?(?:reply|response|respuesta|risposta|réponse|antwort|answer|acknowledg|message)|autoreply|auto:|autosvar|automatiskt? svar|automaattinen|automatisch(?:es)? antwoord|automatische (?:antwort|rückmeldung)"
    r"|réponse automatique|respuesta automática|resposta automática|risposta automatica|odpowiedź automatyczna|автоответ|автоматический ответ|自动(?:答复|回复|回覆)|自動(?:答覆|回覆|回复|返信|応答)|(?:系统)?自动(?:邮件|通知)|\[(?:自动回复|自动答复|auto-?reply)\]|回信:?自动|【自动回复】)",
    re.IGNORECASE,
)
RECEIPT_SUBJECT = re.compile(
    _LEADING
    + r"(?:read:|read receipt|return receipt|(?:message )?(?:opened|displayed|delivered):|gelesen:|lesebestätigung|empfangsbestätigung|lu ?:|confirmation de lecture|leído:|lida:|letto:|gelezen:|läst:|已读[:：]|已讀[:：]|已读回执|读取[:：]|已送达|送达回执|阅读回执|relayed:|delivery receipt|not read:|ungelesen gelöscht|未读)",
    re.IGNORECASE,
)
ACKNOWLEDGING_SUBJECT = re.compile(
    r"^\s{0,5}(?:(?:re|aw|回复|答复)\s?[:：]\s?)?(?:\[?(?:ticket|case|request|anfrage|vorgang|incident|service request|工单|案件)\b[ #:\]-]|\[#{0,2}[a-z]{0,10}[ -]?#?\d{3,12}(?:##)?\]"
    r"|[^\[\]【】]{0,80}[\[【(](?:ticket|case|vorgang|incident|ref|工单号?|单号)[ #:：]{0,3}[\w-]{3,24}[\]】)]"
    r"|votre (?:demande|message|courriel|ticket)|(?:hemos recibido|su (?:solicitud|mensaje|consulta|ticket))|confirmación de recepción|acuse de recibo|confirmation de réception|.{0,20}(?:邮件|来信|请求)已(?:收到|受理)"
    r"|we(?:'ve| have) received|your (?:request|enquiry|inquiry|message|email|ticket) (?:has been|was) (?:received|created|opened|logged)|thank you for (?:contacting|your (?:e-?mail|message|enquiry|inquiry|request))|(?:request|ticket|case) (?:received|created|opened)|ihre anfrage|eingangsbestätigung|accusé de réception|您的(?:邮件|请求|来信|工单)|工单)",
    re.IGNORECASE,
)
AWAY = re.compile(
    r"\bout of (?:the )?office\b|\bout of (?:the )?(?:country|town)\b|\bon (?:annual |sick |maternity |parental |paternity |a |my )?(?:leave|vacation|holidays?|business trip)\b|\b(?:away|absent) (?:from|until|till|on|for|this|between|at)\b|\bi(?:'m| am| will be)(?: currently| now)? (?:away|out|absent|travel|unavailable|not (?:in|at) (?:the|my))|\blimited access to (?:my )?e-?mail|\bno access to (?:my )?e-?mail|\bwill (?:be back|return)\b|\bback (?:in the office|on|at work)\b|\boffice (?:is|will be) closed\b|\bwe are closed\b|\bno longer (?:work|employed|with)|\bhas left the company|\bleft the company"
    r"|\babwesen|\bim urlaub\b|nicht im (?:büro|hause?)|außer haus|wieder (?:im büro|erreichbar|zurück|für sie da)|bin ich (?:wieder|zurück)|elternzeit|\bkrank|betriebsferien"
    r"|\babsente?s?\b|en cong|de retour|hors du bureau|en vacances|en déplacement|fuera de la oficina|de vacaciones|ausente|estaré de vuelta|in ferie|fuori ufficio|assente|afwezig|met vakantie|op vakantie"
    r"|休假|外出|出差|请假|年假|不在(?:办公室|公司|岗)|度假|假期(?:中|自动)?|放假|休息(?:中|至|到|日)|产假|病假|离岗|无法及时(?:回复|处理|查看)|不能及时(?:回复|处理)|返回(?:公司|岗位|工作|办公室)|回到(?:公司|岗位|办公室)|上班后|节后(?:回复|处理)|已离职|休暇|不在にして",
    re.IGNORECASE,
)
ACKNOWLEDGES = re.compile(
    r"(?:we|i)(?:'ve| have)? (?:have )?received your (?:e-?mail|message|request|enquiry|inquiry|query)|your (?:e-?mail|message|request|enquiry|inquiry|ticket|case)(?: has been| was)? (?:received|logged|created|registered|assigned|forwarded)|thank you for (?:contacting|your (?:e-?mail|message|enquiry|inquiry))|(?:ticket|case|reference) (?:number|no\.?|id|#)|do not reply to this|this (?:is an|e-?mail (?:is|was|has been)|message (?:is|was|has been)) (?:an )?auto(?:matic|mated)|auto(?:matically|mated) (?:generated|response|reply)|this mailbox is not (?:monitored|attended)|received your (?:request|message|e-?mail|enquiry)|(?:assigned|created) (?:a )?(?:ticket|case)"
    r"|vielen dank für ihre (?:nachricht|anfrage|e-?mail|mail)|ihre (?:nachricht|anfrage|e-?mail) (?:ist|wurde|haben wir)|ticket(?:nummer|-nr)|vorgangsnummer|nous accusons réception|(?:votre|vos) (?:message|demande|courriel)s? (?:a|ont|est) bien|ticket a été créé|(?:su|tu) (?:mensaje|solicitud|consulta) (?:ha sido|fue) (?:recibid|registrad)|número de (?:caso|ticket)|se le ha asignado"
    r"|(?:haben|wir haben) ihre (?:nachricht|anfrage|e-?mail) erhalten|automatisch (?:generiert|erstellt|erzeugt)|nous avons bien reçu|message automatique|hemos recibido|mensaje automático"
    r"|(?:已|已经)(?:成功)?收到您的(?:邮件|来信|请求|信息)|您的(?:邮件|来信|请求|问题)(?:我们)?(?:已|已经)(?:成功)?(?:收到|受理|登记|提交)|感谢您的(?:来信|来邮|邮件)|(?:会|将)(?:尽快|在.{0,12}内)(?:回复|处理|与您联系)|自动(?:回复|答复|发送)(?:的)?(?:邮件)?|系统自动|请勿(?:直接)?回复|工单号|受理编号",
    re.IGNORECASE,
)
SAYS_AUTOMATIC = re.compile(
    r"this is an (?:automated|automatic) (?:response|reply|answer|acknowledge?ment)|dies ist eine automatische (?:antwort|nachricht|eingangsbestätigung)|ceci est (?:un message|une réponse) automatique|est[eo] es una? (?:mensaje|respuesta) automátic[oa]|(?:此|本)邮件(?:为|是|由)系统自动(?:发出|发送|回复)|这是来自QQ邮箱的(?:假期)?自动回复邮件|这是一封自动回复(?:的)?邮件|此为自动回复|本邮件(?:为|是|由)系统自动|系统自动回复|^\s{0,5}自动回复[:：]",
    re.IGNORECASE,
)
CHALLENGE = re.compile(
    r"(?:confirm|verify) (?:that )?you(?:'re| are) (?:a )?(?:human|real)|to (?:complete|finish) delivery of your|sender verification|anti-?spam (?:challenge|verification)|click .{0,40}to (?:deliver|release) your (?:message|e-?mail)",
    re.IGNORECASE,
)
CONTENT = re.compile(
    r"remittance|payment advice|payment notification|avis de paiement|zahlungsavis|avis\b|aviso de pago|vendor payment|payment (?:confirmation|details|summary|run)|付款通知|汇款通知|回单|付款明细|付款凭证|invoice|rechnung|statement|对账|账单|発票|发票",
    re.IGNORECASE,
)
ADVICE = re.compile(
    r"remittance|payment (?:advice|notification|confirmation|details|run)|avis de paiement|zahlungsavis|aviso de pago"
    r"|付款通知|汇款通知|付款明细|付款凭证|回单",
    re.IGNORECASE,
)
