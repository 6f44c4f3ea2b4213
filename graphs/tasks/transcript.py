"""A message as a model is shown it, and back: where in it the words stand that a model quotes.

What a model sees is what people see: names instead of ids, no links, no code, none of the words that it repeats from
somebody else. Each shown letter keeps its place in the message as it was written.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graphs.wording import readable
from memory.models.ids import PersonId
from memory.models.messages import Message

_OTHERWISE = re.compile(
    r"```.{0,4000}?(?:```|\Z)|^[ \t]*(?:>|&gt;)[^\n]*|<[^<>\n]{1,2000}>|https?://\S{1,2000}|&(?:lt|gt|amp);|\s+"
    "|[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]",
    re.DOTALL | re.MULTILINE,
)
"""What is not shown as it was written."""
_ALIKE = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})
_AROUND = " \t\n\"'“”‘’…"
"""What a quote may have around it that the message has not."""


@dataclass(frozen=True, slots=True)
class Part:
    """Letters `start` to `end` as shown are `begin` to `finish` as written: one by one, if they are the `same`."""

    start: int
    end: int
    begin: int
    finish: int
    same: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A message with the text that a model is shown; `place` is its position in the conversation."""

    message: Message
    place: int
    text: str
    parts: tuple[Part, ...]

    def find(self, quote: str) -> tuple[int, int] | None:
        """Where the quoted words stand in the message as it was written; None if they do not, or cut a word in two."""
        shown = _folded(self.text)
        for wanted in dict.fromkeys((_folded(quote).strip(), _folded(quote.strip(_AROUND)))):
            start = shown.find(wanted) if wanted else -1
            while start >= 0:
                end = start + len(wanted)
                if _is_whole(shown, start, end) and (place := self._written(start, end)):
                    return place
                start = shown.find(wanted, start + 1)
        return None

    def _written(self, start: int, end: int) -> tuple[int, int] | None:
        inside = [part for part in self.parts if part.start < end and part.end > start]
        if not inside:
            return None
        first, last = inside[0], inside[-1]
        begin = first.begin + (start - first.start if first.same and start > first.start else 0)
        finish = last.finish - (last.end - end if last.same and end < last.end else 0)
        return begin, finish


def line(message: Message, place: int, names: Mapping[PersonId, str], most: int) -> Line:
    """The message in at most so many letters."""
    shown, parts, length = [], [], 0
    for text, begin, finish, same in _pieces(message, names):
        if text and length < most:
            text = text[: most - length]  # noqa: PLW2901  # what is cut off is not shown
            parts.append(Part(length, length + len(text), begin, begin + len(text) if same else finish, same))
            shown.append(text)
            length += len(text)
    return Line(message, place, "".join(shown), tuple(parts))


def _pieces(message: Message, names: Mapping[PersonId, str]) -> Iterator[tuple[str, int, int, bool]]:
    done = 0
    for match in _OTHERWISE.finditer(message.text):
        yield message.text[done : match.start()], done, match.start(), True
        yield _instead(match[0], message, names), match.start(), match.end(), False
        done = match.end()
    yield message.text[done:], done, len(message.text), True


def _instead(written: str, message: Message, names: Mapping[PersonId, str]) -> str:
    if written.isspace():
        return " "
    if written.startswith("```"):
        return "(code)"
    if written.lstrip().startswith((">", "&gt;")) and written not in {"&gt;", ">"}:
        return ""
    said = readable(written, names, message.team_id) if len(written) > 1 else ""
    return f"@{said}" if written.startswith("<@") and said else said or {"&gt;": ">"}.get(written, "")


def _folded(text: str) -> str:
    """In lower case and plain quotes, each letter in its place."""
    plain = re.sub(r"\s+", " ", text).translate(_ALIKE)
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in plain)


def _is_whole(text: str, start: int, end: int) -> bool:
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end - 1].isalnum() and text[end].isalnum()
    return not before and not after
