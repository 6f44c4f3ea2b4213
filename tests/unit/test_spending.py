"""What `daybook usage` prints."""

from bot.commands.spending import table
from memory.model_calls import Sum

ASKED = Sum(
    name="compose",
    calls=12,
    failed=1,
    tokens_in=40_000,
    tokens_cached=10_000,
    tokens_out=3_000,
    cost_micros=98_500,
    unpriced=0,
)


def test_calls_are_summed_up_in_columns() -> None:
    """With the cached share, dollars, and the whole below; `+` where a price is missing."""
    other = ASKED.model_copy(update={"name": "extract", "cost_micros": None, "unpriced": 12, "tokens_in": 0})
    head, first, second, whole = table([ASKED, other], "task")
    assert head.split() == ["task", "calls", "failed", "tokens", "in", "cached", "tokens", "out", "dollars"]
    assert first.split() == ["compose", "12", "1", "40,000", "25%", "3,000", "0.0985"]
    assert second.split() == ["extract", "12", "1", "0", "–", "3,000", "–"]
    assert whole.split() == ["together", "24", "2", "40,000", "50%", "6,000", "0.0985+"]
    assert len({len(line) for line in (head, first, second, whole)}) == 1


def test_nothing_asked_is_said_so() -> None:
    """In one line."""
    assert table([], "day") == ["No model was asked anything."]
