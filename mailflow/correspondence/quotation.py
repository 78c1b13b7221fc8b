"""What this sender wrote now: quotes, forwards, signatures, disclaimers and banners taken away, nothing lost.

    body -> lines with marks (html_text, lines) -> cut at the separators -> signature off -> Split

Evidence, never shape; where evidence is thin the text stays (field guide "replies", 2 and 6).
"""

# ruff: noqa: E501 (a pattern is read in one piece)
from __future__ import annotations

import re
from collections.abc import Sequence

from mailflow.correspondence import separators, signature
from mailflow.correspondence.alternatives import agreed, noted
from mailflow.correspondence.cutting import Cut, cut
from mailflow.correspondence.html_text import lines_of
from mailflow.correspondence.lines import Body, Mark, from_plain
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


def newest_text(body: str, *, keep_signature: bool = False) -> str:
    """The new text of a plain body. ``keep_signature`` leaves signatures, footers, disclaimers and banners in."""
    return _new_text(cut(_plain(body)), (), keep_signature)[0]


def split(message: Message) -> Split:
    """The parts of a message's body. Where HTML and text differ, the one that lost less is kept, unless the HTML's own
    structure shows that the rest is a quote."""
    names = _names(message)
    plain = _split(_plain(message.text), message, names) if message.text.strip() else None
    if not message.html.strip():
        return plain or Split("")
    body, warnings = lines_of(message.html)
    rich = noted(_split(body, message, names), warnings)
    return rich if plain is None else agreed(plain, rich)


def _plain(body: str) -> Body:
    if "\r" in body:
        body = body.replace("\r\n", "\n").replace("\r", "\n")
    return from_plain(body[:MAX_BODY])


def _names(message: Message) -> list[str]:
    name = message.sender.name
    if not name or "@" in name or len(name) > 60:
        return []
    words = name.split()
    return [name, *([words[0], f"{words[-1]} {words[0]}"] if len(words) > 1 and len(words[0]) > 2 else [])]


def _new_text(found: Cut, names: Sequence[str], keep_signature: bool) -> tuple[str, list[str]]:
    """The reply, and the lines that were taken off it as its signature."""
    texts, shown, places = found.reply()
    if keep_signature:
        return _joined(texts), []
    signed = {at for at, place in enumerate(places) if place in found.body.signed}
    texts, removed = signature.strip(texts, shown, names, signed)
    return _joined(texts), removed


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


def _split(body: Body, message: Message, names: Sequence[str]) -> Split:
    found = cut(body)
    new_text, removed = _new_text(found, names, keep_signature=False)
    quotes = 1 in found.quoted
    forwarded = found.forwarded or (found.separated and bool(_FORWARDED.match(message.subject)))
    warnings: list[str] = []
    doubtful = found.given_up
    if found.given_up:
        warnings.append(f"more than {separators.MAX_TRIES} lines look like the start of a quote (MAX_TRIES)")
    if quotes and Mark.QUOTED not in body.marks and _POINTS_BELOW.search(new_text[:1_000]):
        warnings.append("the sender says that answers stand inside the quoted text, where nothing marks them")
        doubtful = True
    if not new_text.strip() and quotes:
        if forwarded:
            warnings.append("a forward without a word of its own")
        elif found.certain:
            warnings.append("nothing but a quote: the sender wrote no new text")
        else:
            warnings.append("everything looks like a quote; the text is kept")
            return Split(_joined(body.texts), None, None, tuple(warnings), doubtful=True)
    quoted = _joined([found.quoted_text(at) for at in range(len(body.texts)) if found.quoted[at] or at in found.shared])
    return Split(
        new_text,
        _joined(removed) or None,
        quoted or None,
        tuple(warnings),
        forwarded,
        doubtful,
        _answers(found),
    )


def _answers(found: Cut) -> tuple[InlineAnswer, ...]:
    """Runs of the reply that stand right behind marked lines of a quote which goes on below them, each with the last of
    those lines."""
    texts, quoted = found.body.texts, found.quoted
    answers: list[InlineAnswer] = []
    begin = quoted.find(b"\1\0") + 1
    while begin and len(answers) < MAX_ANSWERS:
        end = quoted.find(1, begin)
        if end < 0:
            break
        above = begin - 1
        while above > 0 and not texts[above].strip():
            above -= 1
        answer = _joined(texts[begin:end])
        question = texts[above].lstrip(" >\t＞").strip()
        if answer and question and quoted[above] and found.marked(above):
            answers.append(InlineAnswer(question[:500], answer))
        begin = quoted.find(b"\1\0", end) + 1
    return tuple(answers)
