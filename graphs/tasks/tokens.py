"""The words of a clause as a learnt model sees them: mentions, numbers, days and emoji each under one sign.

What is left tells how something is said, and carries over from one team to the next.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

MOST = 120
"""Words of a clause that are looked at."""
_TOKEN = re.compile(r"<@[^<>]{0,90}>|:[a-z_+\-][\w+\-]{0,60}:|[$€£~]?\d[\w.,:/%]*|[^\W\d_][\w']*|\?+|!+|\.\.+|[^\w\s]")
_SAME = {
    "👍": ":+1:",
    ":thumbsup:": ":+1:",
    ":ok_hand:": ":+1:",
    "👌": ":+1:",
    ":saluting_face:": ":+1:",
    "🫡": ":+1:",
    "✅": ":white_check_mark:",
    ":heavy_check_mark:": ":white_check_mark:",
    "🙏": ":pray:",
    "😂": ":joy:",
    "🤣": ":joy:",
    ":rofl:": ":joy:",
    ":laughing:": ":joy:",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "tmw": "tomorrow",
    "2moro": "tomorrow",
    "pls": "please",
    "plz": "please",
    "u": "you",
    "ur": "your",
    "thx": "thanks",
    "ty": "thanks",
    "yup": "yep",
    "yeah": "yep",
    "yea": "yep",
    "yes": "yep",
    "okay": "ok",
    "k": "ok",
    "kk": "ok",
    "gonna": "going",
    "wanna": "want",
    "dont": "don't",
    "cant": "can't",
    "wont": "won't",
    "im": "i'm",
    "ive": "i've",
    "ill": "i'll",
    "didnt": "didn't",
    "doesnt": "doesn't",
    "isnt": "isn't",
    "thats": "that's",
    "lets": "let's",
    "whats": "what's",
}
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun".split()
)
_MONTHS = frozenset(
    "january february march april june july august september october november december jan feb mar apr jun jul aug sep "
    "sept oct nov dec".split()
)
_ENDINGS = ("ing", "ed", "ly", "tion", "er", "s", "n't")


def tokens(words: str) -> list[str]:
    """The signs of a clause in lower case."""
    return [_sign(token) for token in _TOKEN.findall(words)[:MOST]]


def phrases(signs: Sequence[str], common: frozenset[str]) -> Iterator[str]:
    """One to three signs in a row, how the clause begins and ends, and its build: rarer words by their ending."""
    padded = ("^", *signs, "$")
    yield from signs
    for one, two in pairwise(padded):
        yield f"{one} {two}"
    for one, two, three in zip(padded, padded[1:], padded[2:], strict=False):
        yield f"{one} {two} {three}"
    build = ("^", *(sign if sign in common else _shape(sign) for sign in signs), "$")
    for one, two, three in zip(build, build[1:], build[2:], strict=False):
        yield f"~{one} {two} {three}"
    for one, two, three, four in zip(build, build[1:], build[2:], build[3:], strict=False):
        yield f"~{one} {two} {three} {four}"


@lru_cache(20_000)
def _sign(token: str) -> str:
    if token[0] == "<":
        return "@"
    if token in _SAME:
        return _SAME[token]
    if token[0].isdigit() or token[-1].isdigit():
        return _number(token)
    if token in _DAYS:
        return "DAY"
    if token in _MONTHS:
        return "MONTH"
    return token[0] if token[0] in "?!." else token


def _number(token: str) -> str:
    if token[0] in "$€£":
        return "$0"
    if token[-1] == "%":
        return "0%"
    if ":" in token:
        return "0:00"
    if token.endswith(("st", "nd", "rd", "th")):
        return "0th"
    if token[-1] in "kms" and token[-2:-1].isdigit():
        return "0k"
    return "0.0" if "." in token.rstrip(".") else "0"


@lru_cache(20_000)
def _shape(sign: str) -> str:
    if not sign[0].isalpha():
        return sign if len(sign) < 3 or sign[0] in "0$" else ":emoji:"
    if sign.isupper():
        return sign
    return next(("*" + ending for ending in _ENDINGS if sign.endswith(ending) and len(sign) > len(ending) + 1), "*")
