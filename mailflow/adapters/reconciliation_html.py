"""The reconciliation as one HTML page: no script, nothing loaded from elsewhere, ready to print."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from urllib.parse import quote

from mailflow.reconciliation.explanation import CHINESE, ENGLISH, of_match
from mailflow.reconciliation.layout import Group, Layout, Row, Side, match_source
from mailflow.reconciliation.match import Match

MOST_ROWS = 3_000  # items and matches printed; a page with more serves nobody, the workbook has all

_STYLE = """
:root{--ink:#16233b;--muted:#5d687a;--line:#d5dce7;--panel:#f3f6fb;--accent:#1d5bb8;--warn:#a84a06;--good:#1c7a43}
*{box-sizing:border-box}body{margin:0;background:#fff;color:var(--ink);font:14px/1.5 system-ui,-apple-system,"Segoe UI",
"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}main{max-width:1120px;margin:0 auto;
padding:32px 28px 56px}
h1{font-size:24px;margin:0 0 4px}h2{font-size:16px;margin:34px 0 10px}p.note{color:var(--muted);margin:4px 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 18px;margin:14px 0 0}dt{color:var(--muted)}dd{margin:0}
table{border-collapse:collapse;width:100%}th,td{padding:6px 8px;text-align:left;vertical-align:top;
border-bottom:1px solid var(--line)}th{font-size:12px;color:var(--muted);font-weight:600;background:var(--panel)}
td.w{white-space:nowrap}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}tr.sum td{font-weight:700;border-top:2px
solid var(--ink);border-bottom:2px solid var(--ink)}tr.head td{font-weight:600}
tr.sub td{color:var(--muted);padding-left:24px}
.two{display:grid;grid-template-columns:1fr 1fr;gap:22px;align-items:start}
.tag{display:inline-block;padding:0 7px;border-radius:9px;font-size:12px;background:var(--panel);color:var(--muted)}
.query{background:#fff3e6;color:var(--warn)}
.yes{color:var(--good)}.no{color:var(--warn);font-weight:600}td.src,td.src a{color:var(--muted);font-size:12px}
a{color:var(--accent)}.sign{display:grid;grid-template-columns:repeat(3,1fr);gap:40px;margin-top:48px;color:var(--muted)}
.sign div{border-top:1px solid var(--ink);padding-top:4px}tr:target{background:#fffbe0}
@media(max-width:760px){.two{grid-template-columns:1fr}main{padding:18px 12px}}
@media print{main{max-width:none;padding:0}h2{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}
@page{size:A4 landscape;margin:14mm}}
"""


def html_page(page: Layout) -> str:
    """The whole document as text."""
    return "".join(html_pieces(page))


def html_pieces(page: Layout) -> Iterator[str]:
    """The document in pieces, so that a large one need not stand in memory twice."""
    say, answer = page.words, page.answer
    yield (
        f'<!doctype html>\n<html lang="{say.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(say.title)} {escape(answer.party_name or answer.party)}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{escape(page.title)}</h1>"
    )
    automatic = answer.matches.automatic
    counted = say.counted.format(
        automatic=automatic, suggested=len(answer.matches) - automatic, items=len(answer.items)
    )
    yield f'<p class="note">{escape(counted)}</p><dl>'
    for label, value in page.facts:
        yield f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>"
    yield f"</dl><h2>{escape(say.bridge_title)}</h2>"
    yield _bridge(page)
    yield f'<h2>{escape(say.two_sided_title)}</h2><div class="two">'
    yield f"{_side(page, page.ours)}{_side(page, page.theirs)}</div>"
    left = page.theirs.adjusted - page.ours.adjusted
    look = "no" if left else "yes"
    yield f'<p class="note">{escape(say.difference)}: <b class="{look}">{page.money(left)}</b></p>'
    if page.rows:
        yield f"<h2>{escape(say.items_title)}</h2>"
        yield from _items(page)
    if answer.matches:
        yield f"<h2>{escape(say.matches_title)}</h2>"
        yield from _matches(page)
    yield f"<h2>{escape(say.checks_title)}</h2>{_checks(page)}"
    yield "".join(f'<p class="note">{escape(sentence)}</p>' for sentence in say.not_voucher)
    yield '<div class="sign">' + "".join(f"<div>{escape(role)}</div>" for role in say.signatures) + "</div>"
    yield "</main></body></html>\n"


def _bridge(page: Layout) -> str:
    say, answer = page.words, page.answer
    rows = [_sum(say.our_balance[answer.side], page.money(answer.our_balance_units))]
    for group in page.bridge:
        rows.append(_head(page, group))
        rows += [_sub(page, row, row.units) for row in group.rows[:50]]
    left = page.money(answer.unexplained_units)
    rows.append(f'<tr class="head"><td>{escape(say.unexplained)}</td><td class="n">{left}</td></tr>')
    rows.append(_sum(say.their_balance[answer.side], page.money(answer.their_balance_units)))
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def _side(page: Layout, side: Side) -> str:
    rows = [_sum(side.title, page.money(side.balance))]
    for group in side.groups:
        rows.append(_head(page, group))
        rows += [_sub(page, row, row.effect) for row in group.rows[:50]]
    rows.append(_sum(page.words.adjusted, page.money(side.adjusted)))
    return f"<table><tbody>{''.join(rows)}</tbody></table>"


def _sum(label: str, amount: str) -> str:
    return f'<tr class="sum"><td>{escape(label)}</td><td class="n">{amount}</td></tr>'


def _head(page: Layout, group: Group) -> str:
    return f'<tr class="head"><td>{escape(group.label)}</td><td class="n">{page.money(group.total)}</td></tr>'


def _sub(page: Layout, row: Row, units: int) -> str:
    label = " · ".join(filter(None, (row.reference, row.date)))
    link = f'<a href="#item-{row.no}">{escape(label or str(row.no))}</a>'
    return f'<tr class="sub"><td>{link}</td><td class="n">{page.money(units)}</td></tr>'


def _items(page: Layout) -> Iterator[str]:
    say, names = page.words, page.words.columns
    head = "".join(f"<th>{escape(names[c])}</th>" for c in ("no", "kind", "date", "reference"))
    head += f'<th class="n">{escape(names["amount"])}</th>'
    head += "".join(
        f"<th>{escape(names[c])}</th>" for c in ("text", "age", "source", *(["action"] if page.internal else []))
    )
    yield f"<table><thead><tr>{head}</tr></thead><tbody>"
    for row in page.rows[:MOST_ROWS]:
        query = f' <span class="tag query">{escape(say.under_query)}</span>' if row.under_query else ""
        age = "" if row.age is None else say.days.format(days=row.age)
        yield (
            f'<tr id="item-{row.no}"><td>{row.no}</td><td>{escape(say.kinds[row.item.kind])}{query}</td>'
            f'<td class="w">{row.date}</td>'
            f'<td>{escape(row.reference)}</td><td class="n">{page.money(row.units)}</td><td>{escape(row.text)}</td>'
            f'<td class="w">{escape(age)}</td><td class="src">{_linked(page, row)}</td>'
            + (f"<td>{escape(row.action)}</td>" if page.internal else "")
            + "</tr>"
        )
    total = page.money(page.answer.adjustments_units)
    yield f'<tr class="sum"><td colspan="4">{escape(say.total)}</td><td class="n">{total}</td>'
    yield f'<td colspan="{4 if page.internal else 3}"></td></tr></tbody></table>'
    yield _more(page, len(page.rows))


def _linked(page: Layout, row: Row) -> str:
    """The source as text; where their file is known, its first line's page is a link beside the page itself."""
    if not page.answer.file or not row.item.theirs:
        return escape(row.source)
    number = getattr(row.item.theirs[0].source, "page", 1)
    return f'<a href="{escape(quote(page.answer.file))}#page={number}">{escape(row.source)}</a>'


def _matches(page: Layout) -> Iterator[str]:
    say, names = page.words, page.words.columns
    language = CHINESE if say.language.startswith("zh") else ENGLISH
    head = "".join(f"<th>{escape(names[c])}</th>" for c in ("ours", "theirs"))
    head += "".join(f'<th class="n">{escape(names[c])}</th>' for c in ("amount_ours", "amount_theirs", "difference"))
    head += "".join(f"<th>{escape(names[c])}</th>" for c in ("state", "explanation", "source"))
    yield f"<table><thead><tr>{head}</tr></thead><tbody>"
    for match in page.answer.matches.waiting_first(MOST_ROWS):
        state = (
            f'<span class="yes">{escape(say.accepted)}</span>'
            if match.automatic
            else f'<span class="no">{escape(say.suggested)}</span>'
        )
        yield (
            f"<tr><td>{_numbers(match, True)}</td><td>{_numbers(match, False)}</td>"
            f'<td class="n">{page.money(match.our_units)}</td><td class="n">{page.money(match.their_units)}</td>'
            f'<td class="n">{page.money(match.difference_units) if match.difference_units else ""}</td>'
            f'<td class="w">{state}</td>'
            f'<td>{escape(of_match(match, language))}</td><td class="src">{escape(match_source(match, say))}</td></tr>'
        )
    yield "</tbody></table>"
    yield _more(page, len(page.answer.matches))


def _numbers(match: Match, ours: bool) -> str:
    entries = match.ours if ours else match.theirs
    texts = [(entry.refs[0] if entry.refs else f"#{entry.tag}") for entry in entries[:12]]
    return escape(", ".join(texts) + (" …" if len(entries) > 12 else ""))


def _checks(page: Layout) -> str:
    say = page.words
    rows = "".join(
        f'<tr><td>{escape(say.checks[check.name])}</td><td class="{"no" if check.passed is False else "yes"}">'
        f"{escape(say.passed[check.passed])}</td><td>{escape(say.detail(check.detail))}</td></tr>"
        for check in page.answer.checks
    )
    return f"<table><tbody>{rows}</tbody></table>"


def _more(page: Layout, count: int) -> str:
    return f'<p class="note">{escape(page.words.more.format(count=count - MOST_ROWS))}</p>' if count > MOST_ROWS else ""
