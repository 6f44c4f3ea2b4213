"""What segmentation promises."""

import random
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphs.tasks import turns
from graphs.tasks.segment import WINDOW, Found, Given, MisplacedMessage, check, rules
from memory.models.ids import ConversationId, MessageId, conversation_id
from memory.models.messages import Message, MessageKind, PlacedMessage
from tests import talks
from tests.unit.chat import MONDAY, NAMES, message, talk

KINDS: list[MessageKind] = ["human", "human", "human", "bot", "notice"]
WORDS = [
    "deploy",
    "lunch",
    "why?",
    "yes",
    "the build is red",
    "<@UANA>",
    "thanks",
    "hi all, anyone know docker?",
    "bo can you look",
    "done, ana",
    "\x00",
    "",
]


@st.composite
def channels(draw: st.DrawFn) -> tuple[Message, ...]:
    lines = draw(
        st.lists(
            st.tuples(
                st.sampled_from(["Ana", "Bo", "Cy"]),
                st.lists(st.sampled_from(WORDS), max_size=3),
                st.integers(0, 90),
                st.sampled_from(KINDS),
                st.integers(0, 9),
            ),
            max_size=140,
        )
    )
    minute, told, parents = 0.0, list[Message](), list[str]()
    for place, (name, words, gap, kind, branch) in enumerate(lines):
        minute += gap + 0.01
        thread = parents[-1 - branch] if branch < min(len(parents), 3) and kind == "human" else None
        text = " ".join(words)
        told.append(
            message(
                name, text, minute + place / 1000, thread=thread, kind=kind, mentions=["Ana"] if "UANA" in text else []
            )
        )
        if thread is None:
            parents.append(told[-1].external_ts)
    return tuple(told)


def places(messages: tuple[Message, ...]) -> dict[MessageId, ConversationId]:
    return dict(rules(Given((), messages, NAMES)).placements)


@given(channels(), st.integers(1, 30))
def test_batches_equal_one_go(messages: tuple[Message, ...], size: int) -> None:
    """Placing in batches of any size, with enough context and the parents of threads, equals placing in one go."""
    assert in_batches(messages, size) == places(messages)


@pytest.mark.parametrize("pause", [0.2, 4])
def test_batches_equal_one_go_in_a_long_channel(pause: float) -> None:
    """So it is when the window has slid past its first message, in a busy channel and in a quiet one."""
    dice, minute, told = random.Random(7), 0.0, list[Message]()
    for place in range(3 * WINDOW):
        minute += pause * dice.expovariate(1)
        recent = [each.external_ts for each in told[-40:] if each.thread_ts is None]
        thread = dice.choice(recent) if recent and dice.random() < 0.2 else None
        text = f"{dice.choice(WORDS)} matter{dice.randrange(40)}"
        name = dice.choice(["Ana", "Bo", "Cy", "Di", "Ed"])
        mentions = ["Ana"] if "UANA" in text else []
        told.append(message(name, text, minute + place / 1000, thread=thread, mentions=mentions))
    messages = tuple(told)
    assert in_batches(messages, 17) == in_batches(messages, 150) == places(messages)


