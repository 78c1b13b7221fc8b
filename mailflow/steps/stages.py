"""The way in, as one visible tuple: what happens to every message, in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from mailflow.correspondence.letter_words import LetterWords
from mailflow.correspondence.wording import Wording
from mailflow.reconciliation import Policy
from mailflow.steps.answer_case import AnswerCase
from mailflow.steps.place_message import PlaceMessage
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.parsing import Parsing
from mailflow.steps.ports.work import Database
from mailflow.steps.process_messages import Stage
from mailflow.steps.read_attachments import ReadAttachments
from mailflow.steps.read_message import ReadMessage
from mailflow.steps.reconcile_documents import ReconcileDocuments
from mailflow.steps.returned_documents import ReturnedDocuments
from mailflow.steps.understand_message import UnderstandMessage


def stages(
    *,
    database: Database,
    archive: Archive,
    parsing: Parsing,
    wording: Wording,
    policy: Policy,
    own_addresses: Iterable[str],
    is_ours: Callable[[str], bool],
    checks_senders: bool,
    languages: Sequence[LetterWords] = (),
) -> tuple[Stage, ...]:
    """``is_ours``: whether a Message-ID is one that we signed. ``checks_senders``: whether our mail server's verdicts
    on senders are configured. ``languages``: the words of our own workbooks, whose answers are read."""
    returned = ReturnedDocuments(database, archive, parsing, languages)
    each = (
        ReadMessage(archive, parsing),  # bytes -> what it says; attachments to the archive
        PlaceMessage(database, own_addresses, is_ours, checks_senders),  # whose conversation, whose case, who wrote it
        UnderstandMessage(database, wording, returned),  # what they mean, in the mail and in our workbook
        ReadAttachments(archive, parsing),  # documents -> typed lines
        ReconcileDocuments(database, policy),  # against our ledger
        AnswerCase(database),  # what it does to the case
    )
    return tuple(Stage(one.name, one) for one in each)
