"""Where things stand on the confirmation slip, so that what draws it and what reads it back agree.

Points (1/72 inch) from the slip's upper edge and the paper's left margin; y grows downwards.
"""

from __future__ import annotations

INNER = 511.2755905511812  # width between the margins of A4
CODE, CODE_TOP = 62.4, 5.0  # side of the QR code with its quiet zone: 22 mm; the guide asks for at least 15 mm
BOX_TOP, BOX_HEIGHT = 78.0, 61.0
BETWEEN = 12.0  # the two boxes
SENTENCE = (9.0, 14.0)  # in a box: where its sentence begins (left, baseline), with the square to tick

Region = tuple[float, float, float, float]  # left, upper, right, lower edge


def box_width() -> float:
    return (INNER - BETWEEN) / 2


def box_left(differs: bool) -> float:
    return box_width() + BETWEEN if differs else 0.0


def regions() -> dict[str, Region]:
    """What is looked at when a slip comes back, in sides of the code, from its upper left corner with quiet zone."""
    found: dict[str, Region] = {}
    for name, differs in (("agrees", False), ("differs", True)):
        left = box_left(differs)
        square = (left + SENTENCE[0] - 3, BOX_TOP + 3, left + SENTENCE[0] + 9.5, BOX_TOP + SENTENCE[1] + 4)
        box = (left, BOX_TOP, left + box_width(), BOX_TOP + BOX_HEIGHT)
        found[f"tick.{name}"], found[f"seal.{name}"] = _from_code(square), _from_code(box)
    return found


def _from_code(region: Region) -> Region:
    left, top = INNER - CODE, CODE_TOP
    return (region[0] - left) / CODE, (region[1] - top) / CODE, (region[2] - left) / CODE, (region[3] - top) / CODE
