"""The bytes of our letters, as any mail reader sees them."""

import datetime as dt
import email
import email.policy
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.correspondence.header_lines import UnsafeLetter
from mailflow.correspondence.letter import Envelope, Letter, LetterFile, compose
from mailflow.correspondence.message import Address

LONG_ID = f"<{'a' * 70}.b@prod.outlook.example>"
LETTER = Letter(
    "statement",
    "zh-CN",
    "对账单 SOA-202610-C001-CNY v1（截至2026年10月31日，CNY 22,500.00）- 华星贸易有限公司",
    "苏州明达电子有限公司：\n\n请核对。\n" * 20,
    "<p>苏州明达电子有限公司：</p>\n",
    (
        LetterFile("对账单_华星贸易有限公司_SOA-202610-C001-CNY_v1.pdf", "application/pdf", b"%PDF-1.4\n" * 90),
        LetterFile("statement v1.xlsx", "application/octet-stream", bytes(range(256))),
    ),
)
ENVELOPE = Envelope(
    sender=Address("华星贸易有限公司", "ar@huaxing.example"),
    to=(Address("苏州明达电子有限公司 财务部", "finance@mingda.example"),),
    date=dt.datetime(2026, 11, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8))),
    message_id="<soa.v1.abc@huaxing.example>",
    reply_to=Address("", "ar+7h2k9mfq4xw8znpc@huaxing.example"),
    marks=(("X-Mailflow-Id", "soa.v1.abc"),),
)


def read(raw: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


def test_a_reader_finds_subject_names_text_and_files_as_they_were_given() -> None:
    message = read(compose(LETTER, ENVELOPE))
    assert message["Subject"] == LETTER.subject
    assert message["From"].addresses[0].display_name == "华星贸易有限公司"
    assert message["To"].addresses[0].display_name == "苏州明达电子有限公司 财务部"
    assert message["Reply-To"] == "ar+7h2k9mfq4xw8znpc@huaxing.example"
    assert message["Date"] == "Mon, 02 Nov 2026 09:00:00 +0800"
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and text.get_content().replace("\r\n", "\n") == LETTER.text
    assert html is not None and html.get_content().replace("\r\n", "\n") == LETTER.html
    files = [(part.get_filename(), part.get_content()) for part in message.iter_attachments()]
    assert files == [(file.name, file.content) for file in LETTER.files]


def test_equal_letters_are_equal_bytes_and_a_changed_one_is_not() -> None:
    assert compose(LETTER, ENVELOPE) == compose(LETTER, ENVELOPE)
    assert compose(LETTER, ENVELOPE) != compose(replace(LETTER, text="other\n"), ENVELOPE)


def test_every_line_ends_in_crlf_is_ascii_and_short_enough_for_smtp() -> None:
    for letter in (LETTER, replace(LETTER, text="A plain letter – with one dash.\n" * 40, html="<p>x</p>" * 500)):
        raw = compose(letter, ENVELOPE)
        assert raw.isascii() and b"\0" not in raw
        assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
        assert max(len(line) for line in raw.split(b"\r\n")) <= 998
        header = raw.split(b"\r\n\r\n")[0]
        words = [word for line in header.split(b"\r\n") for word in line.split() if word.startswith(b"=?")]
        assert words and all(len(word) <= 75 for word in words)


def test_ids_longer_than_a_line_are_never_encoded_or_cut() -> None:
    follow_up = replace(ENVELOPE, in_reply_to=LONG_ID, references=(LONG_ID, "<b@c.example>", LONG_ID))
    message = email.message_from_bytes(compose(LETTER, follow_up), policy=email.policy.compat32)
    assert message["In-Reply-To"] == LONG_ID
    assert message["References"].split() == [LONG_ID, "<b@c.example>", LONG_ID]


def test_vacation_programs_are_told_and_unsubscribing_takes_one_click_where_there_is_a_page() -> None:
    message = read(compose(LETTER, ENVELOPE))
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] is None
    listed = replace(ENVELOPE, unsubscribe=("https://huaxing.example/u/1", "mailto:ar@huaxing.example?subject=stop"))
    message = read(compose(LETTER, listed))
    assert message["List-Unsubscribe"] == "<https://huaxing.example/u/1>, <mailto:ar@huaxing.example?subject=stop>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read(compose(LETTER, replace(ENVELOPE, automatic=False)))["Auto-Submitted"] is None


@pytest.mark.parametrize(
    "subject",
    [
        "Statement\r\nBcc: thief@evil.example",
        "Statement\nX: y",
        "Statement =?utf-8?q?=0ABcc:_thief@evil.example?=",
        "Statement =?UTF-8?B?Cg==?=",
        "Statement\x00",
        "Statement\x85next",
        "Statement\u2028next",
        "Statement \ud800",
    ],
)
def test_nothing_in_a_subject_can_begin_another_header(subject: str) -> None:
    with pytest.raises(UnsafeLetter, match="Subject"):
        compose(replace(LETTER, subject=subject), ENVELOPE)


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example, c@d.example",
        "a b@c.example",
        "<a@b.example>",
        "",
        "a@b..c",
        "名@b.example",
    ],
)
def test_only_one_plain_mailbox_is_an_address(address: str) -> None:
    with pytest.raises(UnsafeLetter):
        compose(LETTER, replace(ENVELOPE, to=(Address("", address),)))


@pytest.mark.parametrize("name", ["../x.pdf", "a/b.pdf", 'a".pdf', ".hidden", "", "a\r\nb.pdf", "x" * 300])
def test_names_of_files_are_names_and_nothing_else(name: str) -> None:
    with pytest.raises(UnsafeLetter):
        compose(replace(LETTER, files=(LetterFile(name, "application/pdf", b"x"),)), ENVELOPE)


def test_a_word_longer_than_any_line_is_encoded_rather_than_sent_as_one_line() -> None:
    raw = compose(replace(LETTER, subject="x" * 3000), replace(ENVELOPE, to=(Address("y" * 2000, "a@b.example"),)))
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert read(raw)["Subject"] == "x" * 3000


def test_a_letter_without_offset_or_recipient_is_refused() -> None:
    with pytest.raises(UnsafeLetter, match="offset"):
        compose(LETTER, replace(ENVELOPE, date=dt.datetime(2026, 11, 2)))
    with pytest.raises(UnsafeLetter, match="no address"):
        compose(LETTER, replace(ENVELOPE, to=()))
    with pytest.raises(UnsafeLetter, match="message id"):
        compose(LETTER, replace(ENVELOPE, message_id="< >"))


@settings(max_examples=300, deadline=None)
@given(subject=st.text(max_size=120), name=st.text(max_size=60), text=st.text(max_size=200))
def test_whatever_customers_are_called_the_headers_read_back_as_written_or_the_letter_is_refused(
    subject: str, name: str, text: str
) -> None:
    letter, envelope = (
        replace(LETTER, subject=subject, text=text),
        replace(ENVELOPE, to=(Address(name, "a@b.example"),)),
    )
    try:
        raw = compose(letter, envelope)
    except UnsafeLetter:
        return
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    names = [key for key, _ in message.items()]
    assert names.count("Subject") == names.count("To") == names.count("From") == 1 and "Bcc" not in names
    decoded = str(email.header.make_header(email.header.decode_header(message["Subject"].replace("\r\n", ""))))
    assert decoded.strip() == subject.strip()
    parsed = read(raw)
    body = parsed.get_body(("plain",))
    assert body is not None and body.get_content().replace("\r\n", "\n").rstrip("\n") == text.replace(
        "\r\n", "\n"
    ).rstrip("\n")
