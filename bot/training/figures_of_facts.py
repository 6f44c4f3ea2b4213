"""How well facts are found in a world by what the other worlds teach: counted as `score_week.py` counts."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

from bot.training import talks
from bot.training.worlds import World
from graphs.tasks import acts, extract, noticing, pairing, reconcile
from graphs.tasks.changes import applied
from memory.models.facts import Fact

KINDS = ("decision", "commitment", "question", "blocker", "update")
Row = Mapping[str, Any]


@contextmanager
def taught(bodies: Mapping[str, Any]) -> Iterator[None]:
    """With these weights in the place of those that ship."""
    known, noticers, weighings = (
        acts.weights(bodies["acts"]),
        noticing.noticers(bodies["noticing"]),
        pairing.weighings(bodies["settling"]),
    )
    with ExitStack() as stack:
        for module, weights in ((acts, known), (noticing, noticers), (pairing, weighings)):
            stack.enter_context(patch.object(module, "trained", lambda weights=weights: weights))
        yield


def facts(world: World) -> Iterator[Fact]:
    """What the engines find in a world, container by container, as if all was read at once."""
    for channel in world.channels:
        candidates: list[extract.Candidate] = []
        closings: list[extract.Closing] = []
        extents: list[reconcile.Extracted] = []
        for conversation, messages in talks.conversations(channel).items():
            given = extract.Given(conversation, tuple(messages), world.names, world.timezones, world.leads)
            found = extract.rules(given)
            extract.check(given, found)
            candidates += found.candidates
            closings += found.closings
            until = max(each.edited_at or each.posted_at for each in messages)
            extents.append(reconcile.Extracted(conversation, frozenset(m.message_id for m in messages), until))
        given_here = reconcile.Given(
            channel[0].container_id,
            tuple(candidates),
            (),
            tuple(extents),
            tuple(closings),
            {each.message_id: each.text for each in channel},
        )
        found_here = reconcile.rules(given_here)
        reconcile.check(given_here, found_here)
        yield from applied((), found_here.changes)


def rows(world: World) -> list[Row]:
    """The facts of a world as predictions."""
    return [
        {
            "kind": fact.kind,
            "actor": world.people.get(fact.actor_id) if fact.actor_id else None,
            "counterparty": world.people.get(fact.counterparty_id) if fact.counterparty_id else None,
            "due": fact.due.isoformat() if fact.due else None,
            "status": None if fact.kind == "update" else fact.status,
            "evidence": list(dict.fromkeys(world.keys[s.message_id] for s in fact.evidence if s.role == "states")),
            "text": fact.statement,
            "confidence": fact.log_odds,
        }
        for fact in facts(world)
    ]


def matched(gold: Sequence[Row], found: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Facts of one kind, one to one, most evidence in common first; a third of all that two rest on is the least."""
    pairs = sorted(
        (-len(both), at, other)
        for at, one in enumerate(gold)
        for other, two in enumerate(found)
        if one["kind"] == two["kind"]
        and (both := set(one["evidence"]) & set(two["evidence"]))
        and 3 * len(both) >= len(set(one["evidence"]) | set(two["evidence"]))
    )
    taken: set[int] = set()
    used: set[int] = set()
    result = []
    for _, at, other in pairs:
        if at not in taken and other not in used:
            taken.add(at)
            used.add(other)
            result.append((gold[at], found[other]))
    return result


def show(read: Sequence[World], without: Callable[[int], Mapping[str, Any]]) -> None:
    """Prints what is found in each world when it is left out of training, and in all together."""
    counts: Counter[tuple[str, str]] = Counter()
    for at, world in enumerate(read):
        with taught(without(at)):
            found = rows(world)
        own = counted(world.facts, found)
        counts += own
        print(f"{world.name}: {line(own, 'all')}", flush=True)
    for kind in (*KINDS, "all"):
        print(f"  {kind:10s} {line(counts, kind)}", flush=True)


def counted(gold: Sequence[Row], found: Sequence[Row]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for row, name in [*((row, "gold") for row in gold), *((row, "found") for row in found)]:
        counts[row["kind"], name] += 1
    for one, two in matched(gold, found):
        counts[one["kind"], "both"] += 1
        for part in ("actor", "due", "status"):
            counts[one["kind"], part] += one[part] == two[part]
    for kind in KINDS:
        for name in ("gold", "found", "both", "actor"):
            counts["all", name] += counts[kind, name]
        if kind != "update":
            counts["all", "status"] += counts[kind, "status"]
            counts["all", "living"] += counts[kind, "both"]
    return counts


def line(counts: Counter[tuple[str, str]], kind: str) -> str:
    def share(part: float, whole: float) -> str:
        return f"{100 * part / whole:5.1f}" if whole else "  –  "

    gold, found, both = (counts[kind, name] for name in ("gold", "found", "both"))
    told = [f"gold {gold:4d} found {found:4d} P {share(both, found)} R {share(both, gold)}"]
    told.append(f"F {share(2 * both, gold + found)} actor {share(counts[kind, 'actor'], both)}")
    if kind == "commitment":
        told.append(f"due {share(counts[kind, 'due'], both)}")
    if kind != "update":
        told.append(f"status {share(counts[kind, 'status'], counts[kind, 'living'] if kind == 'all' else both)}")
    return " ".join(told)
