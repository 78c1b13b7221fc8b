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
