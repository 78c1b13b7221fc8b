# ruff: noqa: E501 (mails are quoted as they are)
from __future__ import annotations

import pytest

from mailflow.correspondence.quotation import newest_text, split
from tests.correspondence.mails import html, plain, squeezed

QUOTED = "Dear customer,\n\nPlease confirm the balance of 45,000.00.\nINV-77777 9,999.00\n\nHuaxing Trading"
MARKED = "\n".join("> " + line for line in QUOTED.split("\n"))


@pytest.mark.parametrize(
    "separator",
    [
        "On Mon, Nov 2, 2026 at 9:14 AM Huaxing Accounts <ar@huaxing.example> wrote:",
        "On Mon, Nov 2, 2026 at 9:14 AM Huaxing Accounts\n<ar@huaxing.example> wrote:",
        "On 2 Nov 2026, at 09:14, Huaxing Accounts\n<a-very-long-local-part-of-an-address@huaxing.example>\nwrote:",
        "Huaxing Accounts <ar@huaxing.example> 于2026年11月2日周一 09:14写道：",
        "Huaxing Accounts <ar@huaxing.example> 于 2026年11月2日周一 上午9:14写道：",
        "华星财务\n<ar@huaxing.example> 于2026年11月2日周一 09:14写道：",
        "華星 <ar@huaxing.example> 於 2026年11月2日 週一 上午9:14寫道：",
        "在2026年11月2日星期一 UTC+8 09:14:25<ar@huaxing.example> 写道：",
        "在 2026年11月2日，09:14，华星财务 <ar@huaxing.example> 写道：",
        "在 2026/11/2 9:14, 华星财务 写道:",
        "在 2026-11-02 09:14:31，\"华星财务\" <ar@huaxing.example> 写道：",
        "At 2026-11-02 09:14:45, \"Huaxing\" <ar@huaxing.example> wrote:",
        "Am 02.11.2026 um 09:14 schrieb Huaxing Accounts <ar@huaxing.example>:",
        "Am Mo., 2. Nov. 2026 um 09:14 Uhr schrieb Huaxing Accounts <ar@huaxing.example>:",
        "Huaxing Accounts <ar@huaxing.example> schrieb am Mo., 2. Nov. 2026, 09:14:",
        "Le lun. 2 nov. 2026 à 09:14, Huaxing <ar@huaxing.example> a écrit :",
        "El lun, 2 nov 2026 a las 9:14, Huaxing (<ar@huaxing.example>) escribió:",
        "Il giorno lun 2 nov 2026 alle ore 09:14 Huaxing <ar@huaxing.example> ha scritto:",
        "Op ma 2 nov. 2026 om 09:14 schreef Huaxing <ar@huaxing.example>:",
        "Em seg., 2 de nov. de 2026 às 09:14, Huaxing <ar@huaxing.example> escreveu:",
        "Den mån 2 nov. 2026 kl 09:14 skrev Huaxing <ar@huaxing.example>:",
        "2026年11月2日(月) 9:14 Huaxing <ar@huaxing.example>:",
        "2026-11-02 9:14 GMT+08:00 Huaxing <ar@huaxing.example>:",
        "-----Original Message-----",
        "-----邮件原件-----",
        "----- 原始邮件 -----",
        "------------------ 原始邮件 ------------------",
        "------------------\u00a0原始邮件\u00a0------------------",
        "------------------ Original ------------------",
        "-----Ursprüngliche Nachricht-----",
        "-------- Message d'origine --------",
        "----------Reply to Message----------\nOn Mon,Nov 2,2026 9:14 AM Huaxing <ar@huaxing.example> wrote:",
        "----------回复的邮件信息----------",
        "---- 回复的原邮件 ----\n| 发件人 | 华星财务 |\n| 日期 | 2026年11月02日 09:14 |",
        "---- Replied Message ----\nFrom\tHuaxing\nDate\t11/02/2026 09:14",
        "-----Original Messages-----\nFrom: Huaxing\nSent Time: 2026-11-02 09:14:03 (Monday)",
        "来自钉钉专属商务邮箱------------------------------------------------------------------\n发件人：华星\n日　期：2026年11月02日 09:14:09",
        "From: Huaxing Accounts <ar@huaxing.example>\nSent: Monday, November 2, 2026 9:14 AM\nTo: Sam <sam@buyer.example>\nSubject: Statement",
        "________________________________\nFrom: Huaxing <ar@huaxing.example>\nSent: Monday, November 2, 2026 9:14 AM\nTo: Sam",
        "*From:* Huaxing <ar@huaxing.example>\n*Sent:* Monday, November 2, 2026 9:14 AM\n*To:* Sam\n*Subject:* Statement",
        "发件人: 华星财务 <ar@huaxing.example>\n发送时间: 2026年11月2日 9:14\n收件人: Sam\n主题: 对账单",
        "*发件人:* 华星财务 <ar@huaxing.example>\n*发送时间:* 2026年11月2日 9:14\n*收件人:* Sam\n*主题:* 对账单",
        "寄件者: 華星 <ar@huaxing.example>\n寄件日期: 2026年11月2日 上午 09:14\n收件者: Sam\n主旨: 對帳單",
        "Von: Huaxing <ar@huaxing.example>\nGesendet: Montag, 2. November 2026 09:14\nAn: Sam\nBetreff: Kontoauszug",
        "De\u00a0: Huaxing <ar@huaxing.example>\nEnvoyé\u00a0: lundi 2 novembre 2026 09:14\nÀ\u00a0: Sam\nObjet\u00a0: Relevé",
        "De: Huaxing <ar@huaxing.example>\nEnviado el: lunes, 2 de noviembre de 2026 9:14\nPara: Sam\nAsunto: Extracto",
        "\u00a0\nFrom: Huaxing\nDate: 2026-11-02 09:14\nTo: sam\nSubject: Statement",
        "发件人： 华星\n发送时间： 2026-11-02 09:14\n收件人： sam\n抄送：\n主题： 对账单",
        "原始邮件\n发件人：华星 <ar@huaxing.example>\n发件时间：2026年11月2日 09:14\n收件人：sam <sam@buyer.example>\n主题：对账单",
        "  Original\nFrom: Huaxing <ar@huaxing.example>\nSent Time: Nov 2, 2026 09:14\nTo: sam\nSubject: Statement",
    ],
)  # fmt: skip
def test_everything_behind_a_separator_is_quoted(separator: str) -> None:
    for quote in (QUOTED, MARKED):
        body = f"We agree with the balance.\n\n{separator}\n\n{quote}\n"
        assert newest_text(body) == "We agree with the balance.", (separator, quote[:1])


