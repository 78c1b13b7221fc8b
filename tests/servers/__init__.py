"""Real servers for tests, on loopback only: Dovecot behind an SMTP front, and PostgreSQL. Each started once a run."""
