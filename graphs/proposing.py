"""What somebody's word makes of a fact, before anything is changed by it. Pure."""

from collections.abc import Mapping
from datetime import date, datetime

from memory import corrections
from memory.corrections import Correction, UnfitCorrection
from memory.models.base import Model
from memory.models.facts import LIFE, Fact
from memory.models.ids import FactId, PersonId

UNTRUE = "untrue"
"""It is no fact at all."""


CONFIRMED = "confirmed"
"""It is as it is known, says whoever promised it."""
HOWS = frozenset({"owner", "day", UNTRUE, *(status for life in LIFE.values() for status in life)})
"""All that anybody who may read a fact can say of it."""


class Said(Model):
    """What a person says of a fact. `how`: `owner`, `day`, that it is untrue or confirmed, or a status that it has."""

    by_id: PersonId
    fact_id: FactId
    how: str
    owner: PersonId | None = None
    day: date | None = None


def after(fact: Fact, said: Said, names: Mapping[PersonId, str], now: datetime) -> Fact | None:
    """The fact by their word; None where it is none.

    Raises:
        UnfitCorrection: a fact of its kind cannot be so.
    """
    if said.how == UNTRUE:
        return None
    if said.how == "day" and fact.kind != "commitment":
        raise UnfitCorrection("Only a promise has a day on which it is due.")
    return corrections.corrected(fact, correction(fact, said, names), now)


def correction(fact: Fact, said: Said, names: Mapping[PersonId, str], key: str = "") -> Correction:
    """Their word as memory keeps it, in words of ours.

    Raises:
        ValueError: it says nothing of a fact.
    """
    given: dict[str, object] = {}
    match said.how:
        case "owner":
            given, words = {"actor_id": said.owner}, "somebody else owns it"
            # A promise is worded with whom it is of.
            old, new = (names.get(each, "") if each else "" for each in (fact.actor_id, said.owner))
            if old and new and fact.statement.startswith(f"{old} will "):
                given["statement"] = f"{new}{fact.statement.removeprefix(old)}"
        case "day":
            given, words = {"due": said.day}, f"due {said.day}"
        case how if how == UNTRUE:
            words = "not a fact"
        case how if how == CONFIRMED:
            words = "confirmed"
        case status if status in {each for life in LIFE.values() for each in life}:
            given, words = {"status": status}, f"status {status}"
        case _:
            raise ValueError("A change says nothing of a fact.")
    return Correction.model_validate({"by_id": said.by_id, "words": words, "key": key, **given})


def reads(fact: Fact) -> tuple[object, ...]:
    """How it reads: a word after which it reads the same changes nothing."""
    return fact.status, fact.due, fact.actor_id, fact.statement
