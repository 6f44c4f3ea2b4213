"""What ties a message to each conversation it may continue: a row of numbers for each, and one for opening its own.

Rows are worked out from the last `WINDOW` top-level messages only, kept up to date as each is remembered; so they cost
the same however long the channel is, and come out the same wherever a batch begins. They name nobody and no channel:
what a channel is like (busy or quiet, interleaved or not) is read off the same messages.
"""

import math
from bisect import bisect_left

from graphs.tasks import wording
from graphs.tasks.scene import NIGHT, Scene, scene_of
from graphs.tasks.turns import Talk, Turn, Window

NEVER = 16.0
"""Stands for the logarithm of a time that never was."""

ABOUT_MESSAGE = tuple(
    """
    gap quick_share switching naming talks_share replied open_talks busy lively voices pace
    own_gap own_turns own_share own_talks has_names starts names_known names_gap called_gap called_turns owed
    dangles best_match words
    gap_heard gap_rel tempo talk_tempo replies_share own_heard night_since words_new best_affinity entities own_opens
    """.split()
    + list(wording.CUES)
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
    since_rel lull nights others_since replies_in reply_since my_reply_since reply_last
    affinity affinity_lead
    last_takes opener_length mine_before answered my_words_match fit last_wording opener_wording
    taken taken_since own_match lead_match
    """.split()
)
"""The columns that differ from row to row."""


def rows(window: Window, now: Turn) -> tuple[list[float], list[tuple[Talk, list[float]]]]:
    """The columns about the message, and one row for each conversation that it may continue, the latest first."""
    scene = scene_of(window, now)
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
            *_since(scene, talk),
            *_speaks_of(scene, talk),
            *_course(scene, talk),
        ]
        found.append((talk, row))
        mine_order += bool(mine)
    return _about(scene), found


def _about(scene: Scene) -> list[float]:
    """The columns of `ABOUT_MESSAGE`."""
    window, now, own, called, last = scene.window, scene.now, scene.own, scene.called, scene.last
    whole, author, at, place, seen = window.whole, now.author, now.at, scene.place, scene.seen
    heard = window.replies[-1] if window.replies else None
    own_reply = max((reply.at for reply in window.replies if reply.author == author), default=0.0)
    tempo = scene.tempo
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
        float(last is not None and last.author == author and last.dangles),
        scene.best,
        float(len(now.words)),
        _log(at - max(last.at, heard.at if heard else 0.0)) if last else NEVER,
        (_log(at - last.at) - tempo) if last else NEVER,
        tempo,
        scene.talk_tempo,
        len(window.replies) / ((seen + len(window.replies)) or 1),
        _log(at - max(own.at if own else 0.0, own_reply)) if own or own_reply else NEVER,
        float(last is not None and at - last.at > NIGHT),
        sum([weight * weight for word, weight in now.words.items() if word not in window.by_word]),
        scene.best_affinity,
        float(len(now.entities)),
        sum(talk.turns[0].author == author for talk in window.talks.values()) / whole.count_by[author] if own else 0.5,
        *now.cues,
    ]


def _shape(scene: Scene, order: int, talk: Talk, mean_gap: float) -> tuple[float, ...]:
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


def _own_part(scene: Scene, talk: Talk, mine: int, mine_order: int) -> tuple[float, ...]:
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


def _named(scene: Scene, talk: Talk, latest_named: int) -> tuple[float, ...]:
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


def _calls(scene: Scene, talk: Talk) -> tuple[float, ...]:
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


def _words(scene: Scene, talk: Talk) -> tuple[float, ...]:
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


def _ends(scene: Scene, talk: Talk) -> tuple[float, ...]:
    """What kind of message stands last in it, and first."""
    end, begin = talk.turns[-1], talk.turns[0]
    return (
        end.cues[wording.ASKS],
        end.cues[wording.WONDERS],
        end.cues[wording.THANKS],
        end.cues[wording.GREETS],
        end.cues[wording.ANSWERS],
        end.cues[wording.LENGTH],
        end.cues[wording.CODE],
        end.cues[wording.LINK],
        end.cues[wording.BOT],
        float(end.starts),
        float(end.replies),
        begin.cues[wording.ASKS],
        float(begin.author == scene.now.author),
        _log(scene.now.at - begin.at),
        float(len(talk.count_by) == 1),
        float(len(talk.count_by) == 2),
        len(talk.turns) / scene.seen,
    )


def _since(scene: Scene, talk: Talk) -> tuple[float, ...]:
    """What happened in the channel, and in threads, since its last turn."""
    since = _log(scene.now.at - talk.turns[-1].at)
    lull, nights, others = scene.lulls[talk]
    author, at = scene.now.author, scene.now.at
    reply = talk.replies[-1] if talk.replies else None
    mine = next((each for each in reversed(talk.replies) if each.author == author), None) if reply else None
    return (
        since - scene.talk_tempo,
        _log(lull),
        float(nights),
        float(others),
        float(len(talk.replies)),
        _log(at - reply.at) if reply else NEVER,
        _log(at - mine.at) if mine else NEVER,
        float(reply is not None and reply.place >= talk.turns[-1].place),
    )


def _speaks_of(scene: Scene, talk: Talk) -> tuple[float, ...]:
    affinity = scene.affinities.get(talk, 0.0)
    return (
        affinity,
        affinity - (scene.second_affinity if affinity == scene.best_affinity else scene.best_affinity),
    )


def _course(scene: Scene, talk: Talk) -> tuple[float, ...]:
    """Where the conversation stands for the author: what was asked, answered and taken on in it."""
    end, begin, author = talk.turns[-1], talk.turns[0], scene.now.author
    before = talk.turns[-2] if len(talk.turns) > 1 else None
    answered = 0.0
    for turn in reversed(talk.turns):
        if turn.cues[wording.ASKS]:
            answered = float(turn.author == author and end.author != author)
            break
    my_last = talk.last_by.get(author)
    return (
        end.cues[wording.TAKES],
        begin.cues[wording.LENGTH],
        float(before is not None and before.author == author and end.author != author),
        answered,
        _match(scene.now, my_last) if my_last else -1.0,
        (1.0 if end.asked & scene.now.gives else -1.0) if end.asked and end.author != author else 0.0,
        end.cues[wording.WORDING],
        begin.cues[wording.WORDING],
        *_taken(scene, talk),
        scene.own_matches.get(talk, 0.0),
        talk.words[scene.now.lead] / (len(talk.turns) + len(talk.replies)) if scene.now.lead in talk.words else 0.0,
    )


def _taken(scene: Scene, talk: Talk) -> tuple[float, float]:
    """Whether the author took something on in it, more so if they have not spoken there since; and when."""
    taken = talk.taken_by.get(scene.now.author)
    if taken is None:
        return 0.0, NEVER
    my_last = talk.last_by.get(scene.now.author)
    return 1.0 + (my_last is None or my_last.at <= taken.at), _log(scene.now.at - taken.at)


def pace(about: list[float]) -> float:
    """Mean seconds between the turns of the window, from the columns about a message."""
    return math.exp(about[_PACE])


_PACE = ABOUT_MESSAGE.index("pace")
OPENING = [1.0, *[-1.0] * (len(ABOUT_TIE) - 1)]
"""The row that stands for opening a conversation."""


def _match(one: Turn, other: Turn) -> float:
    return sum([weight * other.words[word] for word, weight in one.words.items() if word in other.words])


def _match_all(now: Turn, talk: Talk) -> float:
    """The share of the message's words, by weight, that stand anywhere in the conversation."""
    return sum([weight * weight for word, weight in now.words.items() if word in talk.words])


def _log(seconds: float) -> float:
    return math.log1p(seconds) if seconds > 0 else 0.0


def _place(turn: Turn) -> int:
    return turn.place
