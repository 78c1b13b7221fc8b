"""Which language a text is written in: enough to choose its phrases, nothing more."""

from __future__ import annotations

import re

from mailflow.correspondence.phrases import is_cjk

_WORD = re.compile(r"[a-zà-ÿ]+(?:['’][a-zà-ÿ]+)?")
# Small words that stand in every text of a language and in no other of these.
_MARKS = {
    "en": "the and you your we our is are this that with for have has will please thanks thank not of it to as in"
    " attached hi hello dear",
    "de": "der die das und ist nicht wir ihre ihr sie mit für von den dem ein eine einen bitte werden wird haben auf"
    " im zu zum noch danke hallo guten sehr geehrte uns ich anbei rechnung"
    " unsere unser unserer unseren hat sich wurde keine bei ihnen am sind war eines einer bestätigen saldo",
    "fr": "le la les et est nous vous votre vos notre pour avec dans des du une un pas ne que sur merci bonjour"
    " cordialement avons sommes être ci-joint je cette facture ce cet cette aux au par été mois solde relevé",
    "es": "el los las y es nos su sus nuestra nuestro para con una un que por favor gracias hola hemos estimados está"
    " adjunto adjunta del le les factura han fue sido esta este estamos saldo",
}
_SETS = {language: frozenset(words.split()) for language, words in _MARKS.items()}
LOOKED_AT = 4000  # characters; the rest of a long message is in the same language


def detect(text: str) -> str:
    """``zh``, ``en``, ``de``, ``fr`` or ``es``: Chinese when a good part is Chinese, ``en`` when nothing speaks."""
    sample = text[:LOOKED_AT]
    chinese = sum(map(is_cjk, sample))
    latin = latin_language(sample)
    words = len(_WORD.findall(sample.lower()))
    return "zh" if chinese and chinese * 2 >= words else latin


def latin_language(text: str) -> str:
    """The language of the Latin-written words, ``en`` when they do not tell."""
    words = _WORD.findall(text[:LOOKED_AT].lower())
    scores = {language: sum(word in marks for word in words) for language, marks in _SETS.items()}
    best = max(scores, key=lambda language: (scores[language], language == "en"))
    return best if scores[best] else "en"
