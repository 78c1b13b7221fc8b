"""Joins the settings with every adapter: the only place that knows them all. Faces get a :class:`House`."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
import logging
import random
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from mailflow import settings as configuration
from mailflow.adapters.archive import FileArchive
from mailflow.adapters.clock import SystemClock
from mailflow.adapters.database.engine import open_engine
from mailflow.adapters.database.migrate import bring_up_to_date
from mailflow.adapters.database.unit_of_work import SqlDatabase
from mailflow.adapters.dkim_signer import DkimSigner
from mailflow.adapters.imap import ImapMailbox
from mailflow.adapters.invoice_copies import InvoiceCopies
from mailflow.adapters.ledger_files import read_ledger, read_parties
from mailflow.adapters.letter_reading import pdf_text, workbook_numbers
from mailflow.adapters.letters_mjml import LetterRenderer
from mailflow.adapters.local_engine import LocalEngine
from mailflow.adapters.parser_child import ParserChild
from mailflow.adapters.policy_files import read_policy
from mailflow.adapters.private_file import private_key
from mailflow.adapters.process_identity import has_ended
from mailflow.adapters.profile_files import ProfileFile, usual_place
from mailflow.adapters.receivables_policies import read_adjustment_policy, read_ageing_policy, read_review_policy
from mailflow.adapters.report_xlsx import workbook
from mailflow.adapters.sent_folder import MailboxSentFolder
from mailflow.adapters.smtp import SmtpServer
from mailflow.adapters.statement_pdf import StatementPdf
from mailflow.adapters.statement_xlsx import StatementXlsx
from mailflow.adapters.webhook_http import WebhookCaller
from mailflow.adapters.wording_files import load_wording
from mailflow.cases.adjustment import AdjustmentPolicy
from mailflow.cases.demand import DemandPlan
from mailflow.cases.follow_up import Plan
from mailflow.correspondence import token as tokens
from mailflow.correspondence.authentication import KeyLookup
from mailflow.correspondence.statement_sheet import Form
from mailflow.policy_editing import PolicyFiles
from mailflow.receivables.ageing import AgeingPolicy
from mailflow.receivables.company import Company
from mailflow.receivables.party import Side
from mailflow.receivables.review_policy import ReviewPolicy
from mailflow.receivables.schedule import BadSchedule
from mailflow.reconciliation import Policy
from mailflow.reconciliation.layout import Layout
from mailflow.refusals import Refusal
from mailflow.resources import templates_directory
from mailflow.settings import MailboxSection, Settings
from mailflow.sign_ins import SignIns
from mailflow.steps import report, report_trends
from mailflow.steps.adjust import note_booked
from mailflow.steps.after_restore import doubt_repeats, restored_at
from mailflow.steps.answer_letter import AnswerLetters
from mailflow.steps.collect_mail import Collected
from mailflow.steps.draft_answer import Answers
from mailflow.steps.draw_statements import Run, draw_statements, preview_statements
from mailflow.steps.enclose_copies import NO_COPIES
from mailflow.steps.follow_up import FollowUps
from mailflow.steps.import_ledger import ImportReport, ReadFile, import_ledger
from mailflow.steps.issue_statements import Issued, issue_released
from mailflow.steps.keep_reports import KeptReports
from mailflow.steps.letter_attempt import SendReport
from mailflow.steps.manage_webhooks import Wanted, follow_settings
from mailflow.steps.pack_evidence import Pack
from mailflow.steps.ports.clock import Clock
from mailflow.steps.ports.engine import Task, TaskEngine
from mailflow.steps.ports.letters import Stationery
from mailflow.steps.ports.sending import SentFolder
from mailflow.steps.ports.webhooks import Subject
from mailflow.steps.process_messages import Processed, Stage, process_waiting
from mailflow.steps.prove_letter import prove_letter
from mailflow.steps.queue_letters import Desk
from mailflow.steps.report import Table
from mailflow.steps.review_statements import KeptSurroundings
from mailflow.steps.run_due_statements import StatementSchedules
from mailflow.steps.send_digests import DigestPlan, Digests
from mailflow.steps.send_letters import Pace
from mailflow.steps.send_round import RoundReport, send_round
from mailflow.steps.show_pages import DocumentPages
from mailflow.steps.stages import stages
from mailflow.steps.tell_webhooks import TellReport, look, send
from mailflow.steps.watch_folder import FolderWatcher

logger = logging.getLogger("mailflow")


def _nobody_listens(collected: Collected) -> None:
    return None


@dataclass
class House:
    """Everything that a step may need, made when it is first asked for."""

    settings: Settings
    clock: Clock = field(default_factory=SystemClock)
    _reminders_wait: str = field(default="", init=False, repr=False)

    @cached_property
    def company(self) -> Company:
        return self.settings.company_profile()

    def today(self) -> dt.date:
        """The company's own day."""
        return self.clock.now().astimezone(ZoneInfo(self.company.timezone)).date()

    # where things are kept

    @cached_property
    def database_url(self) -> str:
        url, prefix = self.settings.database.url, "sqlite:///"
        if url.startswith(prefix) and not url.startswith("sqlite:////"):
            return prefix + str(self.settings.path(url[len(prefix) :]))
        return url

    @cached_property
    def database(self) -> SqlDatabase:
        engine = open_engine(self.database_url)
        bring_up_to_date(engine)
        return SqlDatabase(engine)

    @cached_property
    def archive(self) -> FileArchive:
        return FileArchive(self.settings.path(self.settings.archive.path))

    @cached_property
    def token_key(self) -> bytes:
        """Signs reply tokens; lies beside the archive so that a backup of the archive holds it."""
        return private_key(self.settings.path(self.settings.archive.path) / "token.key")

    @cached_property
    def sign_ins(self) -> SignIns:
        return SignIns(self.settings)

    # the ledger

    def import_ledger(
        self,
        ledger: bytes | None,
        ledger_name: str,
        parties: bytes | None,
        parties_name: str,
        as_of: dt.date,
        *,
        skip_bad_rows: bool = False,
        partial: bool = False,
        allow_gone: bool = False,
        actor: str = "mailflow",
        preview: bool = False,
        bank_as_of: dt.date | None = None,
    ) -> ImportReport:
        """Both files are read before anything is written; with ``preview`` nothing is. Raises :class:`Refusal`."""
        files = []
        items = people = None
        if ledger is not None:
            read = read_ledger(ledger, ledger_name, skip_bad_rows=skip_bad_rows)
            items = read.items
            files.append(ReadFile(ledger_name, hashlib.sha256(ledger).hexdigest(), read.skipped, read.remarks))
        if parties is not None:
            named = read_parties(parties, parties_name, skip_bad_rows=skip_bad_rows)
            people = named.parties
            files.append(ReadFile(parties_name, hashlib.sha256(parties).hexdigest(), named.skipped, named.remarks))
        made = import_ledger(
            self.database, items=items, parties=people, files=files, as_of=as_of, now=self.clock.now(),
            partial=partial, allow_gone=allow_gone, actor=actor, preview=preview, bank_as_of=bank_as_of,
        )  # fmt: skip
        note_booked(self.database, self.clock.now())
        return made

    # the way in

    @cached_property
    def parsing(self) -> ParserChild:
        return ParserChild(
            trusted_authserv_ids=self._trusted_authserv_ids,
            own_addresses=[box.address for box in self.settings.mailbox],
        )

    @cached_property
    def document_pages(self) -> DocumentPages:
        """Pages of received documents for a person's eyes."""
        return DocumentPages(self.archive, self.parsing)

    @cached_property
    def policy_files(self) -> PolicyFiles:
        """The policies as people may edit them."""
        return PolicyFiles(self.settings.directory, self._forget_policies)

    def _forget_policies(self) -> None:
        for name in ("policy", "ageing_policy", "review_policy", "adjustment_policy", "stages"):
            self.__dict__.pop(name, None)

    def _policy_file(self, name: str) -> Path | None:
        """The owner's own policy beside the configuration (``config/NAME`` or ``NAME``); None: the one that ships."""
        places = (self.settings.directory / "config" / name, self.settings.directory / name)
        return next((place for place in places if place.is_file()), None)

    @cached_property
    def policy(self) -> Policy:
        return read_policy(self._policy_file("matching.toml"))

    @cached_property
    def ageing_policy(self) -> AgeingPolicy:
        return read_ageing_policy(self._policy_file("ageing.toml"))

    @cached_property
    def review_policy(self) -> ReviewPolicy:
        return read_review_policy(self._policy_file("review.toml"))

    @cached_property
    def adjustment_policy(self) -> AdjustmentPolicy:
        return read_adjustment_policy(self._policy_file("adjustments.toml"))

    @cached_property
    def _trusted_authserv_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for box in self.settings.mailbox for one in box.trusted_authserv_ids))

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        load_wording()  # a mistake in it is refused here, with its sentence, and not in every child
        gc.set_threshold(50_000, 20, 20)  # hundreds of messages at once: looking for cycles took a fifth of the time
        checks_dkim = any(box.check_dkim for box in self.settings.mailbox)
        return stages(
            database=self.database, archive=self.archive, parsing=self.parsing,
            policy=self.policy, own_addresses=[box.address for box in self.settings.mailbox],
            is_ours=lambda message_id: tokens.ours(self.token_key, message_id) is not None,
            checks_senders=bool(self._trusted_authserv_ids) or checks_dkim,
            languages=[self.stationery.templates.words(one) for one in self.stationery.templates.languages()],
            country=self.settings.company.country, keys=_dkim_keys() if checks_dkim else None,
            profile_of=ProfileFile(usual_place(self.settings.directory)).of,
        )  # fmt: skip

    def process_once(self, holder: str, stopping: Callable[[], bool] = lambda: False) -> Processed:
        return process_waiting(self.database, self.stages, self.clock, holder, has_ended=has_ended, stopping=stopping)

    @cached_property
    def mailboxes(self) -> list[ImapMailbox]:
        if not self.settings.mailbox:
            raise Refusal("the configuration names no [[mailbox]]; add one (see config/mailflow.example.toml)")
        return [self._mailbox(box) for box in self.settings.mailbox]

    def _mailbox(self, box: MailboxSection) -> ImapMailbox:
        return ImapMailbox(
            account=box.name, address=box.address, host=box.host, port=box.port, username=box.username,
            password=partial(_secret, box, self.settings.directory), security=box.security,
            token=self.sign_ins.token(box),
            folders=(box.folder, *box.more_folders), processed_folder=box.processed_folder or None,
            quarantine_folder=box.quarantine_folder or None,
        )  # fmt: skip

    def watchers(
        self,
        holder: str,
        *,
        pause: Callable[[float], object] = time.sleep,
        jitter: Callable[[float], float] = lambda most: random.uniform(0.2, most),
        arrived: Callable[[Collected], None] = _nobody_listens,
    ) -> list[FolderWatcher]:
        """One for each watched folder of each mailbox; only the first folder of a mailbox gets actions."""
        return [
            FolderWatcher(
                mailbox, folder, place == 0, holder, self.database, self.archive, self.clock, pause, jitter, arrived,
                has_ended=has_ended,
            )
            for mailbox in self.mailboxes
            for place, folder in enumerate(mailbox.folders)
        ]  # fmt: skip

    def watcher(self, mailbox: ImapMailbox, folder: str, holder: str) -> FolderWatcher:
        """For one look into a folder that is not watched; nothing is moved out of it."""
        return FolderWatcher(
            mailbox, folder, False, holder, self.database, self.archive, self.clock, time.sleep, lambda most: most,
            has_ended=has_ended,
        )  # fmt: skip

    # the way out

    @cached_property
    def stationery(self) -> Stationery:
        prove = partial(prove_letter, pdf_text=pdf_text, numbers=workbook_numbers)
        return Stationery(LetterRenderer(templates_directory()), self._statement_pdf, StatementXlsx(), prove)

    @cached_property
    def _statement_pdf(self) -> StatementPdf:
        return StatementPdf([Path(__file__).parent / "adapters" / "fonts" / "wqy-microhei.ttc"])

    @cached_property
    def desk(self) -> Desk:
        return Desk(self.company, self.token_key, self._sign, self.settings.web.address)

    @cached_property
    def _sign(self) -> Callable[[bytes], bytes]:
        smtp = self.settings.smtp
        if not smtp.dkim_key:
            return _unsigned
        domain = smtp.dkim_domain or self.company.address.rpartition("@")[2]
        return DkimSigner.from_file(smtp.dkim_selector, domain, self.settings.path(smtp.dkim_key)).sign

    @cached_property
    def transport(self) -> SmtpServer:
        smtp = self.settings.smtp
        return SmtpServer(
            host=smtp.host, port=smtp.port, security=smtp.security, username=smtp.username,
            password=partial(_secret, smtp, self.settings.directory), token=self.sign_ins.token(smtp),
            client_name=self.company.address.rpartition("@")[2] or "localhost",
        )  # fmt: skip

    @cached_property
    def sent_folder(self) -> SentFolder | None:
        """Where copies of our letters lie: the first mailbox's. It answers whether a letter in doubt went out."""
        if not self.settings.mailbox or not self.settings.mailbox[0].sent_folder:
            return None
        return MailboxSentFolder(self.mailboxes[0], self.settings.mailbox[0].sent_folder)

    def draw(
        self,
        as_of: dt.date,
        *,
        party_ids: Collection[str] | None = None,
        release: bool = True,
        actor: str = "mailflow",
    ) -> Run:
        """Draws, reviews and freezes the statements of that day; what passes is released, or stays a draft."""
        return draw_statements(
            self.database, as_of=as_of, company=self.company, now=self.clock.now(), party_ids=party_ids,
            reply_within=self.settings.statements.reply_within_working_days, release=release, actor=actor,
            ageing=self.ageing_policy, policy=self.review_policy,
        )  # fmt: skip

    def preview(self, as_of: dt.date, *, party_ids: Collection[str] | None = None) -> Run:
        """What :meth:`draw` would do; nothing is changed."""
        return preview_statements(
            self.database, as_of=as_of, company=self.company, now=self.clock.now(), party_ids=party_ids,
            reply_within=self.settings.statements.reply_within_working_days,
            ageing=self.ageing_policy, policy=self.review_policy, kept=self._kept_surroundings,
        )  # fmt: skip

    @cached_property
    def _kept_surroundings(self) -> KeptSurroundings:
        return KeptSurroundings()

    @property
    def form(self) -> Form | None:
        """None: as the custom is where the letter is read."""
        return None if self.settings.statements.form is None else Form(self.settings.statements.form)

    def issue(self, actor: str = "mailflow", stopping: Callable[[], bool] = lambda: False) -> Issued:
        """Puts the letters of all released statements into the outbox."""
        return issue_released(
            self.database, self.archive, self.desk, self.stationery, self.clock,
            form=self.form, actor=actor, stopping=stopping,
            copies=self.copies if self.settings.statements.enclose_copies == "always" else NO_COPIES,
        )  # fmt: skip

    @property
    def schedules(self) -> StatementSchedules:
        """When whose statements fall due, by the company's schedule and the parties' own."""
        return StatementSchedules(
            self.database, self.company, self.settings.statements.schedule,
            ageing=self.ageing_policy, policy=self.review_policy,
            reply_within=self.settings.statements.reply_within_working_days,
        )  # fmt: skip

    def run_due(self, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Draws, reviews and issues what the schedules make due; True when letters were queued."""
        try:
            done = self.schedules.run_due(self.clock.now(), stopping)
        except BadSchedule as failure:
            raise Refusal(f"[statements] schedule: {failure}") from None
        for why in done.broken.values():
            logger.warning("a statement_schedule is unusable and nothing is sent by it: %s", why)
        issued = self.issue(stopping=stopping).letters
        followed = self.follow_ups.run_due(stopping)
        for case_id, why in followed.failed.items():
            logger.warning("the reminder of %s cannot be made: %s", case_id, why)
        if followed.unread != self._reminders_wait:
            self._reminders_wait = followed.unread
            if followed.unread:
                logger.warning("reminders wait: %s", followed.unread)
        answered = self.answers.send_by_itself(self.settings.answers.by_itself, stopping)
        told = self.digests.run_due(stopping)
        return bool(issued or followed.letters or followed.told or answered or told)

    @property
    def answers(self) -> Answers:
        """Drafted answers to what customers wrote."""
        letters = AnswerLetters(self.stationery, self.company, self.copies, _reconciliation_papers)
        return Answers(self.database, self.archive, self.desk, letters, self.policy, self.clock)

    @cached_property
    def session_key(self) -> bytes:
        """Signs the console's sessions."""
        return private_key(self.settings.path(self.settings.archive.path) / "session.key")

    @property
    def _reminder_plan(self) -> Plan:
        said = self.settings.reminders
        return Plan(
            after_days=tuple(said.after_days), minimum_gap=said.minimum_gap_days, call_after=said.call_after_days,
            grace=said.grace_days, opens=said.opens, closes=said.closes, second_contact=said.second_contact_from,
            salesperson=said.salesperson_from,
        )  # fmt: skip

    @property
    def _demand_plan(self) -> DemandPlan:
        said = self.settings.payment_reminders
        return DemandPlan(
            courtesy_days=said.courtesy_days, after_days=tuple(said.after_days), minimum_gap=said.minimum_gap_days,
            pay_within=said.pay_within_days, final_by_itself=said.final_by_itself, never=frozenset(said.never),
            least={currency: Decimal(amount) for currency, amount in said.least.items()},
            fresh=self.review_policy.ledger_working_days,
        )  # fmt: skip

    @property
    def digests(self) -> Digests:
        """What our own people hear by mail."""
        said = self.settings.digests
        plan = DigestPlan(
            said.salespeople, tuple(said.customer_service), said.customer_service_at, tuple(said.owner), said.owner_at
        )
        console = self.settings.web.address
        return Digests(self.database, self.archive, self.desk, self.stationery, self.clock, plan, console)

    @cached_property
    def copies(self) -> InvoiceCopies:
        """Copies of our invoices, where the configuration names their directory."""
        where = self.settings.statements.invoice_copies
        return InvoiceCopies(self.settings.path(where) if where else None)

    def tell_webhooks(self, stopping: Callable[[], bool] = lambda: False) -> TellReport:
        """Records what happened for every program that wants to hear of it, and sends what is due."""
        wanted = [Wanted(one.name, one.url, frozenset(map(Subject, one.events))) for one in self.settings.webhook]
        follow_settings(self.database, wanted, self.clock.now())
        recorded = look(self.database, self.clock.now())
        report = send(self.database, self._webhook_caller, self.token_key, self.clock, stopping)
        report.recorded = recorded
        return report

    @cached_property
    def _webhook_caller(self) -> WebhookCaller:
        return WebhookCaller(self.settings.webhooks.allowed_hosts)

    @property
    def follow_ups(self) -> FollowUps:
        """What follows letters that nobody has answered: reminders, a call, a broken promise."""
        return FollowUps(
            self.database, self.archive, self.desk, self.stationery, self.clock,
            plan=self._reminder_plan, demand_plan=self._demand_plan,
            copies=NO_COPIES if self.settings.statements.enclose_copies == "on_request" else self.copies,
            form=self.form,
            folders=tuple((box.name, box.folder) for box in self.settings.mailbox),
        )  # fmt: skip

    @cached_property
    def _restored_at(self) -> dt.datetime | None:
        with self.database.reading() as work:
            return restored_at(work)

    @property
    def _pace(self) -> Pace:
        smtp = self.settings.smtp
        return Pace(
            connections=smtp.connections, per_domain=smtp.per_domain, rate_per_minute=smtp.rate_per_minute,
            letters_per_connection=smtp.letters_per_connection, most_a_day_to_one=smtp.most_a_day_to_one,
        )  # fmt: skip

    def send_once(
        self,
        holder: str,
        stopping: Callable[[], bool] = lambda: False,
        *,
        look_into_sent: bool = True,
        progress: Callable[[SendReport], None] = lambda report: None,
    ) -> RoundReport:
        """Sends all that is due, files copies, asks about letters in doubt."""
        if self._restored_at is not None:
            doubt_repeats(self.database, self._restored_at, self.clock.now())
        return send_round(
            self.database, self.archive, self.transport, self.clock, self.sent_folder, holder=holder,
            has_ended=has_ended, pace=self._pace,
            stopping=stopping, look_into_sent=look_into_sent, progress=progress,
        )  # fmt: skip

    def report(self, name: str, as_of: dt.date | None = None) -> Table:
        """One of ``mailflow.steps.report.REPORTS``; ageing as of the last import when no day is named."""
        if name == "responses":
            return report.responses(self.database)
        if name == "disputes":
            return report.disputes(self.database)
        if name in ("progress", "answer_time", "promises"):
            return {
                "progress": report_trends.progress, "answer_time": report_trends.answer_time,
                "promises": report_trends.promises,
            }[name](self.database)  # fmt: skip
        if as_of is None:
            with self.database.reading() as work:
                imports = [found for side in Side if (found := work.ledger.last_import(side)) is not None]
            as_of = max((found.as_of for found in imports), default=self.today())
        day, policy = as_of, self.ageing_policy
        if name == "dso":
            return self._kept_reports.table(("dso", day), lambda: report_trends.dso(self.database, day))
        return self._kept_reports.table(("ageing", day, policy), lambda: report.ageing(self.database, day, policy))

    @cached_property
    def _kept_reports(self) -> KeptReports:
        return KeptReports(self.database)

    def report_workbook(self, table: Table) -> bytes:
        return workbook(table)

    def missing_glyphs(self, text: str) -> str:
        """Characters of ``text`` that our documents cannot show."""
        return self._statement_pdf.missing(text)

    def evidence_index(self, made: Pack) -> dict[str, bytes]:
        from mailflow.adapters.evidence_index import index

        return index(made, self.company.language, self.company.timezone)

    # work

    def engine(self, tasks: Mapping[str, Task]) -> TaskEngine:
        if self.settings.database.url.startswith("postgresql"):
            from mailflow.adapters.procrastinate_engine import ProcrastinateEngine

            _ = self.database  # its schema first
            return ProcrastinateEngine(self.database_url, tasks)
        return LocalEngine(tasks)

    def close(self) -> None:
        if "parsing" in self.__dict__:
            self.parsing.close()
        if "database" in self.__dict__:
            self.database.engine.dispose()


def _reconciliation_papers(page: Layout) -> tuple[bytes, bytes]:
    from mailflow.adapters.reconciliation_pdf import pdf
    from mailflow.adapters.reconciliation_xlsx import workbook as reconciliation_workbook

    return pdf(page), reconciliation_workbook(page)


def _unsigned(raw: bytes) -> bytes:
    return raw


def _secret(section: configuration.SmtpSection | MailboxSection, directory: Path) -> str:
    return section.secret(directory).get_secret_value()


def open_house(config: str | None = None) -> House:
    """The house of the configuration ``config`` (or of the default places). Raises :class:`Refusal`."""
    return House(configuration.load(config))


def _dkim_keys() -> KeyLookup:
    from mailflow.adapters.dkim_keys import DnsKeys  # a slow import, for those who ask DNS

    return DnsKeys().lookup
