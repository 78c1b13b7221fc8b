"""``mailflow doctor --archive``: a file that was changed, and one that is gone, are both named."""

import datetime as dt

from mailflow.bootstrap import open_house
from mailflow.checkup import Verdict, _archive_hashes

AT = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
CONFIG = '[company]\nname = "Huaxing"\n[smtp]\nsecurity = "none"\n'


def test_damaged_and_missing_files_of_the_archive_are_named(tmp_path):
    (tmp_path / "mailflow.toml").write_text(CONFIG)
    house = open_house(str(tmp_path / "mailflow.toml"))
    with house.database.writing() as work:
        epoch = work.mailroom.begin_epoch("finance", "INBOX", 1, AT)
        work.mailroom.discover(epoch, [1, 2], AT)
        hashes = []
        for place in work.mailroom.to_fetch(epoch, AT, 10):
            stored = house.archive.store([b"mail %d" % place.uid])
            work.mailroom.stored(place, stored.sha256, stored.size, AT, AT)
            hashes.append(stored.sha256)
    assert [finding.verdict for finding in _archive_hashes(house)] == [Verdict.GOOD]
    changed, gone = (house.archive._path(sha256) for sha256 in hashes)
    changed.chmod(0o600)
    changed.write_bytes(b"forged")
    gone.unlink()
    found = [(finding.verdict, finding.says) for finding in _archive_hashes(house)]
    house.close()
    assert found == [(Verdict.BROKEN, f"{hashes[0]} is damaged"), (Verdict.BROKEN, "message 2 has lost its bytes")]
