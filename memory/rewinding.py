"""A fact at an earlier time, by all that is known today; and before a person's word. Pure functions of its versions.

Facts are often recorded in one go with their end already known: when that came, the times of their evidence tell.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from memory.models.facts import ENDED, LIFE, Evidence, Fact, FactStatus, Version
from memory.models.ids import MessageId


def rewound(versions: Sequence[Version], told_at: Mapping[MessageId, datetime], time: datetime) -> Fact | None:
    """How it was then in the world; None when it was no fact yet, or is none as we know today.

    `versions` are all of one fact, first to last; `told_at` is when its messages were told, those gone left out.
    """
    if not versions or versions[-1].retired or versions[-1].fact.valid_from > time:
        return None
    latest = versions[-1].fact
    evidence = tuple(span for span in latest.evidence if _told(span, told_at, time))
    if not evidence:
        return None
    status, moments = _life(versions, told_at)
    then = status[bisect_right(moments, time)]
    reading = next((each.fact for each in reversed(versions) if _read_then(each, told_at, time)), None)
    words = reading or latest
    return latest.model_copy(
        update={
            "statement": words.statement,
            "actor_id": words.actor_id,
            "counterparty_id": words.counterparty_id,
            # That it was moved is known, and from where is not.
            "due": reading.due if reading else None,
            "status": then,
            "valid_to": latest.valid_to if then == latest.status else None,
            "evidence": evidence,
        }
    )


def before_correction(versions: Sequence[Version]) -> Version | None:
    """How it stood before the last correction that was not undone; None when nobody corrected it."""
    standing = standing_corrections(versions)
    return standing[-1][0] if standing else None


def standing_corrections(versions: Sequence[Version]) -> list[tuple[Version, Version]]:
    """Every correction that was not undone, first to last: how the fact stood before it, and after."""
    corrected: list[tuple[Version, Version]] = []
    for before, each in pairwise(versions):
        if each.event in {"FactCorrected", "FactDismissed"}:
            corrected.append((before, each))
        elif each.event == "CorrectionUndone" and corrected:
            corrected.pop()
    return corrected


def _told(span: Evidence, told_at: Mapping[MessageId, datetime], time: datetime) -> bool:
    at = told_at.get(span.message_id)
    return at is not None and at <= time


def _read_then(version: Version, told_at: Mapping[MessageId, datetime], time: datetime) -> bool:
    """Whether it could read so then: nothing that changed it was said later."""
    changed = (span for span in version.fact.evidence if span.role == "changes")
    return not version.retired and all(_told(span, told_at, time) for span in changed)


def _life(
    versions: Sequence[Version], told_at: Mapping[MessageId, datetime]
) -> tuple[tuple[FactStatus, ...], list[datetime]]:
    """The statuses that it went through, and the moments between them."""
    fact = versions[-1].fact
    moments = sorted(
        told_at[each.message_id] for each in fact.evidence if each.role == "settles" and each.message_id in told_at
    )
    statuses = _path(versions, len(moments))
    needed = len(statuses) - 1
    if needed and fact.status in ENDED and fact.valid_to is not None:
        moments = [*[each for each in moments if each < fact.valid_to], fact.valid_to]
    moments = moments[len(moments) - needed :] if len(moments) >= needed else []
    # Without the words that settled it we cannot say when: then it was so from its beginning.
    return (statuses, moments) if len(moments) == needed else ((fact.status,), [])


def _path(versions: Sequence[Version], ends: int) -> tuple[FactStatus, ...]:
    fact = versions[-1].fact
    first = LIFE[fact.kind][0]
    if fact.status == first:
        return (first,)
    if fact.kind != "decision":
        return first, fact.status
    if fact.status == "decided":
        return ("proposed", "decided") if ends and fact.engine != "person" else ("decided",)
    earlier = {each.fact.status for each in versions if each.ordinal < versions[-1].ordinal}
    if ends > 1:
        return "proposed", "decided", "reversed"
    return ("proposed" if earlier == {"proposed"} else "decided"), "reversed"
