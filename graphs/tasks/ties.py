"""What ties a message to each conversation it may continue: a row of numbers for each, and one for opening its own.

Rows are worked out from the last `WINDOW` top-level messages only, kept up to date as each is remembered; so they cost
the same however long the channel is, and come out the same wherever a batch begins. They name nobody and no channel:
what a channel is like (busy or quiet, interleaved or not) is read off the same messages.
"""

import math
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from graphs.tasks.turns import (
    ANSWERS,
    ASKS,
    BOT,
    CODE,
    GREETS,
    LINK,
    THANKS,
    WONDERS,
    Talk,
    Turn,
    Window,
)

NEVER = 16.0
"""Stands for the logarithm of a time that never was."""

ABOUT_MESSAGE = tuple(
    """
    gap quick_share switching naming talks_share replied open_talks busy lively voices pace
    own_gap own_turns own_share own_talks has_names starts names_known names_gap called_gap called_turns owed
    asks wonders thanks greets answers seeks lower length code link bot dangles best_match words
    """.split()
)
"""The columns that all rows of a message share."""
ABOUT_TIE = tuple(
    """
    opens since turns order size span people talk_pace rel_pace rel_gap
    mine my_share my_since my_turns my_last is_mine run mine_order
    named named_since named_turns named_last is_named first_named named_elsewhere
    calls_me calls_since calls_turns calls_last last_calls_me last_calls_other calls_owed
    match match_last match_all rarest match_lead same_named talked
    last_asks last_wonders last_thanks last_greets last_answers last_length last_code last_link last_bot last_starts
    last_replies opener_asks opener_mine opener_since alone only_two size_share
    """.split()
)
"""The columns that differ from row to row."""

_ELSEWHERE = 8
"""Talks looked at besides the latest dozen."""


@dataclass(frozen=True, slots=True)
class _Scene:
    """A message in front of its window, with what all its columns need."""

    window: Window
    now: Turn
    talks: list[Talk]
    matches: Mapping[Talk, float]
    rarest: Mapping[Talk, float]
    last: Turn | None
    own: Turn | None
    called: Turn | None
    known: list[int]
    spoke: list[Turn]
    first: Turn | None
    best: float
    second: float

    @property
    def place(self) -> int:
        return self.window.placed + 1

    @property
    def seen(self) -> int:
        return len(self.window.turns)

    @property
    def mean_gap(self) -> float:
        """Seconds between the turns of the window."""
        turns = self.window.turns
        return max(self.now.at - turns[0].at, 0.0) / self.seen + 5 if turns else 5.0


def rows(window: Window, now: Turn) -> tuple[list[float], list[tuple[Talk, list[float]]]]:
    """The columns about the message, and one row for each conversation that it may continue, the latest first."""
    scene = _scene(window, now)
    latest_named = max((turn.place for turn in scene.spoke), default=0)
    mean_gap = scene.mean_gap
    mine_order = 0
    found = []
    for order, talk in enumerate(scene.talks):
        mine = talk.count_by.get(now.author, 0)
        row = [
            *_shape(scene, order, talk, mean_gap),
            *_own_part(scene, talk, mine, mine_order),
            *_named(scene, talk, latest_named),
            *_calls(scene, talk),
            *_words(scene, talk),
            *_ends(scene, talk),
        ]
        found.append((talk, row))
        mine_order += bool(mine)
    return _about(scene), found


def _scene(window: Window, now: Turn) -> _Scene:
    whole, author = window.whole, now.author
    matches, rarest = _matches(window, now)
    called = whole.last_naming.get(author) if author is not None else None
    known = [person for person in now.mentions if person in whole.last_by]
    return _Scene(
        window=window,
        now=now,
        talks=_candidates(window, now, matches),
        matches=matches,
        rarest=rarest,
        last=window.turns[-1] if window.turns else None,
        own=whole.last_by.get(author),
        called=None if called is not None and called.author == author else called,
        known=known,
        spoke=[whole.last_by[person] for person in known],
        first=whole.last_by.get(now.mentions[0]) if now.mentions and now.starts else None,
        best=max(matches.values(), default=0.0),
        second=sorted(matches.values())[-2] if len(matches) > 1 else 0.0,
    )


