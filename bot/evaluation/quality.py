"""The lines of `docs/quality.md`: figures with their spread, their baselines, and whether a change made one worse."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import ValidationError

from bot.errors import BadInput
from bot.evaluation.baselines import BASELINES, Baseline
from bot.evaluation.figures.sheet import Sheet
from memory.models.base import Model


class Shown(NamedTuple):
    """A figure of a sheet that is worth a line: under which heading, in which words, and a count of what.

    `drawn` is what the picture calls it; what has none is not in the picture.
    """

    figure: str
    heading: str
    words: str
    counted: str
    of: str
    drawn: str = ""


class Part(NamedTuple):
    """What is shown of a sheet; `labelled` is the count that says how much was labelled."""

    labelled: str
    shown: tuple[Shown, ...]


_TALK = "Conversations"
_FACTS = "Facts"
_MORNINGS = "Briefings"
_ANSWERS = "Answers"
SEARCH = "Search"
SENTENCES = "Single sentences"
_SEGMENTED = Part(
    "messages",
    (
        Shown("1-1", _TALK, "one-to-one", "messages", "messages", "conversations, one-to-one"),
        Shown("EM_F", _TALK, "exact-match F", "messages", "messages", "conversations, exact F"),
        Shown("ARI", _TALK, "adjusted Rand index", "messages", "messages"),
    ),
)
SHOWN: Mapping[str, Part] = {
    "slack, all 4": _SEGMENTED,
    "irc_ubuntu_dev": _SEGMENTED,
    "conversations": _SEGMENTED,
    "facts": Part(
        "all.gold",
        (
            Shown("all.F", _FACTS, "all kinds, F", "all.gold", "facts", "facts of all kinds, F"),
            *(
                Shown(f"{kind}.F", _FACTS, f"{kind}s, F", f"{kind}.gold", "facts", f"{kind}s, F")
                for kind in ("decision", "commitment", "question", "blocker", "update")
            ),
            Shown("all.actor", _FACTS, "right actor, of matches", "all.match", "matches"),
            Shown("all.status", _FACTS, "right status, of matches", "all.staged", "matches"),
            Shown("commitment.due", _FACTS, "right due date, of matched commitments", "commitment.match", "matches"),
        ),
    ),
    "briefings": Part(
        "briefings",
        (
            Shown("P@3", _MORNINGS, "“needs you” that does, P@3", "briefings", "briefings", "“needs you” that does"),
            Shown("R@3", _MORNINGS, "needs them, and is told, R@3", "briefings", "briefings", "needs them, is told"),
            Shown("worth", _MORNINGS, "worth knowing, and told", "briefings", "briefings", "worth knowing, told"),
            Shown("later", _MORNINGS, "items of what was not yet said", "briefings", "briefings"),
            Shown("leak", _MORNINGS, "items the reader may not read", "briefings", "briefings"),
        ),
    ),
    "answers": Part(
        "questions",
        (
            Shown("hit", _ANSWERS, "some of the evidence cited", "answerable", "questions", "some evidence cited"),
            Shown("all", _ANSWERS, "all of the evidence cited", "answerable", "questions", "all evidence cited"),
            Shown("MRR", _ANSWERS, "reciprocal rank of the first", "answerable", "questions"),
            Shown("rightly_refused", _ANSWERS, "rightly refused", "unanswerable", "questions", "rightly refused"),
            Shown("leak", _ANSWERS, "answers that leak", "questions", "questions"),
        ),
    ),
    "main": Part("n", (Shown("R@10", SEARCH, "evidence among the first ten", "n", "questions", "first ten"),)),
    "request": Part("n", (Shown("F", SENTENCES, "request or proposal, F", "n", "sentences", "requests"),)),
    "marked": Part(
        "n", (Shown("R", SENTENCES, "marked lines read as what they say they are", "n", "lines", "marked"),)
    ),
    "commitment": Part("n", (Shown("F", SENTENCES, "commitment, F", "n", "sentences", "promises"),)),
}
SETS = {
    "slack, all 4": "Slack, four developer channels",
    "irc_ubuntu_dev": "Ubuntu IRC",
    "locomo": "LoCoMo",
    "realtalk": "REALTALK",
    "email_intent": "e-mail (Parakweet, learnt from)",
    "mrda": "meetings (MRDA)",
    "ccg_markers": "minutes (W3C CCG)",
    "weeks together": "all weeks together (invented)",
    "dev-lumenpay": "week dev-lumenpay (invented, learnt from)",
    "dev-foxglove": "week dev-foxglove (invented, held apart)",
}
HEADINGS = (_TALK, _FACTS, _MORNINGS, _ANSWERS, SEARCH, SENTENCES)


class Line(Model):
    """One figure. Without a spread it is a count of what must not happen, and 0 is right."""

    key: str
    heading: str
    set: str
    words: str
    drawn: str
    n: int
    of: str
    labelled: int
    value: float
    spread: float | None
    engine: Literal["rules", "model"]
    on: date

    @property
    def set_named(self) -> str:
        """The set as a reader knows it."""
        return SETS.get(self.set, self.set)

    @property
    def baseline(self) -> Baseline | None:
        return BASELINES.get(self.key)


class Quality(Model):
    lines: tuple[Line, ...] = ()


def lines_of(set_name: str, sheets: Mapping[str, Sheet], engine: Literal["rules", "model"], on: date) -> Iterator[Line]:
    """The lines that a set's sheets are worth."""
    for name, sheet in sheets.items():
        part = SHOWN.get(name)
        if part is None:
            continue
        figures, spread = sheet.figures(), sheet.spread()
        for each in part.shown:
            value = figures[each.figure]
            if value is not None:
                yield Line(
                    key=f"{set_name}/{name}/{each.figure}",
                    heading=each.heading,
                    set=name if set_name == "disentangle" else set_name,
                    words=each.words,
                    drawn=each.drawn,
                    n=sheet.count(each.counted),
                    of=each.of,
                    labelled=sheet.count(part.labelled),
                    value=value,
                    spread=spread.get(each.figure),
                    engine=engine,
                    on=on,
                )


