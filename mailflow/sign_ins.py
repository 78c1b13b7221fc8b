"""Who signs in how: the identity providers of the configuration's servers (a part of bootstrap; read at the door)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from mailflow.adapters.private_file import private_key
from mailflow.refusals import Refusal
from mailflow.settings import MailboxSection, Settings, SmtpSection, resolve_secret
from mailflow.steps.ports.sign_in import IdentityProvider, TokenStore

SERVICE = "mailflow-oauth"


class SignIns:
    """One provider an account: sending and reading share the sign-in. Libraries are loaded when one is asked for."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: dict[tuple[str, str], IdentityProvider] = {}

    def providers(self) -> dict[str, IdentityProvider]:
        """Account -> provider, of every server that uses OAuth. Raises :class:`Refusal`."""
        sections: list[SmtpSection | MailboxSection] = [self._settings.smtp, *self._settings.mailbox]
        return {section.username: self._provider(section) for section in sections if section.oauth}

    def token(self, section: SmtpSection | MailboxSection) -> Callable[[], str] | None:
        """Gives a fresh access token at each call; None where the server takes a password."""
        if not section.oauth:
            return None
        return lambda: self._provider(section).token()

    def _provider(self, section: SmtpSection | MailboxSection) -> IdentityProvider:
        if not section.username:
            raise Refusal(f'oauth = "{section.oauth}" needs a username, the address of the mailbox')
        key = (str(section.oauth), section.username)
        if key not in self._made:
            self._made[key] = self._make(section)
        return self._made[key]

    def _make(self, section: SmtpSection | MailboxSection) -> IdentityProvider:
        directory = self._settings.directory
        try:
            if section.oauth == "microsoft365":
                from mailflow.adapters.oauth_microsoft import Microsoft365

                return Microsoft365(
                    section.oauth_client_id, section.oauth_tenant, section.username, self._store(section.username)
                )
            from mailflow.adapters.oauth_google import Gmail, WorkspaceAccount

            if section.oauth_service_account:
                return WorkspaceAccount(self._settings.path(section.oauth_service_account), section.username)
            secret = resolve_secret(section.oauth_client_secret, directory).get_secret_value()
            return Gmail(section.oauth_client_id, secret, section.username, self._store(section.username))
        except ImportError:
            raise Refusal("signing in by OAuth needs the extra 'oauth'; run ./install") from None

    def _store(self, account: str) -> TokenStore:
        """The keyring where there is one, else a sealed file; its key lies beside the archive, not beside it."""
        from mailflow.adapters.token_store import KeyringEntry, SealedFile

        if KeyringEntry.usable():
            return KeyringEntry(SERVICE, account)
        name = hashlib.sha256(account.lower().encode()).hexdigest()[:16]
        archive: Path = self._settings.path(self._settings.archive.path)
        return SealedFile(self._settings.path("tokens") / name, private_key(archive / "oauth.key"))
