"""The command line as somebody at a terminal has it: a program of its own, its output, its exit code."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.local.postgres_home import Home, is_free

ROOT = Path(__file__).parents[2]
_OURS = re.compile(r"(SLACK|DAYBOOK|XDG|SENTRY|DATABASE|PG|PYTHONDONTWRITEBYTECODE)")
"""Settings of our own; and a wish by which each of many programs would compile everything anew."""


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def refusal(self) -> str:
        """The one line that bad input gets; fails when it got anything else."""
        assert self.code == 2, self
        assert self.out == "", self
        said = self.err.splitlines()
        assert len(said) == 1, self
        assert said[0].startswith("daybook: "), self
        return said[0].removeprefix("daybook: ")


@dataclass(frozen=True)
class Commands:
    """Runs `daybook` on one home, with nothing of our own environment's settings."""

    home: Path
    settings: Mapping[str, str] | None = None

    def start(self, *words: object, **settings: str) -> subprocess.Popen[str]:
        return self._begin(words, settings, subprocess.DEVNULL)

    def _begin(self, words: Sequence[object], settings: Mapping[str, str], stdin: int) -> subprocess.Popen[str]:
        surroundings = {name: value for name, value in os.environ.items() if not _OURS.match(name)}
        given = {"DAYBOOK_HOME": str(self.home), **(self.settings or {}), **settings}
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *map(str, words)],
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=ROOT,
            env={**surroundings, **given, "PYTHONPATH": str(ROOT)},
        )

    def run(self, *words: object, **settings: str) -> Ended:
        return ended(self.start(*words, **settings))

    def typing(self, typed: str, *words: object) -> Ended:
        """Runs a command that asks, and types one line."""
        return ended(self._begin(words, {}, subprocess.PIPE), typed=f"{typed}\n")


def ended(program: subprocess.Popen[str], within: float = 60, typed: str | None = None) -> Ended:
    """What a command says until it ends; one that does not is killed."""
    try:
        out, err = program.communicate(typed, timeout=within)
    except subprocess.TimeoutExpired:
        program.kill()
        out, err = program.communicate()
        raise AssertionError(f"It did not end within {within} s: {out}{err}") from None
    assert "Traceback" not in err, err
    return Ended(program.returncode, out, err)


def interrupted(program: subprocess.Popen[str], sign: signal.Signals, within: float = 15) -> Ended:
    program.send_signal(sign)
    return ended(program, within)


def read_until(program: subprocess.Popen[str], words: str) -> str:
    """Reads stderr up to the line that holds these words, and returns it."""
    assert program.stderr is not None
    heard: list[str] = []
    for line in program.stderr:
        if words in line:
            return line
        heard.append(line)
    raise AssertionError(f"It ended without saying {words!r}: {''.join(heard)}")


def eventually_gone(home: Path, within: float = 3.0) -> bool:
    """Whether no process of the home's server is left, within some seconds."""
    found, end = Home(home), time.monotonic() + within
    while time.monotonic() < end:
        if is_free(found.server_lock) and is_free(found.keeper_lock):
            return True
        time.sleep(0.02)
    return False
