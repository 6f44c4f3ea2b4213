"""One message taken apart: clauses with their place in the raw text, without code, quotes and links."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from graphs.tasks import lexicon
from graphs.tasks.cues import Cue
from graphs.wording import is_quote
from memory.models.messages import Message

READ = 4000
"""Characters of a message that are looked at; facts do not hide behind a wall of text."""
_MASKED = re.compile(r"```.{0,4000}?(?:```|\Z)|`[^`\n]{1,300}`|<(?![@])[^<>\n]{1,2000}>|https?://\S{1,2000}", re.DOTALL)
_ANGLE = re.compile(r"<[^<>\n]{1,2000}>")
_BREAK = re.compile(r"[.!?…]+(?=\s|$)|\n+|;\s|\s[\u2013\u2014-]\s(?=\w)")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'"})


@dataclass(frozen=True, slots=True)
class Clause:
    """Characters `start` to `end` of the raw text; `words` are the same in lower case, code and links blanked out."""

    start: int
    end: int
    words: str

    @property
    def asks(self) -> bool:
        return self.words.rstrip().endswith("?")


@dataclass(frozen=True, slots=True)
class Utterance:
    """A human message as the engines see it; `place` is its position in the conversation."""

    message: Message
    place: int
    clauses: tuple[Clause, ...]
    words: str
    joking: bool

    @property
    def whole(self) -> tuple[int, int]:
        """The span from the first clause to the last."""
        return (self.clauses[0].start, self.clauses[-1].end) if self.clauses else (0, len(self.message.text))


def hear(message: Message, place: int) -> Utterance:
    """Takes a message apart; lengths and offsets stay those of the raw text."""
    masked, masks = _mask(_read(message.text))
    clauses = tuple(_clauses(masked, masks))
    return Utterance(message, place, clauses, masked, lexicon.JOKES.search(masked) is not None)


def clauses_of(text: str) -> tuple[Clause, ...]:
    """A text that nobody posted, such as a line of a letter, taken apart."""
    return tuple(_clauses(*_mask(_read(text))))


def points(words: str, cues: tuple[Cue, ...]) -> float:
    """The points of all cues found in the words."""
    return sum(cue.points for cue in cues if cue.pattern.search(words))


def _read(text: str) -> str:
    """What is looked at of a text: not a part of a link or a mention at its end."""
    read = text[:READ]
    start = read.rfind("<") if len(text) > READ else -1
    return read[:start] if start >= 0 and _ANGLE.match(text, start) and ">" not in read[start:] else read


def _mask(text: str) -> tuple[str, dict[int, int]]:
    """The text with code, links and quotes blanked out; and where each that has a word in its place begins and ends."""
    text = _lowered(text).translate(_APOSTROPHES)
    masks: dict[int, int] = {}
    if "`" in text or "<" in text or "http" in text:
        masks = {found.start(): found.end() for found in _MASKED.finditer(text) if not found[0].startswith("```")}
        text = _MASKED.sub(_blank, text)
    if ">" in text or "&gt;" in text:
        text = "\n".join(" " * len(line) if is_quote(line) else line for line in text.split("\n"))
    return text, masks


def _lowered(text: str) -> str:
    """In lower case, each character in its place: a few of them would become two."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def _blank(match: re.Match[str]) -> str:
    if match[0].startswith("```"):
        return " " * len(match[0])
    # Something stood here: a word in its place keeps "deployed `api`" from becoming "deployed".
    return "x" + " " * (len(match[0]) - 1)


def _clauses(masked: str, masks: Mapping[int, int]) -> list[Clause]:
    """A clause that ends in something blanked out ends where that does: it stood there in whole."""
    found = []
    start = 0
    for stop in [*_BREAK.finditer(masked), None]:
        end = stop.end() if stop else len(masked)
        piece = masked[start:end]
        if any(character.isalnum() for character in piece) or lexicon.SIGNS.search(piece):
            left = len(piece) - len(piece.lstrip())
            ends = start + len(piece.rstrip())
            found.append(Clause(start + left, masks.get(ends - 1, ends), piece.strip()))
        start = end
    return found