def _about(scene: _Scene) -> list[float]:
    """The columns of `ABOUT_MESSAGE`."""
    window, now, own, called, last = scene.window, scene.now, scene.own, scene.called, scene.last
    whole, author, at, place, seen = window.whole, now.author, now.at, scene.place, scene.seen
    return [
        _log(at - last.at) if last else NEVER,
        window.quick / (seen or 1),
        window.switched / (seen or 1),
        window.naming / (seen or 1),
        len(window.talks) / (seen or 1),
        window.replied / (seen or 1),
        float(sum(talk.turns[-1].at > at - 600 for talk in scene.talks)),
        float(seen - bisect_left(window.times, at - 300)),
        float(seen - bisect_left(window.times, at - 3600)),
        float(len(whole.count_by)),
        math.log(scene.mean_gap),
        _log(at - own.at) if own else NEVER,
        float(place - own.place) if own else 99.0,
        whole.count_by[author] / seen if own else 0.0,
        float(sum(author in talk.count_by for talk in scene.talks)),
        float(len(now.mentions)),
        float(now.starts),
        float(len(scene.known)),
        _log(at - max(turn.at for turn in scene.spoke)) if scene.spoke else NEVER,
        _log(at - called.at) if called else NEVER,
        float(place - called.place) if called else 99.0,
        float(called is not None and (own is None or own.place < called.place)),
        *now.cues,
        float(last is not None and last.author == author and last.dangles),
        scene.best,
        float(len(now.words)),
    ]


def _shape(scene: _Scene, order: int, talk: Talk, mean_gap: float) -> tuple[float, ...]:
    """How long ago, how long and how lively the conversation is."""
    end, size = talk.turns[-1], len(talk.turns)
    since = scene.now.at - end.at
    span = max(end.at - talk.turns[0].at, 0.0)
    pace = span / size + 5
    return (
        0.0,
        _log(since),
        float(scene.place - end.place),
        float(order),
        float(size),
        _log(span),
        float(len(talk.count_by)),
        math.log(pace),
        _log(since / pace),
        _log(since / mean_gap),
    )


def _own_part(scene: _Scene, talk: Talk, mine: int, mine_order: int) -> tuple[float, ...]:
    """What the message's author said in it."""
    my_last = talk.last_by.get(scene.now.author)
    is_mine = scene.own is not None and scene.own.talk is talk
    return (
        float(mine),
        mine / len(talk.turns),
        _log(scene.now.at - my_last.at) if my_last else NEVER,
        float(scene.place - my_last.place) if my_last else 99.0,
        float(talk.turns[-1].author == scene.now.author),
        float(is_mine),
        float(is_mine and scene.last is scene.own),
        float(mine_order) if mine else 9.0,
    )


def _named(scene: _Scene, talk: Talk, latest_named: int) -> tuple[float, ...]:
    """What the people whom the message names said in it."""
    named = [talk.last_by[person] for person in scene.known if person in talk.last_by]
    named_at = max(named, key=_place) if named else None
    return (
        float(len(named)),
        _log(scene.now.at - named_at.at) if named_at else NEVER,
        float(scene.place - named_at.place) if named_at else 99.0,
        float(talk.turns[-1].author in scene.now.mentions),
        float(named_at is not None and named_at.place == latest_named),
        float(scene.first is not None and scene.first.talk is talk),
        float(len(scene.known) - len(named)),
    )


def _calls(scene: _Scene, talk: Talk) -> tuple[float, ...]:
    """Whether somebody in it named the message's author, and waits."""
    author, end = scene.now.author, talk.turns[-1]
    my_last = talk.last_by.get(author)
    calls = talk.last_naming.get(author) if author is not None else None
    if calls is not None and calls.author == author:
        calls = None
    return (
        float(talk.named.get(author, 0)) if author is not None else 0.0,
        _log(scene.now.at - calls.at) if calls else NEVER,
        float(scene.place - calls.place) if calls else 99.0,
        float(calls is not None and calls is scene.called),
        float(calls is end),
        float(bool(end.mentions) and author not in end.mentions),
        float(calls is not None and (my_last is None or my_last.place < calls.place)),
    )


