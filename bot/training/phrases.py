"""Learns which words are no nouns: python -m bot.training.phrases --data BENCHMARKS.

A word that chat puts after “to”, “will” or “you” rather than after “the” is a verb; one that follows “the” and seldom
ends its phrase modifies a noun. Reads only corpora whose licence allows shipping what was learnt
(docs/models/describe.md), and writes graphs/tasks/weights/phrases.json. What is in neither list counts as a noun: most
rare words are.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from bot.training.corpora import channels, week
from bot.training.week_file import read
from graphs.tasks import describe

WEIGHTS = Path(describe.__file__).parent / "weights" / "phrases.json"
WEEKS = Path(__file__).parent / "weeks"
DETERMINERS = frozenset("the a an my our your this these his her its their another no any some every each".split())
BEFORE_VERBS = frozenset(
    """
    to i you we they he she it who i'll you'll we'll they'll it'll will would can could should may might must
    don't didn't doesn't can't cannot won't couldn't shouldn't wouldn't let's please pls just not i've we've
    you've they've never
    """.split()
)
_WORD = re.compile(r"[a-z][a-z'\-]*")
_PART = re.compile(r"[.,;:!?()\n]")
AT_LEAST = 8
"""Times that a word must stand where it tells something."""
VERB, MODIFIER = 0.72, 0.35


def main() -> None:
    """Reads the corpora and writes the lists."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder with disentangle/ and teamweek/")
    given = options.parse_args()
    as_noun, as_verb, heads = Counter[str](), Counter[str](), Counter[str]()
    for text in texts(given.data):
        for part in _PART.split(text.lower()):
            words = [*_WORD.findall(part), ""]
            for place in range(len(words) - 2):
                before, word, after = words[place : place + 3]
                if before in DETERMINERS:
                    as_noun[word] += 1
                    heads[word] += not after or after in describe.FUNCTION_WORDS
                elif before in BEFORE_VERBS:
                    as_verb[word] += 1
    content = [word for word in {*as_noun, *as_verb} if word not in describe.FUNCTION_WORDS and word.isascii()]
    told = [word for word in content if as_noun[word] + as_verb[word] >= AT_LEAST]
    verbs = [word for word in told if as_verb[word] / (as_noun[word] + as_verb[word]) >= VERB]
    modifiers = [
        word
        for word in told
        if word not in verbs and as_noun[word] >= AT_LEAST and heads[word] / as_noun[word] < MODIFIER
    ]
    body = {"verbs": " ".join(sorted(verbs)), "modifiers": " ".join(sorted(modifiers))}
    WEIGHTS.write_text(json.dumps(body, indent=0) + "\n", "utf-8")


def texts(data: Path) -> Iterator[str]:
    """What was said in the corpora, message by message."""
    chat = data / "disentangle" / "dev"
    paths = [chat / f"irc_{name}" for name in ("ubuntu_train.jsonl.gz", "linux_pilot-dev.jsonl", "mediawiki.jsonl")]
    paths += [chat / "irc_ubuntu-meeting.jsonl", *sorted(chat.glob("gitter_*.jsonl"))]
    weeks = chain.from_iterable(week(data / "teamweek" / "dev-lumenpay"))
    for row in chain(chain.from_iterable(chain.from_iterable(map(channels, paths))), weeks):
        if not row.get("system"):
            yield row["text"]
    for path in sorted(WEEKS.glob("*.week")):
        yield from (message["text"] for message in read(path).messages)


if __name__ == "__main__":
    main()
