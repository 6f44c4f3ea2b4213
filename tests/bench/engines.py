"""How fast segment, describe and extract are by themselves, on an export: CPU time, without a database."""

import resource
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from pathlib import Path
from time import process_time

from graphs.extraction import BATCH
from graphs.tasks import describe, extract, segment
from graphs.tasks.segment import WINDOW
from handlers.sources.export import Export
from memory.models.ids import ConversationId, PersonId
from memory.models.messages import Message, PlacedMessage


def measure(given: str) -> None:
    """Channel by channel and batch by batch; a conversation is worked out anew with every batch it grows in."""
    with Export(Path(given)) as export:
        names = {person.person_id: person.name for person in export.people()}
        zones = {person.person_id: person.tz for person in export.people() if person.tz}
        days = sorted(export.days(), key=lambda day: str(day.container.container_id))
        channels = [
            sorted((message for day in each for message in day.messages), key=lambda message: message.posted_at)
            for _, each in groupby(days, key=lambda day: day.container.container_id)
        ]
    steps = [step for channel in channels for step in _worked_out(channel, names, zones)]
    many, spent = sum(size for size, _ in steps), sum(took for _, took in steps)
    print(f"{many} messages: {many / spent:.0f} a second of CPU for segment, describe and extract.")
    first, last = _pace(steps), _pace(reversed(steps))
    print(f"First thousand: {first:.2f} ms a message. Last thousand: {last:.2f} ms (ratio {last / first:.2f}).")
    print(f"Most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB.")


def _worked_out(
    channel: list[Message], names: Mapping[PersonId, str], zones: Mapping[PersonId, str]
) -> Iterator[tuple[int, float]]:
    """Size and seconds of each batch."""
    before: list[PlacedMessage] = []
    conversations: dict[ConversationId, list[Message]] = defaultdict(list)
    waiting = iter(channel)
    while batch := tuple(islice(waiting, BATCH)):
        began = process_time()
        placed = dict(segment.rules(segment.Given(tuple(before), batch, names)).placements)
        for message in batch:
            into = placed[message.message_id]
            before.append(PlacedMessage(message=message, conversation_id=into))
            conversations[into].append(message)
        del before[: _over(before)]
        for key in dict.fromkeys(placed.values()):
            said = tuple(conversations[key])
            describe.rules(describe.Given(messages=said, names=names))
            extract.rules(extract.Given(key, said, names, zones))
        yield len(batch), process_time() - began


def _over(before: list[PlacedMessage]) -> int:
    """How many of the first no window reaches back to."""
    top = [place for place, each in enumerate(before) if not each.message.is_reply]
    return top[-WINDOW] if len(top) > WINDOW else 0


def _pace(steps: Iterable[tuple[int, float]]) -> float:
    """Milliseconds a message, over the first thousand of the batches given."""
    many, spent = 0, 0.0
    for size, took in steps:
        many, spent = many + size, spent + took
        if many >= 1000:
            break
    return 1000 * spent / many
