"""An export that was damaged on its way is refused or read in part, and nothing else happens."""

import random
import zipfile
from pathlib import Path

import pytest

from handlers.sources.export import BadExport, Export
from tests.scenarios.exports import USERS, channel, said, team_export, user, write_export


def test_any_damage_is_a_bad_export_or_a_counted_one(tmp_path: Path) -> None:
    """Bytes changed and ends cut off: either the file is refused, or what is lost of it is counted."""
    whole = team_export(tmp_path / "whole.zip").read_bytes()
    directory = whole.index(b"PK\x01\x02")  # behind it stands what there is: an entry lost there was never known of
    dice, refused, partly = random.Random(7), 0, 0
    for _ in range(400):
        content = bytearray(whole)
        for _ in range(dice.choice((1, 1, 2, 20))):
            content[dice.randrange(directory)] ^= dice.randrange(1, 256)
        if dice.random() < 0.1:
            del content[dice.randrange(len(content)) :]
        path = tmp_path / "damaged.zip"
        path.write_bytes(content)
        try:
            with Export(path) as export:
                export.memberships()
                export.last_posted_at()
                read = sum(len(day.messages) for day in export.days())
                assert read == 6 or export.skipped.total
                partly += read < 6
        except BadExport:
            refused += 1
    assert refused
    assert partly


def test_the_last_message_is_found_behind_broken_days(tmp_path: Path) -> None:
    """A last day that is damaged, empty or full of nonsense does not decide when the morning after is."""
    day = [said("2026-11-19T09:00:00+01:00", "U2", "hello")]
    days: dict[str, object] = {
        "dev/2026-11-19": day,
        "dev/2026-11-20": b"{",
        "dev/2026-11-21": [],
        "dev/2026-11-22": [1],
    }
    with Export(write_export(tmp_path / "e.zip", users=USERS, channels=[channel("C1", "dev")], days=days)) as export:
        latest = export.last_posted_at()
        assert export.skipped.total == 0
        assert latest is not None
        assert latest.isoformat() == "2026-11-19T08:00:00+00:00"


def test_private_channels_stay_private(tmp_path: Path) -> None:
    """What `groups.json` lists is private whatever it says of itself, and direct messages are never read."""
    path = write_export(
        tmp_path / "e.zip",
        users=[user("U1", "Ana")],
        channels=[channel("C1", "dev", "U1"), channel("C2", "hidden", is_private=True), channel("D1", "", is_im=True)],
        groups=[channel("G1", "leads", "U1")],
        days={},
    )
    with Export(path) as export:
        assert {place.external_id: place.kind for place in export.containers()} == {
            "C1": "public",
            "C2": "private",
            "G1": "private",
        }
        assert export.skipped.reasons == {"channel: direct messages are not read": 1}


@pytest.mark.parametrize("name", ["users", "channels", "groups"])
def test_lists_must_be_lists(tmp_path: Path, name: str) -> None:
    """Without a readable list of people and of channels there is no export."""
    path = tmp_path / "e.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for each in ("users", "channels", "groups"):
            packed.writestr(f"{each}.json", "{}" if each == name else "[]")
    with pytest.raises(BadExport, match=rf"{name}\.json in .* is not a list"):
        Export(path)
