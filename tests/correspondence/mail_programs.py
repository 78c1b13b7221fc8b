"""Replies as the mail programs of the world send them: one builder a program, from field guide "replies", 3 to 5.

A builder gets the words of the reply, the sender's signature lines and our letter, and gives (subtype, body).
"""

# ruff: noqa: E501 (mails are quoted as they are)
from __future__ import annotations

import base64
import html
import quopri
import random
from collections.abc import Callable
from email.header import Header

LETTERS = {
    "zh": ["尊敬的客户:", "", "附件为贵司截至2026年10月31日的对账单,余额 45,000.00 元。", "FP77777777 2026-10-31 9,999.00", "请核对后回复确认。", "", "华星贸易有限公司"],
    "en": ["Dear customer,", "", "Please find attached your statement of account as at 31 October 2026.", "Balance due: 45,000.00", "INV-77777 31 Oct 2026 9,999.00", "", "Please confirm or tell us what differs.", "", "Huaxing Trading"],
}  # fmt: skip
SIGNATURES = {
    "zh": [
        [], ["此致", "敬礼", "张会计", "电话:0512-66660000"], ["祝好!", "李明", "采购部"], ["谢谢!", "王芳"], ["顺祝商祺", "", "陈晓", "财务部 | 苏州某某科技有限公司", "手机:13900001111", "地址:江苏省苏州市工业园区星湖街1号"],
        ["", "发自我的 iPhone"], ["发自我的企业微信"], ["--", "赵敏", "出纳"], ["获取 Outlook for iOS<https://aka.ms/o0ukef>"],
        ["张三", "财务经理", "Tel: 0512-6666 0000  Mobile: 139 0000 1111", "zhangsan@kehu.example"],
        ["此致", "敬礼!", "", "本邮件及其附件含有保密信息，仅限于发送给上面地址中列出的个人或群组。禁止任何其他人以任何形式使用。如果您错收了本邮件，请您立即电话或邮件通知发件人并删除本邮件！"],
    ],
    "en": [
        [], ["Best regards,", "Sam Carter", "Accounts Payable", "Tel: +44 20 7946 0000"], ["Kind regards", "", "Sam"], ["Thanks,", "Sam"], ["Regards, Sam"], ["Many thanks", "Sam Carter"], ["-- ", "Sam Carter", "Buyer Ltd", "www.buyer.example"],
        ["Sent from my iPhone"], ["Get Outlook for Android<https://aka.ms/AAb9ysg>"], ["Best,", "S. Carter | Finance Manager | Buyer Group plc", "M: +44 7700 900000"], ["Sam Carter", "Buyer Ltd", "12 High Street, London", "T +44 20 7946 0000"],
        ["Best regards", "Sam", "", "This e-mail and any attachments are confidential and intended solely for the use of the individual to whom it is addressed. If you have received this email in error please notify the sender."],
        ["Mit freundlichen Grüßen", "Anna Schmidt", "Muster GmbH", "Geschäftsführer: Max Muster", "HRB 12345 Amtsgericht Köln"], ["Cordialement,", "Jean Dupont", "Responsable comptable"],
    ],
}  # fmt: skip

Body = tuple[str, str]
Builder = Callable[[list[str], list[str], list[str], str], Body]


def _plain(separator: str, mark: str = "") -> Builder:
    def build(words: list[str], signature: list[str], letter: list[str], language: str) -> Body:
        end = ["", *signature] if signature else []
        return "plain", "\n".join([*words, *end, "", *separator.split("\n"), "", *(mark + line for line in letter)])

    return build


def _bottom(separator: str) -> Builder:
    def build(words: list[str], signature: list[str], letter: list[str], language: str) -> Body:
        end = ["", *signature] if signature else []
        return "plain", "\n".join([*separator.split("\n"), *("> " + line for line in letter), "", *words, *end])

    return build


