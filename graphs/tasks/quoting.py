"""What of a long message is quoted: from the sentence on that holds most of what is asked."""

import re

from graphs.sentences import Voice
from graphs.tasks.sought import Sought

_BREAK = re.compile(r"(?<=[.!?…;])\s+(?=\S)|\s+[•\-–]\s+")


def passage(text: str, sought: Sought, voice: Voice) -> str:
    """The words of a message, all of them where they are few."""
    words = voice.plain(text, len(text) + 1)
    if len(words) <= voice.longest:
        return words
    starts = [0, *(match.end() for match in _BREAK.finditer(words))]
    best = max(starts, key=lambda start: (round(worth(words[start : start + voice.longest], sought), 6), start))
    return words[best:] if best == 0 else f"…{words[best:]}"


def worth(words: str, sought: Sought) -> float:
    """How much of an answer words hold."""
    return sought.cover(sought.levels(words)) + sought.fits(words, names_somebody=False) / 4
