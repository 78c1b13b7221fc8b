"""Pages in, typed documents out: the one way from text with a place to a :class:`~parsers.documents.Document`.

pages ─► lines ─► tables ─► rows ─► entries ─┬─► statement ─┐
               └─► fields, parties            └─► remittance ┴─► proof ─► Document
"""

from __future__ import annotations

from parsers import amounts, currencies, profile
from parsers.assembly import Material, assemble
from parsers.bulk import Irregular
from parsers.documents import Document, Kind
from parsers.fields import read_fields
from parsers.grid import Page
from parsers.kind import kind_of
from parsers.lines import TextLine, blocked, learn_space, lines_of, mark_repeated, plain_lines
from parsers.long import line_count
from parsers.rows import RowSet, rows_of
from parsers.sections import tell_sections
from parsers.table import Table, find_tables
from parsers.wording.columns import Role


def read_pages(pages: list[Page], *, file: str, format: str, member: str | None = None) -> list[Document]:
    """Read ``pages`` of one file; several documents where the file holds several statements (sheets, currencies).

    Never raises for what stands on the pages; what cannot be understood comes back as kind ``unknown``, unproven.
    """
    groups = [[page] for page in pages] if len(pages) > 1 and all(p.cells for p in pages) else [pages]
    documents: list[Document] = []
    for group in groups:
        documents += _read_long(group, file=file, format=format, member=member)
    if len(pages) > 1 and len(groups) > 1:
        documents = _with_covers(groups, documents, file=file, format=format, member=member)
    if len(documents) > 1:
        told = [d for d in documents if line_count(d) or d.kind not in (Kind.UNKNOWN,)]
        documents = told or documents[:1]
    return documents


def _with_covers(
    groups: list[list[Page]], documents: list[Document], *, file: str, format: str, member: str | None
) -> list[Document]:
    """Sheets without lines are covers: what they name (parties, kind, total) is said of the one sheet that has them."""
    if len(documents) != len(groups) or any(page.block for group in groups for page in group):
        return documents
    filled = [n for n, document in enumerate(documents) if document.lines]
    if len(filled) != 1 or documents[filled[0]].kind is not Kind.UNKNOWN:
        return documents
    before, behind = groups[: filled[0]], groups[filled[0] + 1 :]
    whole = [page for group in [*before, groups[filled[0]], *behind] for page in group]
    return _read(whole, file=file, format=format, member=member)


def _read_long(pages: list[Page], *, file: str, format: str, member: str | None) -> list[Document]:
    """Read ``pages``, their blocks by column; row by row where that is not sure, or only the rows in question."""
    rows: set[int] = set()
    try:
        return _read(pages, file=file, format=format, member=member)
    except Irregular as why:
        rows = why.rows
    block = pages[0].block
    parted = block.parted(rows) if rows and block is not None else None
    if parted is not None and parted.block is not None:
        try:
            return _read([parted], file=file, format=format, member=member)
        except Irregular:
            pass
    whole = [page.block.unfolded() if page.block is not None else page for page in pages]
    return _read(whole, file=file, format=format, member=member)


def _read(pages: list[Page], *, file: str, format: str, member: str | None) -> list[Document]:
    lines = [line for page in pages for line in lines_of(page)]
    mark_repeated(lines)
    learn_space(lines)
    mark, sure = amounts.decide_mark(word.text for line in lines for word in line.words if word.value is None)
    mark = mark if sure else profile.current().decimal_mark or mark
    blocks = blocked(lines)
    tables = find_tables(blocks)
    outside = _outside(blocks, tables)
    of_lines = [table for table in tables if not table.is_ageing]
    row_sets = [rows_of(table, mark) for table in of_lines]
    tell_sections(of_lines, row_sets, mark)
    told = {table.currency for table in of_lines} - {None}
    if len(told) > 1:
        for table, rows in zip(of_lines, row_sets, strict=True):
            for row in rows.rows:
                row.currency = table.currency
    row_sets = [rows for rows in row_sets if any(row.mark is None for row in rows.rows)]
    around = outside + [line for rows in row_sets for line in rows.loose]
    around += [line for table in tables if table.is_ageing for line in table.body]
    if not row_sets:
        around = lines
    around = plain_lines(around)
    around.sort(key=lambda line: (line.page, line.top))
    fields = read_fields(around)
    roles = {c.role for rows in row_sets for c in rows.columns if c.role is not None}
    kind = kind_of(around, roles, fields, row_sets)
    table_top = _above(around, tables)
    material = Material(
        pages=pages, lines=lines, around=around, table_top=table_top, tables=tables, fields=fields, kind=kind,
        mark=mark, file=file, format=format, member=member,
    )  # fmt: skip
    documents = []
    groups = _by_currency(row_sets)
    if pages[0].block is not None and (len(groups) > 1 or len(row_sets) != 1 or len(pages) > 1):
        raise Irregular
    for currency, sets in groups:
        documents.append(assemble(material, sets, currency, alone=len(groups) == 1))
    return documents


def _outside(lines: list[TextLine], tables: list[Table]) -> list[TextLine]:
    inside = {id(line) for table in tables for line in table.body}
    inside.update(id(line) for table in tables for line in [*table.headers, *table.taken])
    return [line for line in lines if id(line) not in inside]


def _above(around: list[TextLine], tables: list[Table]) -> int:
    if not tables or not tables[0].body:
        return min(len(around), 15)
    first = tables[0].body[0]
    return sum(1 for line in around if (line.page, line.top) < (first.page, first.top))


def _by_currency(row_sets: list[RowSet]) -> list[tuple[str | None, list[RowSet]]]:
    """One group of rows per currency where the lines themselves name several; else all rows as one group."""
    seen: dict[str, None] = {}
    for rows in row_sets:
        columns = rows.of(Role.CURRENCY)
        section: str | None = None
        for row in rows.rows:
            named = next((n for c in columns if (n := currencies.named(row.text(c).upper()))), None)
            if named is None and row.currency is None and row.mark is None:
                row.currency = section
            row.currency = named or row.currency
            if row.currency and row.mark is None:
                seen[row.currency] = None
    if len(seen) < 2:
        return [(next(iter(seen), None), row_sets)]
    groups: list[tuple[str | None, list[RowSet]]] = []
    for code in seen:
        sets = []
        for rows in row_sets:
            mine = [
                r
                for r in rows.rows
                if r.currency == code or (r.currency is None and r.mark is not None and code in r.label.upper())
            ]
            if mine:
                sets.append(RowSet(rows.columns, mine, []))
        groups.append((code, sets))
    return groups
