"""The lines of `docs/quality.md`: figures with their spread, their baselines, and whether a change made one worse."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import ValidationError

from bot.errors import BadInput
from bot.evaluation.baselines import BASELINES, Baseline
from bot.evaluation.figures.sheet import Sheet
from memory.models.base import Model


class Shown(NamedTuple):
    """A figure of a sheet that is worth a line: under which heading, in which words, and a count of what."""

    figure: str
    heading: str
    words: str
    counted: str
    of: str


_TALK = "Conversations"
_FACTS = "Facts"
_MORNINGS = "Briefings"
_ANSWERS = "Answers"
_SEARCH = "Search"
_SENTENCES = "Single sentences"
_SEGMENTED = tuple(
    Shown(figure, _TALK, words, "messages", "messages")
    for figure, words in (("1-1", "one-to-one"), ("EM_F", "exact-match F"), ("ARI", "adjusted Rand index"))
)
SHOWN: Mapping[str, tuple[Shown, ...]] = {
    "slack, all 4": _SEGMENTED,
    "irc_ubuntu_dev": _SEGMENTED,
    "conversations": _SEGMENTED,
    "facts": (
        Shown("all.F", _FACTS, "all kinds, F", "all.gold", "facts"),
        *(
            Shown(f"{kind}.F", _FACTS, f"{kind}s, F", f"{kind}.gold", "facts")
            for kind in ("decision", "commitment", "question", "blocker", "update")
        ),
        Shown("all.actor", _FACTS, "right actor, of matches", "all.match", "matches"),
        Shown("all.status", _FACTS, "right status, of matches", "all.staged", "matches"),
        Shown("commitment.due", _FACTS, "right due date, of matched commitments", "commitment.match", "matches"),
    ),
    "briefings": (
        Shown("P@3", _MORNINGS, "“needs you” that does, P@3", "briefings", "briefings"),
        Shown("R@3", _MORNINGS, "needs them, and is told, R@3", "briefings", "briefings"),
        Shown("worth", _MORNINGS, "worth knowing, and told", "briefings", "briefings"),
        Shown("later", _MORNINGS, "items of what was not yet said", "briefings", "briefings"),
        Shown("leak", _MORNINGS, "items the reader may not read", "briefings", "briefings"),
    ),
    "answers": (
        Shown("hit", _ANSWERS, "some of the evidence cited", "answerable", "questions"),
        Shown("all", _ANSWERS, "all of the evidence cited", "answerable", "questions"),
        Shown("MRR", _ANSWERS, "reciprocal rank of the first", "answerable", "questions"),
        Shown("rightly_refused", _ANSWERS, "rightly refused", "unanswerable", "questions"),
        Shown("leak", _ANSWERS, "answers that leak", "questions", "questions"),
    ),
    "main": (Shown("R@10", _SEARCH, "evidence among the first ten", "n", "questions"),),
    "request": (Shown("F", _SENTENCES, "request or proposal in e-mail, F", "n", "sentences"),),
    "commitment": (Shown("F", _SENTENCES, "commitment in a meeting, F", "n", "sentences"),),
}
SETS = {
    "slack, all 4": "Slack, four developer channels",
    "irc_ubuntu_dev": "Ubuntu IRC",
    "locomo": "LoCoMo",
    "realtalk": "REALTALK",
    "email_intent": "e-mail (Parakweet)",
    "mrda": "meetings (MRDA)",
    "weeks together": "all weeks together (invented)",
    "dev-lumenpay": "week dev-lumenpay (invented, learnt from)",
    "dev-foxglove": "week dev-foxglove (invented, held apart)",
}
HEADINGS = (_TALK, _FACTS, _MORNINGS, _ANSWERS, _SEARCH, _SENTENCES)


class Line(Model):
    """One figure. Without a spread it is a count of what must not happen, and 0 is right."""

    key: str
    heading: str
    set: str
    words: str
    n: int
    of: str
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
    for part, sheet in sheets.items():
        shown = SHOWN.get(part, ())
        figures, spread = (sheet.figures(), sheet.spread()) if shown else ({}, {})
        for each in shown:
            value = figures[each.figure]
            if value is not None:
                yield Line(
                    key=f"{set_name}/{part}/{each.figure}",
                    heading=each.heading,
                    set=part if set_name == "disentangle" else set_name,
                    words=each.words,
                    n=sheet.count(each.counted),
                    of=each.of,
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


def losses(before: Quality, now: Iterable[Line]) -> Iterator[str]:
    """A sentence for each line that lost more than its spread, or of what must not happen happens more.

    Lines of other data (another n) are not compared.
    """
    stood = {(line.key, line.engine): line for line in before.lines}
    for line in now:
        was = stood.get((line.key, line.engine))
        if was is None or was.n != line.n:
            continue
        if was.spread is None and line.value > was.value:
            yield f"{line.set}, {line.words}: {was.value:g} before, {line.value:g} now"
        if was.spread is not None and line.value < was.value - was.spread:
            yield f"{line.set}, {line.words}: {was.value:.1f} ±{was.spread:.1f} before, {line.value:.1f} now"


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