def _html(form: str, line: str, blank: str) -> Builder:
    """``form`` has {words} and {quote}; ``line`` shapes one line, ``blank`` an empty one."""

    def build(words: list[str], signature: list[str], letter: list[str], language: str) -> Body:
        def shaped(lines: list[str]) -> str:
            return "".join(line.format(html.escape(one, quote=False)) if one.strip() else blank for one in lines)

        end = ["", *signature] if signature else []
        return "html", form.format(words=shaped(words + end), quote=shaped(letter))

    return build


MSO = ('<p class="MsoNormal">{}<o:p></o:p></p>', '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>')
DIV = ("<div>{}</div>", "<div><br></div>")
BR = ("{}<br>", "<br>")
P = ("<p>{}</p>", "<p><br></p>")

PROGRAMS: dict[str, tuple[str, Builder]] = {
    "gmail text": ("en", _plain("On Mon, Nov 2, 2026 at 9:14 AM Huaxing Accounts <ar@huaxing.example> wrote:", "> ")),
    "gmail text zh": ("zh", _plain("Huaxing Accounts <ar@huaxing.example> 于2026年11月2日周一 09:14写道:", "> ")),
    "gmail text zh 2": ("zh", _plain("华星财务 <ar@huaxing.example> 于2026年11月2日周一 上午9:14写道：", "> ")),
    "gmail html": ("en", _html('<div dir="ltr">{words}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, Nov 2, 2026 at 9:14 AM Huaxing &lt;ar@huaxing.example&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">{quote}</blockquote></div>', *BR)),
    "gmail html div": ("zh", _html('<div dir="auto">{words}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">华星 &lt;ar@huaxing.example&gt; 于2026年11月2日周一 09:14写道：<br></div><blockquote class="gmail_quote">{quote}</blockquote></div>', *DIV)),
    "outlook html": ("en", _html('<html><body><div class="WordSection1">{words}<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Huaxing &lt;ar@huaxing.example&gt;<br><b>Sent:</b> Monday, November 2, 2026 9:14 AM<br><b>To:</b> AP &lt;ap@buyer.example&gt;<br><b>Subject:</b> Statement</p></div>{quote}</div></body></html>', *MSO)),
    "outlook html zh": ("zh", _html('<html><body><div class="WordSection1">{words}<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>发件人<span lang="EN-US">:</span></b> 华星 &lt;ar@huaxing.example&gt; <br><b>发送时间<span>:</span></b> 2026年11月2日 9:14<br><b>收件人:</b> AP<br><b>主题:</b> 对账单</p></div></div>{quote}</div></body></html>', *MSO)),
    "outlook web": ("en", _html('<div style="font-family:Calibri">{words}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font><b>From:</b> Huaxing &lt;ar@huaxing.example&gt;<br><b>Sent:</b> Monday, November 2, 2026<br><b>To:</b> AP<br><b>Subject:</b> Statement</font><div>&nbsp;</div></div><div>{quote}</div>', *DIV)),
    "new outlook": ("en", _html('<div class="elementToProof">{words}</div><div id="mail-editor-reference-message-container"><hr><div><b>From:</b> Huaxing<br></div><div>{quote}</div></div>', *P)),
    "outlook text": ("en", _plain("________________________________\nFrom: Huaxing <ar@huaxing.example>\nSent: Monday, November 2, 2026 9:14 AM\nTo: AP <ap@buyer.example>\nSubject: Statement of account")),
    "outlook text zh": ("zh", _plain("________________________________\n发件人: 华星 <ar@huaxing.example>\n发送时间: 2026年11月2日 9:14\n收件人: AP <ap@kehu.example>\n主题: 对账单")),
    "outlook text tw": ("zh", _plain("寄件者: 華星 <ar@huaxing.example>\n寄件日期: 2026年11月2日 上午 09:14\n收件者: AP <ap@kehu.example>\n主旨: 對帳單")),
    "outlook text de": ("en", _plain("Von: Huaxing <ar@huaxing.example>\nGesendet: Montag, 2. November 2026 09:14\nAn: AP <ap@buyer.example>\nBetreff: Kontoauszug")),
    "outlook text fr": ("en", _plain("De\u00a0: Huaxing <ar@huaxing.example>\nEnvoyé\u00a0: lundi 2 novembre 2026 09:14\nÀ\u00a0: AP\nObjet\u00a0: Relevé")),
    "outlook original": ("en", _plain("-----Original Message-----\nFrom: Huaxing [mailto:ar@huaxing.example]\nSent: Monday, November 02, 2026 9:14 AM\nTo: AP\nSubject: Statement")),
    "outlook original zh": ("zh", _plain("-----邮件原件-----\n发件人: Huaxing <ar@huaxing.example>\n发送时间: 2026年11月2日 9:14\n收件人: AP\n主题: 对账单")),
    "qq text": ("zh", _plain('------------------ 原始邮件 ------------------\n发件人: "Huaxing Accounts" <ar@huaxing.example>;\n发送时间: 2026年11月2日(星期一) 上午9:14\n收件人: "AP"<ap@buyer.example>;\n主题: 对账单')),
    "qq text nbsp": ("zh", _plain('------------------\u00a0原始邮件\u00a0------------------\n发件人:\u00a0"Huaxing"<ar@huaxing.example>;\n发送时间:\u00a02026年11月2日(星期一) 上午9:14\n收件人:\u00a0"AP"<ap@buyer.example>;\n\n主题:\u00a0对账单\n\n')),
    "qq text en": ("en", _plain('------------------ Original ------------------\nFrom: "Huaxing" <ar@huaxing.example>;\nDate: Mon, Nov 2, 2026 09:14 AM\nTo: "AP"<ap@buyer.example>;\nSubject: Statement')),
    "qq html": ("zh", _html('<div>{words}</div><div><br></div><div style="font-size:12px;font-family:Arial Narrow;padding:2px 0 2px 0;">------------------&nbsp;原始邮件&nbsp;------------------</div><div style="font-size:12px;background:#efefef;padding:8px;"><div><b>发件人:</b>&nbsp;"华星"&lt;ar@huaxing.example&gt;;</div><div><b>发送时间:</b>&nbsp;2026年11月2日(星期一) 上午9:14</div><div><b>收件人:</b>&nbsp;"AP"&lt;ap@buyer.example&gt;;</div><div></div><div><b>主题:</b>&nbsp;对账单</div></div><div><br></div>{quote}', *DIV)),
    "qq new web": ("zh", _plain("\n         原始邮件\n       \n发件人：Huaxing <ar@huaxing.example>\n发件时间：2026年11月2日 09:14\n收件人：AP <ap@buyer.example>\n主题：对账单\n")),
    "qq new web en": ("en", _plain("\n         Original         \n       \nFrom:\"Huaxing\"<ar@huaxing.example>\nSent Time:2026-11-02 09:14\nTo:AP<ap@buyer.example>\nSubject:Statement\n")),
    "wecom": ("zh", _plain("----------回复的邮件信息----------\n华星财务<ar@huaxing.example> 在 2026年11月2日 周一 09:14 写道：")),
    "wecom en": ("en", _plain("----------Reply to Message----------\nOn Mon,Nov 2,2026 9:14 AM Huaxing<ar@huaxing.example> wrote:")),
    "163 text": ("zh", _plain('在 2026-11-02 09:14:31，"华星财务" <ar@huaxing.example> 写道：', "")),
    "163 text en": ("en", _plain('At 2026-11-02 09:14:45, "Huaxing" <ar@huaxing.example> wrote:', "")),
    "163 html": ("zh", _html('<div style="line-height:1.7;color:#000000;font-size:14px">{words}</div><br><br><div style="position:relative;zoom:1"></div><div id="divNeteaseMailCard"></div><p style="margin: 0;"><br></p><pre><br>At 2026-11-02 09:14:45, "华星" &lt;ar@huaxing.example&gt; wrote:</pre><blockquote id="isReplyContent" style="PADDING-LEFT: 1ex">{quote}</blockquote>', *DIV)),
    "mail master": ("zh", _plain("---- 回复的原邮件 ----\n| 发件人 | 华星<ar@huaxing.example> |\n| 日期 | 2026年11月02日 09:14 |\n| 收件人 | AP<ap@buyer.example> |\n| 抄送至 |  |\n| 主题 | 对账单 |")),
    "mail master html": ("zh", _html('<div>{words}</div><div class="ntes-mailmaster-quote" style="padding-top:1px"><div style="margin-top:2em">---- 回复的原邮件 ----</div><table><tr><td>发件人</td><td>华星</td></tr></table><div>{quote}</div></div>', *DIV)),
    "foxmail text": ("zh", _plain(" \n发件人： 华星\n发送时间： 2026-11-02 09:14\n收件人： ap\n抄送： boss\n主题： 对账单")),
    "foxmail text en": ("en", _plain("\u00a0\nFrom: Huaxing\nDate: 2026-11-02 09:14\nTo: ap\nCC: boss\nSubject: Statement")),
    "foxmail html": ("zh", _html('<div><span></span>{words}</div><div><br></div><hr style="width:210px;height:1px;" color="#b5c4df" size="1" align="left"><blockquote style="margin-top:0px"><div>&nbsp;</div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0cm 0cm 0cm"><div style="PADDING-RIGHT:8px"><div><b>发件人：</b>&nbsp;<a href="mailto:ar@huaxing.example">华星</a></div><div><b>发送时间：</b>&nbsp;2026-11-02&nbsp;09:14</div><div><b>收件人：</b>&nbsp;ap</div><div><b>主题：</b>&nbsp;对账单</div></div></div><div>{quote}</div></blockquote>', *DIV)),
    "dingtalk": ("zh", _plain("来自钉钉专属商务邮箱------------------------------------------------------------------\n发件人：华星财务<ar@huaxing.example>\n日　期：2026年11月02日 09:14:09\n收件人：ap<ap@kehu.example>\n抄　送：boss<boss@kehu.example>\n主　题：对账单")),
    "alibaba": ("zh", _plain("------------------------------------------------------------------\n发件人：华星财务<ar@huaxing.example>\n发送时间：2026年11月2日(星期一) 09:14\n收 件 人：ap<ap@kehu.example>\n主　题：对账单")),
    "coremail": ("zh", _plain("-----原始邮件-----\n发件人:华星 <ar@huaxing.example>\n发送时间:2026-11-02 09:14:03 (星期一)\n收件人: ap@kehu.example\n抄送:\n主题: 对账单")),
    "coremail en": ("en", _plain("-----Original Messages-----\nFrom:Huaxing <ar@huaxing.example>\nSent Time:2026-11-02 09:14:03 (Monday)\nTo: ap@kehu.example\nCc:\nSubject: Statement")),
    "apple text": ("en", _plain("> On 2 Nov 2026, at 09:14, Huaxing Accounts <ar@huaxing.example> wrote:\n> ", "> ")),
    "apple text zh": ("zh", _plain("> 在 2026年11月2日，09:14，华星财务 <ar@huaxing.example> 写道：\n> ", "> ")),
    "apple html": ("en", _html('<html><head></head><body style="word-wrap: break-word">{words}<div><br><blockquote type="cite"><div>On 2 Nov 2026, at 09:14, Huaxing &lt;ar@huaxing.example&gt; wrote:</div><br><div>{quote}</div></blockquote></div><br></body></html>', *DIV)),
    "ios html zh": ("zh", _html('<html><body dir="auto">{words}<div dir="ltr"><br><blockquote type="cite">在 2026年11月2日，上午9:14，华星 &lt;ar@huaxing.example&gt; 写道：<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{quote}</div></blockquote></body></html>', *DIV)),
    "thunderbird text": ("en", _plain("On 11/2/26 09:14, Huaxing Accounts wrote:", "> ")),
    "thunderbird text zh": ("zh", _plain("在 2026/11/2 9:14, 华星财务 写道:", "> ")),
    "thunderbird bottom": ("en", _bottom("On 11/2/26 09:14, Huaxing Accounts wrote:")),
    "thunderbird html de": ("en", _html('<p>{words}</p><div class="moz-cite-prefix">Am 02.11.26 um 09:14 schrieb Huaxing:<br></div><blockquote type="cite" cite="mid:st-1@huaxing.example">{quote}</blockquote>', *BR)),
    "yahoo html": ("en", _html('<div class="ydp1"><div dir="ltr">{words}</div></div><div id="ydp2yahoo_quoted_123" class="yahoo_quoted"><div>On Monday, November 2, 2026 at 09:14:00 AM GMT+8, Huaxing &lt;ar@huaxing.example&gt; wrote:</div><div>{quote}</div></div>', *DIV)),
    "zoho": ("en", _plain("---- On Mon, 02 Nov 2026 09:14:09 +0800 Huaxing <ar@huaxing.example> wrote ----")),
    "proton": ("en", _plain("------- Original Message -------\nOn Monday, November 2nd, 2026 at 9:14 AM, Huaxing <ar@huaxing.example> wrote:\n", "> ")),
    "lotus notes": ("en", _plain("Huaxing Accounts <ar@huaxing.example> wrote on 11/02/2026 09:14:00 AM:\n", "> ")),
    "sogo": ("en", _plain("Le lundi 2 novembre 2026 à 09:14, Huaxing <ar@huaxing.example> a écrit :", "> ")),
    "spanish": ("en", _plain("El lun, 2 nov 2026 a las 9:14, Huaxing (<ar@huaxing.example>) escribió:", "> ")),
    "samsung": ("en", _plain("-------- Original message --------\nFrom: Huaxing <ar@huaxing.example>\nDate: 02/11/2026 09:14 (GMT+08:00)\nTo: AP\nSubject: Statement")),
    "huawei": ("zh", _plain("-------- 原始邮件 --------\n发件人：华星 <ar@huaxing.example>\n日期：2026年11月2日周一 09:14\n收件人：ap@kehu.example\n主 题：对账单")),
    "139": ("zh", _plain("------------------ 原始邮件 ------------------\n发件人：华星 <ar@huaxing.example>\n收件人：ap <ap@139.example>\n抄 送： (无)\n发送时间：2026-11-02 09:14:00\n主题：对账单")),
    "exchange mobile": ("en", _plain("Get Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\nFrom: Huaxing <ar@huaxing.example>\nSent: Monday, November 2, 2026 9:14:09 AM\nTo: AP <ap@buyer.example>\nSubject: Statement")),
    "exchange mobile zh": ("zh", _plain("获取 Outlook for iOS<https://aka.ms/o0ukef>\n________________________________\n发件人: 华星 <ar@huaxing.example>\n发送时间: Monday, November 2, 2026 9:14:09 AM\n收件人: AP <ap@kehu.example>\n主题: 对账单")),
}  # fmt: skip


