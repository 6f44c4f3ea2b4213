"""Placing: a stretch of a container's messages -> where each belongs, those that are new and those around them.

A message's place depends on the window before it. So whatever comes late, reads otherwise or is gone disturbs those
after it: they are placed again, until a whole window has come out as it was. From there on everything would, and is
left alone: what is stored is what placing all messages in order would have found, unless `REACH` ended it before.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from graphs.ports import Context
from graphs.tasks import segment
from memory.models.ids import ConversationId, MessageId, PersonId, conversation_id
from memory.models.messages import Message, PlacedMessage
from memory.models.placements import Disturbance, Follower, Stretch

REACH = 480
"""Messages placed again after a change, at most: what it costs is the same in a channel of any length.

A count and no time, as the window is one: in a quiet channel the messages that a change can reach are weeks apart, and
no more of them for that. Five windows: docs/graphs.md says how rarely a change reaches beyond two.
"""


@dataclass(slots=True)
class Placed:
    """What comes of a stretch: the part of it that had to be placed, and what that means for those after it."""

    placements: list[tuple[MessageId, ConversationId]] = field(default_factory=list)
    """Those that are new, and those that moved."""
    left: set[ConversationId] = field(default_factory=set)
    moved: dict[ConversationId, ConversationId] = field(default_factory=dict)
    """Where the last message of a conversation went: those after it continue it there."""
    threads: dict[str, ConversationId] = field(default_factory=dict)
    """Where replies belong now, by what their parent is called."""
    homes: set[ConversationId] = field(default_factory=set)
    """Where those replies were until now."""
    last: Message | Disturbance | None = None
    settled_by: list[Disturbance] = field(default_factory=list)
    """What need not be looked at again."""
    shaken: dict[MessageId, set[ConversationId]] = field(default_factory=dict)
    """Replies further on whose conversation is another one than it was to the messages around them, if one of these
    conversations is spoken of there."""
    reach: int = 0
    """How many more may be placed again: not settled, and the stretch is over."""
    steady: deque[tuple[ConversationId, ConversationId, bool]] = field(default_factory=deque)
    """Where the latest undisturbed messages were and are, and which are no replies: a window of those."""

    def note(self, placed: PlacedMessage, now: ConversationId, disturbed: int | None) -> None:
        """Takes in a message; `disturbed`: it, or what was before it, is not as it was, and how far that may reach."""
        message, was = placed.message, placed.conversation_id
        self.last = message
        if disturbed is None:
            self.reach -= 1
        else:
            self.reach = max(self.reach, disturbed)
            self.steady.clear()
        if was != now:
            self.placements.append((message.message_id, now))
            self.left |= {was} if was else set()
        if was and disturbed is None and message.kind != "notice":
            self._stay(was, now, message.is_reply)
        if message.is_reply:
            return
        if was != now:
            self._root(message.external_ts, message.message_id, was, now)
        if was and message.kind != "notice":
            self.moved[was] = now

    def _stay(self, was: ConversationId, now: ConversationId, is_reply: bool) -> None:
        self.steady.append((was, now, not is_reply))
        while sum(top for *_, top in self.steady) > segment.WINDOW:
            self.steady.popleft()

    def lose(self, gone: Disturbance) -> None:
        """Of a thread without its parent nobody knows what it continues."""
        self._root(gone.external_ts, gone.message_id, gone.conversation_id, conversation_id(gone.message_id))

    def _root(self, name: str, root: MessageId, was: ConversationId | None, now: ConversationId) -> None:
        self.threads[name] = now
        self.homes |= {conversation_id(root), *([was] if was else [])}

    @property
    def settled(self) -> bool:
        """Whether a window is as it was, but for what its conversations are called: so is all that follows."""
        if sum(top for *_, top in self.steady) < segment.WINDOW:
            return False
        pairs = {(was, now) for was, now, _ in self.steady}
        return len({was for was, _ in pairs}) == len(pairs) == len({now for _, now in pairs})

    @property
    def look_back(self) -> int:
        """How many messages before a reply may still be tied to it, as far as this can tell."""
        return segment.WINDOW if not self.reach else self.reach + 2 * segment.WINDOW


async def place(
    stretch: Stretch, before: Sequence[PlacedMessage], names: Mapping[PersonId, str], context: Context
) -> Placed:
    """Places what is new, and again what that disturbs.

    `stretch` begins with the first disturbance; `before` is what `segment` has to know of what was said until then, and
    `names` what people are called.
    """
    disturbed = _disturbed(stretch)
    found, known = Placed(), list(before)
    for step in _steps(stretch.said, disturbed):
        given = segment.Given(before=tuple(known), new=tuple(each.message for each in step), names=names)
        into = dict((await segment.run(given, context)).placements)
        for each in step:
            message, now = each.message, into[each.message.message_id]
            found.note(each, now, disturbed.get(message.message_id))
            known.append(PlacedMessage(message=message, conversation_id=now))
            if found.settled or found.reach <= 0:
                found.reach = 0
                return _ended(
                    found, [d for d in stretch.disturbances if d.place <= (message.posted_at, message.message_id)]
                )
    if not stretch.cut_short:
        found.reach = 0
        seen: list[Message | Disturbance] = [*stretch.disturbances, *(each.message for each in stretch.said)]
        found.last = max(seen, key=lambda each: (each.posted_at, each.message_id), default=None)
    return _ended(found, stretch.disturbances)


def follow(found: Placed, after: Sequence[Follower]) -> None:
    """Takes along the later messages of the conversations that moved: they go where what they continue went.

    While it is not settled only replies do: where others belong is still to be found out.
    """
    renamed = {was: now for was, now, _ in found.steady}
    known = set(renamed.values())
    for each in after:
        was, now = each.conversation_id, None
        if each.is_reply:
            now = found.threads.get(each.thread_ts or "", was)
            as_before = now == was if found.reach else now == renamed.get(was) or not (was in renamed or now in known)
            if not as_before:
                found.shaken[each.message_id] = {was, now, renamed.get(was, was)}
        elif not found.reach and each.kind != "notice":
            now = found.moved.get(was)
            if now:
                found.threads[each.external_ts] = now
        if now and now != was:
            found.placements.append((each.message_id, now))
            found.left.add(was)


def origins(found: Placed) -> set[ConversationId]:
    """The conversations whose later messages may have to follow, or mean something else where they are."""
    moved = set() if found.reach else {pair for pair in found.moved.items() if pair[0] != pair[1]}
    return found.homes.union(*moved)


def _ended(found: Placed, disturbances: Sequence[Disturbance]) -> Placed:
    found.settled_by = list(disturbances)
    for each in disturbances:
        if each.gone:
            found.lose(each)
    return found


def _disturbed(stretch: Stretch) -> Mapping[MessageId, int]:
    """The messages that are new or changed, or stand right after one that is gone: how far that may reach."""
    marks = {each.message_id: each.reach or REACH for each in stretch.disturbances if not each.gone}
    gone = deque(sorted((each for each in stretch.disturbances if each.gone), key=lambda each: each.place))
    for each in stretch.said:
        message = each.message
        if each.conversation_id is None:
            marks[message.message_id] = REACH
        while gone and gone[0].place <= (message.posted_at, message.message_id):
            marks[message.message_id] = max(marks.get(message.message_id, 0), gone.popleft().reach or REACH)
    return marks


def _steps(said: Sequence[PlacedMessage], disturbed: Mapping[MessageId, int]) -> Iterator[Sequence[PlacedMessage]]:
    """What is placed in one go: whatever is disturbed anyway, and as many after it as might settle it."""
    start = 0
    while start < len(said):
        end = start
        while end < len(said) and said[end].message.message_id in disturbed:
            end += 1
        end += segment.WINDOW
        yield said[start:end]
        start = end
