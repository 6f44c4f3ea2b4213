"""How fast segment, describe and extract are by themselves, on an export, without a database.

Channels are worked out side by side, as by several workers: one process for each core.
"""

import resource
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from os import cpu_count
from pathlib import Path
from time import perf_counter, process_time

from graphs.extraction import BATCH
from graphs.tasks import describe, extract, segment
from graphs.tasks.segment import WINDOW
from handlers.sources.export import Export
from memory.models.ids import ConversationId, PersonId
from memory.models.messages import Message, PlacedMessage

FEWEST = 2000
"""Messages of a channel from which its first and last thousand are compared."""
Step = tuple[int, float]
"""Messages of a batch, and the seconds of CPU that they took."""


def measure(given: str) -> None:
    """Channel by channel and batch by batch; a conversation is worked out anew with every batch it grows in."""
    with Export(Path(given)) as export:
        places = [str(place.container_id) for place in export.containers()]
    began = perf_counter()
    with ProcessPoolExecutor(cpu_count()) as workers:
        told = list(workers.map(partial(_channel, given), places))
    took = perf_counter() - began
    steps = [step for steps, _ in told for step in steps]
    many, spent = sum(size for size, _ in steps), sum(seconds for _, seconds in steps)
    print(f"{many} messages: {many / took:.0f} a second on {cpu_count()} cores, {many / spent:.0f} a second of CPU.")
    for steps, _ in told:
        if sum(size for size, _ in steps) >= FEWEST:
            first, last = _pace(steps), _pace(reversed(steps))
            print(f"First thousand: {first:.2f} ms a message. Last thousand: {last:.2f} ms (ratio {last / first:.2f}).")
    print(f"Most memory of a process: {max(memory for _, memory in told)} MB.")


def _channel(given: str, place: str) -> tuple[list[Step], int]:
    """What one channel takes, and the most memory of the process until then, in MB."""
    with Export(Path(given)) as export:
        names = {person.person_id: person.name for person in export.people()}
        zones = {person.person_id: person.tz for person in export.people() if person.tz}
        days = [day for day in export.days() if str(day.container.container_id) == place]
    channel = sorted((message for day in days for message in day.messages), key=lambda message: message.posted_at)
    return list(_worked_out(channel, names, zones)), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _worked_out(channel: list[Message], names: Mapping[PersonId, str], zones: Mapping[PersonId, str]) -> Iterator[Step]:
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


def _pace(steps: Iterable[Step]) -> float:
    """Milliseconds a message, over the first thousand of the batches given."""
    many, spent = 0, 0.0
    for size, took in steps:
        many, spent = many + size, spent + took
        if many >= 1000:
            break
    return 1000 * spent / many
