"""Many leaders in teams of ten, whose engineers talk: what they wrote by Thursday evening, and on Friday at eight."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bot.local.workspace import Seed, SeedMessage
from bot.local.workspace.clock import ts_of
from tests.scenarios.team import BOT

EVENING = datetime(2026, 11, 19, 20, 50, tzinfo=UTC)
EIGHT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LATE = "Atlantic/Azores"
"""Where half past eight comes an hour later."""
TOGETHER = 10
"""Leaders in one team."""
ALL = "CALL"
_TALK = (
    "{other} can you look at the {thing} queue? It has been growing since noon.",
    "I'll check the {thing} queue and report back by tomorrow noon.",
    "We decided to ship {thing} on Monday and drop the old importer.",
    "We're blocked on the {thing} firewall change: security has not answered since Tuesday.",
    "I will write the {thing} runbook by Friday.",
    "Do we keep the {thing} exporter for the Swiss customers?",
    "The {thing} cluster is out of disk again.",
    "{leader} please approve the {thing} licence, it expires on Monday.",
)
_AT_EIGHT = (
    "We agreed to freeze the {thing} platform from the 21st of December.",
    "I'll move the {thing} exports tonight.",
    "{leader} who tells the finance team about the {thing} refunds?",
)
_THINGS = "ledger gateway proxy search billing login mailer export cache importer".split()


def leaders(many: int) -> list[str]:
    return [f"ULEAD{number:03d}" for number in range(many)]


LATER = ("ULATE1", "ULATE2", "ULATE3")


def personal(leader: str) -> str:
    """The channel that is theirs alone."""
    return f"CP{leader}"


def seed(many: int) -> Seed:
    """So many leaders at UTC, three of the first team in the Azores, and two engineers a team."""
    people = [(key, "UTC") for key in leaders(many)] + [(key, LATE) for key in LATER]
    users = [{"id": key, "name": key.lower(), "real_name": f"Leader {key[1:]}", "tz": tz} for key, tz in people]
    users += [
        {"id": key, "name": key.lower(), "real_name": f"Engineer {key[1:]}"}
        for team in _teams(many)
        for key in _engineers(team)
    ]
    everybody = [user["id"] for user in users]
    channels = [{"id": ALL, "name": "all", "members": everybody, "bot_is_member": True}]
    channels += [
        {"id": _channel(team), "name": f"team{team}", "members": _members(team, many), "bot_is_member": True}
        for team in _teams(many)
    ]
    channels += [
        {"id": personal(key), "name": f"daybook-{key.lower()}", "kind": "private", "members": [key, BOT]}
        for key in (*leaders(many), *LATER)
    ]
    thursday = [*_talk(many, _TALK, EVENING - timedelta(hours=4))]
    return Seed.model_validate(
        {
            "team": {"id": "T1", "name": "Crowd", "domain": "crowd", "bot_user_id": BOT},
            "users": users,
            "channels": channels,
            "messages": [each.model_dump() for each in thursday],
        }
    )


def at_eight(many: int) -> list[SeedMessage]:
    """What engineers write between eight and half past: nobody read it when the briefings are due."""
    return list(_talk(many, _AT_EIGHT, EIGHT + timedelta(minutes=2)))


def _talk(many: int, lines: tuple[str, ...], begin: datetime) -> Iterator[SeedMessage]:
    """In every team, and the first team's in the channel of all as well."""
    step = timedelta(minutes=25) / (len(lines) * (len(_teams(many)) + 1))
    at = begin
    for number, line in enumerate(lines):
        for team in (*_teams(many), None):
            one, other = _engineers(team or 0)[:: 1 if number % 2 else -1]
            leader = leaders(many)[(team or 0) * TOGETHER]
            thing = _THINGS[(team or 0) % len(_THINGS)]
            text = line.format(other=f"<@{other}>", leader=f"<@{leader}>", thing=thing)
            at += step
            yield SeedMessage(channel=ALL if team is None else _channel(team), ts=ts_of(at), user=one, text=text)


def _teams(many: int) -> range:
    return range(-(-many // TOGETHER))


def _channel(team: int) -> str:
    return f"CTEAM{team:02d}"


def _engineers(team: int) -> tuple[str, str]:
    return f"UENG{team:02d}A", f"UENG{team:02d}B"


def _members(team: int, many: int) -> list[str]:
    own = leaders(many)[team * TOGETHER : (team + 1) * TOGETHER]
    return [*own, *(LATER if team == 0 else ()), *_engineers(team)]
