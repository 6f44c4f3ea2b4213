"""Lines of meetings that say by a marker what they are: ACTION, RESOLVED, PROPOSAL."""

import json
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from typing import TextIO

from bot.errors import BadInput
from bot.evaluation import jsonlines
from bot.evaluation.figures import intents as figures
from bot.evaluation.figures.sheet import Sheet
from bot.evaluation.intents import alone

FILES = ("messages.jsonl.gz", "messages.jsonl")
MEANT: Mapping[str, tuple[str, str]] = {
    "action": ("commitment", "open"),
    "decision": ("decision", "decided"),
    "proposal": ("decision", "proposed"),
}
"""Of each marker the kind and the status of the fact that it makes."""


def is_set(folder: Path) -> bool:
    """Whether the messages of a folder are labelled with the markers they bear."""
    path = _messages(folder)
    return path is not None and any("marker" in row for _, row in islice(jsonlines.objects(path), 1))


def measure(folder: Path, out: TextIO | None = None) -> Mapping[str, Sheet]:
    """The marked lines, and which of them `extract` reads as what they say they are. Those of a meeting count together.

    `out` gets `{line, found}` for every marked line.

    Raises:
        BadInput: a line cannot be used.
    """
    path = _messages(folder)
    if path is None:
        raise BadInput(f"There is no {FILES[0]} in {folder}.")
    judged: list[tuple[str, bool, bool]] = []
    for number, row in jsonlines.objects(path):
        try:
            meant, unit, text = MEANT.get(row["marker"]), row["channel"], row["text"]
        except KeyError:
            raise BadInput(f"Line {number} of {path.name}: channel, text and marker are expected.") from None
        if meant is not None:
            found = any((each.kind, each.status) == meant for each in alone(text))
            judged.append((unit, True, found))
            if out:
                out.write(json.dumps({"line": number, "found": found}) + "\n")
    return {"marked": figures.sheet(judged)}


def _messages(folder: Path) -> Path | None:
    return next((folder / name for name in FILES if (folder / name).is_file()), None)
