"""Sentences that people labelled with what is meant by them: requests in e-mail, promises in meetings."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from bot.errors import BadInput
from bot.evaluation import jsonlines
from bot.evaluation.figures import intents as figures
from bot.evaluation.figures.sheet import Sheet
from graphs.tasks import acts, extract
from graphs.tasks.speech import clauses_of
from memory.models.ids import TeamId, container_id, conversation_id, message_id, person_id
from memory.models.messages import Message

Classifier = Callable[[str], bool]
"""Says of a sentence alone whether it is of the kind."""
SETS = {"sentences.jsonl": "request", "acts.jsonl.gz": "commitment", "acts.jsonl": "commitment"}
"""The file of a set, and the kind that it is labelled with: e-mail (Parakweet) and meetings (MRDA)."""
_ALONE = container_id(TeamId("sentences"), "slack", "C0")
_INTENT = acts.ACTS.index("intent")


def asks(sentence: str) -> bool:
    """Whether the words of a sentence ask for or propose something, as `extract` weighs them."""
    scores, _ = acts.scores(clauses_of(sentence))
    return scores[_INTENT] > 0


def promises(sentence: str) -> bool:
    """Whether `extract` finds a promise in a sentence."""
    return any(each.kind == "commitment" for each in alone(sentence))


def alone(sentence: str) -> tuple[extract.Candidate, ...]:
    """What `extract` finds in a conversation of this sentence and nothing else."""
    identity = message_id(_ALONE, "1.0")
    said = Message(
        message_id=identity,
        team_id=TeamId("sentences"),
        container_id=_ALONE,
        external_ts="1.0",
        author_id=person_id(TeamId("sentences"), "slack", "U0"),
        posted_at=datetime(2026, 1, 5, 9, tzinfo=UTC),
        text=sentence,
    )
    return extract.rules(extract.Given(conversation_id(identity), (said,))).candidates


CLASSIFIERS: Mapping[str, Classifier] = {"request": asks, "commitment": promises}
"""The product's own, by kind."""


def is_set(folder: Path) -> bool:
    return any((folder / name).is_file() for name in SETS)


def measure(folder: Path, classifiers: Mapping[str, Classifier], out: TextIO | None = None) -> Mapping[str, Sheet]:
    """By kind. A sentence of e-mail stands for itself; those of one meeting are drawn together.

    `out` gets `{line, found}` for every sentence.

    Raises:
        BadInput: a line cannot be used, or there is no engine for the kind.
    """
    name = next(name for name in SETS if (folder / name).is_file())
    kind = SETS[name]
    if kind not in classifiers:
        raise BadInput(f"There is no engine yet that tells a {kind} from a single sentence.")
    judged: list[tuple[str, bool, bool]] = []
    for number, unit, text, wanted in _sentences(folder / name):
        found = classifiers[kind](text)
        judged.append((unit, wanted, found))
        if out:
            out.write(json.dumps({"line": number, "found": found}) + "\n")
    return {kind: figures.sheet(judged)}


def _sentences(path: Path) -> Iterator[tuple[int, str, str, bool]]:
    """The number of the line, the unit, the text, the label."""
    for number, row in jsonlines.objects(path):
        try:
            if "labels" in row:
                yield number, row["conv"], row["text"], bool(row["labels"]["commit"])
            else:
                yield number, str(number), row["text"], bool(row["label"])
        except (KeyError, TypeError):
            raise BadInput(f"Line {number} of {path.name}: text, and label or labels, are expected.") from None
