"""The letters as mail programs get them, and templates that would go wrong, found before anything is sent."""

import re
import shutil
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from mailflow.adapters.letters_mjml import SIZE_LIMIT, LetterRenderer
from mailflow.correspondence import letter_samples as samples
from mailflow.correspondence.answers import LINK_LIMIT
from mailflow.correspondence.letter_context import statement_context
from mailflow.correspondence.letter_occasions import KINDS, occasions
from mailflow.correspondence.statement_sheet import lay_out
from mailflow.correspondence.token import find
from mailflow.refusals import Refusal
from mailflow.resources import templates_directory
from mailflow.steps.check_templates import check_templates

RENDERER = LetterRenderer(templates_directory())
LANGUAGES = ("en", "zh-CN", "zh-TW")


@pytest.fixture
def own_templates(tmp_path: Path) -> Path:
    """A copy that a test may spoil; one language keeps the check short."""
    shutil.copytree(templates_directory(), tmp_path / "templates")
    for language in ("zh-CN", "zh-TW"):
        shutil.rmtree(tmp_path / "templates" / language)
    return tmp_path / "templates"


def test_every_letter_of_every_language_can_be_written_on_every_occasion() -> None:
    assert check_templates(RENDERER) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_loads_nothing_from_outside_speaks_its_language_and_fits(kind: str, language: str) -> None:
    letter = RENDERER.render(kind, language, occasions(kind, RENDERER.words(language))[0])
    assert f'<html lang="{language}"' in letter.html
    assert not re.search(
        r"<(?:img|script|link|iframe)\b|url\(|@import|https?://(?!www\.w3\.org|desk\.example)", letter.html
    )
    assert len(letter.html.encode()) < SIZE_LIMIT
    assert 'name="color-scheme" content="light dark"' in letter.html
    assert letter.subject and "\n" not in letter.subject
    assert not re.search(r"\{\{|\}\}|\{%|None|Undefined", letter.html + letter.text + letter.subject)
    assert not re.search(r"</?[a-z]+[ >]|&[a-z]+;", letter.text), "the text part is written, not stripped HTML"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_click_opens_a_mail_with_token_statement_and_figure_that_every_mail_program_can_open(language: str) -> None:
    sheet = lay_out(samples.STATEMENT, samples.COMPANY, RENDERER.words(language), samples.ROUTE)
    letter = RENDERER.render("statement", language, statement_context(sheet))
    links = re.findall(r'href="(mailto:[^"]+)"', letter.html)
    assert len(links) == 4
    for link in links:
        link = link.replace("&amp;", "&")
        assert len(link) <= LINK_LIMIT and "+" not in link.partition("?")[2]
        parts = urlsplit(link)
        assert find([parts.path]) == [samples.ROUTE.token]
        query = parse_qs(parts.query)
        assert find(query["subject"]) == [samples.ROUTE.token]
        assert samples.STATEMENT.label in query["subject"][0] and samples.STATEMENT.label in query["body"][0]
        assert not re.search(r"(?<!\r)\n", query["body"][0])
    assert "22,500.00" in parse_qs(urlsplit(links[0].replace("&amp;", "&")).query)["body"][0]


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        'A & B "Co" <Ltd>',
        "{{ 7 * 7 }}{% for x in y %}",
        "</mj-text><mj-image src='http://evil.example/x.png'/>",
        "<img src=x onerror=alert(1)>",
        "a < b",
    ],
)
def test_a_name_is_shown_as_it_is_written_and_never_read_as_markup(name: str) -> None:
    statement = replace(samples.STATEMENT_EN, party=replace(samples.PARTY_EN, name=name))
    sheet = lay_out(statement, samples.COMPANY_EN, RENDERER.words("en"), samples.ROUTE)
    letter = RENDERER.render("statement", "en", statement_context(sheet))
    assert f"Dear {name} accounts team" in letter.text
    assert "<script" not in letter.html and "<img" not in letter.html and "49" not in letter.html.split("<body")[0]
    assert (
        name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split('"')[0].split("'")[0] in letter.html
    )


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("en/statement.txt", "Subject: x\n\n{{ customer_name }}\n", "customer_name"),
        ("en/statement.mjml", "{% if stands == 'never' %}{{ doc.lable }}{% endif %}", "doc.lable"),
        ("en/statement.mjml", "{{ w['column.colour'] }}", "w[column.colour]"),
        ("en/reminder.txt", "no subject line\n", "Subject:"),
        ("en/statement.mjml", "<mjml><mj-body><mj-text>a < b</mj-text></mj-body></mjml>", "MJML"),
        ("en/statement.txt", "Subject: x\n\n{{ doc.label \n", "templates/en/statement.txt, line 3"),
        (
            "en/digest.mjml",
            "<mjml><mj-body><mj-section><mj-column><mj-image src='http://x.example/a.png'/>"
            "</mj-column></mj-section></mj-body></mjml>",
            "outside",
        ),
        ("en/statement.txt", "Subject: x\n\n{{ w.__class__.__mro__ }}\n", "en/statement"),
        ("en/statement.txt", "Subject: x\n\n{{ ''.__class__.__base__.__subclasses__() }}\n", "unsafe"),
        ("en/statement.txt", "Subject: x\n\n{{ cycler.__init__.__globals__.os.popen('id').read() }}\n", "en/statement"),
        ("en/statement.txt", "Subject: x\n\n{% include '../../etc/passwd' %}\n", "en/statement"),
    ],
)
def test_the_check_names_the_template_and_what_is_wrong_with_it(
    own_templates: Path, file: str, text: str, told: str
) -> None:
    (own_templates / file).write_text(text, encoding="utf-8")
    problems = check_templates(LetterRenderer(own_templates))
    assert problems and told in " ".join(problems), problems


def test_a_missing_letter_or_language_is_named(own_templates: Path, tmp_path: Path) -> None:
    (own_templates / "en" / "digest.mjml").unlink()
    assert check_templates(LetterRenderer(own_templates)) == ["templates/en: the letter 'digest' is missing"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refusal, match="no language"):
        LetterRenderer(tmp_path / "empty")
    (own_templates / "en" / "words.toml").write_text("not = [toml", encoding="utf-8")
    with pytest.raises(Refusal, match=r"words\.toml"):
        LetterRenderer(own_templates)


def test_a_further_language_is_a_further_folder(own_templates: Path) -> None:
    shutil.copytree(own_templates / "en", own_templates / "de")
    renderer = LetterRenderer(own_templates)
    assert list(renderer.languages()) == ["de", "en"]
    assert renderer.words("de-AT").language == "de" and renderer.words("fr").language == "en"


@pytest.mark.parametrize(
    ("wanted", "given"),
    [("zh-HK", "zh-TW"), ("zh-Hant", "zh-TW"), ("zh", "zh-CN"), ("zh-Hans-SG", "zh-CN"), ("en-GB", "en"), ("fr", "en")],
)
def test_a_reader_gets_the_nearest_language_there_is(wanted: str, given: str) -> None:
    assert RENDERER.words(wanted).language == given


def test_a_settled_account_is_never_asked_for_money() -> None:
    for language in LANGUAGES:
        for context in occasions("statement", RENDERER.words(language)):
            if context["stands"] == "owed":
                continue
            letter = RENDERER.render("statement", language, context)
            assert RENDERER.words(language)["pay.title"] not in letter.text
            assert RENDERER.words(language)["pay.title"] not in letter.html
