"""What the columns about ties promise."""

import random
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from types import FrameType

import pytest

from graphs.tasks import ties
from graphs.tasks.reading import Reading, first_names, turn_of
from graphs.tasks.scene import ELSEWHERE, LATEST
from graphs.tasks.ties import ABOUT_MESSAGE, ABOUT_TIE, rows
from graphs.tasks.turns import WINDOW, Turn, Window
from memory.models.ids import ConversationId, conversation_id, message_id
from tests.unit.chat import NAMES, ROOM, message, person

READING = Reading({}, 9.0)


def filled(many: int) -> Window:
    window = Window()
    for place in range(many):
        each = message(["Ana", "Bo", "Cy"][place % 3], f"about topic{place % 7}", place * 5)
        window.add(turn_of(each, READING), conversation_id(each.message_id))
    return window


def test_a_row_has_a_number_for_each_column() -> None:
    """Every row is as long as its columns, on an empty channel and on a full one."""
    now = turn_of(message("Ana", "topic3?", 9999), READING)
    assert len(ties.OPENING) == len(ABOUT_TIE)
    for many in (0, 1, WINDOW + 30):
        about, tied = rows(filled(many), now)
        assert len(about) == len(ABOUT_MESSAGE)
        assert {len(row) for _, row in tied} <= {len(ABOUT_TIE)}
        assert bool(tied) == bool(many)


def test_what_left_the_window_leaves_no_trace() -> None:
    """Nothing that is kept grows with the channel: a window twice over holds as much as a full one."""
    one, two = filled(WINDOW * 2), filled(WINDOW * 3)
    for window in (one, two):
        assert len(window.turns) == len(window.times) == len(window.by_name) == WINDOW
        assert len(window.talks) == len({id(turn.talk) for turn in window.turns})
        assert sum(map(len, window.by_word.values())) == sum(len(turn.words) for turn in window.turns)
        assert sum(window.whole.count_by.values()) == WINDOW


def test_a_named_person_ties() -> None:
    """The conversation of the person named is told from the others."""
    window = Window()
    for name, minute in (("Ana", 0), ("Bo", 30)):
        each = message(name, "hm", minute)
        window.add(turn_of(each, READING), conversation_id(each.message_id))
    _, tied = rows(window, turn_of(message("Cy", "<@UANA> yes", 31, mentions=["Ana"]), READING))
    named = [row[ABOUT_TIE.index("named")] for _, row in tied]
    assert named == [0.0, 1.0]


def test_a_first_name_ties_like_a_mention() -> None:
    """Who is called by a first name that is theirs alone is named."""
    reading = Reading({}, 9.0, called=first_names(NAMES, {}))
    turn = turn_of(message("Cy", "bo, the cache is warm; cy knows"), reading)
    assert turn.mentions == (person("Bo").int,)


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (["Ana Lima", "Bo Chen"], {"ana", "bo"}),
        (["Sam Hill", "Sam Ode", "Bo"], {"bo"}),
        (["Will Ray", "", "  ", "J"], set()),
    ],
)
def test_whom_a_first_name_stands_for(names: list[str], called: set[str]) -> None:
    """Names of two people, words of the language, and single letters name nobody."""
    people = {person(f"P{place}"): name for place, name in enumerate(names)}
    assert set(first_names(people, {"will": 3.0})) == called


def counted(work: Callable[[list[Turn]], int], turns: list[Turn]) -> tuple[int, int]:
    """How many functions the work calls, which is what it costs on any machine; and what it finds."""
    many = 0

    def note(_: FrameType, event: str, __: object) -> None:
        nonlocal many
        many += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        found = work(turns)
    finally:
        sys.setprofile(before)
    return many, found


def test_the_fifty_thousandth_message_costs_what_the_thousandth_did() -> None:
    """As many conversations are compared, with as much work, and as much is kept, however long the channel is."""
    dice, window, recent = random.Random(3), Window(), deque[ConversationId](maxlen=12)
    kinds = [
        turn_of(message(f"P{k % 30}", f"topic{k % 70} is red, ana?", mentions=["Ana"]), READING) for k in range(210)
    ]
    compared, work, kept = list[int](), list[int](), list[int]()

    def placed(turns: list[Turn], *, looking: bool) -> int:
        candidates = 0
        for turn in turns:
            candidates += len(rows(window, turn)[1]) if looking else 0
            fresh = conversation_id(message_id(ROOM, turn.name))
            conversation = dice.choice(recent) if recent and dice.random() < 0.7 else fresh
            window.add(turn, conversation)
            if dice.random() < 0.3:
                window.answer(turn.name, replace(turn, name=f"{turn.name}r"), conversation)
            recent.append(conversation)
        return candidates

    told = [replace(dice.choice(kinds), name=f"m{k}", at=float(k * 90 + dice.randrange(80))) for k in range(50_000)]
    for begin, end in ((1000, 1400), (49_600, 50_000)):
        placed(told[window.placed : begin], looking=False)
        many, candidates = counted(lambda turns: placed(turns, looking=True), told[begin:end])
        compared.append(candidates)
        work.append(many)
        kept.append(
            sum(map(len, window.by_word.values())) + len(window.pairs) + len(window.replies) + len(window.talks)
        )
    assert window.placed == 50_000
    assert compared[1] <= 1.1 * compared[0] <= 1.1 * 400 * (LATEST + ELSEWHERE)
    assert work[1] <= 1.1 * work[0]
    assert kept[1] <= 1.1 * kept[0]
