"""Talk in one channel, as property tests hear it: in any order, in any batches, edited and deleted on the way."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from hypothesis import strategies as st

from memory.models.messages import Deletion, Message, MessageKind
from tests.integration.chat import at, deleted, said, ts, who

TEXTS = (
    *("Is the ledger down?", "yes, the ledger is down", "thanks, that works", "hi all, quick question about lunch"),
    *("lunch at noon?", "<@BOB> can you look at the gateway", "BOB: the gateway is fine", "we roll back the gateway"),
)


@dataclass
class Said:
    """A message with all its wordings; `thread`: when its parent was said."""

    minute: float
    wordings: list[str]
    author: str
    kind: MessageKind
    thread: float | None
    deleted: bool

    def told(self, place: str, step: int) -> Message | Deletion:
        """Its wording of that number; behind the last one, that it is deleted."""
        text = self.wordings[min(step, len(self.wordings) - 1)]
        more: dict[str, object] = {"kind": self.kind, "mentions": (who("BOB"),) if "<@BOB>" in text else ()}
        if self.thread is not None:
            more["thread_ts"] = ts(self.thread)
        if step:
            more["edited_at"] = at(self.minute + step / 100)
        message = said(place, self.minute, text, self.author, **more)
        return deleted(message, 9000) if step == len(self.wordings) else message


History = tuple[list[Said], list[list[tuple[int, int]]]]
"""What was said; and in what batches what of it is heard, as (number, step)."""


@st.composite
def talks(draw: st.DrawFn) -> History:
    many = draw(st.integers(2, 60))
    chance = draw(st.randoms(use_true_random=False))
    minute, talk = 0.0, list[Said]()
    kinds: list[MessageKind] = [*["human"] * 8, "bot", "notice"]  # type: ignore[list-item]
    for _ in range(many):
        minute += chance.choice([0.2, 1, 5, 90])
        wordings = [chance.choice(TEXTS) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
        parents = [each.minute for each in talk if each.thread is None]
        thread = chance.choice(parents) if parents and chance.random() < 0.2 else None
        author, kind = chance.choice(["ANA", "BOB", "CY"]), chance.choice(kinds)
        talk.append(Said(minute, wordings, author, kind, thread, chance.random() < 0.1))
    steps = [(n, w) for n, each in enumerate(talk) for w in range(len(each.wordings) + each.deleted)]
    late = set[tuple[int, int]]()
    match draw(st.sampled_from(["shuffled", "reversed", "nearly in order", "nearly in order"])):
        case "shuffled":
            chance.shuffle(steps)
        case "reversed":
            steps.reverse()
        case "nearly in order":
            late = set(chance.sample(steps, min(6, len(steps))))
    cuts = sorted({chance.randrange(1, len(steps) + 1) for _ in range(chance.randrange(4))})
    batches = [steps[a:b] for a, b in zip([0, *cuts], [*cuts, len(steps)], strict=True)]
    return talk, [*([step for step in batch if step not in late] for batch in batches), *([step] for step in late)]


@dataclass
class Heard:
    """What stands of all that was heard."""

    latest: dict[int, Message] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def note(self, steps: Iterable[tuple[int, Message | Deletion]]) -> None:
        for number, step in steps:
            if isinstance(step, Deletion):
                self.gone.add(number)
            else:
                known = self.latest.get(number, step)
                self.latest[number] = max(known, step, key=lambda each: each.edited_at or each.posted_at)

    @property
    def standing(self) -> list[Message]:
        return [each for number, each in self.latest.items() if number not in self.gone]
