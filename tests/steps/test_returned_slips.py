"""A slip signed on paper comes back as a picture: tied to its statement by the code, its tick read, a person looks."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from email.message import EmailMessage

import pypdfium2
import pytest
from PIL import Image, ImageDraw, ImageFilter

from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.parser_child import ParserChild
from mailflow.adapters.policy_files import read_policy
from mailflow.adapters.statement_pdf import StatementPdf
from mailflow.adapters.statement_pdf.paper import INNER
from mailflow.adapters.statement_xlsx import StatementXlsx
from mailflow.cases.case import Event, State, TaskKind
from mailflow.cases.decision import Belief, Heard, HeardSlip, decide
from mailflow.correspondence import letter_samples as samples
from mailflow.correspondence import slip_layout
from mailflow.correspondence.message import Automatic, Intent, Meaning, StatedIntent
from mailflow.receivables.party import Side
from mailflow.resources import font_file, templates_directory
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.process_messages import process_waiting
from mailflow.steps.queue_letters import Desk, queue_statement
from mailflow.steps.render_letter import render_statement
from mailflow.steps.returned_documents import ReturnedDocuments
from mailflow.steps.stages import stages
from tests.servers.sending_office import KEY, Office

STATIONERY = Stationery(LetterRenderer(templates_directory()), StatementPdf([font_file()]), StatementXlsx())
LANGUAGES = [STATIONERY.templates.words(one) for one in STATIONERY.templates.languages()]
STATEMENT = samples.STATEMENT
DPI = 150
MARGIN = 42.0  # points, of the paper that the slip is drawn on


class Sent:
    """One statement that went out for real, printed by us and looked at when it comes back."""

    def __init__(self, url, tmp_path, parsing):
        self.office = Office(url, tmp_path / "archive")
        with self.office.database.writing() as work:
            work.casefile.open(
                case_id=STATEMENT.number, party_id="C001", side=Side.RECEIVABLE, currency="CNY",
                statement_no=STATEMENT.number, version=1, as_of=STATEMENT.as_of, our_balance=STATEMENT.closing,
                at=self.office.clock.now(), state=State.DRAFT,
            )  # fmt: skip
        self.pdf = b""

        def render(statement, route):
            letter = render_statement(STATIONERY, statement, samples.COMPANY, route=route)
            self.pdf = next(file.content for file in letter.files if file.name.endswith(".pdf"))
            return letter

        archive, desk = self.office.archive, Desk(samples.COMPANY, KEY)
        queue_statement(self.office.database, archive, desk, STATEMENT, render, self.office.clock)
        self.returned = ReturnedDocuments(self.office.database, archive, parsing, LANGUAGES)

    def printed(self) -> Image.Image:
        """The last page, on which the slip stands, as paper: 150 dpi."""
        with pypdfium2.PdfDocument(self.pdf) as pdf:
            return pdf[len(pdf) - 1].render(scale=DPI / 72).to_pil().convert("RGB")

    def among(self, content: bytes, name: str, kind: str):
        self.office.archive.store([content])
        sha256 = hashlib.sha256(content).hexdigest()
        return self.returned.among([{"name": name, "type": kind, "sha256": sha256, "size": len(content)}])


@pytest.fixture(scope="module")
def parsing():
    with ParserChild(1) as child:
        yield child


@pytest.fixture(scope="module")
def sent(tmp_path_factory, parsing):
    path = tmp_path_factory.mktemp("slips")
    made = Sent(f"sqlite:///{path / 'slips.db'}", path, parsing)
    yield made
    made.office.database.engine.dispose()


def square(differs: bool) -> tuple[float, float]:
    """Where the square to tick stands, in pixels, on the paper: the slip is at the lower edge."""
    top = 841.89 - 47.0 - 147.0
    x = MARGIN + slip_layout.box_left(differs) + slip_layout.SENTENCE[0]
    y = top + slip_layout.BOX_TOP + slip_layout.SENTENCE[1]
    return x * DPI / 72, y * DPI / 72


def tick(page: Image.Image, differs: bool) -> None:
    """With a pen of 0.6 mm, a little beyond the square."""
    x, y = square(differs)
    ImageDraw.Draw(page).line([(x - 2, y - 12), (x + 6, y), (x + 20, y - 22)], fill=(30, 40, 120), width=4)


def seal(page: Image.Image, differs: bool) -> None:
    """A round red seal of 30 mm over the lower half of the box."""
    x, y = square(differs)
    draw = ImageDraw.Draw(page)
    draw.ellipse([x + 150, y + 2, x + 280, y + 132], outline=(200, 30, 40), width=5)
    draw.line([(x + 180, y + 67), (x + 250, y + 67)], fill=(200, 30, 40), width=6)


def scanned(page: Image.Image, degrees: float, kind: str = "JPEG") -> bytes:
    """Laid a little askew on the glass, softened by the lens."""
    turned = page.rotate(degrees, expand=True, fillcolor="white", resample=Image.Resampling.BICUBIC)
    out = io.BytesIO()
    turned.filter(ImageFilter.GaussianBlur(0.7)).save(out, kind, quality=80, resolution=DPI)
    return out.getvalue()


def test_the_layout_knows_the_width_of_the_paper_that_the_slip_is_drawn_on():
    assert abs(slip_layout.INNER - INNER) < 1e-6


@pytest.mark.parametrize(("differs", "degrees"), [(False, 1.7), (True, -2.4), (True, 180.0)])
def test_a_scanned_slip_is_tied_to_its_version_and_its_tick_is_read(sent, differs, degrees):
    page = sent.printed()
    tick(page, differs)
    returned = sent.among(scanned(page, degrees), "扫描件.jpg", "image/jpeg")
    (slip,) = returned.slips
    assert (slip.case, slip.version) == (STATEMENT.number, 1)
    assert slip.ticked.value == ("differs" if differs else "agrees")
    assert returned.own == (slip.sha256,), "our own figures are never read as the customer's statement"


def test_a_seal_without_a_tick_says_in_which_box_it_stands(sent):
    page = sent.printed()
    seal(page, differs=False)
    (slip,) = sent.among(scanned(page, 1.2, "PDF"), "scan.pdf", "application/pdf").slips
    assert (slip.ticked.value, slip.sealed.value) == ("unread", "agrees")


def test_both_ticked_or_none_is_left_to_the_person(sent):
    page = sent.printed()
    (blank,) = sent.among(scanned(page, 0.4), "blank.jpg", "image/jpeg").slips
    tick(page, False)
    tick(page, True)
    (both,) = sent.among(scanned(page, 0.4), "both.jpg", "image/jpeg").slips
    assert blank.ticked.value == both.ticked.value == "unread"


def test_our_pdf_sent_back_as_it_was_is_ours_and_no_slip(sent):
    returned = sent.among(sent.pdf, "statement.pdf", "application/pdf")
    assert returned.own and not returned.slips


def test_a_code_that_we_never_issued_binds_nothing(sent):
    import segno

    out = io.BytesIO()
    segno.make_qr("MAILFLOW:[#0123456789ABCDEF]", error="m").save(out, kind="png", scale=20)
    content = out.getvalue() + b"\0" * 20_000
    assert sent.among(content, "code.png", "image/png").slips == ()


NOTHING_SAID = Meaning("zh", [StatedIntent(Intent.OTHER, 0.9, "请见附件")])
SLIP = HeardSlip("扫描件.jpg", "ab" * 32, "agrees", "agrees")


@pytest.mark.parametrize("ticked", ["agrees", "differs", "unread"])
def test_whatever_is_ticked_a_person_looks_and_nothing_is_confirmed(ticked):
    heard = Heard(Automatic.NO, Belief.CONTACT, NOTHING_SAID, slips=(replace(SLIP, ticked=ticked),))
    decision = decide(heard, "CNY")
    assert [task.kind for task in decision.tasks] == [TaskKind.SLIP_RETURNED]
    assert decision.events == [Event.REPLIED]
    assert f"ticked: {ticked}" in decision.tasks[0].evidence


def test_a_photograph_in_a_fresh_mail_finds_its_case_and_waits_for_a_person(sent):
    page = sent.printed()
    tick(page, differs=False)
    seal(page, differs=False)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "老板 <boss@qq.example>", "ar@huaxing.example", "回执"
    mail["Message-ID"], mail["Date"] = "<fresh-1@qq.example>", "Tue, 03 Nov 2026 10:00:00 +0800"
    mail.set_content("见附件。")
    mail.add_attachment(scanned(page, 2.0), "image", "jpeg", filename="IMG_0001.jpg")
    raw = mail.as_bytes()
    office = sent.office
    sha256, size = office.archive.store([raw]).sha256, len(raw)
    with office.database.writing() as work:
        epoch = work.mailroom.begin_epoch("finance", "INBOX", 1, office.clock.now())
        work.mailroom.discover(epoch, [1], office.clock.now())
        for place in work.mailroom.to_fetch(epoch, office.clock.now(), 10):
            work.mailroom.stored(place, sha256, size, office.clock.now(), office.clock.now())
    with ParserChild(1) as parsing:
        way = stages(
            database=office.database, archive=office.archive, parsing=parsing, policy=read_policy(),
            own_addresses=["ar@huaxing.example"], is_ours=lambda one: False, checks_senders=False, languages=LANGUAGES,
        )  # fmt: skip
        assert process_waiting(office.database, way, office.clock, "w").done == [1]
    with office.database.reading() as work:
        assert work.mailroom.message(1).case_id == STATEMENT.number
        kinds = {task.kind for task in work.casefile.tasks(case_ids=[STATEMENT.number])}
        assert {TaskKind.SLIP_RETURNED, TaskKind.STRANGER} <= kinds
        assert work.casefile.get(STATEMENT.number).state is not State.CONFIRMED
        assert all(task.kind is not TaskKind.UNPLACED for task in work.casefile.tasks())
        assert not work.documents.of_message(1), "our own figures are no statement of theirs"
