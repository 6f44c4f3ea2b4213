"""What a pull request asks of people: a review, or changes. Read off what happened to it, not off words."""

from collections.abc import Iterator, Sequence

from graphs.tasks.ear import Draft
from memory.models.facts import SURE, Evidence
from memory.models.ids import PersonId
from memory.models.messages import Message

WANTED = "changes requested"
_STEPS = frozenset({"change", "review_request", "review", "merge"})


def drafts(messages: Sequence[Message]) -> Iterator[Draft]:
    """Each request for a review, and each review that wants changes, as a question: what came later answers it."""
    steps = sorted((m for m in messages if m.kind in _STEPS), key=lambda m: (m.posted_at, m.message_id))
    for place, step in enumerate(steps):
        later = steps[place + 1 :]
        if step.kind == "review_request":
            for reviewer in step.mentions:
                yield _question(step, reviewer, next((each for each in later if _reviewed(each, reviewer)), None))
        elif step.kind == "review" and first_line(step).endswith(WANTED):
            author = next((m.author_id for m in steps if m.kind in {"change", "review_request"}), None)
            answered = next((m for m in later if m.author_id == author or m.kind == "merge"), None)
            yield _question(step, author, answered)


def first_line(step: Message) -> str:
    return step.text.partition("\n")[0]


def _reviewed(step: Message, reviewer: PersonId) -> bool:
    return step.kind == "merge" or (step.kind == "review" and step.author_id == reviewer)


def _question(step: Message, asked: PersonId | None, answered: Message | None) -> Draft:
    evidence = [_line(step, "states")]
    if answered is not None:
        evidence.append(_line(answered, "settles"))
    return Draft(
        kind="question",
        actor=step.author_id,
        counterparty=asked,
        statement=first_line(step),
        due=None,
        status="open" if answered is None else "answered",
        log_odds=SURE,
        at=step.posted_at,
        place=0,
        evidence=evidence,
        settled_at=answered.posted_at if answered else None,
    )


def _line(step: Message, role: str) -> Evidence:
    return Evidence.model_validate(
        {"message_id": step.message_id, "start": 0, "end": len(first_line(step)), "role": role}
    )
