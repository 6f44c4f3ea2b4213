"""Trains the weights of `segment`: python -m bot.training.segment --data BENCHMARKS.

Reads only corpora whose licence allows shipping what was learnt (docs/models/segment.md), and writes
graphs/tasks/weights/segment-*.json. Two rounds: in the first, each message is placed by its label; in the second,
mostly by the model of the first, so that the last model has seen what it is like to go on from its own mistakes.
"""

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from bot.training.corpora import Rows, Said, channels, crowded, said, thinned, varied, week
from bot.training.lessons import Lessons, Pick, Table, always, joined, message_of_row, placed, shares, starts
from graphs.tasks import forest, ties
from graphs.tasks.turns import words_of

WEIGHTS = Path(forest.__file__).parent / "weights"
COLUMNS = [*ties.ABOUT_MESSAGE, *ties.ABOUT_TIE]
Rarity = tuple[dict[str, float], float]

FIRST = {"busy": 150, "quiet": 150}
TREES = {"busy": 700, "quiet": 300}
SHARE_TAUGHT = {"busy": 0.25, "quiet": 0.4}
COUNTS = {"busy": Counter({"thinned": 0.5}), "quiet": Counter({"gitter": 0.5, "crowded": 0.4, "week": 1.5})}
"""How much a message of a corpus counts, where it is not once."""


def main() -> None:
    """Reads the corpora, trains both styles, writes the weights."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder with disentangle/ and teamweek/")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--threads", type=int, default=2)
    options.add_argument("--only", choices=["busy", "quiet"], help="train one of the two; the words stay as they are")
    given = options.parse_args()
    raw = corpora(given.data)
    rarity = rarity_of(raw)
    if not given.only:
        write_words(rarity)
    for style, named in styles(raw, given.seed).items():
        if given.only in {None, style}:
            chats = {name: [said(rows) for rows in each] for name, each in named.items()}
            write_trees(style, trained(style, chats, rarity, given))


def corpora(data: Path) -> dict[str, list[Rows]]:
    """All that is learnt from, by name."""
    chat = data / "disentangle" / "dev"
    return {
        "ubuntu": channels(chat / "irc_ubuntu_train.jsonl.gz"),
        "linux": channels(chat / "irc_linux_pilot-dev.jsonl"),
        "mediawiki": channels(chat / "irc_mediawiki.jsonl"),
        "meeting": channels(chat / "irc_ubuntu-meeting.jsonl"),
        "gitter": list(chain.from_iterable(channels(path) for path in sorted(chat.glob("gitter_*.jsonl")))),
        "week": week(data / "teamweek" / "dev-lumenpay"),
    }


def styles(raw: Mapping[str, list[Rows]], seed: int) -> dict[str, dict[str, list[Rows]]]:
    """What each style is learnt from."""
    chance = random.Random(seed)  # noqa: S311  # to repeat, not to hide
    thin = [rows for _ in range(2) for rows in (thinned(each, chance) for each in raw["ubuntu"]) if len(rows) > 15]
    return {
        "busy": {**{name: raw[name] for name in ("ubuntu", "linux", "mediawiki", "meeting")}, "thinned": thin},
        "quiet": {
            **{name: raw[name] for name in ("mediawiki", "meeting", "gitter")},
            "thinned": thin,
            "crowded": [crowded(rows, chance, pause) for rows in raw["gitter"] for pause in (200, 600, 1800)],
            "week": [copy for rows in raw["week"] for copy in varied(rows, chance, 3)],
        },
    }


def rarity_of(raw: Mapping[str, list[Rows]]) -> Rarity:
    """How rare each common word is, names left out, and how rare all others are taken to be."""
    lines = [row for name, each in raw.items() if name != "week" for rows in each for row in rows]
    names = {str(row["user"]).lower() for row in lines}
    standing = Counter(chain.from_iterable(words_of(row["text"]) for row in lines))
    many = len(lines)
    steps = {word: round(4 * math.log(many / n)) / 4 for word, n in standing.items() if n >= 12 and word not in names}
    return steps, round(math.log(many / 6), 2)


def trained(style: str, chats: Mapping[str, list[list[Said]]], rarity: Rarity, given: argparse.Namespace) -> Any:
    """The last of the two models."""
    taught = lessons(chats, rarity, _latest, always(1, given.seed))
    print(style, "taught:", sum(len(table.sizes) for table in taught.values()), "messages", flush=True)
    some = [_some(table, given.seed) for table in taught.values()]
    first = grown(joined(some), FIRST[style], given)
    alone = lessons(chats, rarity, picking(planted(first)), always(SHARE_TAUGHT[style], given.seed))
    print(style, "by itself:", sum(len(table.rows) for table in alone.values()), "rows", flush=True)
    tables = [_hard(table, first, given).weighing(COUNTS[style][name] or 1) for name, table in alone.items()]
    return grown(joined(tables), TREES[style], given)


def lessons(chats: Mapping[str, list[list[Said]]], rarity: Rarity, pick: Pick, taught: Any) -> dict[str, Table]:
    found = {}
    for name, each in chats.items():
        noted = Lessons()
        for chat in each:
            placed(chat, rarity, pick, noted, taught)
        found[name] = noted.table()
    return found


def grown(table: Table, trees: int, given: argparse.Namespace) -> Any:
    """Boosted trees that share out each message's probability among its rows (softmax over the rows)."""
    begin, of = starts(table.sizes), message_of_row(table.sizes)
    weights = table.weights[of]

    def gradient(scores: np.ndarray, _: object) -> tuple[np.ndarray, np.ndarray]:
        share = shares(scores, table.sizes, table.stands_for)
        right = share * table.right
        right /= np.maximum(np.add.reduceat(right, begin)[of], 1e-12)
        return weights * (share - right), 2 * weights * np.maximum(share * (1 - share), 1e-6)

    settings = {
        "objective": gradient,
        "num_leaves": forest.LEAVES,
        "learning_rate": 0.1,
        "min_data_in_leaf": 60,
        "min_sum_hessian_in_leaf": 1.0,
        "lambda_l2": 5,
        "feature_fraction": 0.5,
        "max_bin": 63,
        "use_missing": False,
        "seed": given.seed,
        "deterministic": True,
        "force_col_wise": True,
        "num_threads": given.threads,
        "verbose": -1,
    }
    return lightgbm.train(settings, lightgbm.Dataset(table.rows, params={"max_bin": 63, "verbose": -1}), trees)


