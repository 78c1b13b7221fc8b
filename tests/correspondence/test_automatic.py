# ruff: noqa: E501 (mails are quoted as they are)
from __future__ import annotations

import datetime as dt
from email.header import Header

import pytest

from mailflow.correspondence import automatic, mime
from mailflow.correspondence.message import Automatic, AutomaticVerdict


def verdict(
    subject: str, body: str, headers: str = "", sender: str = "AP <ap@buyer.example>", **marks: list[str]
) -> AutomaticVerdict:
    head = (
        f"From: {sender}\nTo: ar@huaxing.example\nSubject: {Header(subject, 'utf-8').encode()}\n"
        f"Date: Tue, 03 Nov 2026 10:00:00 +0800\nMessage-ID: <x@buyer.example>\n{headers}"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    )
    return automatic.classify(mime.read(head.encode() + body.encode()), **marks)


AWAY = [
    ("Automatic reply: Statement", "I am out of the office until 9 November. For urgent matters contact ap2@buyer.example.", "2026-11-09"),
    ("Out of Office: Statement", "Thank you for your message. I am on annual leave from 2 November and will be back on 16 November 2026.", "2026-11-16"),
    ("自动回复: 对账单", "您好，我正在休假，11月10日返回公司，期间邮件可能无法及时回复。", "2026-11-10"),
    ("自动答复: 对账单", "本人于11月2日至11月13日出差，急事请致电 13900001111。", "2026-11-13"),
    ("自動回覆: 對帳單", "您好，我目前外出，將於2026年11月20日返回辦公室。", "2026-11-20"),
    ("Automatische Antwort: Kontoauszug", "Ich bin bis einschließlich 12.11.2026 nicht im Büro.", "2026-11-12"),
    ("Abwesenheitsnotiz: Kontoauszug", "Guten Tag, ich bin im Urlaub und am 17. November wieder erreichbar.", "2026-11-17"),
    ("Réponse automatique : Relevé", "Je suis absent du bureau jusqu'au 15 novembre 2026.", "2026-11-15"),
    ("Respuesta automática: Extracto", "Estoy fuera de la oficina hasta el 20 de noviembre de 2026.", "2026-11-20"),
]  # fmt: skip

HEADER_SETS = {
    "Exchange": "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nReturn-Path: <>\n",
    "RFC 3834": "Auto-Submitted: auto-replied\n",
    "odd case": "Auto-Submitted: Auto-Replied (vacation); owner-email=\"a@b.example\"\n",
    "vacation": "Precedence: bulk\nX-Autoreply: yes\n",
    "Apple": "X-Apple-Action: RESPOND\n",
    "subject only": "",
}  # fmt: skip


@pytest.mark.parametrize("headers", HEADER_SETS)
@pytest.mark.parametrize(("subject", "body", "back"), AWAY)
def test_an_absence_is_known_by_any_mark_and_gives_the_day_of_return(
    subject: str, body: str, back: str, headers: str
) -> None:
    found = verdict(subject, body, HEADER_SETS[headers])
    assert found.automatic is Automatic.OUT_OF_OFFICE, found.because
    assert found.return_date == dt.date.fromisoformat(back)


