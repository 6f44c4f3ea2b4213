"""The house rules that no linter knows. Where imports may point is import-linter's, in `make lint`."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FLOORS = ("bot", "handlers", "graphs", "memory")
SOURCES = sorted(path for floor in FLOORS for path in (ROOT / floor).rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 350, 60
BANNED = frozenset({"manager", "service", "util", "helper", "process", "data", "info", "misc"})
LOCKS = ("requirements.lock", "requirements-dev.lock")
WRITTEN = frozenset({".py", ".js", ".css", ".html", ".md", ".sql", ".toml", ".yaml", ".yml", ".json", ".lock", ".ambr"})
SPEAKING = frozenset({"Makefile", "Procfile", "run"})
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MACHINE = re.compile(r"(?<![\w.$}\])-])/(?:home|Users|work|root|mnt)/\w+")
Function = ast.FunctionDef | ast.AsyncFunctionDef


def _nodes(path: Path) -> Iterator[ast.AST]:
    return ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def _place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _texts() -> Iterator[Path]:
    """Everything in the repository that people write or read."""
    folders = (*FLOORS, "tests", "docs", ".ci")
    yield from (path for path in ROOT.iterdir() if path.is_file())
    yield from (path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file())


@pytest.mark.parametrize("path", SOURCES, ids=_place)
def test_files_and_functions_stay_short(path: Path) -> None:
    """What grows beyond that says more than one thing: split it along its meaning."""
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_FILE, f"{_place(path)} has {lines} lines"
    functions = [node for node in _nodes(path) if isinstance(node, Function)]
    long = [each.name for each in functions if (each.end_lineno or 0) - each.lineno >= LONGEST_FUNCTION]
    assert long == []


@pytest.mark.parametrize("path", SOURCES, ids=_place)
def test_nothing_has_a_name_that_says_nothing(path: Path) -> None:
    """Files, folders, classes and functions."""
    named = [*path.relative_to(ROOT).with_suffix("").parts]
    named += [node.name for node in _nodes(path) if isinstance(node, Function | ast.ClassDef)]
    words = {word.lower() for name in named for word in _WORD.findall(name)}
    assert {word for word in words if word in BANNED or word.removesuffix("s") in BANNED} == set()


def test_no_text_names_a_folder_of_somebodys_machine() -> None:
    """What runs here runs anywhere."""
    read = [path for path in _texts() if path.suffix in WRITTEN or path.name in SPEAKING]
    assert [_place(path) for path in read if _MACHINE.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_installs_from_any_index(name: str) -> None:
    """It pins versions and hashes, and names no address."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert pinned
    assert [line for line in pinned if not re.match(r"[A-Za-z0-9._-]+(\[[\w,-]+\])?==[^ ]+ ", line)] == []
    assert [line for line in lines if "://" in line or "index" in line.split("==")[0]] == []
