"""The configuration: one TOML file, each value overridable by a variable of the environment, read once at the door.

``MAILFLOW_SMTP__HOST`` overrides ``[smtp] host``; a mailbox is named by its place or its name
(``MAILFLOW_MAILBOX__0__HOST``, ``MAILFLOW_MAILBOX__FINANCE__HOST``). Whatever is wrong ends in one sentence
(:class:`mailflow.refusals.Refusal`): which file, which key, what to do.
"""

from __future__ import annotations

import datetime as dt
import difflib
import ipaddress
import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from mailflow.receivables import schedule as schedules
from mailflow.receivables.company import BankAccount, Company
from mailflow.refusals import Refusal
from mailflow.steps.manage_webhooks import checked_url

PREFIX = "MAILFLOW_"
PLACES = ("mailflow.toml", "config/mailflow.toml")
NOT_SETTINGS = frozenset({"MAILFLOW_CONFIG", "MAILFLOW_TEST_LONG"})


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BankAccountSection(_Section):
    currency: str = Field(pattern="^[A-Z]{3}$")
    lines: list[str]


class CompanySection(_Section):
    name: str
    language: str = "zh-CN"
    timezone: str = "Asia/Shanghai"
    tax_id: str | None = None
    postal_lines: list[str] = []
    phone: str | None = None
    contact: str | None = None
    country: str = "CN"  # whose public holidays count
    bank_account: list[BankAccountSection] = []

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except Exception:
            raise ValueError(f"{value!r} is no time zone; write it like Asia/Shanghai or Europe/London") from None
        return value


class DatabaseSection(_Section):
    url: str = "sqlite:///mailflow.db"


class ArchiveSection(_Section):
    path: str = "archive"


class RetentionSection(_Section):
    """How long contents are kept; 0: for ever. A legal hold wins (``mailflow retention``)."""

    case_years: int = Field(default=0, ge=0)  # of a case that is over, counted from its last mail
    stray_days: int = Field(default=0, ge=0)  # of mail that belongs to no case and that nobody has to look at


class _Server(_Section):
    host: str = "127.0.0.1"
    security: Literal["none", "starttls", "tls"] = "tls"
    username: str = ""
    password: str = ""
    oauth: Literal["microsoft365", "gmail"] | None = None
    oauth_client_id: str = ""
    oauth_client_secret: str = ""  # gmail's installed applications have one; a reference like the password
    oauth_service_account: str = ""  # gmail: key file of a Workspace service account, instead of a person signing in
    oauth_tenant: str = "common"

    @model_validator(mode="after")
    def _oauth_knows_its_application(self) -> _Server:
        if self.oauth and not self.oauth_client_id and not self.oauth_service_account:
            raise ValueError(f'oauth = "{self.oauth}" needs oauth_client_id, the id of the application you registered')
        return self

    @model_validator(mode="after")
    def _plain_text_stays_here(self) -> _Server:
        if self.security == "none" and not _loopback(self.host):
            raise ValueError(
                f'security = "none" would send passwords and mail in the clear to {self.host}; '
                'it is for this machine only (127.0.0.1). Use "tls" or "starttls"'
            )
        return self

    @field_validator("password", "oauth_client_secret")
    @classmethod
    def _no_secret_here(cls, value: str) -> str:
        if value and not value.startswith(("env:", "file:", "keyring:")):
            raise ValueError(
                'a password never stands in the file; write "env:NAME", "file:PATH" or "keyring:SERVICE/USER"'
            )
        return value

    def secret(self, directory: Path) -> SecretStr:
        """The password, fetched now. Raises :class:`Refusal` when it is not where the configuration says."""
        return resolve_secret(self.password, directory)


class SmtpSection(_Server):
    port: int = 465
    rate_per_minute: int = Field(default=0, ge=0)
    connections: int = Field(default=4, ge=1, le=32)
    per_domain: int = Field(default=4, ge=1, le=32)  # letters under way to one recipient domain at a time
    letters_per_connection: int = Field(default=100, ge=1)
    most_a_day_to_one: int = Field(default=10, ge=0)  # letters to one address in 24 hours: more is a fault; 0: no limit
    dkim_selector: str = ""
    dkim_domain: str = ""
    dkim_key: str = ""


class MailboxSection(_Server):
    name: str
    address: str
    port: int = 993
    folder: str = "INBOX"
    more_folders: list[str] = []
    processed_folder: str = "mailflow/Processed"
    quarantine_folder: str = "mailflow/Quarantine"
    sent_folder: str = "Sent"
    trusted_authserv_ids: list[str] = []
    check_dkim: bool = False  # check signatures here, with keys asked from DNS, beside the mail server's own verdict


