"""Segmentation on sets of chat whose conversations were told apart by hand."""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from bot.errors import BadInput
from bot.evaluation.figures import clusters
from bot.evaluation.figures.sheet import Sheet
from bot.segment_file import placed

LEARNT_FROM = "_train"
"""Ends the name of a set that is there to learn from: it is measured only when it is named itself."""
_ENDINGS = (".jsonl", ".jsonl.gz")


def measure(paths: Sequence[Path], out: TextIO | None = None) -> Mapping[str, Sheet]:
    """By set, which is a file; and over all files whose names begin alike, as `slack_…`.

    `out` gets `{set, channel, id, conversation_id}` for every line.

    Raises:
        BadInput: a line cannot be used, or none is labelled.
    """
    wanted: dict[str, dict[str, str]] = {}
    found: dict[str, dict[str, str]] = {}
    for path in paths:
        name = set_of(path)
        for line, conversation in _placed(path):
            key = f"{name} {line['channel']} {line['id']}"
            if out:
                told = {"set": name, "channel": line["channel"], "id": line["id"], "conversation_id": conversation}
                out.write(json.dumps(told, ensure_ascii=False) + "\n")
            if line.get("conversation_id") is not None:
                wanted.setdefault(name, {})[key] = f"{name} {line['channel']} {line['conversation_id']}"
                found.setdefault(name, {})[key] = conversation
    if not wanted:
        raise BadInput("No line has a conversation_id: there is nothing to measure by.")
    sheets = {name: clusters.sheet(wanted[name], found[name]) for name in wanted}
    for family, names in _families(wanted):
        one, two = ({key: value for name in names for key, value in of[name].items()} for of in (wanted, found))
        sheets[f"{family}, all {len(names)}"] = clusters.sheet(one, two)
    return sheets


def files_of(source: Path) -> list[Path]:
    """The sets of a folder, or the one that is named.

    Raises:
        BadInput: there is none.
    """
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise BadInput(f"There is no file or folder {source}.")
    found = [path for path in sorted(source.iterdir()) if path.name.endswith(_ENDINGS)]
    if not found:
        raise BadInput(f"There is no .jsonl file in {source}.")
    return [path for path in found if not set_of(path).endswith(LEARNT_FROM)] or found


def set_of(path: Path) -> str:
    return path.name.removesuffix(".gz").removesuffix(".jsonl")


def _families(names: Mapping[str, object]) -> Iterator[tuple[str, list[str]]]:
    for family in dict.fromkeys(name.partition("_")[0] for name in names):
        members = [name for name in names if name.partition("_")[0] == family]
        if len(members) > 1:
            yield family, members


def _placed(path: Path) -> list[tuple[Mapping[str, Any], str]]:
    try:
        return placed(path)
    except (BadInput, EOFError, zlib.error) as error:
        raise BadInput(f"{path.name}: {error}") from None
