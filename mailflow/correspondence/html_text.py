"""HTML bodies to lines, with what their structure says about quotes and signatures (field guide "replies", 4).

A container means "this element", an empty marker "from here on"; taking one for the other keeps the whole history or
drops a reply below the quote. Relays put prefixes before ids and classes, so names are matched at their end.
"""

from __future__ import annotations

import re
from html import unescape

from lxml import etree

from mailflow.correspondence.lines import Body, Mark

MAX_HTML = 3_000_000  # characters
MAX_NODES = 200_000
MAX_BREAKS = 100  # empty markers with a quote behind them; the first that is seen already decides

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul".split()
)
_SKIPPED = frozenset("head style script title template noscript object svg math textarea select meta link xml".split())
_SPACED = frozenset("p h1 h2 h3 h4 ul ol pre blockquote table".split())

_QUOTE_NAMES = (
    "moz-cite-prefix", "gmail_attr", "isreplycontent", "isforwardcontent", "ntes-mailmaster-quote", "nui-mail-quote",
    "foxmail_quote", "reply139content", "protonmail_quote", "zmail_extra", "tutanota_quote", "moz-forward-container",
    "olk_src_body_section", "mail-editor-reference-message-container", "origbody", "yahoo_quoted", "ydp-yahoo_quoted",
    "zm_editor_quote", "mail-quote-content", "oriqmailcontent", "quoted-mail", "aolreplymsg", "cafequote",
    "hw_quoted_content", "rc_quote", "mailcontentquote",
)  # fmt: skip
_FROM_HERE_NAMES = (
    "divrplyfwdmsg", "divneteasemailcard", "replysplit", "orimsghtmlseperator", "outlookmessageheader", "zwchr",
    "stopspelling",
)  # fmt: skip
_SIGNATURE_NAMES = (
    "gmail_signature", "moz-signature", "imail_signature", "ntes-signature", "ms-outlook-mobile-signature",
    "applemailsignature", "protonmail_signature_block", "mail-signature", "foxmailsign", "gmail_signature_prefix",
    "mailfoot", "emailsignature", "_mailsign", "yahoo-signature", "zm-_id_-sgn", "xm_mail_oldsign", "xmailer-sign",
    "signature_wrap", "mail_signature", "email-signature",
)  # fmt: skip
_TOP_BORDER = re.compile(r"border-top\s{0,3}:[^;]{0,40}(?:#b5c4df|#e1e1e1|181, ?196, ?223|225, ?225, ?225)", re.I)
_HIDDEN = re.compile(r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|mso-hide\s{0,3}:\s{0,3}all", re.I)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_TAG = re.compile(r"<(?:!--|/?([a-zA-Z][a-zA-Z0-9]{0,20}))[^>]{0,4000}>?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def lines_of(html: str) -> tuple[Body, list[str]]:
    """The lines that a reader sees, and warnings."""
    warnings: list[str] = []
    if len(html) > MAX_HTML:
        html = html[:MAX_HTML]
        warnings.append(f"only the first {MAX_HTML} characters of the HTML are read (MAX_HTML)")
    root, deep = _parsed(html)
    if root is None or deep:
        if deep:
            warnings.append("the HTML is nested too deeply; its structure is not used")
        return Body(_without_tags(html).split("\n")), warnings
    writer = _Writer()
    writer.write(root)
    if writer.hidden:
        warnings.append("the HTML hides text that a reader does not see; it is not read")
    if writer.nodes > MAX_NODES:
        warnings.append(f"only the first {MAX_NODES} elements of the HTML are read (MAX_NODES)")
    return writer.body(), warnings


def text_of(html: str) -> str:
    """The text that a reader sees."""
    return "\n".join(lines_of(html)[0].texts)


def _parsed(html: str) -> tuple[etree._Element | None, bool]:
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(_CONTROL.sub(" ", html).encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None, False
    deep = any("depth" in entry.message.lower() for entry in parser.error_log if entry.level >= 3)
    return root, deep


def _without_tags(html: str) -> str:
    """Text between tags, for HTML that no tree can be made of."""
    out, place = [], 0
    for found in _TAG.finditer(html):
        out.append(_SPACES.sub(" ", html[place : found.start()]))
        if (found[1] or "").lower() in _BLOCKS or (found[1] or "").lower() == "br":
            out.append("\n")
        place = found.end()
    out.append(_SPACES.sub(" ", html[place:]))
    return unescape("".join(out))


class _Writer:
    """Walks the tree with a stack of its own and writes lines."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._marks = bytearray()
        self._signatures: list[int] = []  # lines of elements that are one
        self._breaks: list[int] = []
        self.hidden = False
        self.nodes = 0
        self._pieces: list[str] = []
        self._quoted = self._indented = self._signed = self._pre = 0
        self._numbers: list[int | None] = []  # of the lists that are open; None: bullets
        self._from_here = False
        self._gap = False  # a blank line is due before the next text

    def body(self) -> Body:
        """What was written."""
        return Body(
            self._texts,
            bytes(self._marks) if any(self._marks) else b"",
            frozenset(self._signatures),
            tuple(self._breaks[:MAX_BREAKS]),
        )

    def write(self, root: etree._Element) -> None:
        todo: list[tuple[str, etree._Element, str]] = [("open", root, "")]
        while todo:
            step, element, effect = todo.pop()
            if step == "close":
                self._close(element, effect)
                if element is not root:
                    self._text(element.tail)
                continue
            self.nodes += 1
            name = element.tag if isinstance(element.tag, str) else ""
            name = "span" if ":" in name else name.lower()  # Word's <o:p>, <st1:place> are no blocks of their own
            if self.nodes > MAX_NODES:
                break
            if name in _SKIPPED or not name or self._is_hidden(element):
                if element is not root:
                    self._text(element.tail)
                continue
            effect = self._open(element, name)
            todo.append(("close", element, effect))
            self._text(element.text)
            todo.extend(("open", child, "") for child in reversed(element))
        self._flush()

    def _is_hidden(self, element: etree._Element) -> bool:
        style = element.get("style")
        if style is None or not _HIDDEN.search(style[:2000]):
            return False
        self.hidden = self.hidden or bool("".join(element.itertext())[:5000].strip())
        return True

    def _open(self, element: etree._Element, name: str) -> str:
        effect = _meaning(element, name)
        if name in _BLOCKS:
            self._flush()
            if name in _SPACED and not (element.get("class") or "").lower().startswith(("mso", "p1", "x_mso")):
                self._gap = True
        if effect == "from_here":
            self._flush()
            self._from_here = True
        elif effect:
            self._flush()
            self._change(effect, 1)
        if name == "br":
            self._break()
        elif name in ("ol", "ul", "menu"):
            self._numbers.append(0 if name == "ol" else None)
        elif name == "li":
            self._pieces.append(self._bullet())
        elif name in ("td", "th") and self._pieces:
            self._pieces.append("\t")
        elif name == "pre":
            self._pre += 1
        return effect

    def _close(self, element: etree._Element, effect: str) -> None:
        name = element.tag.rpartition(":")[2].lower()
        if name in _BLOCKS or (effect and effect != "from_here"):
            self._flush()
            if name in _SPACED and not (element.get("class") or "").lower().startswith(("mso", "p1", "x_mso")):
                self._gap = True
        if effect and effect != "from_here":
            self._change(effect, -1)
        if name == "pre":
            self._pre -= 1
        elif name in ("ol", "ul", "menu") and self._numbers:
            self._numbers.pop()

    def _bullet(self) -> str:
        if not self._numbers or self._numbers[-1] is None:
            return "- "
        self._numbers[-1] += 1
        return f"{self._numbers[-1]}. "

    def _change(self, effect: str, by: int) -> None:
        if effect == "quote":
            self._quoted += by
        elif effect == "indented":
            self._indented += by
        elif effect == "signature":
            self._signed += by

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self._pre:
            pieces = text.replace("\r\n", "\n").split("\n")
            for piece in pieces[:-1]:
                self._pieces.append(piece)
                self._break()
            self._pieces.append(pieces[-1])
            return
        text = _SPACES.sub(" ", text)
        if text == " " and not self._pieces:
            return
        self._pieces.append(text)

    def _break(self) -> None:
        self._emit("".join(self._pieces))
        self._pieces.clear()

    def _flush(self) -> None:
        if self._pieces:
            text = "".join(self._pieces)
            self._pieces.clear()
            if text.strip(" \t\n"):
                self._emit(text)

    def _emit(self, text: str) -> None:
        mark = Mark.QUOTED if self._quoted else Mark.INDENTED if self._indented else Mark.NONE
        if self._gap and self._texts and self._texts[-1].strip() and text.strip():
            self._add("", mark)
        self._gap = False
        if not self._pre:
            text = text.strip(" \t\n").replace(" \t", "\t").replace("\t ", "\t")
        if mark is Mark.NONE and text.lstrip().startswith(">"):
            mark = Mark.QUOTED  # plain text that a program turned into HTML
        if self._from_here and mark is not Mark.QUOTED:
            self._breaks.append(len(self._texts))
        self._add(text, mark)
        if text.strip():
            self._from_here = False

    def _add(self, text: str, mark: Mark) -> None:
        if self._signed:
            self._signatures.append(len(self._texts))
        self._texts.append(text)
        self._marks.append(mark)


def _meaning(element: etree._Element, name: str) -> str:
    """``quote``, ``indented``, ``signature``, ``from_here`` or nothing."""
    if name == "sign":
        return "signature"  # QQ Mail
    if not element.attrib:
        return "indented" if name == "blockquote" else ""
    names = [word.lower() for word in (element.get("class") or "")[:500].split()]
    names.append((element.get("id") or "")[:200].lower())
    for one in names:
        if not one:
            continue
        if one.endswith(_FROM_HERE_NAMES):
            return "from_here"
        if one.endswith(_QUOTE_NAMES) or one.startswith(("yahoo_quoted", "protonmail_quote")):
            return "quote"
        if one.endswith(_SIGNATURE_NAMES) or one.endswith(("signature", "-sign", "_sign")):
            return "signature"
    if element.get("data-smartmail") == "gmail_signature":
        return "signature"
    if name == "blockquote":
        return "quote" if (element.get("type") or "").lower() == "cite" else "indented"
    if any(one.endswith("gmail_quote") for one in names):
        # Gmail puts inline answers between the blockquotes of this element; without one it is the quote itself
        if next(element.iter("blockquote"), None) is None:
            return "quote"
        return ""
    if name in ("div", "p", "td"):
        style = element.get("style") or ""
        if "border" in style and _TOP_BORDER.search(style[:1000]) and _speaks_of_a_message(element):
            return "from_here"
    return ""


def _speaks_of_a_message(element: etree._Element) -> bool:
    """Outlook's header block, whatever its language: at least two lines with a colon, or an address."""
    text = ""
    for piece in element.itertext():
        text += piece
        if len(text) > 2000:
            break
    return text.count(":") + text.count("：") >= 2
