"""One working week of an invented engineering organisation, for the demo and the tests."""

from pathlib import Path

SAMPLE = Path(__file__).with_name("team.json")
