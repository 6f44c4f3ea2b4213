"""Models as a test has them: over HTTP to the local server, with time that the test moves."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.language.asking import Errand, Language
from bot.language.chosen import language_of
from bot.settings import Settings
from graphs.prompts import Prompt, as_line, enclosed
from memory.database import Database
from memory.models.base import Model
from memory.models.ids import PersonId, TeamId
from tests.openai_server.server import KEY, OpenAIServer

MORNING = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


@dataclass
class MovedTime:
    """A clock and a timer: waiting takes no time, it moves it."""

    at: datetime = MORNING
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.at

    def time(self) -> float:
        return (self.at - MORNING).total_seconds() + 1000

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.move(seconds)

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Colour(Model):
    """A reply of a made-up task."""

    name: str
    shade: int


def settings(server: OpenAIServer, **given: Any) -> Settings:
    usual = {
        "OPENAI_API_KEY": KEY,
        "OPENAI_BASE_URL": server.url,
        "DAYBOOK_MODEL_SMALL": "small",
        "DAYBOOK_MODEL_LARGE": "large",
        "DAYBOOK_MODEL_DEADLINE": 1.0,
        "DAYBOOK_MODEL_RUN_DEADLINE": 30,
        "DAYBOOK_MODEL_PRICES": "small=0.4/0.1/1.6,large=2/0.5/8",
    }
    return Settings(**{**usual, **given})


def language(server: OpenAIServer, database: Database, time: MovedTime, team: TeamId, **given: Any) -> Language:
    found = language_of(settings(server, **given), team, database, time, time)
    assert found is not None
    return found


async def colour(asking: Errand, said: str = "the sky at noon") -> Colour:
    """Asks for one; `said` is what somebody wrote."""
    return (await asking.reply("colour", prompt(said), Colour)).value


def prompt(said: str) -> Prompt:
    return Prompt(size="small", instructions="Name a colour.", data=enclosed([as_line({"text": said})]), most=50)


def blue(_: object) -> object:
    return {"name": "blue", "shade": 3}


def errand(found: Language, person: PersonId | None = None) -> Errand:
    return found.errand("briefing:1", person)


def as_text(value: object) -> str:
    return json.dumps(value, default=str)
