"""All that the search for a signature asks of one line, answered at once and remembered: footers come back.

A trait is a bit; :func:`traits` gives those of a line. A line of prose, the usual end of the search, costs least.
"""

from __future__ import annotations

from mailflow.correspondence import closing_formulas
from mailflow.correspondence.closings import closing
from mailflow.correspondence.company_lines import advertising, footer
from mailflow.correspondence.contact_lines import contact, role
from mailflow.correspondence.lines import remembered
from mailflow.correspondence.name_lines import full_name, name_like, named, signs_alone
from mailflow.correspondence.program_lines import delimiter, mobile_footer
from mailflow.correspondence.signature_lines import department, heading, signature_like
from mailflow.correspondence.spoken_lines import speaks

ENDS = 1  # could stand in a signature
SPEAKS = 8  # says something to us
DELIMITER = 16  # ``-- ``
RULE = 32  # dashes, underscores or the like
DASH = 64  # one dash alone
CLOSING = 128  # a closing formula, also with its sender behind it
THANKS = 256  # thanks or a wish, which close where a name follows
FOOTER = 512  # of a phone or a mail program
PARTING = 1024  # ``Talk soon``
CONTACT = 2048  # a way to reach somebody
ROLE = 4096  # what somebody is, a department, a firm
NAMED = 8192  # begins with a name
NAME = 16384  # is a name
FULL_NAME = 32768
SIGNATORY = 65536  # a name that may stand alone
DASHED_NAME = 131072  # ``- Roman``
HEADING = 262144  # can begin a block of somebody's whereabouts
DEPARTMENT = 524288
ADVERTISING = 1048576  # opens a firm's own footer
COMPANY = 2097152  # stands in one
SIGNS = NAME | FULL_NAME | SIGNATORY | DASHED_NAME


@remembered
def traits(line: str) -> int:
    """The traits of a folded line that is not blank."""
    mark = delimiter(line)
    if mark:
        return ENDS | DELIMITER if mark == "standard" else ENDS | RULE | (DASH if len(line.strip()) == 1 else 0)
    found = _of_an_end(line)
    if not found and not signature_like(line):
        if advertising(line):
            found = ADVERTISING
        if speaks(line):
            found |= SPEAKS
    else:
        found |= ENDS | _of_a_signature(line)
    return found


def _of_an_end(line: str) -> int:
    how = closing(line)
    if how:
        return THANKS if how == "weak" else CLOSING
    if mobile_footer(line):
        return FOOTER
    return PARTING if closing_formulas.parting(line) else 0


def _of_a_signature(line: str) -> int:
    found = 0
    if contact(line):
        found |= CONTACT
    if role(line):
        found |= ROLE | (DEPARTMENT if department(line) else 0)
    if footer(line):
        found |= COMPANY | (ADVERTISING if advertising(line) else 0)
    if named(line):
        found |= NAMED
        if name_like(line):
            found |= NAME | (FULL_NAME if full_name(line) else 0)
    if signs_alone(line):
        found |= SIGNATORY
    if heading(line):
        found |= HEADING
    stripped = line.strip()
    if stripped[0] in "-~/" and len(stripped.split()) <= 4 and name_like(stripped.lstrip("/").rstrip(".")):
        found |= DASHED_NAME
    return found
