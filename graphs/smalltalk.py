"""Telling greetings, thanks and jokes from what a leader would want to hear of. In doubt it is no small talk."""

import re
from itertools import islice

_WORD = re.compile(r"[a-z0-9']+")
_MARKUP = re.compile(r":[a-z0-9_+\-]+:|<[@#!][^<>]{1,200}>")
_PLEASANTRIES = frozenset(
    "hi hello hey heya morning mornin gm good evening afternoon night bye cya welcome back congrats congratulations "
    "thanks thank thx ty cheers np nice great awesome cool lovely perfect amazing neat sweet wow yay woo hooray "
    "haha hahaha lol lmao rofl heh hehe yep yeah yup yes no nope ok okay kk sure done same this right exactly true "
    "indeed agreed ack noted fine sorry oops please everyone everybody all team folks guys there you too so very much "
    "a the and my for to it is that's thats that happy birthday anniversary weekend enjoy have see later brb afk i'm "
    "im will be well soon get glad u your well-deserved".split()
)
_MOST_POLITE = 12
"""Words of a pleasantry, at most."""
_LEISURE = re.compile(
    r"\b(lunch|coffee|cake|birthday|pizza|beer|drinks|snacks?|karaoke|foosball|ping.?pong|football|movie|"
    r"weather|weekend|holiday photos|memes?|gif|cat|dog|puppy|kitten|elevator|playlist|fantasy league)\b",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"\b(deploy|release|ship|merge|prod|staging|incident|outage|rollback|customer|deadline|review|bug|fix|blocked|"
    r"decid|budget|hire|hiring|contract|migration|broke|down|launch|security|invoice|legal|roadmap|sprint)",
    re.IGNORECASE,
)
_LAUGHTER = re.compile(
    r"\b(lol|lmao|rofl|haha\w*|jk|just kidding|kidding)\b|😂|🤣|:joy:|:rofl:|;-?\)|/s$", re.IGNORECASE
)


def is_pleasantry(text: str) -> bool:
    """Whether a message holds nothing but greetings, thanks, agreement, laughter and emoji."""
    if "?" in text:
        return False
    words = islice(_WORD.finditer(_MARKUP.sub(" ", text.lower())), _MOST_POLITE + 1)
    return all(word[0] in _PLEASANTRIES and place < _MOST_POLITE for place, word in enumerate(words))


def is_joke(text: str) -> bool:
    """Whether the writer marks it as not meant."""
    return bool(_LAUGHTER.search(text))


def is_small_talk(*texts: str) -> bool:
    """Whether these texts together are pleasantries or leisure, with no word of work in them."""
    said = [text for text in texts if text.strip()]
    if not said:
        return False
    together = " ".join(said)
    if _WORK.search(together):
        return False
    return all(is_pleasantry(text) for text in said) or bool(_LEISURE.search(together))


def asks(text: str) -> bool:
    """Whether a message wants something of whom it addresses."""
    return bool(_ASKING.search(text))


_ASKING = re.compile(
    r"\?|\b(can|could|would|will) you\b|\bplease\b|\bpls\b|\bneed (you|your)\b|\blet (me|us) know\b|\bthoughts\b"
    r"|\b(review|approve|sign off|confirm|decide|have a look|take a look|your call|wdyt|eta)\b",
    re.IGNORECASE,
)
