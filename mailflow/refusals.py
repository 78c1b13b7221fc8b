"""What ends a command early. The sentence is written for the person at the keyboard: what, where, what to do.

Faces turn the class into an exit code (contract, "Exit codes"); nothing below a face knows about exit codes.
"""

from __future__ import annotations


class Refusal(Exception):
    """The input or the configuration is unusable (exit code 2)."""


class Unreachable(Exception):
    """A server or the database could not be reached, or refused us (exit code 3)."""
