"""Every limit on what comes from outside, with its reason. One that is reached ends in ``unreadable`` with its name.

Figures: ``docs/decisions/`` and the measurements named there; a hostile file of two kilobytes can cost minutes and
gigabytes, so size alone protects nothing and the parse runs in a child that can be killed.
"""

from __future__ import annotations

MAX_BYTES = 25 * 1024 * 1024  # one document; a larger one is not what a clerk mails
MAX_PAGES = 300  # digital PDF
MAX_PAGES_READ_TWICE = 50  # the second reader needs 0.15 CPU seconds each; what a longer PDF says stays unproven
MAX_OCR_PAGES = 30  # about 10 CPU seconds each
MAX_GLYPHS_PER_PAGE = 60_000  # pdfplumber needs 28 s for 200,000
MAX_RULES_PER_PAGE = 20_000  # lines and rectangles
MAX_IMAGE_PIXELS = 40_000_000
MAX_ROWS = 200_000  # of one sheet or text file; a ledger import of the owner is not bound by this
MAX_COLUMNS = 512
MAX_CELL_CHARACTERS = 2_000  # the rest of a longer cell is cut: no field of a line is longer
MAX_LINE_CHARACTERS = 20_000  # of plain text; a table has no such line, and patterns need not meet one
MAX_CELLS = 5_000_000  # extent of a sheet, checked before it is read
MAX_XML_BYTES = 20 * 1024 * 1024
MAX_XML_DEPTH = 256
MAX_ARCHIVE_MEMBERS = 200
MAX_ARCHIVE_BYTES = 100 * 1024 * 1024  # sum of all members, counted while inflating
MAX_ARCHIVE_RATIO = 100  # beyond the first 100 kB
MAX_SHEET_BYTES = 200 * 1024 * 1024  # inflated workbook
MAX_DEPTH = 4  # containers inside containers: ZIP, mail and winmail.dat together
MAX_PARTS = 500  # of all containers of one document together

CHILD_CPU_SECONDS = 14  # a document of 100 pages needs 5, a sheet of 100,000 rows 1 to 3
CHILD_WALL_SECONDS = 18  # nobody waits longer than 20 for an answer; a machine that is busy gets as much done as it can
CHILD_MEMORY_BYTES = 1024 * 1024 * 1024
CHILD_FILE_BYTES = 0  # a reader writes no file at all; the answer leaves through a pipe
CHILD_OPEN_FILES = 64
CHILD_RESULT_BYTES = 64 * 1024 * 1024
OCR_CPU_SECONDS = 300
OCR_WALL_SECONDS = 450
OCR_MEMORY_BYTES = 2560 * 1024 * 1024  # a page at 300 dpi needs 2 GB