def planted(model: Any) -> forest.Forest:
    return forest.planted(trees_of(model), len(ties.ABOUT_MESSAGE))


def picking(trees: forest.Forest) -> Pick:
    def pick(about: list[float], rows: list[list[float]]) -> int:
        scores = trees.scores(about, rows)
        return scores.index(max(scores))

    return pick


def trees_of(model: Any) -> list[Any]:
    """The trees as `forest` reads them."""
    return [_node(tree["tree_structure"]) for tree in model.dump_model()["tree_info"]]


def write_trees(style: str, model: Any) -> None:
    trees = ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees_of(model))
    body = f'{{"columns": {json.dumps(COLUMNS)},\n"trees": [\n{trees}\n]}}\n'
    (WEIGHTS / f"segment-{style}.json").write_text(body, "utf-8")


def write_words(rarity: Rarity) -> None:
    steps: dict[float, list[str]] = {}
    for word, weight in sorted(rarity[0].items()):
        steps.setdefault(weight, []).append(word)
    words = {str(weight): " ".join(each) for weight, each in sorted(steps.items())}
    body = json.dumps({"rarest": rarity[1], "words": words}, indent=0, ensure_ascii=False)
    (WEIGHTS / "segment-words.json").write_text(body + "\n", "utf-8")


def _node(node: Mapping[str, Any]) -> Any:
    if "split_feature" not in node:
        return round(node["leaf_value"], 4)
    threshold = float(f"{node['threshold']:.6g}")
    return [node["split_feature"], threshold, _node(node["left_child"]), _node(node["right_child"])]


def _latest(_: list[float], rows: Sequence[object]) -> int:
    """Before there is a model, an unlabelled message goes on from the latest conversation."""
    return min(1, len(rows) - 1)


def _some(table: Table, seed: int) -> Table:
    """The table with a quarter of the wrong rows."""
    return table.thinned(np.zeros(len(table.rows)), seed, floor=1.0, keep=0.25)


def _hard(table: Table, model: Any, given: argparse.Namespace) -> Table:
    return table.thinned(model.predict(table.rows, num_threads=given.threads), given.seed)


if __name__ == "__main__":
    main()
