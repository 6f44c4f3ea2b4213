"""How a question was understood, in words: what was searched for, for who wants to see why it came to that."""

from collections.abc import Mapping

from graphs import days
from graphs.tasks.followups import Kind
from graphs.tasks.forms import Form
from graphs.tasks.understand import QueryPlan
from memory.models.facts import FactKind
from memory.models.ids import PersonId

_KINDS: dict[FactKind, str] = {
    "decision": "what was decided",
    "commitment": "what was promised",
    "question": "what was asked",
    "blocker": "what is blocked",
    "update": "what was reported",
}
_WANTED: dict[Form, str] = {
    "answer": "an answer",
    "history": "how it came about, oldest first",
    "people": "who knows of it",
    "catch_up": "what moved in that time",
    "prepare": "what is open between you",
    "needed": "open promises, questions and blockers that wait for somebody",
}
_OF_IT: dict[Kind, str] = {
    "who": "who said what I had told here",
    "when": "since when that is so which I had told here",
    "due": "until when that is due which I had told here",
    "why": "the words behind what I had told here",
    "faded": "something that I had told too long ago to know",
    "reasons": "why I had told that here",
    "briefed": "why something stands in the briefing above it",
    "understood": "how I had understood the one before",
    "state": "how that stands by now which I had told here",
}


def in_words(kind: Kind, plan: QueryPlan, names: Mapping[PersonId, str], asker: PersonId | None = None) -> str:
    """The reading of a question, in one sentence; `asker` is called "you"."""
    if kind in _OF_IT:
        return f"I took it as a question about {_OF_IT[kind]}."
    kinds = plan.kinds if plan.form != "needed" else ()
    wanted = [" or ".join(_KINDS[each] for each in kinds) or _WANTED[plan.form]]
    if kinds and plan.still_open:
        wanted[0] += " and is still open"
    if kinds and plan.form != "answer":
        wanted.append(_WANTED[plan.form])
    if plan.terms:
        wanted.append(f"about “{' '.join(plan.terms)}”")
    people = ["you" if each == asker else names[each] for each in plan.person_ids if each == asker or each in names]
    if people:
        named = _listed(people)
        wanted.append(f"{plan.direction} {named}" if plan.direction else f"with {named} in it")
    if plan.here:
        wanted.append(f"in this {plan.here} alone")
    if plan.due:
        wanted.append(plan.due.shown)
    if plan.span:
        wanted.append(days.led(plan.span))
    more = " that I had not told yet" if kind == "more" else ""
    dayless = " Promises without a day were left out." if plan.due else ""
    return f"I looked for {', '.join(wanted)}{more}.{dayless}"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
