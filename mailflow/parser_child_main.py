"""Entry of the process behind :mod:`mailflow.adapters.parser_child`: documents and messages, read where it may die."""

from __future__ import annotations

from parsers.child import parse_job, serve


def main() -> None:
    serve({"parse": parse_job})


if __name__ == "__main__":
    main()
