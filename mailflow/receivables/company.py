"""Our own company as our letters show it. Values come from the configuration, never from a mail."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a customer pays in ``currency``. ``lines`` are printed as they stand (bank, account number, SWIFT …)."""

    currency: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """``language`` is a BCP 47 tag, ``timezone`` an IANA name; ``address`` the mailbox that statements come from."""

    name: str
    language: str = "zh-CN"
    timezone: str = "Asia/Shanghai"
    address: str = ""
    tax_id: str | None = None
    postal_lines: tuple[str, ...] = ()
    phone: str | None = None
    contact: str | None = None
    bank_accounts: tuple[BankAccount, ...] = ()
    country: str = "CN"  # whose public holidays count (ISO 3166, ``GB-SCT`` with a region)
    invoice_link: str = ""  # https://…/{reference}: where customers see their invoices
    tones: Mapping[str, str] = field(default_factory=dict)  # party id -> ``warm`` or ``firm``
