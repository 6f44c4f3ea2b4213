"""Words as search compares them: lower-case, without those that say nothing, each cut to its stem.

The stems are those of Postgres' English full-text search (Snowball), so that both sides mean the same by a word.
"""

import re
from functools import lru_cache
from threading import Lock

import Stemmer

MOST = 4_000
"""Characters of a text that are looked at; a message with more is a pasted log."""

_WORD = re.compile(r"[^\W_]+")
_APART = "".join(sign if sign.isalnum() else " " for sign in map(chr, range(128))).lower()
"""ASCII's letters and digits in lower case, and spaces for the rest: several times as fast as the pattern."""
_ENGLISH = Stemmer.Stemmer("english")
_ONE_AT_A_TIME = Lock()  # the stemmer keeps its state in itself
_EMPTY = frozenset(
    "a an the and or but if of to in on at for with is are was were be been am i you he she it we they me my your his "
    "her its our their this that these those there here do does did what which who whom how when where why has have "
    "had will would can could should about from as by not no so im ive dont s t re ve ll d m".split()
)


def words_of(text: str) -> list[str]:
    """The words in lower case, those that say nothing too."""
    text = text[:MOST].replace("’", "'")
    return text.translate(_APART).split() if text.isascii() else _WORD.findall(text.lower())


def stems_of(text: str) -> list[str]:
    """The stems of the words that say something, in their order."""
    return [*filter(None, map(telling, words_of(text)))]


@lru_cache(50_000)
def telling(word: str) -> str:
    """The stem of a lower-case word; nothing for a word that says nothing."""
    return "" if word in _EMPTY else stem_of(word)


@lru_cache(50_000)
def stem_of(word: str) -> str:
    with _ONE_AT_A_TIME:
        return str(_ENGLISH.stemWord(word))
