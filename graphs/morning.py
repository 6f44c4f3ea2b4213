"""A morning in one sentence."""

from collections import Counter
from collections.abc import Sequence

from graphs import days
from memory.models.briefings import Item, Section

QUIET = "A quiet day: nothing needs you, and nothing new was decided, promised or blocked."
_COUNTED: dict[Section, tuple[str, str]] = {
    "decisions": ("decision", "decisions"),
    "promises": ("promise", "promises"),
    "blocked": ("blocker", "blockers"),
    "today": ("meeting", "meetings"),
    "also": ("other note", "other notes"),
}


def headline(items: Sequence[Item]) -> str:
    """The morning in one sentence."""
    if not items:
        return QUIET
    counts = Counter(item.section for item in items)
    others = [days.plural(counts[s], *words) for s, words in _COUNTED.items() if counts[s]]
    needing = counts["needs_you"]
    if not needing:
        return f"Nothing needs you today; there {'is' if _single(counts) else 'are'} {_listed(others)}."
    verb = "needs" if needing == 1 else "need"
    first = f"{days.plural(needing, 'thing').capitalize()} {verb} you"
    return f"{first}; beyond that, {_listed(others)}." if others else f"{first}, and nothing else is new."


def _single(counts: Counter[Section]) -> bool:
    return next((counts[s] for s in _COUNTED if counts[s]), 0) == 1


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
