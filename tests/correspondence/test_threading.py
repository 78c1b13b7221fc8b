"""Conversations out of a heap of mail: the same for any order, never two parties in one; ghosts and late parents."""

import dataclasses
import datetime as dt
import random
from collections import defaultdict
from functools import cache
from itertools import combinations

import pytest

from mailflow.correspondence.envelope import envelope
from mailflow.correspondence.threading import Envelope, base_subject, threads
from tests.correspondence.conversations import Mailbox
from tests.correspondence.crossed_conversations import Crossed
from tests.correspondence.other_conversations import Correspondence

read = cache(envelope)  # pure, and the same mails are looked at in many orders
AT = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
OURS, CUSTOMER = "ar@huaxing.example", "ap@kunde.example"


def mail(name, days=0, sender=CUSTOMER, to=(OURS,), **facts):
    return Envelope(
        key=f"<{name}@x>", digest=name, message_id=f"<{name}@x>", sender=sender, to=to,
        date=AT + dt.timedelta(days=days), **facts,
    )  # fmt: skip


def letter(name, days=0, to=(CUSTOMER,), **facts):
    return mail(name, days, OURS, to, **facts)


def groups(envelopes):
    return sorted(sorted(one.strip("<>").partition("@")[0] for one in thread.messages) for thread in threads(envelopes))


def pairs(found):
    return {pair for group in found for pair in combinations(sorted(group), 2)}


def measured(box):
    found = [[key for key in thread.messages if key in box.truth] for thread in threads(box.envelopes)]
    true, strong = defaultdict(list), defaultdict(list)
    for key, (conversation, _, how) in box.truth.items():
        true[conversation].append(key)
        if how != "weak":
            strong[conversation].append(key)
    have, every, needed = pairs(found), pairs(true.values()), pairs(strong.values())
    cross = sum(box.truth[one][1] != box.truth[other][1] for one, other in have)
    return len(have & every) / len(have), len(have & needed) / len(needed), cross, found


@pytest.mark.parametrize("seed", range(6))
def test_generated_correspondences_are_taken_apart_rightly(seed):
    box = Mailbox(seed)
    precision, recall, cross, found = measured(box)
    assert cross == 0
    assert (precision, recall) >= (0.999, 0.98)
    assert sorted(key for group in found for key in group) == sorted(box.truth)  # each once


@pytest.mark.long
def test_five_thousand_messages_are_taken_apart_rightly():
    box = Mailbox(99, parties=110, months=12)
    precision, recall, cross, _ = measured(box)
    assert len(box.truth) >= 5000 and cross == 0
    assert precision >= 0.999 and recall >= 0.98


def test_any_order_gives_the_same_threads():
    box = Mailbox(3)
    first = threads(box.envelopes)
    for seed in range(4):
        shuffled = list(box.envelopes)
        random.Random(seed).shuffle(shuffled)
        assert [dataclasses.asdict(one) for one in threads(shuffled)] == [dataclasses.asdict(one) for one in first]


def test_two_monthly_letters_of_one_subject_never_merge():
    same = {"subject": "Statement of account"}
    assert groups([letter("oct", **same), letter("nov", 30, **same)]) == [["nov"], ["oct"]]


def test_an_answer_without_headers_finds_the_only_letter_of_its_subject_and_none_of_two():
    one = [letter("l", subject="Statement A"), mail("r", 1, subject="Re: Statement A")]
    assert groups(one) == [["l", "r"]]
    two = [*one, letter("m", 0.5, subject="Statement A")]
    assert ["r"] in groups(two)


def test_replies_that_share_an_unknown_ancestor_belong_together():
    assert groups([mail("a", references=("<ghost@x>",)), mail("b", 1, in_reply_to="<ghost@x>")]) == [["a", "b"]]


def test_a_late_parent_joins_what_answered_it():
    heap = [mail("a", 2, in_reply_to="<p@x>"), mail("b", 3, references=("<p@x>",)), letter("p")]
    assert groups(heap) == [["a", "b", "p"]]


