"""Finds what is wrong with ``templates/`` before anything is sent: unknown names, missing words, letters that break.

problems = check_templates(templates)      # [] when every letter of every language can be written
"""

from __future__ import annotations

from mailflow.correspondence.letter_context import Context
from mailflow.correspondence.letter_occasions import KINDS, occasions
from mailflow.refusals import Refusal
from mailflow.steps.ports.letters import Templates


def check_templates(templates: Templates) -> list[str]:
    """One sentence a problem. Every branch is read, and every letter is rendered for each made-up occasion."""
    problems: dict[str, None] = {}  # in order, each once
    for language in templates.languages():
        words = templates.words(language)
        there = templates.kinds(language)
        problems |= {
            f"templates/{language}: the letter {kind!r} is missing": None for kind in KINDS if kind not in there
        }
        for kind in KINDS:
            if kind not in there:
                continue
            contexts = occasions(kind, words)
            try:
                unknown = sorted(one for one in templates.asked_for(kind, language) if not _known(one, contexts))
            except Refusal as found:
                problems[str(found)] = None
                continue
            problems |= {f"templates/{language}/{kind}: asks for {one}, which no letter has": None for one in unknown}
            if unknown:
                continue
            for context in contexts:
                try:
                    templates.render(kind, language, context)
                except Refusal as found:
                    problems[str(found)] = None
    return list(problems)


def _known(asked: str, contexts: list[Context]) -> bool:
    if asked.startswith("w["):
        words = contexts[0]["w"]
        try:
            words[asked[2:-1]]  # type: ignore[index]
        except LookupError:
            return False
        return True
    name, _, attribute = asked.partition(".")
    values = [context[name] for context in contexts if name in context]
    if not attribute:
        return bool(values)
    return any(attribute in value for value in values if isinstance(value, dict))
