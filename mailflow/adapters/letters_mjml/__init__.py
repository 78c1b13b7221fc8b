"""Letters from ``templates/``: Jinja2 fills in, MJML makes it stand in Outlook and on a phone, a twin gives the text.

Jinja first, MJML second, once per letter: MJML is no bottleneck, and a loop around a column needs this order (STACK,
6). MJML escapes nothing, so Jinja escapes every value of an ``.mjml``; the ``.txt`` twin stays as it is. Templates
run in a sandbox with no reach into Python; a name that is not given is an error, never a blank.
"""

from __future__ import annotations

import re
import tomllib
import traceback
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

import mjml
from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment

from mailflow.adapters.letters_mjml.names import asked_for
from mailflow.correspondence.letter import Letter
from mailflow.correspondence.letter_words import LetterWords, WordMissing, nearest_language
from mailflow.refusals import Refusal

SIZE_LIMIT = 100_000  # bytes of HTML: Gmail shows the first 102 kB of a mail and hides the rest behind a link
_WORDS = "words.toml"
_ENDINGS = (".mjml", ".txt")
_SUBJECT = "Subject:"
_INDENT = re.compile(r"\n\s+")
_STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[a-z][^>]*>", re.IGNORECASE)  # what stands in text is escaped, so this meets tags only
_SIGNS = ("src", "url", "@import", "background=", "background =", "<link", "<script", "<iframe")
_REMOTE = re.compile(r"(?:\bsrc|\bbackground)\s*=|url\s*\(|@import|<(?:link|script|iframe)\b", re.IGNORECASE)


class LetterRenderer:
    """``mailflow.steps.ports.letters.Templates`` over a directory of templates."""

    def __init__(self, directory: Path) -> None:
        """Raises :class:`Refusal` when no language can be read there."""
        self._directory = directory
        self._environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(directory),
            autoescape=select_autoescape(enabled_extensions=("mjml",), default=False),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self._environment.filters |= {"left": _left, "right": _right}
        self._words = {path.parent.name: _read_words(path) for path in sorted(directory.glob(f"*/{_WORDS}"))}
        if not self._words:
            raise Refusal(f"{directory}: no language found; each needs a folder with a {_WORDS}")

    def languages(self) -> Sequence[str]:
        return list(self._words)

    def kinds(self, language: str) -> Sequence[str]:
        """The letters that this language has."""
        return sorted(path.stem for path in (self._directory / language).glob("*.mjml"))

    def asked_for(self, kind: str, language: str) -> set[str]:
        """Every name, attribute and word that both templates of this letter ask for, in whatever branch."""
        found: set[str] = set()
        for ending in ("mjml", "txt"):
            name = f"{language}/{kind}.{ending}"
            try:
                found |= asked_for(self._environment, name)
            except TemplateError as failure:
                raise _broken(name, failure) from None
        return found

    def words(self, language: str) -> LetterWords:
        return self._words[nearest_language(language, self._words)]

    def render(self, kind: str, language: str, context: Mapping[str, object]) -> Letter:
        language = nearest_language(language, self._words)
        subject, text = self._text(f"{language}/{kind}.txt", context)
        return Letter(kind, language, subject, text, self._html(f"{language}/{kind}.mjml", context))

    def _text(self, name: str, context: Mapping[str, object]) -> tuple[str, str]:
        """The first line is ``Subject: …``; the letter follows after a blank line."""
        filled = self._filled(name, context)
        first, _, rest = filled.lstrip().partition("\n")
        if not first.startswith(_SUBJECT):
            raise Refusal(f"templates/{name}: the first line must read '{_SUBJECT} …'")
        lines = [line.rstrip() if line != "-- " else line for line in rest.strip("\n").split("\n")]
        return first.removeprefix(_SUBJECT).strip(), re.sub(r"\n{3,}", "\n\n", "\n".join(lines)) + "\n"

    def _html(self, name: str, context: Mapping[str, object]) -> str:
        source = self._filled(name, context)
        try:
            # fonts={}: without it the letter would load a web font from Google, a remote request from a finance mail.
            html = str(mjml.mjml2html(_INDENT.sub("\n", source), fonts={}, disable_comments=True))
        except ValueError as failure:
            raise Refusal(f"templates/{name}: not valid MJML: {failure}") from None
        if len(html.encode()) > SIZE_LIMIT:
            raise Refusal(f"templates/{name}: the letter has more than {SIZE_LIMIT} bytes; mail programs would cut it")
        found = _loads(source, html)
        if found is not None:
            raise Refusal(f"templates/{name}: {found!r} would load something from outside; letters may not")
        return html

    def _filled(self, name: str, context: Mapping[str, object]) -> str:
        try:
            return self._environment.get_template(name).render(context)
        except WordMissing as failure:
            raise Refusal(f"templates/{name}: {failure}") from None
        except TemplateError as failure:
            raise _broken(name, failure) from None


def _loads(source: str, html: str) -> str | None:
    """What in the page would fetch something. A plain search in the shorter source comes first, being 20 times quicker;
    what stands in text is escaped and only looks like it, so the pattern decides."""
    lowered = source.lower()
    if not any(sign in lowered for sign in _SIGNS):
        return None
    found = _REMOTE.search(" ".join([*_STYLE.findall(html), *_TAG.findall(html)]))
    return found[0] if found is not None else None


def _broken(name: str, failure: TemplateError) -> Refusal:
    if isinstance(failure, TemplateNotFound):
        return Refusal(f"templates/{name}: there is no {failure.name!r}")
    where = getattr(failure, "name", None) or name
    line = getattr(failure, "lineno", None)
    if line is None:  # an undefined name: the line stands in the traceback only
        frames = [frame for frame in traceback.extract_tb(failure.__traceback__) if frame.filename.endswith(_ENDINGS)]
        where, line = ("/".join(frames[-1].filename.split("/")[-2:]), frames[-1].lineno) if frames else (where, None)
    place = f", line {line}" if line else ""
    return Refusal(f"templates/{where}{place}: {failure.message or type(failure).__name__}")


def _read_words(path: Path) -> LetterWords:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as failure:
        raise Refusal(f"{path}: cannot be read: {failure}") from None
    flat: dict[str, str] = {}
    _flatten("", tables, flat)
    return LetterWords(path.parent.name, flat)


def _flatten(prefix: str, table: Mapping[str, object], flat: dict[str, str]) -> None:
    for key, value in table.items():
        if isinstance(value, dict):
            _flatten(f"{prefix}{key}.", value, flat)
        else:
            flat[prefix + key] = str(value)


def _width(text: str) -> int:
    """Columns in a fixed-width font: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def _left(text: str, width: int) -> str:
    return text + " " * max(width - _width(text), 1)


def _right(text: str, width: int) -> str:
    return " " * max(width - _width(text), 1) + text
