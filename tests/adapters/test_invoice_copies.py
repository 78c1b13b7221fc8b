"""The copy of an invoice is found by its reference, whatever the file system made of it; a doubtful one is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailflow.adapters.invoice_copies import LARGEST, InvoiceCopies


@pytest.mark.parametrize(
    ("name", "reference"),
    [("INV-1042.pdf", "INV-1042"), ("inv_2026_0007.PDF", "INV/2026/0007"), ("发票24000123.ofd", "发票 24000123")],
)
def test_a_copy_is_found_by_the_letters_and_digits_of_its_reference(tmp_path: Path, name: str, reference: str) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.7")
    found = InvoiceCopies(tmp_path).find(reference)
    assert found is not None
    assert (found.name, found.content) == (name, b"%PDF-1.7")


def test_another_number_a_note_and_two_files_that_could_be_meant_are_no_copy(tmp_path: Path) -> None:
    for name in ("INV-10420.pdf", "INV-7.txt", "INV-8.pdf", "INV_8.pdf"):
        (tmp_path / name).write_bytes(b"x")
    copies = InvoiceCopies(tmp_path)
    assert [copies.find(one) for one in ("INV-1042", "INV-7", "INV-8", "", "--")] == [None] * 5


def test_a_link_out_of_the_directory_and_a_giant_are_not_sent(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"key")
    copies = tmp_path / "copies"
    copies.mkdir()
    (copies / "INV-1.pdf").symlink_to(secret)
    with (copies / "INV-2.pdf").open("wb") as file:
        file.truncate(LARGEST + 1)
    assert InvoiceCopies(copies).find("INV-1") is None
    assert InvoiceCopies(copies).find("INV-2") is None


def test_without_a_directory_there_are_no_copies(tmp_path: Path) -> None:
    assert InvoiceCopies(None).find("INV-1") is None
    assert InvoiceCopies(tmp_path / "gone").find("INV-1") is None