FURTHER = ["差出人: Huaxing <ar@huaxing.example>\n送信日時: 2026年11月2日 9:14\n宛先: Sam\n件名: Statement",
"보낸 사람: Huaxing <ar@huaxing.example>\n보낸 날짜: 2026년 11월 2일 월요일 오전 9:14\n받는 사람: Sam\n제목: Statement",
"От: Huaxing <ar@huaxing.example>\nОтправлено: 2 ноября 2026 г. 9:14\nКому: Sam\nТема: Statement",
"De: Huaxing <ar@huaxing.example>\nEnviada em: segunda-feira, 2 de novembro de 2026 09:14\nPara: Sam\nAssunto: Statement",
"Da: Huaxing <ar@huaxing.example>\nInviato: lunedì 2 novembre 2026 09:14\nA: Sam\nOggetto: Statement",
"Od: Huaxing <ar@huaxing.example>\nWysłano: poniedziałek, 2 listopada 2026 09:14\nDo: Sam\nTemat: Statement",
"Kimden: Huaxing <ar@huaxing.example>\nGönderildi: 2 Kasım 2026 Pazartesi 09:14\nKime: Sam\nKonu: Statement",
"Van: Huaxing <ar@huaxing.example>\nVerzonden: maandag 2 november 2026 09:14\nAan: Sam\nOnderwerp: Statement",
"Från: Huaxing <ar@huaxing.example>\nSkickat: den 2 november 2026 09:14\nTill: Sam\nÄmne: Statement",
"Fra: Huaxing <ar@huaxing.example>\nSendt: 2. november 2026 09:14\nTil: Sam\nEmne: Statement",
"Lähettäjä: Huaxing <ar@huaxing.example>\nLähetetty: maanantai 2. marraskuuta 2026 9.14\nVastaanottaja: Sam\nAihe: Statement",
"Odesílatel: Huaxing <ar@huaxing.example>\nOdesláno: pondělí 2. listopadu 2026 9:14\nKomu: Sam\nPředmět: Statement",
"Feladó: Huaxing <ar@huaxing.example>\nElküldve: 2026. november 2. 9:14\nCímzett: Sam\nTárgy: Statement",
"2026年11月2日(月) 9:14 Huaxing <ar@huaxing.example>:",
"2026/11/02 9:14、Huaxing <ar@huaxing.example>のメール:",
"2026년 11월 2일 (월) 오전 9:14, Huaxing <ar@huaxing.example>님이 작성:",
"пн, 2 нояб. 2026 г. в 09:14, Huaxing <ar@huaxing.example>:",
"02.11.2026 09:14, Huaxing пишет:",
"2 ноября 2026 г., в 09:14, Huaxing <ar@huaxing.example> написал(а):",
"po 2. 11. 2026 v 9:14 odesílatel Huaxing <ar@huaxing.example> napsal:",
"2 Kas 2026 Pzt, saat 09:14 tarihinde Huaxing <ar@huaxing.example> şunu yazdı:",
"Huaxing <ar@huaxing.example> ezt írta (időpont: 2026. nov. 2., H, 9:14):",
"ma 2. marrask. 2026 klo 9.14 Huaxing (ar@huaxing.example) kirjoitti:",
"pon., 2 lis 2026 o 09:14 Huaxing <ar@huaxing.example> napisał(a):",
"Pada Sen, 2 Nov 2026 pukul 09.14 Huaxing <ar@huaxing.example> menulis:",
"Vào Th 2, 2 thg 11, 2026 vào lúc 09:14 Huaxing <ar@huaxing.example> đã viết:",
"ในวันที่ จ. 2 พ.ย. 2026 เวลา 09:14 Huaxing <ar@huaxing.example> เขียนว่า:",
"On 2026-11-02 09:14, Huaxing wrote:",
"On Monday, 2 November 2026, Huaxing <ar@huaxing.example> wrote:",
"Quoting Huaxing <ar@huaxing.example>:",
"Zitat von Huaxing <ar@huaxing.example>:",
"Huaxing Accounts <ar@huaxing.example> wrote (2. November 2026 09:14):",
"Begin forwarded message:\n\nFrom: Huaxing <ar@huaxing.example>\nSubject: Statement\nDate: 2 November 2026 at 09:14:00\nTo: sam@b.example",
"----- Reply message -----\nFrom: \"Huaxing\" <ar@huaxing.example>\nTo: <sam@b.example>\nSubject: Statement\nDate: Mon, Nov 2, 2026 09:14",
"----- Mensaje original -----\nDe: Huaxing\nPara: sam",
"-----Messaggio originale-----\nDa: Huaxing",
"-----Oorspronkelijk bericht-----\nVan: Huaxing",
"—————原始邮件—————\n发件人：华星",
"=====原始邮件=====\n发件人：华星",
"———— 转发邮件信息 ————\n发件人：华星 <ar@huaxing.example>\n发送日期：2026-11-02\n收件人：x",
"---------- 转发邮件 ----------",
"---原始邮件---\n发件人：\"华星\"<ar@huaxing.example>\n发送时间：2026年11月2日(周一) 上午9:14\n收件人：\"ap\"<ap@b.example>;\n主题：对账单",
"------------------ 回复的原邮件 ------------------",
"发件人: \"华星财务\" <ar@huaxing.example>\n日期: 2026年11月2日 星期一 09:14\n收件人: ap@b.example\n主题: 对账单",
"华星财务 <ar@huaxing.example> 在 2026年11月2日 周一 9:14 写道：",
"华星财务 <ar@huaxing.example> 于 2026-11-02 09:14 写道:",
"华星财务<ar@huaxing.example> 2026年11月2日 周一 09:14写道：",
"在 2026年11月2日，星期一，09:14，华星 <ar@huaxing.example> 写道：",
"2026年11月2日 09:14，华星财务 <ar@huaxing.example> 写道：",
"2026-11-02 09:14:31，\"华星\" <ar@huaxing.example> 写道：",
"From:Huaxing Accounts<ar@huaxing.example>\nDate:2026-11-02 09:14:31(UTC+08:00)\nTo:AP<ap@b.example>\nSubject:Statement",
"发自我的iPhone\n\n\n------------------ 原始邮件 ------------------\n发件人: 华星 <ar@huaxing.example>",
]  # fmt: skip