@pytest.mark.parametrize("seed", [127, 138, 333, 336, 504, 509, 512])
def test_a_reply_counts_where_the_window_begins_amid_its_conversation(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Though the turns that it followed are out of the window, as long as their conversation goes on in it."""
    monkeypatch.setattr(turns, "WINDOW", 4)
    dice, minute, told = random.Random(seed), 0.0, list[Message]()
    for _ in range(30):
        minute += dice.choice([0.2, 1, 5, 90])
        recent = [each.external_ts for each in told if each.thread_ts is None]
        thread = dice.choice(recent) if recent and dice.random() < 0.4 else None
        text = dice.choice(talks.TEXTS)
        name, mentions = dice.choice(["Ana", "Bo", "Cy"]), ["Bo"] if "<@" in text else []
        told.append(message(name, text, minute, thread=thread, mentions=mentions))
    assert in_batches(tuple(told), 3, window=4) == places(tuple(told))


def in_batches(
    messages: tuple[Message, ...], size: int, window: int = WINDOW
) -> dict[MessageId, ConversationId | None]:
    placed: list[PlacedMessage] = []
    for start in range(0, len(messages), size):
        new = messages[start : start + size]
        wanted = {each.thread_ts for each in new if each.thread_ts}
        flow = [k for k, each in enumerate(placed) if each.message.thread_ts is None and each.message.kind != "notice"]
        since = flow[-window] if len(flow) >= window else 0
        before = [each for k, each in enumerate(placed) if k >= since or each.message.external_ts in wanted]
        given_ = Given(tuple(before), new, NAMES)
        found = rules(given_)
        check(given_, found)
        where = dict(found.placements)
        placed += [PlacedMessage(message=each, conversation_id=where[each.message_id]) for each in new]
    return {each.message.message_id: each.conversation_id for each in placed}


@given(channels())
def test_every_message_is_in_one_conversation_named_by_its_first(messages: tuple[Message, ...]) -> None:
    """A conversation bears the id of its first message, and the same input gives the same output."""
    found = places(messages)
    assert found == places(messages)
    first: dict[ConversationId, MessageId] = {}
    for each in messages:
        first.setdefault(found[each.message_id], each.message_id)
    assert all(name == conversation_id(anchor) for name, anchor in first.items())


def test_a_thread_stays_with_its_parent() -> None:
    """A reply in a thread belongs to its parent's conversation, however late it comes."""
    parent = message("Ana", "who takes the release?")
    other = message("Bo", "lunch?", 600)
    reply = message("Cy", "me", 9000, thread=parent.external_ts)
    found = places((parent, other, reply))
    assert found[reply.message_id] == found[parent.message_id] != found[other.message_id]


def test_an_answer_joins_and_a_new_day_does_not() -> None:
    """An answer joins its question; the next day's remark opens a conversation; a join line stands alone."""
    told = talk("Ana: is the staging build red for you?", "Bo: yes, since ten", "Ana: hm ok")
    joined = message("Cy", "Cy has joined the channel", 3, kind="notice")
    later = message("Cy", "reminder: demo on friday", 60 * 26)
    found = places((*told, joined, later))
    assert len({found[each.message_id] for each in told}) == 1
    assert len(set(found.values())) == 3


def test_a_mention_bridges_other_talk() -> None:
    """Whoever is mentioned is answered in their own conversation, past what came between."""
    question = message("Ana", "does the cache survive a restart of the gateway?")
    other = message("Bo", "the invoices for February went out to finance", 30)
    answer = message("Cy", "<@UANA> it does not", 34, mentions=["Ana"])
    found = places((question, other, answer))
    assert found[answer.message_id] == found[question.message_id] != found[other.message_id]


def test_a_first_name_bridges_other_talk() -> None:
    """Whoever is called by their first name is answered in their own conversation, if it is known who that is."""
    question = message("Cy", "is the export job still failing for you?")
    other = message("Bo", "reminder: the office is closed on Friday", 30)
    answer = message("Ana", "hey cy, it does not", 34)
    told = (question, other, answer)
    found, unnamed = places(told), dict(rules(Given((), told)).placements)
    assert found[answer.message_id] == found[question.message_id] != found[other.message_id]
    assert unnamed[answer.message_id] != unnamed[question.message_id]


def test_time_may_run_backwards() -> None:
    """Messages out of order, or of one moment, are placed like any others."""
    told = talk("Ana: one", "Bo: two", "Cy: three")
    backwards = tuple(each.model_copy(update={"posted_at": MONDAY - timedelta(hours=k)}) for k, each in enumerate(told))
    assert set(places(backwards)) == {each.message_id for each in told}


def test_a_lost_or_doubled_message_is_refused() -> None:
    """A result that leaves a message out, or places it twice, is an error."""
    told = talk("Ana: one", "Bo: two")
    given_ = Given((), told)
    placements = rules(given_).placements
    for broken in (placements[:1], (*placements, placements[0])):
        with pytest.raises(MisplacedMessage):
            check(given_, Found(broken))


@pytest.mark.parametrize("text", ["a" * 40_000, "<" * 40_000, "א" * 9000, "\x00\ud800", "a b " * 10_000])
def test_any_text_is_placed(text: str) -> None:
    """Long, foreign or broken text is placed like any other."""
    told = talk(*(f"Ana: {text}" for _ in range(3)))
    assert len(places(told)) == len({each.message_id for each in told})
    assert all(one.posted_at < two.posted_at for one, two in pairwise(told))
