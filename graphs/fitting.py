"""A briefing for a phone: so many characters, and what counts least gives way."""

from collections import Counter
from collections.abc import Callable, Sequence

from graphs.entries import Entry
from memory.models.briefings import Item, Section
from memory.models.ids import ItemId

_AROUND = 330
"""Characters that the date, headline, titles and footer take."""
_FIRST_LINK, _LINK = 16, 4
_OF_EACH = 2
Written = tuple[Entry, Item]


def fit(written: Sequence[Written], most: int, alone: Callable[[Entry], Item | None]) -> tuple[list[Written], int]:
    """As much as may be shown, and how many entries and sentences beside them are left out.

    First goes what is told beside an entry (`alone` is the entry without that), then the entry, the weakest before the
    others; but never one of the three that need the reader.
    """
    room = most - _AROUND - sum(length(item) for _, item in written)
    weakest_first = sorted(written, key=lambda each: (each[0].score, str(each[0].anchor_id)))
    first = _first_of_each(weakest_first[::-1])
    loose = [(entry, item) for entry, item in weakest_first if entry.section != "needs_you"]
    loose.sort(key=lambda each: each[1].item_id in first)
    shown = {item.item_id: (entry, item) for entry, item in written}
    cut = 0
    for entry, item in loose:
        if room < 0 and entry.also and (shorter := alone(entry)):
            room += length(item) - length(shorter)
            shown[item.item_id] = (entry, shorter)
            cut += len(entry.also)
    for _, item in loose:
        if room < 0:
            room += length(shown.pop(item.item_id)[1])
    return [shown[item.item_id] for _, item in written if item.item_id in shown], cut + len(written) - len(shown)


def _first_of_each(best_first: Sequence[Written]) -> set[ItemId]:
    """The best of every section, so that a crowded day shows some of each."""
    seen: Counter[Section] = Counter()
    first = set()
    for entry, item in best_first:
        seen[entry.section] += 1
        if seen[entry.section] <= _OF_EACH:
            first.add(item.item_id)
    return first


def length(item: Item) -> int:
    """Characters that are seen of it."""
    return len(item.text) + len(item.why) + _FIRST_LINK + _LINK * (len(item.sources) - 1)