class StatementsSection(_Section):
    schedule: str = "0 9 1 * *"
    form: Literal["open_item", "balance_forward"] | None = None  # None: as is the custom in the letter's language
    reply_within_working_days: int = Field(default=10, ge=1)
    invoice_copies: str = ""  # a directory with one file an invoice, named by its reference
    enclose_copies: Literal["on_request", "reminders", "always"] = "reminders"  # from the second payment reminder on
    invoice_link: str = ""  # where a customer sees an invoice: https://portal.example/invoice/{reference}

    @field_validator("invoice_link")
    @classmethod
    def _link_has_a_place(cls, value: str) -> str:
        if value and not (value.startswith("https://") and value.count("{reference}") == 1):
            raise ValueError("write it like https://portal.example/invoice/{reference}")
        return value


class RemindersSection(_Section):
    """Asking for an answer. Days are working days."""

    after_days: list[int] = [3, 7, 14]
    minimum_gap_days: int = Field(default=2, ge=0)  # between two letters to one party
    call_after_days: int = Field(default=5, ge=1)  # after the last one a person calls
    grace_days: int = Field(default=3, ge=0)  # after a promised day, before the promise counts as broken
    opens: dt.time = dt.time(8)  # letters leave between these hours of the company's time …
    closes: dt.time = dt.time(20)  # … on working days
    second_contact_from: int = Field(default=3, ge=0)  # from this reminder on the party's further addresses; 0: never
    salesperson_from: int = Field(default=2, ge=0)  # from this one on our salesperson hears of it; 0: never
    warm: list[str] = []  # ids of parties that are written to in a warmer tone …
    firm: list[str] = []  # … or in a firmer one

    @field_validator("after_days")
    @classmethod
    def _rising(cls, value: list[int]) -> list[int]:
        return _rising_days(value, "[3, 7, 14]")

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> RemindersSection:
        if self.opens >= self.closes:
            raise ValueError("opens must be before closes, like 08:00 and 20:00")
        return self


class PaymentRemindersSection(_Section):
    """Asking for money. Off until ``after_days`` or ``courtesy_days`` is set."""

    courtesy_days: int = Field(default=0, ge=0)  # working days before the due day
    after_days: list[int] = []  # days overdue, one a level, like [5, 12, 30]; of three and more a person sends the last
    minimum_gap_days: int = Field(default=5, ge=0)
    pay_within_days: int = Field(default=5, ge=1)
    least: dict[str, str] = {}  # by currency: below it nobody is chased
    final_by_itself: bool = False
    never: list[str] = []  # ids of parties that only people write to

    @field_validator("after_days")
    @classmethod
    def _rising(cls, value: list[int]) -> list[int]:
        return _rising_days(value, "[5, 12, 30]")

    @field_validator("least")
    @classmethod
    def _amounts(cls, value: dict[str, str]) -> dict[str, str]:
        for currency, amount in value.items():
            try:
                good = Decimal(amount) >= 0 and len(currency) == 3 and currency.isupper()
            except InvalidOperation:
                good = False
            if not good:
                raise ValueError(f'{currency} = "{amount}": write it like CNY = "500"')
        return value


class DigestsSection(_Section):
    """What our own people hear by mail, once a period. ``…_at`` and ``salespeople`` are schedules; empty: never."""

    salespeople: str = ""  # each salesperson (salesperson_email of the parties file): their customers
    customer_service: list[str] = []  # addresses: questions, disputes and requests that wait
    customer_service_at: str = "30 8 * * *"
    owner: list[str] = []  # addresses: the day in figures
    owner_at: str = "0 18 * * *"

    @field_validator("salespeople", "customer_service_at", "owner_at")
    @classmethod
    def _a_schedule(cls, value: str) -> str:
        if value:
            schedules.parse(value)
        return value


class AnswersSection(_Section):
    by_itself: list[
        Literal["thanks_confirmation", "acknowledge_promise", "acknowledge_payment", "acknowledge_dispute", "enclosed"]
    ] = []  # kinds of drafted answers that need no person


