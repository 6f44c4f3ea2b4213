"""What the labelled chats that engines learn from promise."""

import random
from itertools import pairwise
from pathlib import Path

import pytest

from bot.training.corpora import WEEKS, mixed, said, thinned, varied, week
from memory.models.messages import Message

PATHS = sorted(WEEKS.glob("*.week"))


def top_level(message: Message) -> bool:
    return message.thread_ts in {None, message.external_ts}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_message_goes_on_from_the_last_of_its_conversation(path: Path) -> None:
    """Of every invented week: what a message is taught to answer was said before it, in the same conversation."""
    for rows in week(path):
        chat = said(rows)
        assert len(chat.messages) == len(rows)
        assert set(chat.names.values()) == set(rows[0]["names"].values())
        opened = set[str]()
        for row, each in zip(rows, chat.messages, strict=True):
            assert each.labelled == (row["conversation_id"] is not None)
            before = {rows[place]["conversation_id"] for place in each.goes_on_from}
            assert before == ({row["conversation_id"]} & opened)
            opened |= {row["conversation_id"]} - {None}


def test_mixed_channels_are_told_in_order_with_all_their_labels() -> None:
    """Channels laid over each other keep who said what in which conversation; both are heard, in the order of time."""
    channels = week(PATHS[0])
    labels = {row["id"]: (row["user"], row["text"], row["conversation_id"]) for rows in channels for row in rows}
    of = {row["id"]: place for place, rows in enumerate(channels) for row in rows}
    both = mixed(channels, random.Random(1))
    assert both
    for rows in both:
        assert all(one["ts"] <= two["ts"] for one, two in pairwise(rows))
        assert all(labels[row["id"]] == (row["user"], row["text"], row["conversation_id"]) for row in rows)
        assert len({of[row["id"]] for row in rows}) == 2
        assert len({row["channel"] for row in rows}) == 1


def test_a_varied_channel_drops_whole_conversations_only() -> None:
    """What is left of a conversation in a copy is all of it, in the same order, at one tempo."""
    rows = max(week(PATHS[0]), key=len)
    first, *copies = varied(rows, random.Random(2), 3)
    assert first == rows
    for copy in copies:
        kept = {row["conversation_id"] for row in copy}
        assert [row["id"] for row in copy] == [row["id"] for row in rows if row["conversation_id"] in kept]


def test_a_thinned_channel_is_a_part_of_the_busy_one() -> None:
    """A busy log made quiet keeps whole conversations, in order and later apart."""
    rows = [
        {"id": k, "channel": "c", "ts": 60.0 * (k // 3), "user": f"u{k % 5}", "text": f"u{k % 4}: word{k}"}
        | {"conversation_id": f"c{k % 40}", "system": False, "reply_to": None}
        for k in range(400)
    ]
    found = thinned(rows, random.Random(3))
    kept = {row["conversation_id"] for row in found}
    assert 0 < len(kept) < 40
    assert [row["id"] for row in found] == [row["id"] for row in rows if row["conversation_id"] in kept]
    assert all(one["ts"] <= two["ts"] for one, two in pairwise(found))
