"""The app's manifest, as Slack is given it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parents[1] / "manifest.yaml"


def read_manifest() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    return loaded


def bot_scopes() -> frozenset[str]:
    """The scopes that the bot's token must have."""
    return frozenset(read_manifest()["oauth_config"]["scopes"]["bot"])
