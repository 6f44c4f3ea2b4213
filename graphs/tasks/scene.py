"""A message in front of the window of its channel: what it may continue, and what it has to do with each.

Worked out once for a message; `ties` reads its columns off it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from graphs.tasks.turns import Talk, Turn, Window

NIGHT = 5 * 3600.0
"""Seconds of silence that part one day from the next."""

LATEST, ELSEWHERE = 12, 8
"""Conversations that a message is compared with, at most: the latest, and earlier ones it has to do with."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A message in front of its window, with what all its columns need."""

    window: Window
    now: Turn
    talks: list[Talk]
    matches: Mapping[Talk, float]
    own_matches: Mapping[Talk, float]
    rarest: Mapping[Talk, float]
    last: Turn | None
    own: Turn | None
    called: Turn | None
    known: list[int]
    spoke: list[Turn]
    first: Turn | None
    best: float
    second: float
    affinities: Mapping[Talk, float]
    best_affinity: float
    second_affinity: float
    lulls: Mapping[Talk, tuple[float, int, int]]
    """Of each candidate, the longest silence since its last turn, how many were as long as a night, and how many
    other conversations had turns since."""

    @property
    def place(self) -> int:
        return self.window.placed + 1

    @property
    def seen(self) -> int:
        return len(self.window.turns)

    @property
    def tempo(self) -> float:
        """Mean logarithm of the seconds between turns."""
        return self.window.gaps / 1000 / (self.seen - 1) if self.seen > 1 else 5.0

    @property
    def talk_tempo(self) -> float:
        """Mean logarithm of the seconds between the turns of a conversation."""
        many = self.window.talk_gaps_many
        return (self.window.talk_gaps / 1000 + 5 * 5.0) / (many + 5)

    @property
    def mean_gap(self) -> float:
        """Seconds between the turns of the window."""
        turns = self.window.turns
        return max(self.now.at - turns[0].at, 0.0) / self.seen + 5 if turns else 5.0


def scene_of(window: Window, now: Turn) -> Scene:
    whole, author = window.whole, now.author
    matches, own_matches, rarest = _matches(window, now)
    affinities = _affinities(window, now)
    called = whole.last_naming.get(author) if author is not None else None
    known = [person for person in now.mentions if person in whole.last_by]
    return Scene(
        window=window,
        now=now,
        talks=_candidates(window, now, matches),
        matches=matches,
        own_matches=own_matches,
        rarest=rarest,
        last=window.turns[-1] if window.turns else None,
        own=whole.last_by.get(author),
        called=None if called is not None and called.author == author else called,
        known=known,
        spoke=[whole.last_by[person] for person in known],
        first=whole.last_by.get(now.mentions[0]) if now.mentions and now.starts else None,
        best=max(matches.values(), default=0.0),
        second=sorted(matches.values())[-2] if len(matches) > 1 else 0.0,
        affinities=affinities,
        best_affinity=max(affinities.values(), default=0.0),
        second_affinity=sorted(affinities.values())[-2] if len(affinities) > 1 else 0.0,
        lulls=_lulls(window, now),
    )


def _candidates(window: Window, now: Turn, matches: Mapping[Talk, float]) -> list[Talk]:
    """The latest, and a few more that the message has to do with."""
    talks = sorted(window.talks.values(), key=_last_place, reverse=True)
    if len(talks) <= LATEST:
        return talks
    author, mentions = now.author, now.mentions
    more = [
        talk
        for talk in talks[LATEST:]
        if author in talk.count_by
        or author in talk.last_naming
        or any(person in talk.count_by for person in mentions)
        or matches.get(talk, 0.0) > 0.25
    ]
    return talks[:LATEST] + more[:ELSEWHERE]


def _matches(window: Window, now: Turn) -> tuple[dict[Talk, float], dict[Talk, float], dict[Talk, float]]:
    """For each conversation, how like the likest of its turns is in words, and of the author's own; the rarest word."""
    alike: dict[Turn, float] = {}
    rarest: dict[Talk, float] = {}
    for word, weight in now.words.items():
        for turn in window.by_word.get(word, ()):
            alike[turn] = alike.get(turn, 0.0) + weight * turn.words[word]
            talk = turn.talk
            if talk is not None and rarest.get(talk, 0.0) < weight:
                rarest[talk] = weight
    best: dict[Talk, float] = {}
    own: dict[Talk, float] = {}
    for turn, match in alike.items():
        talk = turn.talk
        if talk is None:
            continue
        if best.get(talk, 0.0) < match:
            best[talk] = match
        if turn.author == now.author and own.get(talk, 0.0) < match:
            own[talk] = match
    return best, own, rarest


def _affinities(window: Window, now: Turn) -> dict[Talk, float]:
    """For each conversation, how much likelier the message's words are in it than elsewhere in the channel."""
    found: dict[Talk, float] = {}
    seen = len(window.turns) + len(window.replies)
    for word in now.words:
        standing = window.by_word.get(word)
        if standing is None:
            continue
        usual = (len(standing) + 0.5) / (seen + 20)
        for talk in {turn.talk for turn in standing}:
            if talk is not None:
                there = (talk.words[word] + usual) / (len(talk.turns) + len(talk.replies) + 1)
                found[talk] = found.get(talk, 0.0) + max(math.log(there / usual), 0.0)
    return found


def _lulls(window: Window, now: Turn) -> dict[Talk, tuple[float, int, int]]:
    """Of each conversation, the longest silence since its last turn, the nights since, the other conversations."""
    found: dict[Talk, tuple[float, int, int]] = {}
    lull, nights, after = 0.0, 0, now.at
    for turn in reversed(window.turns):
        silence = after - turn.at
        lull = max(lull, silence)
        nights += silence > NIGHT
        talk = turn.talk
        if talk is not None and talk not in found:
            found[talk] = (lull, nights, len(found))
        after = turn.at
    return found


def _last_place(talk: Talk) -> int:
    return talk.turns[-1].place
