"""How words come to an end, each way under a name, and what may happen afterwards: none of them brings a word back.

A new way to erase joins by an entry in ENDINGS, a new way to rebuild by one in AFTERWARDS.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.databases import Databases
from bot.offline import no_progress
from bot.reextraction import conclude_anew
from memory import replay
from tests.embedding import Hashing
from tests.promises.whole import Whole


@dataclass(frozen=True)
class Said:
    """A message with a word in it that stands nowhere else."""

    channel: str
    ts: str
    user: str
    canary: str


Ending = Callable[[Whole, Sequence[Said]], Awaitable[None]]
Afterwards = Callable[[Whole], Awaitable[None]]


async def deleted(whole: Whole, said: Sequence[Said]) -> None:
    """Slack tells of each deletion."""
    for number, each in enumerate(said):
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "channel": each.channel,
            "channel_type": CHANNEL_TYPES[each.channel],
            "ts": f"1764000000.{number:06d}",
            "event_ts": f"1764000000.{number:06d}",
            "deleted_ts": each.ts,
            "previous_message": {"type": "message", "user": each.user, "ts": each.ts, "text": f"was {each.canary}"},
        }
        await whole.take(enveloped(event, f"Del{number}"))
    await whole.work()


async def at_once(whole: Whole) -> None:
    """Nothing more happens."""


async def replayed(whole: Whole) -> None:
    """All that is known is rebuilt from the log and put in place."""
    assert (await replay.replay(whole.dsn, mend=True)).same


async def reextracted(whole: Whole) -> None:
    """The engines run anew over what is left."""
    here = Databases(whole.dsn, whole.app_dsn)
    async for _ in conclude_anew(here, "", Hashing(), rehearse=False, progress=no_progress):
        pass


CHANNEL_TYPES = {"C1": "channel", "C2": "group", "C3": "mpim", "D1": "im"}
ENDINGS: dict[str, Ending] = {"message deleted": deleted}
AFTERWARDS: dict[str, Afterwards] = {"at once": at_once, "replay": replayed, "reextract": reextracted}


def enveloped(event: dict[str, Any], event_id: str) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T1", "event_id": event_id, "event": event}
