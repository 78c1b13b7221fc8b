"""The test servers themselves answer as real ones do."""

import imapclient
import sqlalchemy as sa


def test_dovecot_takes_a_mail_over_smtp_and_shows_it_over_imap(dovecot):
    dovecot.deliver(b"Subject: hello\r\n\r\nbody\r\n", to=dovecot.address.replace("@", "+t0ken@"))
    client = imapclient.IMAPClient(dovecot.host, port=dovecot.imap_port, ssl=False, timeout=10)
    client.login(dovecot.address, dovecot.password)
    assert client.select_folder("INBOX")[b"EXISTS"] == 1
    assert {b"MOVE", b"IDLE", b"UIDPLUS", b"CONDSTORE"} <= set(client.capabilities())
    client.logout()


def test_each_test_gets_an_empty_database(database_url):
    engine = sa.create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE t (x INTEGER)"))
    assert sa.inspect(engine).get_table_names() == ["t"]
    engine.dispose()
