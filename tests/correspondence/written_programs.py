"""Written replies as mail programs send them: what the blind rounds in ``written_replies.jsonl`` are wrapped in."""

from __future__ import annotations

import html
from email.message import EmailMessage

LETTER = {
    "en": "Dear all,\n\nBalance due: 45,000.00\nINV-77777 31 Oct 2026 9,999.00\n\nPlease confirm.\n\nHuaxing Trading",
    "zh": "尊敬的客户:\n\n余额 45,000.00 元。\nFP77777777 2026-10-31 9,999.00\n请核对后回复确认。\n\n华星贸易有限公司",
}
OUR = "Huaxing Accounts <ar@huaxing.example>"


def quoted(text: str) -> str:
    return "\n".join(f"> {line}" for line in text.split("\n"))


def lines(text: str) -> str:
    return "<br>".join(html.escape(line) for line in text.split("\n"))


def paragraphs(text: str, style: str = "") -> str:
    return "".join(
        f'<p class="MsoNormal"{style}>{html.escape(line) or "&nbsp;"}<o:p></o:p></p>' for line in text.split("\n")
    )


def gmail(text: str, end: str, language: str) -> tuple[str, str]:
    by = f"{OUR} 于2026年11月2日周一 09:14写道:" if language == "zh" else f"On Mon, Nov 2, 2026 at 9:14 AM {OUR} wrote:"
    return "plain", f"{text}\n\n{end}\n\n{by}\n\n{quoted(LETTER[language])}"


def apple(text: str, end: str, language: str) -> tuple[str, str]:
    by = f"在 2026年11月2日,09:14,{OUR} 写道:" if language == "zh" else f"On 2 Nov 2026, at 09:14, {OUR} wrote:"
    body = f'<body>{lines(text)}<br><br>{lines(end)}<div><br><blockquote type="cite"><div>{html.escape(by)}</div>'
    return "html", f"{body}<br><div>{lines(LETTER[language])}</div></blockquote></div></body>"


def outlook(text: str, end: str, language: str) -> tuple[str, str]:
    names = ("发件人", "发送时间", "收件人", "主题") if language == "zh" else ("From", "Sent", "To", "Subject")
    values = (OUR, "2026年11月2日 9:14" if language == "zh" else "02 November 2026 09:14", "AP", "Statement")
    head = "<br>".join(f"<b>{name}:</b> {html.escape(value)}" for name, value in zip(names, values, strict=True))
    block = f'<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">{head}</p></div>'
    below = paragraphs(end, ' style="font-size:9.0pt;color:gray"')
    return "html", f"<html><body>{paragraphs(text)}{paragraphs('')}{below}{block}{paragraphs(LETTER[language])}</body>"


def foxmail(text: str, end: str, language: str) -> tuple[str, str]:
    if language == "zh":
        head = "发件人: Huaxing\n发送时间: 2026-11-02 09:14\n收件人: ap\n主题: 对账单"
    else:
        head = "From: Huaxing\nDate: 2026-11-02 09:14\nTo: ap\nSubject: Statement"
    return "plain", f"{text}\n\n{end}\n \n{head}\n{LETTER[language]}"


def nothing_quoted(text: str, end: str, language: str) -> tuple[str, str]:
    return "plain", f"{text}\n\n{end}"


PROGRAMS = (gmail, apple, outlook, foxmail, nothing_quoted)


def mail(text: str, end: str, language: str, program: int) -> bytes:
    kind, body = PROGRAMS[program % len(PROGRAMS)](text, end, language)
    message = EmailMessage()
    message["From"] = "AP <ap@buyer.example>"
    message["To"] = "ar@huaxing.example"
    message["Subject"] = "Re: Statement of account 2026-10"
    message["Date"] = "Tue, 03 Nov 2026 10:20:00 +0800"
    message["Message-ID"] = "<written@buyer.example>"
    message["In-Reply-To"] = "<st-1@huaxing.example>"
    message.set_content(body, subtype=kind, charset="utf-8")
    return message.as_bytes()
