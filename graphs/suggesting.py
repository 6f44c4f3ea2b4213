"""What one message suggests to be tracked: as the rules read it alone, to be looked over by a person."""

from collections.abc import Mapping
from datetime import date

from graphs.tasks import dates, extract
from graphs.wording import readable
from memory.models.base import Model
from memory.models.facts import FactKind
from memory.models.ids import PersonId, conversation_id
from memory.models.messages import Message
from memory.models.people import Person

_FIRST: tuple[FactKind, ...] = ("commitment", "decision", "blocker", "question", "update")


class Suggestion(Model):
    kind: FactKind
    statement: str
    actor_id: PersonId | None
    due: date | None


def suggested(message: Message, roster: Mapping[PersonId, Person]) -> Suggestion:
    """The weightiest that the rules find in it; where they find nothing, a promise of its author's in its words."""
    names = {key: person.name for key, person in roster.items()}
    zones = {key: person.tz for key, person in roster.items()}
    found = extract.rules(extract.Given(conversation_id(message.message_id), (message,), names, zones)).candidates
    if found:
        best = min(found, key=lambda each: _FIRST.index(each.kind))
        said = readable(best.statement, names, message.team_id)
        return Suggestion(kind=best.kind, statement=said, actor_id=best.actor_id, due=best.due)
    zone = zones.get(message.author_id, "UTC") if message.author_id else "UTC"
    return Suggestion(
        kind="commitment",
        statement=readable(message.text, names, message.team_id),
        actor_id=message.author_id,
        due=dates.due(message.text, message.posted_at, zone),
    )
