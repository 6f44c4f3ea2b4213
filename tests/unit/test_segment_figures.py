"""How well conversations are found in chat that people labelled; runs where DAYBOOK_BENCHMARKS names the data."""

import gzip
import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.segment_file import segment_file

DATA = Path(os.environ.get("DAYBOOK_BENCHMARKS", "/nonexistent"))

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="DAYBOOK_BENCHMARKS names no folder")


def pairs(sizes: Iterable[int]) -> float:
    return sum(size * (size - 1) / 2 for size in sizes)


def figures(paths: list[Path], folder: Path) -> tuple[float, float]:
    """Exact-match F and adjusted Rand index over all labelled messages, in percent."""
    gold, found = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    both: Counter[tuple[str, str]] = Counter()
    for path in paths:
        source, target = folder / path.stem, folder / "placed.jsonl"
        source.write_bytes(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())
        segment_file(source, target)
        for row, placed in zip(source.open(encoding="utf-8"), target.open(encoding="utf-8"), strict=True):
            known, own = json.loads(row), json.loads(placed)["conversation_id"]
            if known["conversation_id"] is not None:
                label = f"{known['channel']} {known['conversation_id']}"
                gold[label].add(known["id"])
                found[own].add(known["id"])
                both[label, own] += 1
    whole, kept = ({frozenset(each) for each in of.values() if len(each) > 1} for of in (gold, found))
    one, two = pairs(map(len, gold.values())), pairs(map(len, found.values()))
    chance = one * two / pairs([sum(map(len, gold.values()))])
    exact = 200 * len(whole & kept) / (len(whole) + len(kept))
    return exact, 100 * (pairs(both.values()) - chance) / ((one + two) / 2 - chance)


def test_quiet_channels_of_developers(tmp_path: Path) -> None:
    """Slack channels, which nothing was trained on, are read as well as the model's card says."""
    exact, rand = figures(sorted((DATA / "disentangle" / "dev").glob("slack_*.jsonl")), tmp_path)
    assert exact >= 30
    assert rand >= 78


def test_a_busy_channel(tmp_path: Path) -> None:
    """A channel in which many talk at once is read as well as the model's card says."""
    exact, rand = figures([DATA / "disentangle" / "dev" / "irc_ubuntu_dev.jsonl.gz"], tmp_path)
    assert exact >= 38
    assert rand >= 70