@pytest.mark.parametrize(
    ("subject", "body", "headers"),
    [
        (
            "Automatic reply: Statement",
            "Thank you for your email. We have received your message and will answer in 2 working days.",
            "",
        ),
        ("自动回复: 对账单", "您好，已收到您的邮件，我们会尽快处理。", ""),
        ("Re: 对账单", "这是来自QQ邮箱的自动回复邮件。\n\n您好，您的邮件已收到，谢谢！", ""),
        (
            "[Ticket #48213] Statement of account",
            "We have received your request. A ticket has been created, number 48213.",
            "",
        ),
        (
            "Re: Statement [#123456]",
            "Your request has been received and is being reviewed by our team.",
            "Auto-Submitted: auto-generated\n",
        ),
        ("Gelesen: Kontoauszug", "Ihre Nachricht wurde am 03.11.2026 gelesen.", ""),
        ("已读: 对账单", "您的邮件已被阅读。", ""),
        ("Statement", "Bitte antworten Sie nicht.", "Return-Path: <>\n"),
    ],
)
def test_a_mere_receipt_is_an_automatic_reply(subject: str, body: str, headers: str) -> None:
    assert verdict(subject, body, headers).automatic is Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    ("subject", "body", "headers"),
    [
        ("Re: Statement", "We agree.", "Auto-Submitted: no\n"),
        ("Re: Statement", "We agree.", "X-Auto-Response-Suppress: OOF, AutoReply\n"),
        ("Re: Statement", "We agree.", "List-Unsubscribe: <mailto:u@gateway.example>\n"),
        ("回复: 自动答复: 对账单", "收到，余额一致。", ""),
        ("Re: Automatic reply: Statement", "Back now. We agree with the balance.", ""),
        ("Statement", "I will be out of office next week, please send the invoice today.", ""),
        ("Re: Statement", "我下周出差，请今天把发票发来。", ""),
        ("Undelivered goods INV-1001", "The goods of INV-1001 were not delivered to warehouse@buyer.example.", ""),
        ("Returned goods", "We returned the goods, please issue a credit note. Delivery failed twice.", ""),
        (
            "Fwd: Undelivered Mail Returned to Sender",
            "See below, could not be delivered to ap@buyer.example. Please resend the statement.",
            "",
        ),
        ("Your ticket", "Thanks, we agree with the balance of INV-1001.", ""),
    ],
)
def test_people_are_people_whatever_their_gateway_adds(subject: str, body: str, headers: str) -> None:
    assert verdict(subject, body, headers).automatic is Automatic.NO


def test_a_remittance_advice_of_a_system_is_content_and_said_to_be_written_by_a_machine() -> None:
    found = verdict(
        "Remittance advice 4711",
        "We have paid: INV-1001 500.00\nINV-1002 700.00\nTotal 1,200.00 EUR",
        "Auto-Submitted: auto-generated\nPrecedence: bulk\n",
        "SAP <noreply@buyer.example>",
    )
    assert found.automatic is Automatic.NO and found.warnings


def test_a_list_is_a_list() -> None:
    assert verdict("News", "Hello all", "List-Id: <news.buyer.example>\n").automatic is Automatic.MAILING_LIST


def test_our_own_mail_coming_back_is_no_reply() -> None:
    found = verdict(
        "Statement",
        "Please confirm",
        "X-Mailflow-Id: <st-1@huaxing.example>\n",
        "ar@huaxing.example",
        own_addresses=["ar@huaxing.example"],
    )
    assert found.automatic is Automatic.AUTO_REPLY and "loop" in found.warnings[0]


def report(
    blocks: str,
    original: str = "Message-ID: <st-1@huaxing.example>\nSubject: Statement\n\nx",
    kind: str = "message/rfc822",
) -> AutomaticVerdict:
    raw = (
        "From: MAILER-DAEMON@mx.huaxing.example\nTo: ar@huaxing.example\nSubject: Undelivered Mail Returned to Sender\n"
        'Auto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.huaxing.example\n\n"
        f"{blocks}\n--b\nContent-Type: {kind}\n\n{original}\n--b--\n"
    )
    return automatic.classify(mime.read(raw.encode()))


def test_each_recipient_of_a_report_has_its_own_outcome() -> None:
    found = report(
        "Final-Recipient: rfc822; a@buyer.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n\n"
        "Original-Recipient: rfc822;b@buyer.example\nFinal-Recipient: rfc822; b@inner.example\nAction: delayed\nStatus: 4.4.1\n\n"
        "Final-Recipient: rfc822; c@buyer.example\nAction: delivered\nStatus: 2.0.0\n"
    )
    assert found.automatic is Automatic.BOUNCE
    got = [(one.recipient, one.permanent, one.status, one.original_message_id) for one in found.bounces]
    assert got == [
        ("a@buyer.example", True, "5.1.1", "<st-1@huaxing.example>"),
        ("b@buyer.example", False, "4.4.1", "<st-1@huaxing.example>"),
    ]
    assert found.bounce.recipient == "a@buyer.example" and found.bounce.reason == "550 5.1.1 no such user"


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [
        ("failed", "5.2.2", True), ("failed", "4.2.2", False), ("failed", "4.4.7", True), ("failed", "", True),
        ("delayed", "5.4.1", False), ("delayed", "4.4.7", False), ("", "5.7.1", True), ("", "4.7.1", False),
    ],
)  # fmt: skip
def test_hard_and_soft_follow_the_code_and_a_delay_is_never_hard(action: str, status: str, permanent: bool) -> None:
    fields = "".join(f"{name}: {value}\n" for name, value in (("Action", action), ("Status", status)) if value)
    found = report(f"Final-Recipient: rfc822; a@buyer.example\n{fields}")
    assert found.bounce.permanent is permanent


