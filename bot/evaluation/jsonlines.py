"""JSON lines, plain or gzipped, and what is said of those that are none."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.errors import BadInput


def objects(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a file with the numbers of their lines, counted from 1.

    Raises:
        BadInput: there is no such file, or a line of it is no object.
    """
    if not path.is_file():
        raise BadInput(f"There is no file {path}: give the folder that holds it.")
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as rows:
        for number, row in enumerate(rows, start=1):
            if row.strip():
                yield number, _object(row, f"Line {number} of {path.name}")


def _object(row: bytes, where: str) -> dict[str, Any]:
    try:
        found = json.loads(row)
    except (ValueError, RecursionError):
        raise BadInput(f"{where}: this is not JSON in UTF-8.") from None
    if not isinstance(found, dict):
        raise BadInput(f"{where}: an object is expected.")
    return found
