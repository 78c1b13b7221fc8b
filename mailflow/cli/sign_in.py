"""A person signs in to each mailbox that uses OAuth 2 (``mailflow doctor --sign-in``)."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from mailflow.refusals import Unreachable
from mailflow.steps.ports.sign_in import IdentityProvider, SignInNeeded


def sign_in(providers: Mapping[str, IdentityProvider]) -> int:
    """Invites for each that is not signed in; 3 when one stays so."""
    if not providers:
        print('no mailbox of the configuration uses OAuth (oauth = "microsoft365" or "gmail")', file=sys.stderr)
        return 0
    missing = 0
    for account, provider in providers.items():
        try:
            provider.token()
            print(f"{account}: signed in")
            continue
        except SignInNeeded:
            invitation = provider.invite()
        code = f" and type the code {invitation.code}" if invitation.code else ""
        print(f"{account}: open {invitation.url}{code}", flush=True)
        try:
            name = provider.wait()
            print(f"{account}: signed in as {name}")
        except (SignInNeeded, Unreachable) as failure:
            print(f"{account}: {failure}", file=sys.stderr)
            missing += 1
    return 3 if missing else 0