@pytest.mark.parametrize("separator", FURTHER)
def test_separators_of_further_languages_and_programs_are_known(separator: str) -> None:
    for quote in (QUOTED, MARKED):
        assert newest_text(f"We agree.\n\n{separator}\n\n{quote}\n") == "We agree.", (separator, quote[:1])


@pytest.mark.parametrize(
    "body",
    [
        "On Monday we will pay INV-1001.\nOn Tuesday the rest.",
        "As you wrote on 5 Nov:\nthe balance is 1,200.00. We agree.",
        "In your mail of 3 November 2026 you wrote:\nbalance 1,200.00. That is wrong.",
        "您在2026年11月2日的邮件中写道：\n余额为 1,200.00，与我方不一致。",
        "From: Shanghai\nTo: London\nGoods never arrived.",
        "Date: 15 November 2026\nAmount: 500.00\nWe will pay then.",
        "Missing:\n- INV-1001 500.00\n- INV-1002 700.00\n--> please check",
        "1. INV-1001 paid\n2. INV-1002 not received\n3. INV-1003 price wrong",
        "Our list\n-----------\nINV-1001  500.00\nINV-1002  700.00\n-----------\ntotal 1,200.00",
        "差异如下：\n-----\nXS2026100032 金额不对\nXS2026100033 未收到货\n-----\n请核实。",
        "Visit us\n>>> >>> offer <<<\nfor more",
        "Please send my regards to Anna. INV-1001 is fine.",
        "The report was sent from my iPhone app yesterday, please check the address.",
        "Something wrote:\nbut no date",
        "I agree with INV-1.\n\nThanks for sending it, we will pay on Friday.",
    ],
)
def test_what_the_customer_wrote_is_never_cut(body: str) -> None:
    assert squeezed(newest_text(body)) == squeezed(body)


