"""Trains the weights of `segment`: python -m bot.training.segment --data BENCHMARKS.

Reads only corpora whose licence allows shipping what was learnt (docs/models/segment.md) and the invented weeks beside
this file, and writes graphs/tasks/weights/segment-*.json. With `--judge` it writes nothing, and prints how well each
invented week is read when all that was learnt comes from elsewhere.

Busy channels are learnt in two rounds: in the first, each message is placed by its label; in the second, mostly by the
model of the first, so that the last model has seen what it is like to go on from its own mistakes. Quiet channels in
one: labels are too few there for a model's mistakes to be typical.
"""

import argparse
import random
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from bot.training import wording
from bot.training.boosting import grown, picking, planted, trees_of, write_trees
from bot.training.corpora import Chat, Rows, corpora, crowded, mixed, said, thinned, varied, weeks
from bot.training.judging import judged
from bot.training.lessons import Table, joined, latest, lessons, randomly
from bot.training.wording import Wording

FIRST = 75
TREES = {"busy": 400, "quiet": 250}
LEAST = {"busy": 60, "quiet": 20}
SHARE_TAUGHT = 0.25
BUSY = ("ubuntu", "linux", "mediawiki", "meeting")
COUNTS = {"mediawiki": 0.6, "meeting": 0.6, "gitter": 0.25, "crowded": 0.25, "thinned": 0.6}
WEEK, MIXED = 1.5, 0.8
"""How much a message counts for the quiet model, in public chats, in the invented weeks and in mixtures of these."""


def main() -> None:
    """Reads the corpora, trains both styles, writes the weights; or judges the quiet one."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, required=True, help="folder with disentangle/ and teamweek/")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--only", choices=["busy", "quiet"], help="train one of the two; the words stay as they are")
    options.add_argument("--judge", action="store_true", help="leave each invented week out in turn, and print figures")
    given = options.parse_args()
    raw, invented = corpora(given.data), weeks(given.data)
    words = wording.learnt(raw, invented)
    if given.judge:
        judge(quiet_lessons(raw, invented, words, given.seed), invented, words, given)
        return
    if not given.only:
        wording.write(words)
    if given.only != "busy":
        tables = quiet_lessons(raw, invented, words, given.seed)
        write_trees("segment-quiet", trees_of(quiet(tables.values(), given)))
    if given.only != "quiet":
        write_trees("segment-busy", trees_of(busy({name: raw[name] for name in BUSY}, words, given)))


def judge(
    tables: Mapping[str, Table], invented: Mapping[str, Sequence[Rows]], words: Wording, given: argparse.Namespace
) -> None:
    """Prints one line a week; nothing of that week, its mixtures and its wordings was learnt from."""
    sheets = []
    for name, channels in invented.items():
        model = quiet((table for of, table in tables.items() if name not in of.split()), given)
        sheet = judged([said(rows) for rows in channels], channels, words.reading(name), planted(model))
        print(name, sheet.figures(), flush=True)
        sheets.append(sheet)
    means = {key: fmean(sheet.figures()[key] or 0 for sheet in sheets) for key in ("1-1", "EM_F", "ARI")}
    print("mean", {key: round(mean, 1) for key, mean in means.items()})


def quiet_lessons(
    raw: Mapping[str, Sequence[Rows]], invented: Mapping[str, Sequence[Rows]], words: Wording, seed: int
) -> dict[str, Table]:
    """What the quiet model is taught; a table's name says which week it is of, if of any."""
    chance = random.Random(seed)  # noqa: S311  # to repeat, not to hide
    public = {
        "mediawiki": raw["mediawiki"],
        "meeting": raw["meeting"],
        "gitter": raw["gitter"],
        "thinned": [rows for rows in (thinned(each, chance) for each in raw["ubuntu"]) if len(rows) > 15],
        "crowded": [crowded(rows, chance, pause) for rows in raw["gitter"] for pause in (200, 600, 1800)],
    }
    found = {}
    for name, channels in public.items():
        source = "gitter" if name in {"gitter", "crowded"} else "irc"
        found[name] = _taught(name, channels, words, source).weighing(COUNTS[name])
    for name, channels in invented.items():
        copies = chain.from_iterable(varied(rows, chance, 3) for rows in channels)
        found[name] = _taught(name, list(copies), words, name).weighing(WEEK)
        found[f"{name} mixed"] = _taught(name, mixed(channels, chance), words, name).weighing(MIXED)
    return found


def quiet(tables: Iterable[Table], given: argparse.Namespace) -> Any:
    """The model of quiet channels."""
    every = list(tables)
    first = _grown(joined([_some(table, given.seed) for table in every]), FIRST, "quiet", given)
    return _grown(joined([_hard(table, first, given) for table in every]), TREES["quiet"], "quiet", given)


def busy(raw: Mapping[str, Sequence[Rows]], words: Wording, given: argparse.Namespace) -> Any:
    """The last of the two models of busy channels."""
    taught = [_some(_taught(name, channels, words, "irc"), given.seed) for name, channels in raw.items()]
    first = _grown(joined(taught), FIRST, "busy", given)
    del taught
    chats, reading = {name: [said(rows) for rows in each] for name, each in raw.items()}, words.reading("irc")
    taught_now = randomly(SHARE_TAUGHT, given.seed)
    alone = lessons(chats, dict.fromkeys(chats, reading), picking(first), taught_now)
    hard = joined([_hard(table, first, given) for table in alone.values()])
    return _grown(hard, TREES["busy"], "busy", given)


def _taught(name: str, channels: Sequence[Rows], words: Wording, source: str) -> Table:
    chats: list[Chat] = [said(rows) for rows in channels]
    return lessons({name: chats}, {name: words.reading(source)}, latest, lambda: True)[name]


def _grown(table: Table, trees: int, style: str, given: argparse.Namespace) -> Any:
    return grown(table, trees, least=LEAST[style], seed=given.seed, threads=given.threads)


def _some(table: Table, seed: int) -> Table:
    """The table with a quarter of the wrong rows."""
    return table.thinned(np.zeros(len(table.rows)), seed, floor=1.0, keep=0.25)


def _hard(table: Table, model: Any, given: argparse.Namespace) -> Table:
    return table.thinned(model.predict(table.rows, num_threads=given.threads), given.seed)


if __name__ == "__main__":
    main()
