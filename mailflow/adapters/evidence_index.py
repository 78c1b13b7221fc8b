"""The readable index of an evidence pack, as HTML and as PDF, from the same rows."""

from __future__ import annotations

import datetime as dt
import html
import io
from pathlib import Path
from zoneinfo import ZoneInfo

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from mailflow.money import grouped
from mailflow.steps.pack_evidence import Pack, Record

_FONT = "mailflow-evidence"
_FILE = Path(__file__).parent / "fonts" / "wqy-microhei.ttc"
_WORDS = {
    "en": {
        "title": "Evidence", "case": "Case", "party": "Party", "state": "State", "ours": "Our balance",
        "theirs": "Their balance", "made": "Made",
        "head": "Head of the hash chain before this index", "no": "No.", "at": "When",
        "kind": "What", "about": "About", "file": "File and SHA-256", "letter": "letter", "message": "message",
        "document": "document", "reading": "reading of a document", "reconciliation": "reconciliation",
        "decision": "decision",
        "statement": "statement version", "unknown": "not stated",
    },
    "zh": {
        "title": "对账证据", "case": "案卷", "party": "往来单位", "state": "状态",
        "ours": "我方余额", "theirs": "对方余额",
        "made": "生成时间",
        "head": "本索引之前的哈希链末端", "no": "序号", "at": "时间", "kind": "类别", "about": "内容",
        "file": "文件与 SHA-256", "letter": "我方函件", "message": "来信", "document": "单据",
        "reading": "单据读取结果",
        "reconciliation": "对账结果", "decision": "处理记录",
        "statement": "对账单版本", "unknown": "未说明",
    },
}  # fmt: skip


def index(pack: Pack, language: str, timezone: str) -> dict[str, bytes]:
    """``index.html`` and ``index.pdf``, for reading; what proves is the manifest, which names them last."""
    words = _WORDS["zh" if language.startswith("zh") else "en"]
    zone = ZoneInfo(timezone)
    return {"index.html": _html(pack, words, zone), "index.pdf": _pdf(pack, words, zone)}


def _facts(pack: Pack, words: dict[str, str], zone: ZoneInfo) -> list[tuple[str, str]]:
    view = pack.told.view
    case = view.case
    theirs = words["unknown"]
    if case.their_balance is not None:
        theirs = f"{case.currency} {grouped(case.their_balance, case.currency)}"
    return [
        (words["case"], f"{case.id} v{case.version}, {case.as_of}"),
        (words["party"], f"{view.party_name} ({case.party_id})"),
        (words["state"], case.state.value),
        (words["ours"], f"{case.currency} {grouped(case.our_balance, case.currency)}"),
        (words["theirs"], theirs),
        (words["made"], f"{pack.made_at.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"),
        (words["head"], pack.head),
    ]


def _row(record: Record, words: dict[str, str], zone: ZoneInfo) -> tuple[str, str, str, str, str]:
    at = dt.datetime.fromisoformat(record.at).astimezone(zone)
    about = record.about
    for name in ("actor", "from", "to", "state", "why", "before", "after"):
        if record.facts.get(name):
            about += f" · {name}: {record.facts[name]}"
    file = "" if record.file is None else f"{record.file} {record.sha256}"
    return str(record.no), f"{at:%Y-%m-%d %H:%M:%S}", words[record.kind], about, file


def _html(pack: Pack, words: dict[str, str], zone: ZoneInfo) -> bytes:
    facts = "".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"
        for name, value in _facts(pack, words, zone)
    )
    head = "".join(f"<th>{html.escape(words[name])}</th>" for name in ("no", "at", "kind", "about", "file"))
    rows = []
    for record in pack.records:
        cells = [html.escape(cell) for cell in _row(record, words, zone)]
        if record.file is not None:
            link = html.escape(record.file, quote=True)
            cells[4] = f'<a href="{link}">{html.escape(record.file)}</a><br><code>{record.sha256}</code>'
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    title = f"{words['title']} {pack.case_id}"
    page = (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title><style>'
        "body{font:14px/1.5 system-ui,sans-serif;margin:2em;max-width:75em;color:#1c2430}"
        "table{border-collapse:collapse;width:100%;margin:1em 0}th,td{border:1px solid #d9dfe6;padding:6px 10px;"
        "text-align:left;vertical-align:top;overflow-wrap:anywhere}th{background:#f4f6f8}code{font-size:11px}"
        f"</style></head><body><h1>{html.escape(title)}</h1><table>{facts}</table>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></body></html>"
    )
    return page.encode("utf-8")


def _pdf(pack: Pack, words: dict[str, str], zone: ZoneInfo) -> bytes:
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(_FONT, str(_FILE), subfontIndex=0))
    style = ParagraphStyle("cell", fontName=_FONT, fontSize=7.5, leading=10, wordWrap="CJK")
    large = ParagraphStyle("title", parent=style, fontSize=15, leading=20)

    def cell(text: str) -> Paragraph:
        return Paragraph(html.escape(text), style)  # unescaped mark-up in a name would be obeyed

    title = f"{words['title']} {pack.case_id}"
    facts = Table([[cell(name), cell(value)] for name, value in _facts(pack, words, zone)], colWidths=[110, 640])
    rows = [[cell(words[name]) for name in ("no", "at", "kind", "about", "file")]]
    rows += [[cell(text) for text in _row(record, words, zone)] for record in pack.records]
    table = Table(rows, colWidths=[30, 90, 80, 290, 260], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.HexColor("#d9dfe6")),
                ("BACKGROUND", (0, 0), (-1, 0), colors.HexColor("#f4f6f8")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    out = io.BytesIO()
    story: list[Flowable] = [Paragraph(html.escape(title), large), Spacer(1, 6), facts, Spacer(1, 10), table]
    SimpleDocTemplate(
        out, pagesize=landscape(A4), leftMargin=36, rightMargin=36, topMargin=36, bottomMargin=36, title=title,
        invariant=1,
    ).build(story)  # fmt: skip
    return out.getvalue()
