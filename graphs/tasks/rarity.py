"""How rare a stem is in chat at large: shipped weights (bot/training/rarity.py), the same for every workspace."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def rarity_of(stem: str) -> float:
    """From 0 for what every message holds to 1 for what hardly any does."""
    steps, rarest = _written()
    return steps.get(stem, rarest) / rarest


@cache
def _written() -> tuple[Mapping[str, float], float]:
    body = json.loads(files("graphs.tasks").joinpath("weights", "rarity.json").read_text("utf-8"))
    steps = {stem: float(step) for step, stems in body["stems"].items() for stem in stems.split()}
    return steps, body["rarest"]
