"""What is said where nothing was found: of what, and what was searched for."""

from collections.abc import Mapping

from graphs import days
from graphs.tasks.understand import QueryPlan
from memory.models.facts import FactKind
from memory.models.ids import PersonId

UNCLEAR = (
    "I do not know what to look for: ask me what was decided, promised, asked or blocked, by whom, about what or when."
)
_PLURAL: dict[FactKind, str] = {
    "decision": "decisions",
    "commitment": "promises",
    "question": "questions",
    "blocker": "blockers",
    "update": "updates",
}


def nothing(plan: QueryPlan, names: Mapping[PersonId, str], reader: PersonId | None) -> str:
    """That nothing was found, and what was searched for; where nothing was named to search for, what can be asked.

    `reader` is who reads it alone, and is spoken to.
    """
    if not (plan.terms or plan.kinds or plan.person_ids or plan.span or plan.place or plan.form != "answer"):
        return UNCLEAR
    kinds = ("open " if plan.still_open and plan.kinds else "") + ", ".join(_PLURAL[k] for k in plan.kinds)
    people = ", ".join(names[p] for p in plan.person_ids if p in names and p != reader)
    whose = " and ".join(filter(None, (people, "yours" if reader in plan.person_ids else "")))
    about = f"“{' '.join(plan.terms)}”" if plan.terms else kinds or "that"
    searched = [f"{kinds} and messages" if kinds else "decisions, promises, questions, blockers, updates and messages"]
    searched += [f"of {whose}"] if whose else []
    searched += [days.led(plan.span)] if plan.span else []
    searched += [f"in {plan.place.shown}"] if plan.place else []
    due = f" that are {plan.due.shown}" if plan.due else ""
    dayless = " Promises without a day were left out." if plan.due else ""
    return f"I found nothing about {about}{due}. I searched {' '.join(searched)} that may be read here.{dayless}"


def no_more(plan: QueryPlan, names: Mapping[PersonId, str], reader: PersonId | None) -> str:  # noqa: ARG001 - as `nothing`
    """That all was told already."""
    about = f"“{' '.join(plan.terms)}”" if plan.terms else ""
    return f"That is all I found about {about}." if about else "That is all I found."