def test_a_delivery_receipt_is_no_bounce() -> None:
    found = report("Final-Recipient: rfc822; a@buyer.example\nAction: delivered\nStatus: 2.0.0\n")
    assert found.automatic is Automatic.AUTO_REPLY and found.bounces == ()


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822", "text/rfc822"])
def test_the_id_of_the_mail_that_bounced_is_found(kind: str) -> None:
    found = report("Final-Recipient: rfc822; a@buyer.example\nAction: failed\nStatus: 5.2.2\n", kind=kind)
    assert found.bounce.original_message_id == "<st-1@huaxing.example>"


@pytest.mark.parametrize(
    ("sender", "subject", "body", "recipient", "permanent", "status"),
    [
        ("MAILER-DAEMON@mx.example", "failure notice", "Hi. This is the qmail-send program.\nI wasn't able to deliver your message to the following addresses.\n\n<ap@buyer.example>:\n550 5.1.1 User unknown. Giving up.\n\n--- Below this line is a copy of the message.\n\nMessage-ID: <st-1@huaxing.example>\nTo: other@x.example\n", "ap@buyer.example", True, "5.1.1"),
        ("Mail Delivery System <Mailer-Daemon@mx.example>", "Warning: message delayed 24 hours", "This message was created automatically.\nA message that you sent has not yet been delivered to:\n\n  ap@buyer.example\n    Delay reason: 451 4.7.1 Greylisted\n\nNo action is required. Delivery attempts will continue.\n\nMessage-ID: <st-1@huaxing.example>\n", "ap@buyer.example", False, "4.7.1"),
        ("postmaster@163.com", "系统退信/The email is returned", "抱歉，您的邮件被退回来了……\n无法发送到 ap@buyer.example\n退信代码: 550 User not found\n\nMessage-ID: <st-1@huaxing.example>\n", "ap@buyer.example", True, None),
        ("PostMaster <postmaster@qq.com>", "来自qq.com的退信", "发件人（ar@huaxing.example）您好\n您的邮件发送失败\n收件人邮箱 ap@buyer.example 不存在\nhost said: 550 5.1.1 Mailbox not found\n", "ap@buyer.example", True, "5.1.1"),
        ("Microsoft Outlook <MicrosoftExchange329e@buyer.example>", "Unzustellbar: Kontoauszug", "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\nap@buyer.example<mailto:ap@buyer.example>\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden.\n\nRemote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound'\n\nMessage-ID: <st-1@huaxing.example>\n", "ap@buyer.example", True, "5.1.10"),
    ],
)  # fmt: skip
def test_bounces_that_only_a_text_tells(
    sender: str, subject: str, body: str, recipient: str, permanent: bool, status: str | None
) -> None:
    found = verdict(subject, body, sender=sender)
    assert found.automatic is Automatic.BOUNCE, found
    assert (found.bounce.recipient, found.bounce.permanent, found.bounce.status) == (recipient, permanent, status)
    if "Message-ID" in body:
        assert found.bounce.original_message_id == "<st-1@huaxing.example>"


