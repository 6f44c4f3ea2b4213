"""A company to be briefed: so many readers in sixty channels, each in about eight, whose talk decides and promises."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.local.workspace import Seed, SeedMessage
from bot.local.workspace.clock import ts_of

TEAM, BOT = "T1", "UDAYBOOK"
CHANNELS = 60
EACH_IN = 8
TALKS = 6
"""In each channel on the day before."""
NINE = datetime(2026, 11, 19, 9, tzinfo=UTC)
DUE = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
EXAMPLES = (
    ("{other} can you look at the {thing} queue? It has been growing since noon.", "On it, back by tomorrow noon."),
    (
        "We decided to ship the {thing} on Monday and drop the old importer.",
        "Good. I will write the runbook by Friday.",
    ),
    (
        "We're blocked on the {thing} firewall change: security has not answered since Tuesday.",
        "I'll chase them today.",
    ),
    (
        "Do we keep the {thing} exporter for the Swiss customers?",
        "I think so, but {other} has to say.",
        "Yes, until May.",
    ),
    ("The {thing} cluster is out of disk again.", "Cleaned up; I'll raise the quota by tomorrow.", "Thanks a lot!"),
    ("{other} please approve the {thing} licence, it expires on Monday.", "Will do."),
    ("Lunch at the new place today?", "Count me in.", "Same here, at noon."),
    (
        "I'll move the {thing} exports tonight.",
        "We agreed to freeze the platform from the 21st of December, mind that.",
    ),
)
_THINGS = "ledger gateway proxy search billing login mailer export cache importer payout invoice".split()


def readers(many: int) -> list[str]:
    return [f"UREAD{number:04d}" for number in range(many)]


def personal(reader: str) -> str:
    """The channel that is theirs alone."""
    return f"CP{reader}"


def seed(many: int) -> Seed:
    """The company on Thursday evening."""
    chance = random.Random(8)
    everybody = readers(many)
    inside: dict[str, list[str]] = {f"CROOM{number:02d}": [] for number in range(CHANNELS)}
    for reader in everybody:
        for room in chance.sample(sorted(inside), EACH_IN):
            inside[room].append(reader)
    users = [
        {"id": key, "name": key.lower(), "real_name": f"{_name(number)} {_name(number // 37 + 11)}", "tz": "UTC"}
        for number, key in enumerate(everybody)
    ]
    channels = [
        {"id": room, "name": room.lower(), "kind": "private", "members": members, "bot_is_member": True}
        for room, members in inside.items()
    ]
    channels += [
        {"id": personal(key), "name": f"daybook-{key.lower()}", "kind": "private", "members": [key, BOT]}
        for key in everybody
    ]
    said = [each for room, members in inside.items() for each in _said(room, members, chance)]
    return Seed.model_validate(
        {
            "team": {"id": TEAM, "name": "Company", "domain": "company", "bot_user_id": BOT},
            "users": users,
            "channels": channels,
            "messages": [each.model_dump() for each in said],
        }
    )


def _said(room: str, members: list[str], chance: random.Random) -> Iterator[SeedMessage]:
    at = NINE + timedelta(seconds=chance.randrange(600))
    for _ in range(TALKS if len(members) > 1 else 0):
        one, other = chance.sample(members, 2)
        thing = f"{chance.choice(_THINGS)}-{chance.randrange(90) + 10}"
        for turn, line in enumerate(chance.choice(EXAMPLES)):
            at += timedelta(seconds=chance.randrange(30, 400))
            text = line.format(other=f"<@{other}>", thing=thing)
            yield SeedMessage(channel=room, ts=ts_of(at), user=(one, other)[turn % 2], text=text)
        at += timedelta(minutes=chance.randrange(20, 70))


def _name(number: int) -> str:
    onset, vowel, end = "B D F G H J K L M N P R S T V W".split(), "a e i o u".split(), "n ra lo mi ck sse".split()
    return onset[number % 16] + vowel[number // 16 % 5] + end[number // 80 % 6]
