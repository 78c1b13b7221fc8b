"""The way in, as one visible tuple: what happens to every message, in this order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from mailflow.correspondence.authentication import KeyLookup
from mailflow.correspondence.letter_words import LetterWords
from mailflow.reconciliation import Policy
from mailflow.steps.answer_case import AnswerCase
from mailflow.steps.place_message import PlaceMessage
from mailflow.steps.ports.archive import Archive
from mailflow.steps.ports.parsing import Parsing
from mailflow.steps.ports.work import Database
from mailflow.steps.read_attachments import ReadAttachments
from mailflow.steps.read_message import ReadMessage
from mailflow.steps.reconcile_documents import ReconcileDocuments
from mailflow.steps.returned_documents import ReturnedDocuments
from mailflow.steps.stage import Stage
from mailflow.steps.understand_message import UnderstandMessage
from parsers.profile import Profile


def stages(
    *,
    database: Database,
    archive: Archive,
    parsing: Parsing,
    policy: Policy,
    own_addresses: Iterable[str],
    is_ours: Callable[[str], bool],
    checks_senders: bool,
    languages: Sequence[LetterWords] = (),
    country: str | None = None,
    keys: KeyLookup | None = None,
    profile_of: Callable[[str | None], Profile | None] = lambda _: None,
) -> tuple[Stage, ...]:
    """``is_ours``: whether a Message-ID is one that we signed. ``checks_senders``: whether our mail server's verdicts
    on senders are configured. ``languages``: the words of our own workbooks, whose answers are read. ``country``: whose
    public holidays are no working days (ISO 3166). ``keys``: DKIM keys from DNS, where signatures are checked here.
    ``profile_of``: what a person corrected about the documents of a party."""
    returned = ReturnedDocuments(database, archive, parsing, languages)
    read = ReadMessage(archive, parsing, keys)
    place = PlaceMessage(database, own_addresses, is_ours, checks_senders)
    understand = UnderstandMessage(database, parsing, returned, archive=archive, country=country)
    attachments = ReadAttachments(archive, parsing, profile_of)
    compare = ReconcileDocuments(database, policy)
    answer = AnswerCase(database)
    return (
        # bytes -> what it says; attachments to the archive
        Stage(read.name, read, ahead=read.ahead, alone=read.alone),
        # whose conversation, whose case, who wrote it
        Stage(place.name, place, within=place.within),
        # what they mean, in the mail and in our workbook
        Stage(understand.name, understand, ahead=understand.ahead, alone=understand.alone),
        # documents -> typed lines
        Stage(attachments.name, attachments, ahead=attachments.ahead, alone=attachments.alone),
        # against our ledger
        Stage(compare.name, compare, within=compare.within, alone=compare.alone),
        # what it does to the case
        Stage(answer.name, answer, within=answer.within),
    )
