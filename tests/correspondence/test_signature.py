# ruff: noqa: E501 (mails are quoted as they are)
from __future__ import annotations

import pytest

from mailflow.correspondence.quotation import newest_text, split
from tests.correspondence.mails import plain, squeezed


@pytest.mark.parametrize(
    "end",
    [
        "-- \nSam Carter\nBuyer Ltd",
        "--\nSam",
        "Best regards,\nSam Carter\nAccounts Payable\nTel: +44 20 7946 0000",
        "Kind regards\n\nSam",
        "Regards, Sam",
        "Thanks,\nSam",
        "此致\n敬礼\n张会计\n电话:0512-66660000",
        "祝好\n李明\n采购部",
        "谢谢！\n王芳",
        "Mit freundlichen Grüßen\nAnna Schmidt\nMuster GmbH\nMusterstraße 1\n12345 Berlin",
        "Cordialement,\nJean Dupont",
        "Saludos,\nJuan Pérez",
        "Sent from my iPhone",
        "发自我的 iPhone",
        "從我的 iPhone 傳送",
        "发自我的企业微信",
        "Von meinem iPhone gesendet",
        "Gesendet von Outlook für Android<https://aka.ms/AAb9ysg>",
        "Envoyé de mon iPhone",
        "Get Outlook for iOS<https://aka.ms/o0ukef>",
        "获取 Outlook for iOS<https://aka.ms/o0ukef>",
        "从 Windows 版邮件发送",
        "Sam Carter\nAccounts Payable | Buyer Ltd\nTel +44 20 7946 0000\nwww.buyer.example",
        "This e-mail and any attachments are confidential and intended solely for the addressee. If you have received it "
        "in error, please delete it.",
        "本邮件及其附件含有本公司的保密信息，仅限于发送给上面地址中列出的个人。禁止任何其他人以任何形式使用。如果您错收了本邮件，请删除本邮件！",
        "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, löschen Sie sie.",
        "保密提示：本邮件及其附件含有机密信息",
        "#/******本邮件及其附件含有保密信息******/#",
    ],
)
def test_an_end_is_taken_from_the_text_and_kept_as_signature(end: str) -> None:
    found = split(plain(f"INV-1001 is wrong, please correct it.\n\n{end}\n"))
    assert found.new_text == "INV-1001 is wrong, please correct it."
    assert squeezed(found.signature or "") == squeezed(end)
    assert squeezed(newest_text(f"INV-1001 is wrong.\n\n{end}\n", keep_signature=True)) == squeezed(
        f"INV-1001 is wrong.{end}"
    )


@pytest.mark.parametrize(
    "body",
    [
        "We agree, thank you.",
        "已核对,余额一致,谢谢!",
        "Agreed.\n\nThank you.",
        "OK",
        "Thanks,\nRoman",
        "Best regards",
        "List:\n- INV-001 500.00\n- INV-002",
        "Points:\n- agreed\n- paid",
        "Best regards,\nINV-1001 is still open, 500.00 EUR",
        "-- \nPS: INV-1001 over 500.00 is not ours",
        "Please call me.\nTel is best. INV-1001 is wrong.",
    ],
)
def test_what_may_be_content_stays(body: str) -> None:
    assert squeezed(newest_text(body)) == squeezed(body)


def test_a_banner_of_a_mail_gateway_leaves_the_words_on_its_line() -> None:
    banner = "CAUTION: This email originated from outside of the organization. Do not click links or open attachments."
    found = split(plain(f"{banner} We agree with the balance.\nINV-1001 too."))
    assert found.new_text == "We agree with the balance.\nINV-1001 too."
    assert "CAUTION" in (found.signature or "")
    assert newest_text("【外部邮件】注意：此邮件来自公司外部，请勿点击链接或打开附件。\n\n余额一致。") == "余额一致。"


def test_the_senders_own_name_opens_the_signature() -> None:
    assert split(plain("We agree.\n\nSam Carter\n")).new_text == "We agree."


def test_a_caution_that_the_customer_writes_stays() -> None:
    body = "Attention: INV-1001 is wrong, the price was 500.00."
    assert newest_text(body) == body


@pytest.mark.parametrize("name", ["Sean", "Liam.", "- Roman", "JK", "M.", "周", "婷婷", "Sean O'Neill"])
def test_a_name_as_the_last_paragraph_signs_whoever_the_mail_is_from(name: str) -> None:
    found = split(plain(f"Nothing to add from our end, the account is as you state it.\n\n{name}"))
    assert found.new_text == "Nothing to add from our end, the account is as you state it."
    assert found.signature == name


@pytest.mark.parametrize("answer", ["Approved", "OK", "符合", "余额 38,000", "周五", "马上", "谢谢", "Agreed.", "NO"])
def test_a_short_answer_as_the_last_paragraph_is_no_name(answer: str) -> None:
    body = f"您好，请问余额是否一致？我们核对过了。\n\n{answer}"
    assert squeezed(newest_text(body)) == squeezed(body)


@pytest.mark.parametrize(
    "sentence",
    [
        "I hereby confirm on behalf of Buyer Ltd the correctness of the balance shown.",
        "Maria no longer works here. I have taken over accounts payable.",
        "Once our controller is back we will confirm the balance.",
    ],
)
def test_what_somebody_says_below_his_closing_formula_is_kept(sentence: str) -> None:
    body = f"Please see below.\n\nBest regards,\nSam Carter\n\n{sentence}"
    assert squeezed(newest_text(body)) == squeezed(body)


def test_a_sentence_above_a_phones_footer_is_no_signature() -> None:
    assert newest_text("We agree with INV-1001.\n\nPlease send it.\n\nGet Outlook for iOS<https://aka.ms/o0ukef>") == (
        "We agree with INV-1001.\n\nPlease send it."
    )


def test_a_firm_whose_name_has_a_single_letter_ends_a_mail() -> None:
    end = "祝好\nLisa Huang 黄丽莎\n应付会计 AP Accountant\n厦门鹭岛进出口集团有限公司 Xiamen Ludao I/E Group"
    assert newest_text(f"收到，核对后回复。\n\n{end}") == "收到，核对后回复。"
    assert newest_text("金额有误，我司账面为38,000.00元。\n吴晓燕 东方农机") == "金额有误，我司账面为38,000.00元。"
