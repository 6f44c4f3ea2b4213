"""The README's tables say what the code does."""

import re
from pathlib import Path

import pytest
import typer.main

from bot.cli import cli
from bot.settings import Settings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def _rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    part = README.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_the_table_has_every_setting_with_its_default() -> None:
    """In the order of the code; a dash where nothing is set."""
    fields = Settings.model_fields.values()
    told = {name.strip("`"): default for name, default, _ in _rows("Settings")}
    assert list(told) == [field.alias for field in fields]
    assert list(told.values()) == [f"`{field.default}`" if field.default else "–" for field in fields]


def test_the_table_has_every_command_with_its_options() -> None:
    """As `daybook --help` lists them."""
    commands = typer.main.get_command(cli).commands  # type: ignore[attr-defined]  # a group
    commands |= {f"eval {name}": each for name, each in commands.pop("eval").commands.items()}
    told = {_command(words): words for words, _ in _rows("Commands") for words in [words.strip("`")]}
    assert set(told) == set(commands)
    for name, words in told.items():
        options = {option for each in commands[name].params for option in each.opts if option.startswith("--")}
        assert set(re.findall(r"--[a-z-]+", words)) == options


def _command(words: str) -> str:
    """What a command is called; `eval` has commands of its own."""
    _, name, *rest = words.split()
    return f"{name} {rest[0]}" if name == "eval" else name


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)", README))))
def test_what_the_readme_links_to_is_there(link: str) -> None:
    """Of the repository's own files."""
    assert link.startswith("https://") or (Path(__file__).parents[2] / link).exists()
