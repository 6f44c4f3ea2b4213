"""What teaches `settling`: facts left open, the messages after them in the channel, and which of them ended it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.training import learning, noted
from bot.training.noted import Noted
from bot.training.noticing_lessons import said_of
from bot.training.talks import Talk
from bot.training.worlds import World
from graphs.tasks import acts, drafting, pairing, settling
from graphs.tasks.ear import Draft, Ear, Quote
from graphs.tasks.pairing import PAIR
from graphs.tasks.saying import Said
from memory.models.ids import MessageId

STRENGTH = 0.02
_ENDED = {"done", "dropped", "answered", "cleared", "reversed"}
_NOTHING = (-20.0, False)
_LEAST = 0.05
"""Of remarks that end something in another conversation, those that may be worth less than is looked at."""


@dataclass(frozen=True)
class _Place:
    told: Sequence[Said]
    at: int
    key: str


class Lessons:
    """A row of `pairing.COLUMNS` for each fact and each message after it that could end it."""

    def __init__(self, read: Sequence[World], talks: Sequence[Talk], scored: Mapping[int, acts.Weights]) -> None:
        rows: list[tuple[float, ...]] = []
        about: list[tuple[int, str, str, int, bool, bool]] = []
        number = 0
        for at, world in enumerate(read):
            places = _places([talk for talk in talks if talk.world == at], scored[at])
            for fact in noted.noted(world):
                number += 1
                kind, status = fact.row["kind"], fact.row["status"]
                if kind not in pairing.ENDS or fact.anchor.message_id not in places or status == "proposed":
                    continue
                for place, within, row in _pairs(world, fact, places):
                    rows.append(row)
                    about.append((at, kind, status, number, place.key in fact.settled_by, within))
        self.rows = np.array(rows)
        self.world, self.kind, self.status, self.fact, self.ends, self.within = (
            np.array(column) for column in zip(*about, strict=True)
        )
        self.open = self._open(read)
        self.enough = {kind: self._enough(kind) for kind in pairing.ENDS}
        self.dropped = self._dropped()

    def body(self, without: int | None = None) -> dict[str, Any]:
        """The weights in the form that ships."""
        kept = self.world != (-1 if without is None else without)
        kinds = {}
        for kind in pairing.ENDS:
            rows = kept & (self.kind == kind)
            bias, weights = _line(self.rows[rows], self.ends[rows])
            own, pair = weights[: -len(PAIR)], weights[-len(PAIR) :]
            across = rows & self.ends & ~self.within
            worths = self.rows[across][:, : -len(PAIR)] @ own
            least = float(np.quantile(worths, _LEAST)) if len(worths) else 0.0
            kinds[kind] = _weighing(bias, own, pair, self.enough[kind], least)
        dropped = kept & self.ends & (self.kind == "commitment")
        bias, weights = _line(self.rows[dropped][:, : -len(PAIR)], self.status[dropped] == "dropped")
        kinds["dropped"] = _weighing(bias, weights, np.zeros(len(PAIR)), self.dropped, 0.0)
        return {"columns": list(pairing.COLUMNS), "kinds": kinds}

    def _enough(self, kind: str) -> float:
        """From where on the best pair of a fact tells best whether it is over."""
        scores = np.full(len(self.rows), -20.0)
        of_kind = self.kind == kind
        for world in sorted(set(self.world.tolist())):
            kept, left = of_kind & (self.world != world), of_kind & (self.world == world)
            bias, weights = _line(self.rows[kept], self.ends[kept])
            scores[left] = self.rows[left] @ weights + bias
        best: dict[int, tuple[float, bool]] = {}
        for number, score, ends in zip(
            self.fact[of_kind].tolist(), scores[of_kind].tolist(), self.ends[of_kind].tolist(), strict=True
        ):
            best[number] = max(best.get(number, _NOTHING), (score, ends))
        over = [(*best.get(number, _NOTHING), status in _ENDED) for number, status in self.open[kind]]
        rates = {at / 10: _rates(over, at / 10) for at in range(-50, 20)}
        enough = max(rates, key=lambda at: (sum(rates[at]), at))
        told, found = rates[enough]
        print(f"{kind}: {len(over)}, from {enough} on over or not right {told:.1%}, F of words {found:.1%}", flush=True)
        return enough

    def _dropped(self) -> float:
        """From where on words that end a promise rather give it up."""
        ends = self.ends & (self.kind == "commitment")
        said, scores = self.status == "dropped", np.zeros(len(self.rows))
        rows = self.rows[:, : -len(PAIR)]
        for world in sorted(set(self.world.tolist())):
            kept, left = ends & (self.world != world), ends & (self.world == world)
            bias, weights = _line(rows[kept], said[kept])
            scores[left] = rows[left] @ weights + bias
        rates = {at / 4: float(((scores >= at / 4) == said)[ends].mean()) for at in range(-8, 20)}
        enough = max(rates, key=lambda at: (rates[at], at))
        print(
            f"dropped: {int((said & ends).sum())} of {int(ends.sum())}, from {enough} on right {rates[enough]:.1%}",
            flush=True,
        )
        return enough

    def _open(self, read: Sequence[World]) -> dict[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = {kind: [] for kind in pairing.ENDS}
        facts = (fact for world in read for fact in noted.noted(world))
        for number, fact in enumerate(facts, start=1):
            if fact.row["kind"] in found and fact.row["status"] != "proposed":
                found[fact.row["kind"]].append((number, fact.row["status"]))
        return found


def _rates(over: Sequence[tuple[float, bool, bool]], enough: float) -> tuple[float, float]:
    """How often it is told right whether a fact is over; and F of the words that ended it."""
    told = sum((score >= enough) == ended for score, _, ended in over) / len(over)
    closed = sum(score >= enough for score, _, _ in over)
    hits = sum(score >= enough and right for score, right, _ in over)
    return told, 2 * hits / max(closed + sum(ended for _, _, ended in over), 1)


def _places(talks: Sequence[Talk], weights: acts.Weights) -> dict[MessageId, _Place]:
    found = {}
    for talk in talks:
        told = said_of(talk, weights)
        for at, said in enumerate(told):
            found[said.message.message_id] = _Place(told, at, talk.keys[at])
    return found


def _pairs(
    world: World, fact: Noted, places: Mapping[MessageId, _Place]
) -> Iterator[tuple[_Place, bool, tuple[float, ...]]]:
    """The messages after a fact, in its conversation and elsewhere in its channel, with the columns of each pair."""
    anchor = places[fact.anchor.message_id]
    draft = drafted(world, fact, places)
    here = elsewhere = settling.matter_of(draft, anchor.told)
    for place in places.values():
        message = place.told[place.at].message
        if message.container_id != fact.anchor.container_id or message.posted_at <= fact.anchor.posted_at:
            continue
        own, remark = pairing.own(place.told[place.at]), settling.remark_of(place.told[place.at])
        if place.told is anchor.told:
            if place.at > anchor.at:
                within = settling.within(draft, place.at, place.told)
                yield place, True, (*own, *pairing.pair(here, remark, within))
        elif fact.row["kind"] != "question" and (
            message.author_id in {draft.actor, draft.counterparty} or elsewhere.words.stems & remark.words.stems
        ):
            yield place, False, (*own, *pairing.pair(elsewhere, remark))


def drafted(world: World, fact: Noted, places: Mapping[MessageId, _Place]) -> Draft:
    """The fact as `extract` would draft it."""
    anchor = places[fact.anchor.message_id]
    said = anchor.told[anchor.at]
    ear = Ear(world.names, world.timezones, anchor.told)
    act = {"decision": "decided"}.get(fact.row["kind"], fact.row["kind"])
    before = fact.messages[0]
    answers = None
    place = places.get(before.message_id)
    if before is not fact.anchor and place is not None and place.told is anchor.told:
        asked = place.told[place.at]
        answers = Quote(asked, drafting.clause(asked, "request", asking=True)) if asked.clauses else None
    return ear.keep(
        fact.row["kind"],
        said,
        drafting.clause(said, act, asking=True),
        1.0,
        "open",
        counterparty=fact.counterparty,
        due=ear.due(said.words, said),
        answers=answers,
        actor=fact.actor,
    )


def _line(rows: Any, ends: Any) -> tuple[float, Any]:
    """A linear model over unscaled columns."""
    scale = learning.scale(rows)
    line = learning.line((rows - scale.means) / scale.spreads, ends.astype(int), STRENGTH)
    weights = line.weights / scale.spreads
    return line.bias - float(scale.means @ weights), weights


def _weighing(bias: float, own: Any, pair: Any, enough: float, least: float) -> dict[str, Any]:
    return {
        "bias": round(bias, 4),
        "own": learning.rounded(own),
        "pair": learning.rounded(pair),
        "enough": round(enough, 4),
        "least": round(least, 4),
    }