def test_a_read_receipt_and_a_complaint_are_told_apart_from_replies() -> None:
    for kind, text in (
        ("disposition-notification", "Disposition: manual-action/MDN-sent-manually; displayed"),
        ("feedback-report", "Feedback-Type: abuse"),
    ):
        raw = f'From: ap@buyer.example\nSubject: x\nContent-Type: multipart/report; report-type={kind}; boundary="b"\n\n--b\n\nWe confirm.\n--b\nContent-Type: message/{kind}\n\n{text}\n--b--\n'
        assert automatic.classify(mime.read(raw.encode())).automatic is Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    ("wanted", "subject", "body", "headers", "sender"),
    [
        ("out_of_office", "(自动答复) 回复: 对账单", "您好，我11月2日至11月6日出差，回来后处理您的邮件。", "Precedence: bulk\n", "AP <ap@buyer.example>"),
        ("out_of_office", "（自动答复）对账单", "本人休假至11月9日。", "Precedence: bulk\n", "AP <ap@buyer.example>"),
        ("out_of_office", "【自动回复】对账单", "在外地出差，不方便看邮件，急事打电话", "", "AP <ap@buyer.example>"),
        ("auto_reply", "(自动回复) 对账单", "来信已收到，谢谢。", "Precedence: bulk\n", "AP <ap@buyer.example>"),
        ("auto_reply", "[自动答复] 对账单", "您的邮件我已收到，会尽快回复您。", "", "AP <ap@buyer.example>"),
        ("out_of_office", "Re: Statement", "I am currently out of the office with no access to e-mail. I will return on Monday 9 November.", "Auto-Submitted: auto-replied\n", "AP <ap@buyer.example>"),
        ("out_of_office", "Statement of account", "Ich befinde mich bis zum 13.11. im Urlaub. Ihre Mail wird nicht weitergeleitet.", "Auto-Submitted: auto-replied\n", "AP <ap@buyer.example>"),
        ("out_of_office", "Absence du bureau Re: Relevé", "Je suis en congés jusqu'au 16 novembre inclus.", "", "AP <ap@buyer.example>"),
        ("out_of_office", "Fuera de la oficina: Extracto", "Estaré ausente hasta el 10 de noviembre.", "", "AP <ap@buyer.example>"),
        ("out_of_office", "OOO: Statement", "back Thursday", "", "AP <ap@buyer.example>"),
        ("out_of_office", "Auto: Out until Monday Re: Statement", "I'm away until Monday.", "", "AP <ap@buyer.example>"),
        ("out_of_office", "Annual leave: Re: Statement", "I am on leave.", "", "AP <ap@buyer.example>"),
        ("out_of_office", "休假中 Re: 对账单", "休假中，11月10日上班。", "", "AP <ap@buyer.example>"),
        ("auto_reply", "Ihre Anfrage wurde erfasst [Ticket#2026110310000123]", "Sehr geehrte Damen und Herren, vielen Dank für Ihre Nachricht. Wir haben Ihre Anfrage unter der Ticketnummer 2026110310000123 erfasst.", "", "AP <ap@buyer.example>"),
        ("auto_reply", "[##4711##] Statement of account", "Dear customer, your message has been received and assigned ticket number 4711. Our team will respond within 24 hours.", "", "AP <ap@buyer.example>"),
        ("auto_reply", "Ticket Received - Statement of account", "Hi, we've received your request (#5521) and our support staff are reviewing it. To add additional comments, reply to this email.", "", "Acme Support <support@acme.example>"),
        ("auto_reply", "Re: Statement of account [Case 00012345]", "This is an automated message to confirm that we have received your email. Case number: 00012345. Please do not reply to this message.", "", "noreply@acme.example"),
        ("auto_reply", "Votre demande n° 88231 a bien été enregistrée", "Bonjour, nous avons bien reçu votre message et un ticket a été créé sous le numéro 88231. Un conseiller vous répondra sous 48h.", "", "AP <ap@buyer.example>"),
        ("auto_reply", "Accusé de réception : votre message", "Nous accusons réception de votre courriel et vous répondrons dans les meilleurs délais. Ceci est un message automatique.", "", "AP <ap@buyer.example>"),
        ("auto_reply", "Hemos recibido su solicitud #9921", "Estimado cliente: Hemos recibido su consulta y se le ha asignado el número de caso 9921. Le responderemos a la mayor brevedad.", "", "AP <ap@buyer.example>"),
        ("auto_reply", "Confirmación de recepción", "Su mensaje ha sido recibido. Este es un mensaje automático, por favor no responda.", "", "AP <ap@buyer.example>"),
        ("auto_reply", "您的来信已受理【工单号：202611030088】", "尊敬的客户，您提交的问题已受理，工单号202611030088，客服人员将在1个工作日内与您联系。", "", "AP <ap@buyer.example>"),
        ("auto_reply", "【财务共享中心】邮件已收到", "您好！您的邮件已收到，我们将在3个工作日内处理。本邮件由系统自动发送，请勿直接回复。", "", "AP <ap@buyer.example>"),
        ("auto_reply", "工单创建通知", "您的问题已登记，工单编号：GD-8812。此邮件为系统自动发出，请勿回复。", "", "AP <ap@buyer.example>"),
        ("auto_reply", "Re: Statement of account", "Thank you for your email to Accounts Payable. This mailbox is monitored Mon-Fri. Please allow 5 working days for a response. This is an automated response.", "", "AP <ap@buyer.example>"),
        ("auto_reply", "Invoice submission confirmation", "Thank you for your submission. Your document was received by our AP automation system and is queued for processing. Do not reply to this email.", "", "AP Robot <no-reply@ap.acme.example>"),
        ("auto_reply", "Not read: Statement of account", "Your message\n  To: ap\n  Subject: Statement\nwas deleted without being read on Tuesday, 3 November 2026.", "", "AP <ap@buyer.example>"),
        ("auto_reply", "Lu : Relevé de compte", "Votre message a été lu le mardi 3 novembre 2026.", "", "AP <ap@buyer.example>"),
        ("auto_reply", "Leído: Extracto", "Su mensaje fue leído el martes 3 de noviembre.", "", "AP <ap@buyer.example>"),
        ("auto_reply", "已读: 对账单", "您的邮件已于 2026-11-03 10:00 被查看。", "", "AP <ap@buyer.example>"),
        ("auto_reply", "Return receipt (displayed) - Statement", "This is a return receipt for the mail that you sent to ap@buyer.example. Note: This return receipt only acknowledges that the message was displayed.", "", "AP <ap@buyer.example>"),
        ("no", "Re: Statement", "We have received your statement and confirm the balance.", "", "AP <ap@buyer.example>"),
        ("no", "Re: 对账单", "您的邮件已收到，余额核对无误。", "", "AP <ap@buyer.example>"),
        ("no", "Re: Your request", "Thanks for your email. The ticket price on INV-1001 is wrong.", "", "AP <ap@buyer.example>"),
        ("no", "Ticket 4711 / Statement", "Hello, we agree with the balance. Regards, Tom", "", "AP <ap@buyer.example>"),
        ("no", "Re: Ticket#4711 Statement", "INV-1001 was paid on 3 November.", "", "AP <ap@buyer.example>"),
        ("no", "Statement", "I will be away from Thursday, so please note the balance is correct.", "", "AP <ap@buyer.example>"),
        ("no", "休假通知", "我下周休假，余额今天先确认：无误。", "", "AP <ap@buyer.example>"),
        ("no", "Vacation pay invoice INV-3", "please see attached invoice question: why 300?", "", "AP <ap@buyer.example>"),
        ("no", "Re: Out of stock items", "We returned the goods.", "", "AP <ap@buyer.example>"),
        ("no", "Urlaub", "Hallo, der Saldo stimmt. Ich gehe morgen in Urlaub.", "", "AP <ap@buyer.example>"),
        ("mailing_list", "[acme-news] November", "Hello all", "Precedence: list\n", "AP <ap@buyer.example>"),
        ("mailing_list", "Newsletter", "Our newsletter. Unsubscribe here", "Precedence: bulk\n", "AP <ap@buyer.example>"),
        ("no", "Zahlungsavis 5512", "Wir haben bezahlt: INV-1 500,00 EUR", "Auto-Submitted: auto-generated\n", "SAP <noreply@b.example>"),
        ("no", "付款通知", "已付款：XS1001 5000元", "Precedence: bulk\n", "erp <erp@b.example>"),
    ],
)  # fmt: skip
def test_machines_and_people_in_five_languages(wanted: str, subject: str, body: str, headers: str, sender: str) -> None:
    assert verdict(subject, body, headers, sender).automatic.value == wanted


def test_a_person_who_quotes_an_acknowledgement_stays_a_person() -> None:
    quoted = "> This is an automated response.\n> Your request has been received.\n"
    found = verdict("Re: Your request 4711", f"The balance is correct.\n\nOn Mon, 2 Nov 2026 AP wrote:\n{quoted}")
    assert found.automatic is Automatic.NO


@pytest.mark.parametrize(
    ("disposition", "because"),
    [
        ("manual-action/MDN-sent-manually; displayed", "read receipt"),
        ("automatic-action/MDN-sent-automatically; deleted", "deleted unread"),
        ("manual-action/MDN-sent-manually; denied", "read receipt refused"),
    ],
)
def test_what_became_of_a_read_receipt_is_said(disposition: str, because: str) -> None:
    raw = (
        'From: ap@buyer.example\nSubject: x\nContent-Type: multipart/report; report-type=disposition-notification; boundary="b"\n\n'
        f"--b\n\nWe confirm.\n--b\nContent-Type: message/disposition-notification\n\nDisposition: {disposition}\n--b--\n"
    )
    found = automatic.classify(mime.read(raw.encode()))
    assert (found.automatic, found.because) == (Automatic.AUTO_REPLY, because)
