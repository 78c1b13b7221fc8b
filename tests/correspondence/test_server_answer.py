"""What a refusal is about: an address, a letter, our account or the server; and whether it is for good."""

import pytest

from mailflow.correspondence.server_answer import Judgement, Phase, Scope, cleaned, judge


@pytest.mark.parametrize(
    ("phase", "code", "words", "scope", "permanent"),
    [
        (Phase.RECIPIENT, 550, "5.1.1 user unknown", Scope.RECIPIENT, True),
        (Phase.RECIPIENT, 550, "5.7.1 rejected by recipient policy: blocked", Scope.MESSAGE, True),
        (Phase.RECIPIENT, 450, "4.2.0 greylisted", Scope.RECIPIENT, False),
        (Phase.RECIPIENT, 452, "4.2.2 over quota", Scope.RECIPIENT, False),
        (Phase.RECIPIENT, 421, "4.7.0 try later", Scope.SERVER, False),
        (Phase.RECIPIENT, 554, "5.7.1 Relay access denied", Scope.ACCOUNT, True),
        (Phase.SIGN_IN, 535, "5.7.8 bad credentials", Scope.ACCOUNT, True),
        (Phase.SIGN_IN, 454, "4.7.0 temporary authentication failure", Scope.SERVER, False),
        (
            Phase.SENDER,
            550,
            "5.7.60 Client does not have permissions to send as this sender",
            Scope.ACCOUNT,
            True,
        ),
        (Phase.SENDER, 530, "5.7.0 Authentication required", Scope.ACCOUNT, True),
        (Phase.SENDER, 552, "5.3.4 message size exceeds fixed limit", Scope.MESSAGE, True),
        (Phase.SENDER, 432, "4.3.2 Concurrent connections limit exceeded", Scope.SERVER, False),
        (Phase.RECIPIENT, 550, "5.7.30 Basic authentication is not supported", Scope.ACCOUNT, True),
        (Phase.CONTENT, 554, "5.2.2 mailbox full; STOREDRV.Submission.Exception", Scope.ACCOUNT, True),
        (Phase.CONTENT, 554, "DT:SPM 163 smtp5,D9GowACHO", Scope.MESSAGE, True),
        (Phase.RECIPIENT, 451, "RP:CEL 163 smtp1, too many", Scope.ACCOUNT, False),
        (Phase.CONTENT, 550, "Mail content denied", Scope.MESSAGE, True),
        (Phase.RECIPIENT, 550, "Ip frequency limited", Scope.ACCOUNT, True),
        (Phase.CONNECT, 554, "no service", Scope.SERVER, False),
        (Phase.CONTENT, 451, "4.3.0 try again", Scope.MESSAGE, False),
    ],
)
def test_a_refusal_is_judged_by_what_it_is_about(phase, code, words, scope, permanent):
    assert judge(phase, code, words) == Judgement(scope, permanent)


def test_words_of_any_encoding_become_one_storable_line():
    gbk = "用户不存在".encode("gbk").decode("utf-8", "surrogateescape")
    assert cleaned(gbk) == "用户不存在"
    assert cleaned("a\r\nb\x00\x1b[31mc") == "a b [31mc"
    assert cleaned(b"\xff\xfe\xff".decode("utf-8", "surrogateescape")).encode()
    assert len(cleaned("x" * 2000)) == 500