def test_a_mail_that_points_to_letters_of_two_parties_follows_its_stronger_pointer_only():
    other = letter("theirs", to=("ap@other.example",))
    heap = [letter("ours"), other, mail("r", 1, in_reply_to="<ours@x>", references=("<theirs@x>",))]
    assert groups(heap) == [["ours", "r"], ["theirs"]]


def test_a_bounce_joins_the_letter_that_it_returns():
    bounce = mail("b", 1, "mailer-daemon@mx.example", returned="<l@x>")
    assert groups([letter("l"), bounce]) == [["b", "l"]]


def test_a_forwarded_letter_answered_by_somebody_else_at_its_address_joins():
    heap = [
        letter("l", subject="[ST-2026-10-C001-AB12CD]"), letter("m", to=("x@other.example",)),
        mail("r", 1, "accountant@office.example", ("ar+st-2026-10-c001-ab12cd@huaxing.example",), subject="letter"),
    ]  # fmt: skip
    assert groups(heap) == [["l", "r"], ["m"]]


def test_an_id_that_everybody_claims_is_no_identity():
    heap = [dataclasses.replace(mail(f"m{n}", n, f"a@k{n}.example"), message_id="<same@x>") for n in range(6)]
    assert len(threads(heap)) == 6


@pytest.mark.parametrize(
    "subject",
    ["Re: 对账单", "回复：Re: 对账单", "AW: WG: 对账单", "[EXT] Fwd: 对账单", "RE[2]: 对账单", "答复: 转发: 对账单"],
)
def test_prefixes_of_many_languages_are_no_part_of_a_subject(subject):
    assert base_subject(subject) == "对账单"


def test_nothing_gives_nothing():
    assert threads([]) == []


def others_measured(made):
    """Precision, recall, pairs over two parties; of raw mails, through the reading of their headers."""
    truth = {mail.key: mail for mail in made.mails}
    found = [
        [key for key in thread.messages if key in truth] for thread in threads(read(mail.raw) for mail in made.mails)
    ]
    true = defaultdict(list)
    for key, mail in truth.items():
        if not mail.weak:
            true[mail.conversation].append(key)
    have, needed = pairs(found), pairs(true.values())
    right = {(one, other) for one, other in have if truth[one].conversation == truth[other].conversation}
    cross = [(one, other) for one, other in have if truth[one].party != truth[other].party]
    return len(right) / len(have), len(have & needed) / len(needed), cross, found


@pytest.mark.parametrize("seed", range(3))
def test_correspondences_with_other_habits_are_taken_apart_rightly_in_any_order(seed):
    made = Correspondence(seed, parties=8)
    precision, recall, cross, found = others_measured(made)
    assert cross == []
    assert precision >= 0.999 and recall >= 0.98, (precision, recall)
    for order in range(3):
        random.Random(order).shuffle(made.mails)
        assert others_measured(made)[3] == found


@pytest.mark.long
def test_six_thousand_raw_mails_with_other_habits_are_taken_apart_rightly():
    made = Correspondence(77, parties=260)
    precision, recall, cross, _ = others_measured(made)
    print(f"{len(made.mails)} mails: precision {precision:.5f}, recall {recall:.5f}, cross-party {len(cross)}")
    assert len(made.mails) >= 5_000 and cross == []
    assert precision >= 0.999 and recall >= 0.98


def crossed_measured(made):
    truth = {one.key: one for one in made.sent}
    found = [thread.messages for thread in threads(read(one.raw) for one in made.sent)]
    have, needed = pairs(found), pairs(made.connected())
    right = {(one, other) for one, other in have if truth[one].conversation == truth[other].conversation}
    cross = [(one, other) for one, other in have if truth[one].party != truth[other].party]
    return len(right) / len(have), len(have & needed) / len(needed), cross, found


