"""Mails made to stop a reader: each repeats what some pattern or tree could stumble over (field guide "replies", 8)."""

from __future__ import annotations


def hostile(size: int = 240_000) -> dict[str, bytes]:
    """Mails of about ``size`` bytes."""
    share = size / 240_000
    head = b"From: a@b.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n"

    def body(piece: str) -> bytes:
        return head + (piece * (size // len(piece.encode()) + 1)).encode()[:size]

    deep = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(int(4_000 * share))
    )
    return {
        "an attribution opener repeated": body("On "),
        "the Chinese opener repeated": body("在 "),
        "lines that begin On": body("On Monday we\n"),
        "blank lines": body("\n"),
        "spaces": body(" "),
        "one line of dashes": body("-"),
        "unclosed links": body("<http://x "),
        "ISO dates": body("2026-11-02 "),
        "Chinese dates": body("于2026年11月2日 "),
        "lines that begin Le": body("Le 2 nov.\n"),
        "quote marks and text in turn": body("> a\nb\n"),
        "deep quotes": head + b"\n".join(b">" * n + b" x" for n in range(int(690 * share**0.5))),
        "a huge subject of encoded words": b"Subject: " + b"=?utf-8?q?a?= " * int(17_000 * share) + b"\n\nx",
        "parentheses in To": b"To: " + b"(" * size + b"\n\nx",
        "multiparts inside each other": b"From: a@b.example\n" + deep,
        "deep HTML": head.replace(b"plain", b"html") + b"<div><blockquote>" * int(14_000 * share),
        "From labels": body("From: a@b.example\n"),
        "empty parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\n" * int(40_000 * share),
        "wrote": body("wrote: "),
        "lines that end in wrote": body("x 10:30 wrote:\n"),
        "addresses above a verb": body("On a@b\nwrote\n"),
        "ends of wrapped attributions": body(">:\n"),
        "addresses": body("<a@b.example> "),
        "Sent labels": body("Sent: 2026-11-02\n"),
        "closing formulas": body("Best regards\nSam\n"),
        "words of failure": body("could not be delivered "),
        "contact lines": body("Tel: +44 20 7946 0000\n"),
        "disclaimers": body("This message is confidential and intended only\n"),
        "banners": body("CAUTION: external "),
        "Authentication-Results": b"Authentication-Results: x; " + b"dkim=pass (" * int(20_000 * share) + b"\n\nx",
        "References": b"References: " + b"<a@b> <" * int(30_000 * share) + b"\n\nx",
        "parameters": b"Content-Type: text/plain; " + b'name*0*=";' * int(24_000 * share) + b"\n\nx",
        "HTML attributes": head.replace(b"plain", b"html") + b'<a href="' * int(24_000 * share),
        "HTML containers": head.replace(b"plain", b"html") + b'<div class="gmail_quote">' * int(9_600 * share),
        "HTML comments": head.replace(b"plain", b"html") + b"<!--" * int(60_000 * share),
    }
