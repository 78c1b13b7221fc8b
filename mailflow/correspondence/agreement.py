"""Whether a reply confirms. The gate is asymmetric: reading anything else as a confirmation must never happen, missing
one costs a person a minute. So it takes words of agreement that nothing in their sentence denies, softens, postpones,
asks or ties to a condition, and no word in the rest of the message that takes them back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mailflow.correspondence.message import Intent
from mailflow.correspondence.phrases import Hit, is_cjk
from mailflow.correspondence.signals import ClauseSigns, SentenceSigns, Signs
from mailflow.correspondence.votes import Vote

EXPLICIT, STATED, WEAK = 0.97, 0.93, 0.8
LOOKS_RIGHT = 0.75  # "looks good to me" agrees, but a person sees it before it counts
_SOFT = ("hedge", "condition", "pending", "asked_check", "should")


@dataclass(slots=True)
class Agreement:
    """Votes for ``confirm``, refusals to confirm (a dispute), and what kept other words from counting."""

    votes: list[Vote] = field(default_factory=list)
    refusals: list[Vote] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def read_agreement(signs: Signs) -> Agreement:
    """Collect the clauses that agree, and those that refuse to."""
    found = Agreement()
    paid = signs.has("paid", "sent")
    for sentence in signs.sentences:
        for clause in sentence.clauses:
            _read_clause(sentence, clause, found, paid)
    return found


def _read_clause(sentence: SentenceSigns, clause: ClauseSigns, found: Agreement, paid: bool) -> None:
    best: tuple[float, Hit] | None = None
    for hit, weight in _candidates(clause, paid):
        denied = 0 if _needs_no_negation(hit) else clause.negations(hit)
        if denied == 1:
            _refused(sentence, clause, hit, found)
            return
        if denied > 1:
            found.doubts.append(f"“{clause.evidence}” denies twice")
            return
        if best is None or weight > best[0]:
            best = (weight, hit)
    if best is None:
        return
    reason = _kept_from_counting(sentence, clause, best[1], best[0])
    if reason:
        found.doubts.append(f"“{clause.evidence}” {reason}")
        return
    excepting = next((other for other in sentence.clauses if other.has("exception")), None)
    ticked = clause.text.words[best[1].start] == "{ticked}"
    partial = excepting is not None or clause.has("rest") or ticked
    if excepting is not None and _names_something(sentence, excepting):
        found.refusals.append(Vote(Intent.DISPUTE, 0.85, excepting, whole_sentence=len(sentence.clauses) <= 3))
    found.votes.append(Vote(Intent.CONFIRM, LOOKS_RIGHT if ticked else best[0], clause, partial))


def _names_something(sentence: SentenceSigns, clause: ClauseSigns) -> bool:
    """What is excepted is said: an item, an amount, or words behind the exception."""
    exception = clause.all("exception")[0]
    return clause.clause.end - exception.end > 0 or any(
        word[0] == "{" for other in sentence.clauses for word in other.words
    )


def _needs_no_negation(hit: Hit) -> bool:
    return hit.concept == "no_difference"


def _candidates(clause: ClauseSigns, paid: bool) -> list[tuple[Hit, float]]:
    found: list[tuple[Hit, float]] = []
    for hit in clause.all("no_difference"):
        if not _of_another_thing(clause, hit) and not _is_tied_elsewhere(clause, hit):
            found.append((hit, EXPLICIT))
    for hit in clause.all("confirming"):
        if _about_something_else(clause, hit) or _of_another_thing(clause, hit) or _asked_for(clause, hit):
            continue
        if clause.text.words[hit.start] == "confirmation" and paid and not clause.has("object"):
            continue  # "We have sent the wire. Confirmation attached."
        if _of_this_account(clause, hit):
            found.append((hit, EXPLICIT))
    for hit in clause.all("agree"):
        if (
            not _about_something_else(clause, hit)
            and not _of_another_thing(clause, hit)
            and _of_this_account(clause, hit)
        ):
            found.append((hit, STATED))
    for hit in clause.all("right"):
        elsewhere = any(other.start == hit.end for other in clause.all("wrong_object"))  # "agreed on the phone"
        if _is_predicate(clause, hit) and not (elsewhere or _of_another_thing(clause, hit) or _was_once(clause, hit)):
            found.append((hit, STATED))
    for hit in clause.all("right_weak"):
        said_of = clause.has("object") and (clause.near_before(hit, 4, "copula") or hit.end == clause.clause.end)
        if (said_of and clause.length > 2) or (clause.has("rest") and clause.length <= 3):  # "rest ok"
            found.append((hit, WEAK))
    for hit in clause.all("looks_right"):
        if hit.start - clause.clause.start <= 3 and not _of_another_thing(clause, hit):
            found.append((hit, LOOKS_RIGHT))
    for hit in clause.all("agree_bare"):
        ends = not _goes_on_elsewhere(clause.text.words[hit.end : clause.clause.end])
        if ends and _alone(clause, hit) and not _of_another_thing(clause, hit) and _leads(clause, hit):
            found.append((hit, STATED))
    return found


_BY_THIS = frozenset("take accept treat consider regard see".split())


def _asked_for(clause: ClauseSigns, hit: Hit) -> bool:
    """ "Please confirm" asks; "please take this mail as our confirmation" gives."""
    return clause.text.words[hit.start] not in _BY_THIS and clause.near_before(hit, 2, "request", "asks_us")


def _about_something_else(clause: ClauseSigns, hit: Hit) -> bool:
    """ "We confirm receipt", "I confirm that we have paid": not the balance. An object of the right kind first wins."""
    for other in clause.all("wrong_object", "paid", "promise", "bank_strong", "contact_change"):
        if other.start >= hit.end:
            return not any(hit.end <= good.start < other.start for good in clause.all("object"))
        if other.end > hit.start:  # "approved it for payment"
            return True
    return False


def _of_another_thing(clause: ClauseSigns, hit: Hit) -> bool:
    """ "The delivery address is correct" """
    for other in clause.all("wrong_object"):
        if other.end <= hit.start and not any(good.start < hit.start for good in clause.all("object")):
            return True
    return False


_LEADING_IN = frozenset(
    "ok yes yep yeah all fully duly both hereby is are now we i and agreed checked reviewed it this so also have been"
    " hi hello dear thanks herewith that everything reconciled verified hence therefore correct approved find".split()
)
_ACCOUNT = frozenset("balance balances statement amount figure figures total account".split())
_TIES = frozenset("with to that on about for upon".split())


def _of_this_account(clause: ClauseSigns, hit: Hit) -> bool:
    """ "Confirmed", "we agree with the balance"; not "order confirmed", "agree with Peter", "agree that we should"."""
    words, at = clause.text.words, clause.clause
    if is_cjk(words[hit.start][0]):
        return True
    if any(word in _MODALS for word in words[hit.end : at.end]):
        return False
    if not _ACCOUNT.isdisjoint(words[hit.start : hit.end]):
        return True  # "our auditors confirm the balance"
    if clause.has("object", "rest"):
        behind = words[hit.end : hit.end + 1]
        tied = bool(behind) and behind[0] in _TIES
        return not tied or any(good.start <= hit.end + 12 for good in clause.all("object", "rest"))
    return _leads(clause, hit) and at.end - hit.end <= 4 and not _goes_on_elsewhere(words[hit.end : at.end])


def _is_tied_elsewhere(clause: ClauseSigns, hit: Hit) -> bool:
    """ "No objections to your price list": tied to something that is not the account."""
    behind = clause.text.words[hit.end : hit.end + 1]
    if not behind or behind[0] not in _TIES | {"against", "regarding", "concerning", "of"}:
        return False
    others = [other.start for other in clause.all("wrong_object") if other.start >= hit.end]
    return bool(others) and not any(hit.end <= good.start < others[0] for good in clause.all("object"))


_OURS = frozenset("our my this us me".split())
_GREETING = frozenset("thanks best kind".split())
_ELSEWHERE = frozenset("with to of on about that been by".split())


def _goes_on_elsewhere(behind: list[str]) -> bool:
    """ "Our acceptance of your apology", "what we have been told"; not "agreed on our side"."""
    if len(behind) == 1 or (behind[:1] in (["on"], ["by"]) and behind[1] in _OURS):
        return False
    return bool(behind) and behind[0] in _ELSEWHERE and behind[1] not in _GREETING


def _leads(clause: ClauseSigns, hit: Hit) -> bool:
    """Nothing unknown stands right before: "ok confirmed", "balance confirmed", not "hotel confirmed"."""
    if hit.start == clause.clause.start or is_cjk(clause.text.words[hit.start][0]):
        return True
    before = clause.text.words[hit.start - 1]
    return before in _LEADING_IN or any(
        good.end == hit.start for good in clause.all("object", "rest", "receipt", "right_weak")
    )


_MODALS = frozenset("should must ought needs need wait might could".split())


def _was_once(clause: ClauseSigns, hit: Hit) -> bool:
    """ "The balance was correct last month" says nothing about today; "was found to be correct" does."""
    before = clause.text.words[max(clause.clause.start, hit.start - 3) : hit.start]
    return any(word in ("was", "were") for word in before) and "found" not in before


def _is_predicate(clause: ClauseSigns, hit: Hit) -> bool:
    """ "is correct", "all correct", "correct." but not "the correct invoice"; Chinese needs no verb."""
    if is_cjk(clause.text.words[hit.start][0]):
        return clause.length <= 10 or clause.has("object", "rest") or clause.near_before(hit, 8, "copula")
    if clause.length <= 4:
        return True
    if hit.start - clause.clause.start <= 1:
        return not _goes_on_elsewhere(clause.text.words[hit.end : clause.clause.end]) or clause.has("object", "rest")
    return clause.near_before(hit, 4, "copula", "rest", "object") and clause.has("object", "rest")


def _alone(clause: ClauseSigns, hit: Hit) -> bool:
    """The clause says little else: greetings, thanks, "yes"."""
    other = clause.length - (hit.end - hit.start)
    for quiet in clause.all("receipt", "right_weak"):
        if quiet.end <= hit.start or quiet.start >= hit.end:
            other -= quiet.end - quiet.start
    return other <= 2


def _refused(sentence: SentenceSigns, clause: ClauseSigns, hit: Hit, found: Agreement) -> None:
    """ "Not correct", "we cannot confirm": a dispute, unless it is only too early to say or a question."""
    if sentence.has("pending", "asked_check", "condition", "should", "hedge") or clause.asks or clause.has("question"):
        found.doubts.append(f"“{clause.evidence}” does not decide yet")
        return
    found.refusals.append(Vote(Intent.DISPUTE, 0.9 if hit.concept != "right_weak" else 0.75, clause))


def _kept_from_counting(sentence: SentenceSigns, clause: ClauseSigns, hit: Hit, weight: float) -> str:
    if clause.asks or (sentence.asks and (sentence.question_from == 0 or weight < EXPLICIT)):
        return "asks"
    if _seems(clause, hit) and hit.concept != "looks_right" and not sentence.has("confirming"):
        return "says how it looks"
    if _may_mean_gladly(sentence, clause, hit):
        return "may mean no more than “gladly”"
    if clause.has("question") or (clause.has("question_word") and is_cjk(clause.text.words[hit.start][0])):
        return "asks"
    for concept in _SOFT:
        if any(_softens(concept, other, clause) for other in sentence.clauses):
            return {
                "hedge": "is not certain",
                "condition": "depends on something",
                "pending": "is still to be checked",
                "asked_check": "is still to be checked",
            }.get(concept, "is an expectation")
    if _is_of_later(clause, hit):
        return "speaks of later"
    if (
        clause.before(hit, "request")
        and clause.text.words[hit.start] not in _BY_THIS
        and hit.concept != "no_difference"
        and not clause.has("rest")
    ):
        return "asks us"
    if any(no.start >= hit.end for no in clause.hits.get("negation", ())):
        return "is followed by a denial"
    return ""


def _softens(concept: str, other: ClauseSigns, clause: ClauseSigns) -> bool:
    """Whether ``other``, of the same sentence, keeps ``clause`` from being a confirmation by such a word."""
    if not other.has(concept):
        return False
    if other is clause:
        return True
    if concept == "hedge" and clause.has("rest"):
        return False  # 基本相符，只是XS1重复，其余无误
    if concept == "pending" and other.has("paid", "promise"):
        return False  # "none of them are paid yet"
    return not other.has("exception")


_STILL_TO = frozenset("is are was were need needs has have had ought going about likely yet got".split())


def _is_of_later(clause: ClauseSigns, hit: Hit) -> bool:
    """ "Will be correct", "is to be confirmed"; not "acknowledged to be correct", "found the same to be in order"."""
    words = clause.text.words
    for later in clause.all("future"):
        if later.start >= hit.start or hit.start - later.end > 3:
            continue
        if words[later.start : later.end] == ["to", "be"] and words[later.start - 1] not in _STILL_TO:
            continue
        return True
    return False


def _seems(clause: ClauseSigns, hit: Hit) -> bool:
    before = clause.text.words[max(clause.clause.start, hit.start - 2) : hit.start + 1]
    return any(word in ("looks", "look", "sounds", "seems") for word in before)


_GLADLY = ("没问题", "没有问题", "无问题", "没啥问题", "没什么问题")


def _may_mean_gladly(sentence: SentenceSigns, clause: ClauseSigns, hit: Hit) -> bool:
    """没问题，我转给会计: a willing answer to a request, when neither the account nor a check is spoken of."""
    words = clause.text.words
    if "".join(words[hit.start : hit.end]) not in _GLADLY or sentence.has("object"):
        return False
    said = {word for other in sentence.clauses for word in other.words}
    quiet = all(other.length <= 4 or other.has("receipt", "agree_bare", "no_difference") for other in sentence.clauses)
    return not quiet and not said & set("核查对账")


def takes_back(signs: Signs, agreement: Agreement, explained: set[int]) -> str:
    """Why, in spite of words of agreement, the message as a whole is not a confirmation; "" when it is one."""
    own = {(vote.clause.clause.start) for vote in agreement.votes}
    for clause in signs.clauses():
        if clause.clause.start in own:
            continue
        if clause.has("pending", "asked_check") and not clause.has("paid", "promise"):
            return f"“{clause.evidence}” says that it is still to be checked"
        if clause.has("condition") and (clause.has("confirming", "agree", "right") or clause.contrasted):
            return f"“{clause.evidence}” ties it to a condition"
        if clause.has("hedge") and clause.has("agree", "right", "right_weak", "confirming", "object"):
            return f"“{clause.evidence}” is not certain"
        if clause.contrasted and clause.clause.start not in explained and not clause.has("receipt"):
            return f"“{clause.evidence}” stands against it"
    return ""


def unexplained_denial(signs: Signs, explained: set[int]) -> str:
    """A negation in a clause that no intent was read from: words that we do not know may take the agreement back."""
    for clause in signs.clauses():
        known = clause.clause.start in explained or clause.has("unchanged") or denial_is_known(clause)
        if clause.has("negation") and not known:
            return f"“{clause.evidence}” denies something that was not understood"
    return ""


def denial_is_known(clause: ClauseSigns) -> bool:
    """ "We do not contest anything", "none of them is paid": its one negation is used up."""
    denied = [hit for hit in clause.all("disagreement", "paid") if clause.negations(hit) == 1]
    return bool(denied) and len(clause.all("negation")) == 1
