"""What a model is asked: first what is the same in every call of a task, then data, which can be nothing but data."""

import json
import re
from dataclasses import dataclass
from typing import Literal

Size = Literal["small", "large"]
"""Of the model that is asked: small to extract, large to compose."""

MOST_TOKENS = 4000
"""Of a prompt: what is more is split or selected from."""
OPENING, CLOSING = "<data>", "</data>"

_ENDING = re.compile("[<>\u0085\u2028\u2029]")
"""What could end the data, or a line of it."""
_UNSENDABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Prompt:
    """`instructions` come first, the same in every call, so that an endpoint need read them but once; `most` bounds the
    tokens of the reply.
    """

    size: Size
    instructions: str
    data: str
    most: int


def as_line(value: object) -> str:
    """A value on one line, as JSON in which no text can look like the end of the data."""
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    line = _UNSENDABLE.sub("\ufffd", line)
    return _ENDING.sub(lambda match: f"\\u{ord(match[0]):04x}", line)


def enclosed(lines: list[str]) -> str:
    return "\n".join((OPENING, *lines, CLOSING))


def tokens_in(text: str) -> int:
    """About as many as a model counts, rather too many: four plain letters each, of other scripts each letter one."""
    plain = sum(character < "\x80" for character in text)
    return -(-plain // 4) + len(text) - plain