def merged(before: Quality, now: Iterable[Line]) -> Quality:
    """What was measured now in place of what stood there; what was not measured stays as it was, with its date."""
    new = {(line.key, line.engine): line for line in now}
    old = {(line.key, line.engine): line for line in before.lines}
    kept = [new.get(key, line) for key, line in old.items()] + [new[key] for key in new if key not in old]
    order = {heading: place for place, heading in enumerate(HEADINGS)}
    return Quality(lines=tuple(sorted(kept, key=lambda line: (order.get(line.heading, len(order)), line.set))))


def losses(before: Quality, now: Sequence[Line]) -> Iterator[str]:
    """A sentence for each line that lost more than its spread, or is gone; and of what must not happen, happens more.

    A set that was not measured now, or of which more or less is labelled now, is not compared.
    """
    found = {(line.key, line.engine): line for line in now}
    measured = {(line.set, line.heading, line.engine, line.labelled) for line in now}
    for was in before.lines:
        if (was.set, was.heading, was.engine, was.labelled) not in measured:
            continue
        line = found.get((was.key, was.engine))
        stood = f"{was.set_named}, {was.words}: {was.value:g}" + (f" ±{was.spread:g}" if was.spread is not None else "")
        if line is None:
            yield f"{stood} before, and cannot be said now"
        elif line.value > was.value if was.spread is None else line.value < was.value - was.spread:
            yield f"{stood} before, {line.value:g} now"


def read(path: Path) -> Quality:
    """What was measured last; nothing if there is no such file. Raises BadInput when it is none of ours."""
    if not path.exists():
        return Quality()
    try:
        return Quality.model_validate_json(path.read_bytes())
    except ValidationError:
        raise BadInput(f"{path} is no file of figures that daybook eval wrote: restore it, or remove it.") from None


def write(quality: Quality, path: Path) -> None:
    path.write_text(quality.model_dump_json(indent=1) + "\n", encoding="utf-8")
