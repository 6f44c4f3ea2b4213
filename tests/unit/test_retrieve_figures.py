"""How well evidence is found in chats with annotated questions; runs where DAYBOOK_BENCHMARKS names the data."""

import json
import math
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import groupby
from operator import mul
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from bot.embedder import HashedWords
from graphs.tasks import retrieve, understand
from graphs.tasks.asked import without_names
from graphs.tasks.retrieve import NEIGHBOURS, Candidate, Counted, Given, Said
from graphs.tasks.stems import stems_of, telling
from memory.models.ids import MessageId, PersonId, TeamId
from memory.models.people import Person

DATA = Path(os.environ.get("DAYBOOK_BENCHMARKS", "/nonexistent"))
TEAM, SPACE = TeamId("T1"), UUID(int=3)
BY_WORDS, BY_VECTOR = 200, 50
"""How many candidates a store gives of each kind; it finds them without what may stand for a word."""

pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="DAYBOOK_BENCHMARKS names no folder"),
    pytest.mark.timeout(900),
]


def rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def person(name: str) -> Person:
    known = PersonId(uuid5(SPACE, name))
    return Person(person_id=known, team_id=TEAM, external_id=f"U{name}", handle=name.lower(), real_name=name)


def text_of(row: dict[str, Any]) -> str:
    return f"{row['text']} [shares {row['image_caption']}]" if row.get("image_caption") else row["text"]


class Chat:
    """A conversation with what a store knows of it: neighbours, vectors of messages between them, stems."""

    def __init__(self, messages: Sequence[dict[str, Any]], embedder: HashedWords) -> None:
        self.people = {row["speaker"]: person(row["speaker"]) for row in messages}
        texts = [text_of(row) for row in messages]
        said = [Said(self.people[row["speaker"]].person_id, text) for row, text in zip(messages, texts, strict=True)]
        self.candidates: list[Candidate] = []
        self.keys: dict[MessageId, str] = {}
        for place, row in enumerate(messages):
            same = [n for n, other in enumerate(messages) if other["session"] == row["session"]]
            known = MessageId(uuid5(SPACE, row["conv"] + row["dia_id"]))
            self.keys[known] = row["dia_id"]
            self.candidates.append(
                Candidate(
                    message_id=known,
                    author_id=said[place].author_id,
                    text=texts[place],
                    posted_at=datetime.fromtimestamp(row["ts"], UTC),
                    before=tuple(said[n] for n in same if place - NEIGHBOURS <= n < place),
                    after=tuple(said[n] for n in same if place < n <= place + NEIGHBOURS),
                )
            )
        self.vectors = [embedder.vector("\n".join(passage(each))) for each in self.candidates]
        self.stems = [set(stems_of(text)) for text in texts]
        self.beside = [
            {s for said in (*c.before[-1:], *c.after[:1]) for s in stems_of(said.text)} for c in self.candidates
        ]
        self.holding = Counter(stem for stems in self.stems for stem in stems)
        self.ends = self.candidates[-1].posted_at + timedelta(days=1)

    def given(self, question: str, embedder: HashedWords, *, limited: bool) -> Given:
        people = tuple(self.people.values())
        asker = person("nobody-here")
        asked = understand.Given(text=question, asker=asker, people=people, asked_at=self.ends)
        plan, names = understand.rules(asked), {each.person_id: each.real_name for each in people}
        vector = embedder.vector(without_names(question, plan, names))
        near = [sum(map(mul, vector, each)) for each in self.vectors]
        ranks = self.ranks([telling(word) for word in retrieve.words_to_seek(question, plan, names)])
        places = list(range(len(near)))
        if limited:
            by_words = sorted((n for n in places if ranks[n]), key=lambda n: -ranks[n])[:BY_WORDS]
            places = sorted({*by_words, *sorted(places, key=lambda n: -near[n])[:BY_VECTOR]})
        found = [self.candidates[n] for n in places]
        counted = {w: self.holding[telling(w)] for w in retrieve.words_to_count(question, plan, names)}
        return Given(
            question=question,
            asker=asker.person_id,
            asked_at=self.ends,
            plan=plan,
            names=names,
            candidates=tuple(
                Candidate(c.message_id, c.author_id, c.text, c.posted_at, c.before, c.after, ranks[n], near[n])
                for n, c in zip(places, found, strict=True)
            ),
            counted=Counted(messages=len(near), holding=counted),
        )

    def ranks(self, stems: Sequence[str]) -> list[float]:
        """How telling the stems are that a message holds, in its neighbours' words less so."""
        many = len(self.stems)
        weights = {s: math.log(1 + (many - self.holding[s] + 0.5) / (self.holding[s] + 0.5)) for s in stems}
        return [
            sum(weight * (1 if s in own else 0.4 * (s in beside)) for s, weight in weights.items())
            for own, beside in zip(self.stems, self.beside, strict=True)
        ]


def passage(candidate: Candidate) -> list[str]:
    return [candidate.text, *(said.text for said in (*candidate.before[-1:], *candidate.after[:1]))]


@cache
def chats_of(name: str) -> dict[str, Chat]:
    of = groupby(rows(DATA / name / "dev" / "messages.jsonl"), lambda row: row["conv"])
    return {conv: Chat(list(messages), HashedWords()) for conv, messages in of}


def recall(name: str, *, limited: bool) -> float:
    """The mean share of a question's evidence among the first ten, in percent, as `main` of the scorer."""
    embedder, shares = HashedWords(), []
    for row in rows(DATA / name / "dev" / "questions.jsonl"):
        evidence = set(row["evidence"])
        if evidence and row["category_name"] != "adversarial":
            chat = chats_of(name)[row["conv"]]
            ranked = retrieve.rules(chat.given(row["question"], embedder, limited=limited)).ranked
            shares.append(len(evidence & {chat.keys[each.message_id] for each in ranked[:10]}) / len(evidence))
    return 100 * sum(shares) / len(shares)


@pytest.mark.parametrize(("name", "least"), [("locomo", 80.0), ("realtalk", 63.5)])
def test_evidence_among_what_a_store_gives(name: str, least: float) -> None:
    """Ranked are the best 200 by words and 50 by vector, as the model's card says."""
    assert recall(name, limited=True) >= least


@pytest.mark.parametrize(("name", "least"), [("locomo", 80.5), ("realtalk", 64.0)])
def test_evidence_among_all_messages(name: str, least: float) -> None:
    """With every message of the conversation as a candidate."""
    assert recall(name, limited=False) >= least