@pytest.mark.parametrize("seed", range(3))
def test_crossed_correspondences_are_taken_apart_rightly_in_any_order(seed):
    made = Crossed(seed, parties=10)
    precision, recall, cross, found = crossed_measured(made)
    assert cross == []
    assert precision >= 0.999 and recall >= 0.98, (precision, recall)
    for order in range(2):
        random.Random(order).shuffle(made.sent)
        assert crossed_measured(made)[3] == found


@pytest.mark.long
def test_six_thousand_crossed_mails_are_taken_apart_rightly():
    made = Crossed(101, parties=170, months=6)
    precision, recall, cross, _ = crossed_measured(made)
    print(f"{len(made.sent)} mails: precision {precision:.5f}, recall {recall:.5f}, cross-party {len(cross)}")
    assert len(made.sent) >= 6_000 and cross == []
    assert precision >= 0.999 and recall >= 0.98


def test_a_bookkeeper_elsewhere_who_answers_a_letter_is_in_its_conversation():
    heap = [
        letter("l", subject="Statement"), letter("m", to=("ap@other.example",), subject="Statement"),
        mail("r", 1, "anna@books.example", subject="new matter", in_reply_to="<l@x>"),
    ]  # fmt: skip
    assert groups(heap) == [["l", "r"], ["m"]]


def test_another_party_that_names_a_letter_by_the_way_stays_out():
    heap = [
        letter("l", subject="Statement A"), letter("m", to=("ap@other.example",), subject="Statement B"),
        mail("q", 1, "ap@other.example", subject="question", references=("<l@x>",)),
    ]  # fmt: skip
    assert groups(heap) == [["l"], ["m"], ["q"]]


def test_a_reply_with_an_id_made_by_the_relay_finds_the_letter_by_the_address_of_its_answers():
    heap = [
        letter("l", reply_to=("ar+abcdefgh123@huaxing.example",)),
        mail("r", 1, to=("ar+abcdefgh123@huaxing.example",), in_reply_to="<010201@eu-west-1.amazonses.example>"),
        mail("s", 2, in_reply_to="<010201@eu-west-1.amazonses.example>"),
    ]  # fmt: skip
    assert groups(heap) == [["l", "r", "s"]]


def test_a_forward_of_a_forward_joins_by_the_letter_in_its_middle():
    text = b"Content-Type: text/plain\r\n\r\nplease see\r\n"
    ours = b"From: ar@huaxing.example\r\nTo: ap@kunde.example\r\nMessage-ID: <%s@x>\r\nX-Mailflow-Id: <l@x>\r\n"

    def around(name, inner):
        head = b"From: ap@kunde.example\r\nTo: ar@huaxing.example\r\nSubject: Fw: S\r\nMessage-ID: <%s@x>\r\n" % name
        parts = b"\r\n--b%s\r\n%s--b%s\r\nContent-Type: message/rfc822\r\n\r\n%s\r\n--b%s--\r\n"
        kind = b"Content-Type: multipart/mixed; boundary=b%s\r\n" % name
        return head + kind + parts % (name, text, name, inner, name)

    sent, arrived = (ours % name + text for name in (b"l", b"rewritten"))
    found = groups([envelope(sent), envelope(around(b"g", around(b"f", arrived)))])
    assert found == [["g", "l"]]


def test_a_mail_made_from_a_template_each_month_never_merges_by_its_thread_index():
    same = {"subject": "Remittance advice", "thread_index": "AVRFTVBMQVRFLU9GLUVSUC1WRU5ET2U78DLj"}
    assert groups([letter("l"), mail("a", 1, **same), mail("b", 29, **same)]) == [["a"], ["b"], ["l"]]


def test_an_id_that_programs_of_many_parties_name_connects_nothing():
    heap = [mail(f"m{n}", n, f"a@k{n % 5}.example", references=("<0@localhost.localdomain>",)) for n in range(10)]
    assert len(threads(heap)) == 10
