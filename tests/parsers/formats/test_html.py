"""HTML pages and mail bodies: grids with spans, the text around them, nothing that a person does not see."""

from __future__ import annotations

from parsers.formats import html


def cells(text: str) -> list[tuple[str, int, int, int]]:
    return [(word.text, int(word.top), int(word.x0), int(word.x1)) for word in html.page(text).words]


def test_text_before_and_after_a_table_are_rows_of_one_cell_in_order() -> None:
    page = "<p>Payer: A Ltd</p><table><tr><td>1</td><td>2</td></tr></table>Paid on<br>2026-09-30"
    assert cells(page) == [
        ("Payer: A Ltd", 0, 0, 1),
        ("1", 1, 0, 1),
        ("2", 1, 1, 2),
        ("Paid on", 2, 0, 1),
        ("2026-09-30", 3, 0, 1),
    ]


def test_spans_push_the_cells_beside_and_below_them() -> None:
    page = (
        "<table><tr><td rowspan=2>a</td><td colspan=2>b</td></tr><tr><td>c</td><td>d</td></tr>"
        "<tr><td>e</td><td>f</td><td>g</td></tr></table>"
    )
    assert cells(page) == [
        ("a", 0, 0, 1),
        ("b", 0, 1, 3),
        ("c", 1, 1, 2),
        ("d", 1, 2, 3),
        ("e", 2, 0, 1),
        ("f", 2, 1, 2),
        ("g", 2, 2, 3),
    ]


def test_a_layout_table_is_no_grid_but_the_table_inside_it_is() -> None:
    page = "<table><tr><td>Dear Sir<table><tr><td>x</td><td>y</td></tr></table></td></tr></table>"
    assert cells(page) == [("Dear Sir", 0, 0, 1), ("x", 1, 0, 1), ("y", 1, 1, 2)]


def test_hidden_text_scripts_and_styles_are_not_read() -> None:
    page = (
        "<style>p{}</style><script>1</script><p style='display: none'>no</p><p hidden>no</p>"
        "<table><tr><td>a<span style='font-size:0'>no</span></td><td style='font-size:0.9em'>b</td></tr>"
        "<tr style='visibility:hidden'><td>no</td></tr></table>"
    )
    assert [text for text, *_ in cells(page)] == ["a", "b"]


def test_a_hundred_thousand_nested_elements_cost_no_stack_and_no_time() -> None:
    assert html.page("<div>" * 100_000 + "deep").words is not None