class WebhookSection(_Section):
    """A program that hears what happens; events: case.changed, message.arrived, statement.sent, task.raised."""

    name: str = Field(min_length=1, max_length=100)
    url: str
    events: list[Literal["case.changed", "message.arrived", "statement.sent", "task.raised"]] = Field(min_length=1)

    @field_validator("url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        try:
            return checked_url(value)
        except Refusal as refusal:
            raise ValueError(str(refusal)) from None


class WebhooksSection(_Section):
    allowed_hosts: list[str] = []  # in the own network, as the addresses name them; others must be public


class OpenIdSection(_Section):
    """Signing in with the company's own accounts (OpenID Connect). Off until ``issuer`` is set."""

    issuer: str = ""  # https://login.example/realm, as its /.well-known/openid-configuration says
    client_id: str = ""
    client_secret: str = ""  # a reference like a password; empty for a public client
    name: str = "OpenID"  # on the button
    people: dict[str, str] = {}  # e-mail address -> sign-in name, where they differ

    @field_validator("client_secret")
    @classmethod
    def _no_secret_here(cls, value: str) -> str:
        if value and not value.startswith(("env:", "file:", "keyring:")):
            raise ValueError('a secret never stands in the file; write "env:NAME", "file:PATH" or "keyring:NAME/USER"')
        return value

    @model_validator(mode="after")
    def _whole(self) -> OpenIdSection:
        if not self.issuer:
            return self
        parts = urlsplit(self.issuer)
        if parts.scheme != "https" and not (parts.scheme == "http" and _loopback(parts.hostname or "")):
            raise ValueError("issuer must begin with https:// (http:// is for this machine only)")
        if not self.client_id:
            raise ValueError("issuer needs client_id, the name under which the provider knows mailflow")
        return self


class WebSection(_Section):
    host: str = "127.0.0.1"
    port: int = 8025
    hosts: list[str] = []  # names under which a proxy in front reaches the console; loopback ones are always known
    address: str = ""  # what people type, like https://mailflow.huaxing.example: where OpenID sends them back to
    openid: OpenIdSection = OpenIdSection()


class Settings(_Section):
    company: CompanySection
    database: DatabaseSection = DatabaseSection()
    archive: ArchiveSection = ArchiveSection()
    retention: RetentionSection = RetentionSection()
    smtp: SmtpSection = SmtpSection()
    mailbox: list[MailboxSection] = []
    statements: StatementsSection = StatementsSection()
    reminders: RemindersSection = RemindersSection()
    payment_reminders: PaymentRemindersSection = PaymentRemindersSection()
    digests: DigestsSection = DigestsSection()
    answers: AnswersSection = AnswersSection()
    web: WebSection = WebSection()
    webhook: list[WebhookSection] = []
    webhooks: WebhooksSection = WebhooksSection()
    directory: Path = Field(default=Path("."), exclude=True)  # relative paths count from the configuration's folder
    warnings: tuple[str, ...] = Field(default=(), exclude=True)

    def path(self, value: str) -> Path:
        return (self.directory / value).resolve()

    def company_profile(self) -> Company:
        """Our company as letters show it."""
        said = self.company
        return Company(
            name=said.name, language=said.language, timezone=said.timezone,
            address=self.mailbox[0].address if self.mailbox else "",
            tax_id=said.tax_id, postal_lines=tuple(said.postal_lines), phone=said.phone, contact=said.contact,
            bank_accounts=tuple(BankAccount(one.currency, tuple(one.lines)) for one in said.bank_account),
            country=said.country, invoice_link=self.statements.invoice_link,
            tones=dict.fromkeys(self.reminders.warm, "warm") | dict.fromkeys(self.reminders.firm, "firm"),
        )  # fmt: skip


def load(path: str | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Reads ``path``, or the first of :data:`PLACES` that exists. Raises :class:`Refusal`."""
    environment = os.environ if environment is None else environment
    file = _find(path or environment.get("MAILFLOW_CONFIG"))
    values = _toml(file)
    warnings = _override(values, environment)
    try:
        settings = Settings.model_validate(values | {"directory": file.parent, "warnings": tuple(warnings)})
    except ValidationError as failure:
        raise Refusal(_sentence(file, failure)) from None
    names = [mailbox.name for mailbox in settings.mailbox]
    if len(set(names)) < len(names):
        raise Refusal(f"{file}: two mailboxes have the same name; each [[mailbox]] needs its own")
    return settings


def resolve_secret(reference: str, directory: Path) -> SecretStr:
    """``env:NAME``, ``file:PATH`` or ``keyring:SERVICE/USER``; empty for the empty reference."""
    kind, _, rest = reference.partition(":")
    if not reference:
        return SecretStr("")
    if kind == "env":
        if rest not in os.environ:
            raise Refusal(f"the secret {reference} is not there: set the variable {rest} in the environment")
        return SecretStr(os.environ[rest])
    if kind == "file":
        try:
            return SecretStr((directory / rest).read_text(encoding="utf-8").rstrip("\r\n"))
        except (OSError, UnicodeDecodeError) as failure:
            why = failure.strerror if isinstance(failure, OSError) else "it is no UTF-8 text"
            raise Refusal(f"the secret {reference} cannot be read: {why}") from None
    try:
        import keyring
    except ImportError:
        raise Refusal(f"the secret {reference} needs the extra 'keyring'; run ./install or use env: or file:") from None
    service, _, user = rest.partition("/")
    try:
        found = keyring.get_password(service, user)
    except Exception as failure:
        raise Refusal(f"the keyring cannot be asked for {reference}: {failure}") from None
    if found is None:
        raise Refusal(f"the keyring holds nothing for {reference}; store it with: keyring set {service} {user}")
    return SecretStr(found)


def _rising_days(value: list[int], like: str) -> list[int]:
    if any(day < 1 for day in value) or len(set(value)) < len(value):
        raise ValueError(f"write each number of days once, from 1 on, like {like}")
    return sorted(value)


def _loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _find(path: str | None) -> Path:
    if path is not None:
        if not Path(path).is_file():
            raise Refusal(f"there is no configuration {path}; 'mailflow init' writes one")
        return Path(path)
    for place in PLACES:
        if Path(place).is_file():
            return Path(place)
    raise Refusal(f"there is no configuration ({' or '.join(PLACES)}); 'mailflow init' writes one, --config names one")


def _toml(file: Path) -> dict[str, Any]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(f"{file} is not UTF-8 text; save it as UTF-8 (in Notepad: Save as, encoding UTF-8)") from None
    except OSError as failure:
        raise Refusal(f"{file} cannot be read: {failure.strerror}") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        raise Refusal(f"{file} is no valid TOML: {failure}") from None


def _override(values: dict[str, Any], environment: Mapping[str, str]) -> list[str]:
    """Puts each ``MAILFLOW_…`` variable where it belongs; names those that belong nowhere."""
    warnings = []
    for name, text in sorted(environment.items()):
        if not name.startswith(PREFIX) or name in NOT_SETTINGS:
            continue
        keys = name[len(PREFIX) :].lower().split("__")
        section = Settings.model_fields.get(keys[0])
        if len(keys) < 2 or section is None or keys[0] in ("directory", "warnings"):
            warnings.append(f"the variable {name} names no setting and is ignored")
            continue
        target = values.setdefault(keys[0], [] if keys[0] == "mailbox" else {})
        if isinstance(target, list):
            found = _mailbox(target, keys[1])
            if found is None or len(keys) < 3:
                warnings.append(f"the variable {name} names no mailbox of the configuration and is ignored")
                continue
            target, keys = found, keys[1:]
        target[keys[1]] = _typed(text)
    return warnings


def _mailbox(mailboxes: list[Any], key: str) -> dict[str, Any] | None:
    for place, mailbox in enumerate(mailboxes):
        if isinstance(mailbox, dict) and (key == str(place) or key == str(mailbox.get("name", "")).lower()):
            return mailbox
    return None


def _typed(text: str) -> Any:
    """A list or table written as TOML (``[3, 7]``); anything else stays text, and the field's type decides."""
    if text.startswith(("[", "{")):
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text
    return text


def _sentence(file: Path, failure: ValidationError) -> str:
    error = failure.errors()[0]
    where = ".".join(str(part) for part in error["loc"])
    more = f" (and {failure.error_count() - 1} more)" if failure.error_count() > 1 else ""
    if error["type"] == "extra_forbidden":
        near = difflib.get_close_matches(str(error["loc"][-1]), _keys(error["loc"]), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; remove it or see config/mailflow.example.toml"
        return f"{file}: the key {where} is not known{hint}{more}"
    if error["type"] == "missing":
        return f"{file}: {where} is missing; see config/mailflow.example.toml{more}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{file}: {where}: {message}{more}"


def _keys(location: tuple[int | str, ...]) -> list[str]:
    if len(location) == 1:
        return [name for name in Settings.model_fields if name not in ("directory", "warnings")]
    section = Settings.model_fields.get(str(location[0]))
    value = None if section is None else section.default
    if isinstance(value, BaseModel):
        return list(type(value).model_fields)
    required: dict[str, type[BaseModel]] = {"company": CompanySection, "mailbox": MailboxSection}
    return list(required[str(location[0])].model_fields) if str(location[0]) in required else []