def _words(scene: _Scene, talk: Talk) -> tuple[float, ...]:
    """What it shares with the message in words and names."""
    now, end, pairs = scene.now, talk.turns[-1], scene.window.pairs
    match = scene.matches.get(talk, 0.0)
    talked = 0.0
    if now.author is not None and end.author is not None and end.author != now.author:
        talked = float(pairs[now.author, end.author] + pairs[end.author, now.author])
    return (
        match,
        _match(now, end),
        _match_all(now, talk),
        scene.rarest.get(talk, 0.0),
        match - (scene.second if match == scene.best else scene.best),
        float(sum(person in talk.named for person in now.mentions)),
        talked,
    )


def _ends(scene: _Scene, talk: Talk) -> tuple[float, ...]:
    """What kind of message stands last in it, and first."""
    end, begin = talk.turns[-1], talk.turns[0]
    return (
        end.cues[ASKS],
        end.cues[WONDERS],
        end.cues[THANKS],
        end.cues[GREETS],
        end.cues[ANSWERS],
        end.length,
        end.cues[CODE],
        end.cues[LINK],
        end.cues[BOT],
        float(end.starts),
        float(end.replies),
        begin.cues[ASKS],
        float(begin.author == scene.now.author),
        _log(scene.now.at - begin.at),
        float(len(talk.count_by) == 1),
        float(len(talk.count_by) == 2),
        len(talk.turns) / scene.seen,
    )


def pace(about: list[float]) -> float:
    """Mean seconds between the turns of the window, from the columns about a message."""
    return math.exp(about[_PACE])


_PACE = ABOUT_MESSAGE.index("pace")
OPENING = [1.0, *[-1.0] * (len(ABOUT_TIE) - 1)]
"""The row that stands for opening a conversation."""


def _candidates(window: Window, now: Turn, matches: Mapping[Talk, float]) -> list[Talk]:
    """The latest dozen, and a few more that the message has to do with."""
    talks = sorted(window.talks.values(), key=_last_place, reverse=True)
    if len(talks) <= 12:
        return talks
    author, mentions = now.author, now.mentions
    more = [
        talk
        for talk in talks[12:]
        if author in talk.count_by
        or author in talk.last_naming
        or any(person in talk.count_by for person in mentions)
        or matches.get(talk, 0.0) > 0.25
    ]
    return talks[:12] + more[:_ELSEWHERE]


def _matches(window: Window, now: Turn) -> tuple[dict[Talk, float], dict[Talk, float]]:
    """For each conversation, how like the likest of its turns is in words, and the weight of the rarest word shared."""
    alike: dict[Turn, float] = {}
    rarest: dict[Talk, float] = {}
    for word, weight in now.words.items():
        for turn in window.by_word.get(word, ()):
            alike[turn] = alike.get(turn, 0.0) + weight * turn.words[word]
            talk = turn.talk
            if talk is not None and rarest.get(talk, 0.0) < weight:
                rarest[talk] = weight
    best: dict[Talk, float] = {}
    for turn, match in alike.items():
        talk = turn.talk
        if talk is not None and best.get(talk, 0.0) < match:
            best[talk] = match
    return best, rarest


def _match(one: Turn, other: Turn) -> float:
    return sum([weight * other.words[word] for word, weight in one.words.items() if word in other.words])


def _match_all(now: Turn, talk: Talk) -> float:
    """The share of the message's words, by weight, that stand anywhere in the conversation."""
    return sum([weight * weight for word, weight in now.words.items() if word in talk.words])


def _log(seconds: float) -> float:
    return math.log1p(seconds) if seconds > 0 else 0.0


def _place(turn: Turn) -> int:
    return turn.place


def _last_place(talk: Talk) -> int:
    return talk.turns[-1].place