def mail(program: str, words: str, signature: list[str], chance: random.Random) -> bytes:
    """The bytes of one reply."""
    language, build = PROGRAMS[program]
    subtype, body = build(words.split("\n"), signature, LETTERS[language], language)
    charset = chance.choice(["utf-8", "utf-8", "gb18030", "gb2312"]) if language == "zh" else "utf-8"
    try:
        raw = body.encode(charset)
    except UnicodeEncodeError:
        charset, raw = "utf-8", body.encode()
    encoding = chance.choice(["base64", "quoted-printable", "8bit"])
    if encoding == "base64":
        content = base64.encodebytes(raw)
    else:
        content = quopri.encodestring(raw) if encoding == "quoted-printable" else raw
    subject = Header("Re: 对账单 2026-10" if language == "zh" else "Re: Statement 2026-10", "utf-8").encode()
    head = (
        f"From: AP <ap@buyer.example>\r\nTo: ar@huaxing.example\r\nSubject: {subject}\r\nDate: Tue, 03 Nov 2026 10:20:00 +0800\r\n"
        f"Message-ID: <m{chance.randrange(10**9)}@buyer.example>\r\nIn-Reply-To: <st-1@huaxing.example>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: text/{subtype}; charset="{charset}"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    )
    return head.encode() + content
