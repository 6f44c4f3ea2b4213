"""How alike two partitions of messages are: conversations as labelled, and as found.

1-1: the share of messages in the one-to-one pairing of conversations that covers the most; EM_F: F of whole
conversations found exactly, those of one message left out; ARI: the adjusted Rand index, pooled over all messages.
Definitions as in Kummerfeld et al. 2019 (`conversation-eval.py`).
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from bot.evaluation.figures.matching import best_overlap
from bot.evaluation.figures.sheet import Counts, Reading, Sheet, harmonic, share


def adjusted(sums: Counts) -> float | None:
    """The adjusted Rand index: pairs put together rightly, beyond what chance would."""
    one, two, all_pairs = sums.get("wanted_pairs", 0), sums.get("found_pairs", 0), _pairs(sums.get("messages", 0))
    if not all_pairs:
        return None
    chance = one * two / all_pairs
    return 100.0 if one + two == 2 * chance else 100 * (sums["pairs"] - chance) / ((one + two) / 2 - chance)


READINGS: Mapping[str, Reading] = {
    "1-1": share("covered", "messages"),
    "EM_F": harmonic("exact", "found", "wanted"),
    "ARI": adjusted,
}


def sheet(wanted: Mapping[str, str], found: Mapping[str, str]) -> Sheet:
    """By message, the conversation that it is labelled with and the one it was put in; each within one channel.

    Only labelled messages count; one that was put nowhere stands alone. The units are the labelled conversations; what
    is counted of a found one is spread over those that its messages are labelled with.
    """
    put = {message: found.get(message, f"alone {message}") for message in wanted}
    both = Counter((wanted[message], put[message]) for message in wanted)
    sizes, found_sizes = Counter(wanted.values()), Counter(put.values())
    covered = best_overlap(both)
    within: dict[str, dict[str, int]] = defaultdict(dict)
    for (one, two), many in both.items():
        within[one][two] = many
    units = [
        _counts(size, within[name], found_sizes) | {"covered": covered.get(name, 0)} for name, size in sizes.items()
    ]
    return Sheet(units, ("messages",), READINGS)


def _counts(size: int, within: Mapping[str, int], found_sizes: Mapping[str, int]) -> dict[str, float]:
    """Of one labelled conversation."""
    parts = {name: many / found_sizes[name] for name, many in within.items()}
    return {
        "messages": size,
        "wanted": size > 1,
        "found": sum(part for name, part in parts.items() if found_sizes[name] > 1),
        "exact": size > 1 and len(within) == 1 and found_sizes[next(iter(within))] == size,
        "pairs": sum(map(_pairs, within.values())),
        "wanted_pairs": _pairs(size),
        "found_pairs": sum(part * _pairs(found_sizes[name]) for name, part in parts.items()),
    }


def _pairs(many: float) -> float:
    return many * (many - 1) / 2
