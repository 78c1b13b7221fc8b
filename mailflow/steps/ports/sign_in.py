"""Signing in to a mailbox by OAuth 2: a person once, then fresh tokens without one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class SignInNeeded(Exception):
    """Nobody has signed in yet, or the permission was withdrawn: a person has to. The sentence says how."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a person does: open ``url`` in any browser (and type ``code`` there, when there is one)."""

    url: str
    code: str | None
    expires_in: float  # seconds


class IdentityProvider(Protocol):
    def invite(self) -> Invitation:
        """Begins a sign-in. Raises ``mailflow.refusals.Unreachable`` when the provider does not answer."""
        ...

    def wait(self) -> str:
        """Until the person of the last invitation has signed in; the account's name. The tokens are then kept.

        Raises :class:`SignInNeeded` when the person refused or took too long.
        """
        ...

    def token(self) -> str:
        """An access token that is valid now, renewed where needed. Raises :class:`SignInNeeded` or ``Unreachable``."""
        ...


class TokenStore(Protocol):
    """Where one account's tokens are kept, unreadable to others."""

    def load(self) -> str | None: ...

    def save(self, tokens: str) -> None: ...
