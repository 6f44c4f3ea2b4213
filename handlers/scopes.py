"""Scopes: what Daybook's token must hold, what stands still without each, and whom that concerns."""

from collections.abc import Collection, Mapping

from memory.models.base import Model

_READERS = ("groups:write", "im:write", "mpim:read", "mpim:history")
"""Without these only briefings are the poorer."""
STANDS_STILL: Mapping[str, str] = {
    "app_mentions:read": "some mentions are not heard",
    "assistant:write": "nobody sees that I am working on an answer",
    "channels:history": "public channels are not read",
    "channels:read": "I do not know which public channels I am in, and who is there",
    "chat:write": "I cannot write at all",
    "commands": "`/daybook` and shortcuts do nothing",
    "groups:history": "private channels are not read",
    "groups:read": "I do not know which private channels I am in, and who is there",
    "groups:write": "briefings come by direct message instead of in a channel of your own",
    "im:history": "direct messages to me are not heard",
    "im:read": "somebody’s first direct message is missed when it comes while I am down",
    "im:write": "I cannot begin a direct message",
    "mpim:history": "group messages are not read",
    "mpim:read": "I do not know which group messages I am in",
    "reactions:read": "reactions do not count",
    "reactions:write": "questions are not marked while I work on them",
    "users:read": "I do not know people’s names and time zones",
}


class Lack(Model):
    """Scopes that are missing, and what stands still for it, as one person is concerned."""

    scopes: tuple[str, ...] = ()
    stands_still: tuple[str, ...] = ()


def lacking(granted: Collection[str] | None) -> tuple[str, ...]:
    """The scopes that were not granted; none where that is not known."""
    return tuple(each for each in STANDS_STILL if each not in granted) if granted is not None else ()


def for_person(missing: Collection[str], *, reads: bool) -> Lack:
    """What of it concerns somebody: whoever gets no briefings is not told what only these lack."""
    found = tuple(each for each in missing if reads or each not in _READERS)
    return Lack(scopes=found, stands_still=tuple(STANDS_STILL[each] for each in found))
