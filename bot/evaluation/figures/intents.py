"""Single sentences that are, or are not, of one kind: precision, recall and F."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from bot.evaluation.figures.sheet import Sheet, harmonic, share

READINGS = {"P": share("hit", "pred"), "R": share("hit", "gold"), "F": harmonic("hit", "pred", "gold")}


def sheet(judged: Iterable[tuple[str, bool, bool]]) -> Sheet:
    """Of each sentence: its unit, whether it is labelled as one, and whether it was taken for one."""
    units: dict[str, Counter[str]] = defaultdict(Counter)
    for unit, wanted, found in judged:
        units[unit].update({"n": 1, "gold": wanted, "pred": found, "hit": wanted and found})
    return Sheet(list(units.values()), ("n", "gold", "pred"), READINGS)