def test_inline_answers_are_kept_with_the_line_they_answer() -> None:
    body = (
        "Hi,\n\nOn Mon, Nov 2, 2026 at 9:14 AM Huaxing <ar@huaxing.example> wrote:\n\n> Is INV-1 paid?\nYes, on Monday.\n"
        "> And INV-2?\nNo, the price is wrong.\n> Best regards\n"
    )
    found = split(plain(body))
    assert squeezed(found.new_text) == squeezed("Hi,\nYes, on Monday.\nNo, the price is wrong.")
    assert [(one.quoted, one.answer) for one in found.answers] == [
        ("Is INV-1 paid?", "Yes, on Monday."),
        ("And INV-2?", "No, the price is wrong."),
    ]


def test_an_answer_below_the_quote_is_the_new_text() -> None:
    body = f"On 11/02/2026 09:14 AM, Huaxing wrote:\n{MARKED}\n\nWe agree."
    assert newest_text(body) == "We agree."


def test_words_before_an_attribution_on_its_line_stay() -> None:
    body = f"We agree. On Mon, Nov 2, 2026 at 9:14 AM, ar@huaxing.example wrote:\n{MARKED}"
    assert newest_text(body) == "We agree."


def test_a_forward_without_words_has_no_new_text() -> None:
    body = f"---------- Forwarded message ---------\nFrom: Huaxing <ar@huaxing.example>\nDate: 2026-11-02\n\n{QUOTED}"
    found = split(plain(body, subject="Fwd: Statement"))
    assert found.new_text == "" and found.forwarded and "45,000.00" in (found.quoted_text or "")
    assert "a forward without a word of its own" in found.warnings


def test_a_mail_that_is_nothing_but_a_quote_never_yields_our_words() -> None:
    found = split(plain(f"-----Original Message-----\nFrom: ar@huaxing.example\nSent: Monday\nTo: sam\n\n{QUOTED}"))
    assert found.new_text == "" and found.quoted_text


def test_nothing_is_lost_between_the_three_parts() -> None:
    body = f"We agree.\n\nBest regards,\nSam Carter\nTel: +44 20 7946 0000\n\n-----Original Message-----\n{QUOTED}"
    found = split(plain(body))
    together = found.new_text + (found.signature or "") + (found.quoted_text or "")
    assert sorted(squeezed(together)) == sorted(squeezed(body))


