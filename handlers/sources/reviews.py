"""Pull requests: each is a container that its repository's readers may read, and what happens to it messages in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from memory import containers, messages
from memory.database import Database
from memory.models.containers import Container
from memory.models.ids import ContainerId, PersonId, TeamId, container_id, message_id
from memory.models.messages import Message, MessageKind

GITHUB = "github"
_THREAD = "pull_request"
"""All that is said of a pull request is one conversation."""

Step = Literal["opened", "review_requested", "reviewed", "merged", "closed"]
_KINDS: dict[Step, MessageKind] = {
    "opened": "change",
    "review_requested": "review_request",
    "reviewed": "review",
    "merged": "merge",
    "closed": "merge",
}


@dataclass(frozen=True, slots=True)
class PullRequest:
    """`name` as in `owner/repository#12`; `readers` are those who may read its repository."""

    name: str
    title: str
    readers: frozenset[PersonId]


@dataclass(frozen=True, slots=True)
class Happened:
    """A step in the life of a pull request. `verdict` is how a review ended: approved, changes requested, commented."""

    external_id: str
    step: Step
    at: datetime
    author: PersonId | None
    reviewer: PersonId | None = None
    verdict: str = ""
    text: str = ""


def place_of(team: TeamId, name: str) -> ContainerId:
    return container_id(team, GITHUB, name)


async def take(database: Database, team: TeamId, pull: PullRequest, steps: Sequence[Happened]) -> bool:
    """Stores what happened to it, with its audience; says whether anything of that is new."""
    if not steps:
        return False
    key, at = place_of(team, pull.name), max(step.at for step in steps)
    place = Container(
        container_id=key, team_id=team, source=GITHUB, external_id=pull.name, kind="private", name=pull.name
    )
    async with database.house() as connection:
        await containers.see(connection, team, [place], at)
        await containers.set_members(connection, team, key, pull.readers, at)
    async with database.scribing(key) as connection:
        return bool(await messages.store(connection, team, [_message(team, key, pull, step) for step in steps]))


def _message(team: TeamId, place: ContainerId, pull: PullRequest, step: Happened) -> Message:
    """Whoever did it is the author; who is asked to review is mentioned."""
    asked = step.step == "review_requested" and step.reviewer is not None
    did = step.reviewer if step.step == "reviewed" else step.author
    return Message(
        message_id=message_id(place, step.external_id),
        team_id=team,
        container_id=place,
        external_ts=step.external_id,
        thread_ts=_THREAD,
        author_id=did,
        kind=_KINDS[step.step],
        posted_at=step.at,
        text="\n".join(part for part in (_first_line(pull, step), step.text.strip()) if part),
        mentions=(step.reviewer,) if asked and step.reviewer else (),
    )


def _first_line(pull: PullRequest, step: Happened) -> str:
    title = f"{pull.name}: {' '.join(pull.title.split())}"
    match step.step:
        case "reviewed":
            return f"{title} – {step.verdict.replace('_', ' ') or 'commented'}"
        case "merged" | "closed":
            return f"{title} – {step.step}"
    return title
