"""One text in several readings: as it stands, and without what formatting, links and invisible characters put into it.

A reading knows where each of its characters stood, so that what is found in it can be taken out of the text itself.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff"
)
_SHOWN_AS_NOTHING = re.compile(rf"[*`{_INVISIBLE}]+")
_ESCAPED = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});"
    r"|%[2-7][0-9a-fA-F]"
    r"|\\(?=[\"'/_*~`-])"  # in JSON, or in Markdown
)
_LABELLED_LINK = re.compile(r"<[^<>|\s]{1,3000}\|([^<>|]{0,3000})>")
_BRACKETS = re.compile(r"[<>]+")
_TILDES = re.compile(r"~+")
_UNDERSCORES = re.compile(r"_+")


@dataclass(frozen=True)
class _Piece:
    """A stretch of a reading that begins at `begins`, and where it stood in the reading before.

    An exact one stood there character by character; any other stands for the whole of what it replaced.
    """

    begins: int
    start: int
    end: int
    exact: bool


@dataclass(frozen=True)
class Reading:
    """A text as read without something that the reading before it still had."""

    text: str
    before: "Reading | None" = None
    left_out: re.Pattern[str] = _SHOWN_AS_NOTHING
    shown: Callable[[re.Match[str]], str] | str = ""

    @property
    def bare(self) -> bool:
        """Underscores were taken out."""
        return self.left_out is _UNDERSCORES

    def without(self, left_out: re.Pattern[str], shown: Callable[[re.Match[str]], str] | str = "") -> "Reading":
        """This reading with what a pattern finds replaced by what is shown of it; itself where it finds nothing."""
        text, count = left_out.subn(shown, self.text)
        return Reading(text, self, left_out, shown) if count else self

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of this reading, not an empty one, stood in the original."""
        if self.before is None:
            return start, end
        return self.before.origin(self._place(start)[0], self._place(end - 1)[1])

    def _place(self, index: int) -> tuple[int, int]:
        piece = self._pieces[bisect_right(self._pieces, index, key=lambda each: each.begins) - 1]
        at = piece.start + index - piece.begins
        return (at, at + 1) if piece.exact else (piece.start, piece.end)

    @cached_property
    def _pieces(self) -> list[_Piece]:
        before = self.before.text if self.before else ""
        pieces: list[_Piece] = []
        length = done = 0
        for match in self.left_out.finditer(before):
            pieces.append(_Piece(length, done, match.start(), exact=True))
            length += match.start() - done
            shown = self.shown if isinstance(self.shown, str) else self.shown(match)
            if shown:
                pieces.append(_Piece(length, match.start(), match.end(), exact=False))
                length += len(shown)
            done = match.end()
        return [*pieces, _Piece(length, done, len(before), exact=True)]


def readings(text: str) -> Iterator[Reading]:
    """The ways to read a text, each once."""
    plain = Reading(text)
    undressed = plain.without(_SHOWN_AS_NOTHING).without(_ESCAPED, _meant)
    followed = undressed.without(_LABELLED_LINK, lambda link: link[1]).without(_BRACKETS)
    level = followed.without(_TILDES)
    bare = level.without(_UNDERSCORES)
    given: Reading | None = None
    for reading in (plain, undressed, followed, level, bare):
        if reading is not given:
            yield reading
        given = reading


def _meant(escaped: re.Match[str]) -> str:
    written = escaped[0]
    if written[0] == "&":
        meant = html.unescape(written)
        return " " if meant == "\xa0" else meant if meant.isprintable() else ""
    return chr(int(written[1:], 16)) if written[0] == "%" else ""
