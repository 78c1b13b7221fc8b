"""What a person decided about conversations outranks every header, in any order, now and later."""

import random

from mailflow.correspondence.arrangement import Member, Ruling, arrange

CHAIN = [Member(1, ("<a>",)), Member(2, ("<b>", "<a>")), Member(3, ("<c>", "<b>")), Member(4, ("<d>",))]


def groups(members, *rulings):
    return [group.messages for group in arrange(members, rulings)]


def apart(no, one, other):
    return Ruling(no, False, frozenset(one), frozenset(other))


def together(no, one, other):
    return Ruling(no, True, frozenset(one), frozenset(other))


def test_without_a_decision_the_headers_decide():
    assert groups(CHAIN) == [[1, 2, 3], [4]]


def test_what_was_split_stays_split_though_the_headers_join_it():
    assert groups(CHAIN, apart(1, [3], [1, 2])) == [[1, 2], [3], [4]]


def test_an_answer_to_what_was_split_off_goes_with_it_and_an_answer_to_the_rest_does_not():
    later = [*CHAIN, Member(5, ("<e>", "<c>", "<a>")), Member(6, ("<f>", "<a>"))]
    assert groups(later, apart(1, [3], [1, 2])) == [[1, 2, 6], [3, 5], [4]]


def test_what_was_merged_is_one_though_no_header_says_so():
    assert groups(CHAIN, together(1, [1], [4])) == [[1, 2, 3, 4]]


def test_the_newer_decision_wins_over_the_older():
    assert groups(CHAIN, apart(1, [3], [1, 2]), together(2, [2], [3])) == [[1, 2, 3], [4]]
    assert groups(CHAIN, together(1, [1], [4]), apart(2, [4], [1])) == [[1, 2, 3], [4]]


def test_an_id_leads_into_one_conversation_only():
    made = arrange(CHAIN, [apart(1, [3], [1, 2])])
    ids = [one for group in made for one in group.ids]
    assert sorted(ids) == ["<a>", "<b>", "<c>", "<d>"]


def test_any_order_of_messages_and_decisions_gives_the_same():
    chance = random.Random(4)
    members = [
        Member(number, (f"<{number}>", *(f"<{chance.randint(1, number)}>" for _ in range(chance.randint(0, 3)))))
        for number in range(1, 40)
    ]
    rulings = [
        Ruling(no, chance.random() < 0.5, frozenset(chance.sample(range(1, 40), 2)), frozenset([chance.randint(1, 39)]))
        for no in range(1, 8)
    ]
    expected = arrange(members, rulings)
    for _ in range(20):
        chance.shuffle(members)
        chance.shuffle(rulings)
        assert arrange(members, rulings) == expected
