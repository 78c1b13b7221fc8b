"""Expectations of other projects' reply parsers, read as data from checkouts that lie outside this repository.

Nothing of theirs is executed or copied: Python tests are read by ``ast``, JavaScript and PHP tests by pattern. A case is
(name, body, expected new text). ``strip`` cases expect the signature away, ``keep`` cases expect it kept.
"""

# ruff: noqa: E501 (patterns and their messages are read in one piece)
from __future__ import annotations

import ast
import email
import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Case:
    name: str
    body: str
    expected: str


def talon_inline(root: Path) -> list[Case]:
    """``eq_(expected, quotations.extract_from_plain(body))`` of the text tests (keep)."""
    cases: list[Case] = []
    tree = ast.parse((root / "tests/text_quotations_test.py").read_text(encoding="utf-8"))
    pattern = ""
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        known: dict[str, str] = {}
        for statement in function.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
                known[statement.targets[0].id] = statement.value.value  # type: ignore[attr-defined]
            call = statement.value if isinstance(statement, ast.Expr) else None
            if not isinstance(call, ast.Call):
                continue
            if getattr(call.func, "id", "") == "_check_pattern_original_message":
                words = call.args[0].value  # type: ignore[attr-defined]
                cases.append(Case(f"{function.name}-{words}", pattern.format(words), "Test reply"))
            if getattr(call.func, "id", "") != "eq_" or len(call.args) != 2:
                continue
            inner = call.args[1]
            if not (isinstance(inner, ast.Call) and getattr(inner.func, "attr", "") == "extract_from_plain"):
                continue
            expected, body = _value(call.args[0], known), _value(inner.args[0], known)
            if expected is not None and body is not None:
                cases.append(Case(f"{function.name}-{len(cases)}", body, expected))
            elif function.name == "_check_pattern_original_message":
                pattern = known["msg_body"]
    return cases


def _value(node: ast.expr, known: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return known.get(node.id) if isinstance(node, ast.Name) else None


def talon_replies(root: Path) -> list[Case]:
    """The twelve mails of standard mail programs (keep)."""
    cases = []
    for path in sorted((root / "tests/fixtures/standard_replies").glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes())
        part = next(part for part in message.walk() if part.get_content_type() == "text/plain")
        beside = path.with_name(path.stem + "_reply_text")
        expected = beside.read_text(encoding="utf-8") if beside.exists() else "Hello"
        cases.append(Case(path.name, part.get_payload(decode=True).decode("utf-8"), expected))  # type: ignore[union-attr]
    return cases


def talon_signatures(root: Path) -> list[Case]:
    """``eq_((text, signature), bruteforce.extract_signature(body))`` (strip)."""
    cases: list[Case] = []
    tree = ast.parse((root / "tests/signature/bruteforce_test.py").read_text(encoding="utf-8"))
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        if "crash" in function.name:
            continue
        body = ""
        for statement in function.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
                body = statement.value.value
            call = statement.value if isinstance(statement, ast.Expr) else None
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "eq_":
                continue
            pair, inner = call.args
            if not (isinstance(inner, ast.Call) and getattr(inner.func, "attr", "") == "extract_signature"):
                continue
            expected = pair.elts[0]  # type: ignore[attr-defined]
            text = body if isinstance(expected, ast.Name) else expected.value
            given = inner.args[0].value if isinstance(inner.args[0], ast.Constant) else body
            if given:
                cases.append(Case(f"{function.name}-{len(cases)}", given, text))
    return cases


def crisp(root: Path) -> list[Case]:
    """Exact expectations of the first fragment or the visible text (strip)."""
    source = (root / "test/test.js").read_text(encoding="utf-8")
    common = re.search(r"COMMON_FIRST_FRAGMENT = '(.*?)';", source, re.DOTALL)
    shared = common[1].replace("\\n\\\n", "\n") if common else ""
    cases = []
    for function in source.split("\nexport function ")[1:]:
        file = re.search(r'(?:get_email\("|fixtures/)([\w.-]+?)(?:\.txt)?"', function)
        literal = re.search(
            r'test\.equal\(\s*("(?:[^"\\]|\\.)*")\s*,\s*(?:reply|email|fragments)[\w.\[\]()]*', function
        )
        is_common = "equal(COMMON_FIRST_FRAGMENT" in function
        if file is None or not (is_common or literal):
            continue
        body = (root / "test/fixtures" / f"{file[1]}.txt").read_text(encoding="utf-8")
        cases.append(Case(function.split("(")[0], body, shared if is_common else json.loads(literal[1])))  # type: ignore[index]
    return cases


def willdurand(root: Path) -> list[Case]:
    """Exact expectations of the PHP tests, and its attribution lines in one body (strip)."""
    folder = root / "tests"
    source = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("EmailParserTest.php")))
    common = re.search(r"COMMON_FIRST_FRAGMENT = '(.*?)';", source, re.DOTALL)
    shared = common[1] if common else ""
    fixtures = folder / "Fixtures"
    cases = []
    for function in re.split(r"\n    public function ", source)[1:]:
        name = function.split("(")[0]
        for file, expectation in re.findall(
            r"getFixtures\('([\w.-]+)'\)(.*?)(?=getFixtures\(|\Z)", function, re.DOTALL
        ):
            body = (fixtures / file).read_text(encoding="utf-8")
            if "COMMON_FIRST_FRAGMENT, trim($fragments[0])" in expectation:
                cases.append(Case(f"{name}-{file}", body, shared))
                continue
            heredoc = re.search(
                r"assertEquals\(<<<EMAIL\n(.*?)\nEMAIL\s*,\s*\(string\) \$fragments\[0\]", expectation, re.DOTALL
            )
            visible = re.search(r"assertEquals\((['\"])(.*?)\1, \$email->getVisibleText", expectation, re.DOTALL)
            if "[DATE]" in body or "[FROM]" in body:
                continue
            if heredoc or visible:
                cases.append(Case(f"{name}-{file}", body, heredoc[1] if heredoc else visible[2]))  # type: ignore[index]
    template = (fixtures / "email_with_date_headers.txt").read_text(encoding="utf-8")
    for line in re.findall(r"array\(['\"](.+?)['\"]\)", source.split("getDateFormats()\n")[-1].split("function ")[0]):
        cases.append(Case(f"date-{line[:40]}", template.replace("[DATE]", line), "Thank you very much."))
    return cases


SETS = {
    "talon inline": ("keep", "talon", talon_inline),
    "talon replies": ("keep", "talon", talon_replies),
    "talon signatures": ("strip", "talon", talon_signatures),
    "crisp": ("strip", "crisp", crisp),
    "willdurand": ("strip", "willdurand", willdurand),
}
