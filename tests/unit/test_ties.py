"""What the columns about ties promise."""

from graphs.tasks import ties
from graphs.tasks.ties import ABOUT_MESSAGE, ABOUT_TIE, rows
from graphs.tasks.turns import WINDOW, Window, turn_of
from memory.models.ids import conversation_id
from tests.unit.chat import message


def filled(many: int) -> Window:
    window = Window()
    for place in range(many):
        each = message(["Ana", "Bo", "Cy"][place % 3], f"about topic{place % 7}", place * 5)
        window.add(turn_of(each, {}, 9.0), conversation_id(each.message_id))
    return window


def test_a_row_has_a_number_for_each_column() -> None:
    """Every row is as long as its columns, on an empty channel and on a full one."""
    now = turn_of(message("Ana", "topic3?", 9999), {}, 9.0)
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
        window.add(turn_of(each, {}, 9.0), conversation_id(each.message_id))
    _, tied = rows(window, turn_of(message("Cy", "<@UANA> yes", 31, mentions=["Ana"]), {}, 9.0))
    named = [row[ABOUT_TIE.index("named")] for _, row in tied]
    assert named == [0.0, 1.0]
