"""What this sender wrote now: quotes, forwards, signatures, disclaimers and banners taken away, nothing lost.

    body -> lines with marks (html_text, lines) -> cut at the separators -> signature off -> Split

Evidence, never shape; where evidence is thin the text stays (field guide "replies", 2 and 6).
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mailflow.correspondence import separators, signature
from mailflow.correspondence.alternatives import agreed, noted
from mailflow.correspondence.html_text import lines_of
from mailflow.correspondence.lines import Line, Mark, all_folded, from_plain
from mailflow.correspondence.message import InlineAnswer, Message, Split

MAX_ANSWERS = 100  # inline answers that are paired with their questions; the text has them all
MAX_BODY = 3_000_000  # characters of a plain body that are cut; more is taken as quoted
_FORWARDED = re.compile(r"\s{0,5}(?:fwd?|wg|tr|rv|enc|i|转发|轉寄|轉發|转寄)\s{0,2}[:：]", re.IGNORECASE)
_POINTS_BELOW = re.compile(
    r"(?:answer|comment|repl|response|remark|feedback|note)\w{0,4}\b.{0,30}(?:below|inline|in[- ]line|in (?:red|blue|green|bold|your (?:mail|e-?mail|message|text)))"
    r"|see (?:below|inline|my .{0,20}(?:below|inline))|(?:below|inline|in red|in blue) (?:in|for|are|is|you will find)"
    r"|(?:回复|答复|批注|意见|说明).{0,10}(?:见下|如下文|在下面|在原文|标红|红字(?![发專专票冲信])|原邮件)|见(?:下方|下文|原文)|(?:红字(?![发專专票冲信])|标红|蓝字(?![发專专票冲]))"
    r"|(?:antwort|anmerkung|kommentar)\w{0,3} (?:unten|im text|in rot)|siehe unten|(?:réponses?|commentaires?) (?:ci-dessous|en rouge)",
    re.IGNORECASE,
)
_WRAP_FROM = 72  # mail programs wrap at 72 to 78 characters; a shorter line had room for the next word


def newest_text(body: str, *, keep_signature: bool = False) -> str:
    """The new text of a plain body. ``keep_signature`` leaves signatures, footers, disclaimers and banners in."""
    cut = _cut(_plain_lines(body))
    return _new_text(cut, (), keep_signature)[0]


def split(message: Message) -> Split:
    """The parts of a message's body. Where HTML and text differ, the one that lost less is kept, unless the HTML's own
    structure shows that the rest is a quote."""
    names = _names(message)
    plain = _split_lines(_plain_lines(message.text), message, names) if message.text.strip() else None
    if not message.html.strip():
        return plain or Split("")
    lines, warnings = lines_of(message.html)
    rich = _split_lines(lines, message, names, structured=True)
    rich = noted(rich, warnings)
    if plain is None:
        return rich
    return agreed(plain, rich)


def _plain_lines(body: str) -> list[Line]:
    body = body.replace("\r\n", "\n").replace("\r", "\n")
    return from_plain(body[:MAX_BODY])


def _names(message: Message) -> list[str]:
    name = message.sender.name
    if not name or "@" in name or len(name) > 60:
        return []
    words = name.split()
    return [name, *([words[0], f"{words[-1]} {words[0]}"] if len(words) > 1 and len(words[0]) > 2 else [])]


@dataclass(slots=True)
class _Cut:
    lines: list[Line]
    shown: list[str] = field(default_factory=list)  # the lines, folded
    kept: list[int] = field(default_factory=list)
    quoted: list[int] = field(default_factory=list)
    shared: dict[int, int] = field(default_factory=dict)  # line -> column where its quote begins
    forwarded: bool = False
    certain: bool = True  # False: cut at an attribution, without quote marks behind it
    separated: bool = False
    given_up: bool = False  # too many lines looked like the start of a quote


def _cut(lines: list[Line]) -> _Cut:
    """One pass: each line is looked at once, each separator with a bounded look around."""
    shown = all_folded([line.text for line in lines])
    cut = _Cut(lines, shown)
    finder = separators.Finder(shown)
    place, floor = 0, 0
    indents_are_quotes = False
    while place < len(lines):
        line = lines[place]
        if line.mark is Mark.QUOTED or (line.mark is Mark.INDENTED and indents_are_quotes):
            cut.quoted.append(place)
            indents_are_quotes = indents_are_quotes or not line.blank
            place += 1
            floor = place
            continue
        if line.from_here:
            _give_back(cut, shown, place, floor)
            cut.quoted.extend(range(place, len(lines)))
            cut.separated = True
            break
        found = finder.at(place, floor)
        if found is None:
            cut.kept.append(place)
            place += 1
            continue
        while cut.kept and cut.kept[-1] >= found.start:
            cut.kept.pop()
        if found.column:
            cut.shared[found.start] = found.column
            cut.kept.append(found.start)
        _give_back(cut, shown, found.start, floor)
        cut.quoted.extend(range(found.start, found.end))
        cut.forwarded = cut.forwarded or (found.forward and not cut.separated)
        cut.separated = True
        following = next((at for at in range(found.end, len(lines)) if not lines[at].blank), len(lines))
        if (
            following < len(lines)
            and lines[following].mark is Mark.NONE
            and not _introduces_marks(lines, found, following)
        ):
            cut.quoted.extend(range(found.end, len(lines)))
            cut.certain = found.named
            break
        cut.quoted.extend(range(found.end, following))
        indents_are_quotes = True
        place = floor = following
    cut.given_up = finder.tries <= 0
    return cut


def _introduces_marks(lines: list[Line], found: separators.Separator, following: int) -> bool:
    """An attribution whose wrapped rest stands before the marked lines: the marks say what is quoted."""
    if found.named or len(lines[following].text) > 100:
        return False
    after = following + 1
    return after < len(lines) and lines[after].mark is Mark.QUOTED and lines[following].text.rstrip().endswith(":")


def _give_back(cut: _Cut, shown: Sequence[str], start: int, floor: int) -> None:
    """What stands right above a separator and belongs to it: blank lines, rules, a bare "Original"."""
    moved: list[int] = []
    while cut.kept and cut.kept[-1] >= floor and cut.kept[-1] not in cut.shared:
        text = shown[cut.kept[-1]].strip(" *>|")
        rule = bool(text) and len(text) >= 3 and not text.strip("-_=*~") and text[0] in "-_=*~"
        if text and not rule and not separators.bare_name(text):
            break
        moved.append(cut.kept.pop())
    cut.quoted.extend(reversed(moved))


def _new_text(cut: _Cut, names: Sequence[str], keep_signature: bool) -> tuple[str, list[str]]:
    kept = _without_wrapped_quotes(cut)
    if keep_signature:
        return _joined([_own_text(cut, at) for at in kept]), []
    lines = [Line(_own_text(cut, at), signature=cut.lines[at].signature) for at in kept]
    shown = None if cut.shared else [cut.shown[at] for at in kept]
    stripped = signature.strip(lines, names, shown)
    return _joined(stripped.kept), stripped.removed


def _own_text(cut: _Cut, at: int) -> str:
    text = cut.lines[at].text
    return text[: cut.shared[at]].rstrip(" -") if at in cut.shared else text


def _without_wrapped_quotes(cut: _Cut) -> list[int]:
    """Kept lines but for the short rests that a program broke off quoted lines without marking them."""
    if not cut.quoted or not cut.kept:
        return cut.kept
    quoted = set(cut.quoted)
    out: list[int] = []
    for at in cut.kept:
        if at - 1 in quoted and at + 1 in quoted and _wrapped(cut.lines[at - 1], cut.lines[at]):
            cut.quoted.append(at)
        else:
            out.append(at)
    cut.quoted.sort()
    return out


def _wrapped(above: Line, line: Line) -> bool:
    if above.mark is not Mark.QUOTED or line.blank:
        return False
    text, before = line.text.strip(), above.text.rstrip()
    last = before[-200:]
    if last.rfind("(http") > last.rfind(")") or last.rfind("<http") > last.rfind(">"):
        return True
    if text.startswith(("(http", "<http")) and text.endswith((">", ")")):
        return True
    if before.endswith((".", "?", "!", ":", "。", "？")) or not (text[0].islower() or text[0] in "),;"):
        return False
    return len(before) + 1 + len(text.split()[0]) >= _WRAP_FROM


def _joined(texts: Sequence[str]) -> str:
    """Lines as one text: no blank ends, no run of blank lines."""
    out: list[str] = []
    for text in texts:
        text = text.rstrip()
        if text or (out and out[-1]):
            out.append(text)
    while out and not out[-1]:
        out.pop()
    return "\n".join(out).strip("\n")


def _split_lines(lines: list[Line], message: Message, names: Sequence[str], structured: bool = False) -> Split:
    cut = _cut(lines)
    new_text, removed = _new_text(cut, names, keep_signature=False)
    forwarded = cut.forwarded or (cut.separated and bool(_FORWARDED.match(message.subject)))
    warnings: list[str] = []
    doubtful = cut.given_up
    if cut.given_up:
        warnings.append(f"more than {separators.MAX_TRIES} lines look like the start of a quote (MAX_TRIES)")
    unmarked = cut.quoted and not any(cut.lines[at].mark is Mark.QUOTED for at in cut.quoted)
    if unmarked and _POINTS_BELOW.search(new_text[:1_000]):
        warnings.append("the sender says that answers stand inside the quoted text, where nothing marks them")
        doubtful = True
    if not new_text.strip() and cut.quoted:
        if forwarded:
            warnings.append("a forward without a word of its own")
        elif cut.certain:
            warnings.append("nothing but a quote: the sender wrote no new text")
        else:
            warnings.append("everything looks like a quote; the text is kept")
            return Split(_joined([line.text for line in lines]), None, None, tuple(warnings), doubtful=True)
    quoted = _joined([cut.lines[at].text[cut.shared.get(at, 0) :] for at in sorted(set(cut.quoted) | set(cut.shared))])
    return Split(
        new_text,
        _joined(removed) or None,
        quoted or None,
        tuple(warnings),
        forwarded,
        doubtful,
        _answers(cut),
    )


def _answers(cut: _Cut) -> tuple[InlineAnswer, ...]:
    """Kept runs that stand directly behind quoted lines, each with the last line of that quote."""
    quoted = set(cut.quoted)
    last = max(quoted, default=-1)
    answers: list[InlineAnswer] = []
    run: list[int] = []

    def close() -> None:
        text = _joined([cut.lines[at].text for at in run])
        above = next((at for at in range(run[0] - 1, -1, -1) if not cut.lines[at].blank), None) if run else None
        if text and above is not None and above in quoted and cut.lines[above].mark is not Mark.NONE:
            question = cut.lines[above].text.lstrip(" >\t＞").strip()
            if question and last > run[-1]:
                answers.append(InlineAnswer(question[:500], text))
        run.clear()

    for at in cut.kept:
        if run and at != run[-1] + 1:
            close()
            if len(answers) >= MAX_ANSWERS:
                break
        run.append(at)
    close()
    return tuple(answers)
