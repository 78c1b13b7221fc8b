"""A DKIM signature of ours verifies, covers what a reader sees, and breaks when that is changed."""

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mailflow.adapters.dkim_signer import DkimSigner
from mailflow.refusals import Refusal

RAW = (
    b"From: ar@huaxing.example\r\nTo: li@hengtai.example\r\nSubject: =?utf-8?b?5a+56LSm5Y2V?=\r\n"
    b"Message-ID: <a@huaxing.example>\r\nMIME-Version: 1.0\r\n\r\nbody\r\n"
)


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="module")
def signer(key, tmp_path_factory):
    file = tmp_path_factory.mktemp("dkim") / "key.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return DkimSigner.from_file("mail1", "huaxing.example", file)


def verifies(raw: bytes, key) -> bool:
    import base64

    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)

    def dns(name: bytes, timeout: int = 5) -> bytes | None:
        return record if name == b"mail1._domainkey.huaxing.example." else None

    try:
        return dkim.verify(raw, dnsfunc=dns)
    except dkim.DKIMException:
        return False


def test_a_signed_letter_verifies_and_its_own_bytes_are_untouched(signer, key):
    signed = signer.sign(RAW)
    assert signed.endswith(RAW) and signed.startswith(b"DKIM-Signature:")
    assert verifies(signed, key)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"body", b"bodY"),
        (b"li@hengtai", b"xx@hengtai"),
        (b"Subject: ", b"Subject: x"),
        (b"From: ar@huaxing.example\r\nTo", b"From: ceo@huaxing.example\r\nFrom: ar@huaxing.example\r\nTo"),
    ],
)
def test_a_changed_letter_does_not(signer, key, old, new):
    signed = signer.sign(RAW)
    assert not verifies(signed.replace(old, new), key)


def test_a_key_that_cannot_sign_is_refused_at_the_door(tmp_path):
    with pytest.raises(Refusal, match="cannot be read"):
        DkimSigner.from_file("s", "x.example", tmp_path / "missing")
    (tmp_path / "bad").write_text("no key")
    with pytest.raises(Refusal, match="DKIM key"):
        DkimSigner.from_file("s", "x.example", tmp_path / "bad")