GMAIL = (
    '<div dir="ltr">{}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, '
    "Nov 2, 2026 at 9:14 AM Huaxing &lt;ar@huaxing.example&gt; wrote:<br></div>"
    '<blockquote class="gmail_quote" style="margin:0">Dear customer,<br>please confirm 45,000.00</blockquote></div>'
)
OUTLOOK = (
    '<div class="WordSection1"><p class="MsoNormal">{}<o:p></o:p></p><div style="border:none;border-top:solid #E1E1E1 1.0pt">'
    '<p class="MsoNormal"><b>From:</b> Huaxing &lt;ar@huaxing.example&gt;<br><b>Sent:</b> Monday, November 2, 2026<br>'
    "<b>To:</b> Sam<br><b>Subject:</b> Statement</p></div><p>Dear customer, please confirm 45,000.00</p></div>"
)
OUTLOOK_WEB = (
    '<div>{}</div><div id="x_appendonsend"></div><hr style="width:98%"><div id="x_divRplyFwdMsg"><b>จาก:</b> Huaxing</div>'
    "<div>please confirm 45,000.00</div>"
)
NETEASE = (
    '<div>{}</div><br><div id="gmail-m_55divNeteaseMailCard"></div><p>At 2026</p><div>please confirm 45,000.00</div>'
)
APPLE = (
    '<html><body>{}<br><div><br><blockquote type="cite"><div>On 2 Nov 2026, at 09:14, Huaxing wrote:</div>'
    "please confirm 45,000.00</blockquote></div></body></html>"
)
THUNDERBIRD = (
    '<p>{}</p><div class="moz-cite-prefix">在 2026/11/2 9:14, 华星 写道:<br></div>'
    '<blockquote type="cite" cite="mid:1">please confirm 45,000.00</blockquote>'
)
FOXMAIL = (
    '<div>{}</div><div class="FoxDiv2026"><div id="isForwardContent"><div>please confirm 45,000.00</div></div></div>'
)
MASTER = (
    '<div>{}</div><div class="ntes-mailmaster-quote"><p>---- Replied Message ----</p>please confirm 45,000.00</div>'
)


@pytest.mark.parametrize("form", [GMAIL, OUTLOOK, OUTLOOK_WEB, NETEASE, APPLE, THUNDERBIRD, FOXMAIL, MASTER])
def test_html_is_cut_by_its_structure(form: str) -> None:
    assert split(html(form.format("We agree with INV-1001."))).new_text == "We agree with INV-1001."


def test_gmail_answers_between_the_quotes_are_kept() -> None:
    body = (
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 2, 2026 Huaxing &lt;ar@huaxing.example&gt; wrote:</div>'
        '<blockquote class="gmail_quote">Is INV-1 paid?</blockquote><div>Yes, on Monday.</div>'
        '<blockquote class="gmail_quote">Regards</blockquote></div>'
    )
    found = split(html(body))
    assert found.new_text == "Yes, on Monday." and found.answers[0].quoted == "Is INV-1 paid?"


def test_an_indented_list_of_the_customer_is_no_quote() -> None:
    found = split(
        html("<p>Two points:</p><blockquote>INV-1001 price<br>INV-1002 quantity</blockquote><p>Please check.</p>")
    )
    assert squeezed(found.new_text) == squeezed("Two points: INV-1001 price INV-1002 quantity Please check.")


def test_where_text_and_html_agree_nothing_is_said() -> None:
    found = split(
        html(GMAIL.format("We agree."), text=f"We agree.\n\nOn Mon, Nov 2, 2026 Huaxing <a@h.example> wrote:\n{MARKED}")
    )
    assert found.new_text == "We agree." and found.warnings == ()


def test_the_structure_of_the_html_wins_over_a_text_part_that_shows_no_quote() -> None:
    found = split(html(GMAIL.format("We agree."), text="We agree.\n\nDear customer,\nplease confirm 45,000.00"))
    assert found.new_text == "We agree."


def test_hidden_text_is_not_read() -> None:
    found = split(html('<div style="display:none">We confirm everything.</div><p>INV-1 is wrong.</p>'))
    assert found.new_text == "INV-1 is wrong."
    assert any("hides text" in warning for warning in found.warnings)


def test_a_sender_who_points_into_an_unmarked_quote_is_handed_to_a_person() -> None:
    body = f"Please see my answers below in red.\n\n-----Original Message-----\nFrom: ar@huaxing.example\nTo: sam\n\n{QUOTED}"
    found = split(plain(body))
    assert found.doubtful and any("inside the quoted text" in warning for warning in found.warnings)


def test_links_and_bullets_that_the_text_part_writes_out_are_no_difference() -> None:
    body = '<p>Please <b>see</b> <a href="https://buyer.example/x">our list</a>:</p><ol><li>INV-1 paid</li><li>INV-2 wrong</li></ol>'
    text = "Please *see* our list <https://buyer.example/x>:\n\n   1. INV-1 paid\n   2. INV-2 wrong\n"
    found = split(html(body, text=text))
    assert found.warnings == () and not found.doubtful
    assert found.new_text == "Please see our list:\n\n1. INV-1 paid\n2. INV-2 wrong"
