"""Sets of conversations with questions about them, and the messages that hold the evidence."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, ValidationError

from bot.errors import BadInput
from bot.evaluation import jsonlines
from handlers import raw
from memory.models.base import Model

Text = Annotated[str, AfterValidator(raw.text)]
"""As everything that is read from outside: without secrets, and fit to be stored."""


class Line(Model, extra="ignore"):
    """A message as a set gives it; `ts` in seconds since 1970, `image_caption` what a shared picture shows."""

    conv: Text
    dia_id: Text
    ts: float = Field(ge=0, lt=2**35)
    speaker: Text
    text: Text
    image_caption: Text = ""


class Question(Model, extra="ignore"):
    conv: Text
    qid: str
    category_name: str = ""
    question: Text
    evidence: tuple[Text, ...] = ()


class RetrievalSet(Model):
    """Messages in the order of the file, conversation by conversation, and questions."""

    conversations: dict[str, tuple[Line, ...]]
    questions: tuple[Question, ...]


Read = TypeVar("Read", Line, Question)


def read(folder: Path) -> RetrievalSet:
    """Reads `messages.jsonl` and `questions.jsonl`.

    Raises:
        BadInput: a file is missing, a line is none, or two things have one name; the message says where.
    """
    said = list(_lines(folder / "messages.jsonl", Line))
    questions = tuple(_lines(folder / "questions.jsonl", Question))
    conversations: dict[str, list[Line]] = {}
    for line in said:
        conversations.setdefault(line.conv, []).append(line)
    for (conv, dia_id), many in Counter((line.conv, line.dia_id) for line in said).items():
        if many > 1:
            raise BadInput(f"messages.jsonl has {many} messages {dia_id!r} in {conv!r}: each needs an id of its own.")
    for qid, many in Counter(question.qid for question in questions).items():
        if many > 1:
            raise BadInput(f"questions.jsonl has {many} questions {qid!r}: each needs an id of its own.")
    for question in questions:
        if question.conv not in conversations:
            raise BadInput(f"The question {question.qid!r} is about {question.conv!r}, of which there are no messages.")
    return RetrievalSet(conversations={key: tuple(each) for key, each in conversations.items()}, questions=questions)


def _lines(path: Path, kind: type[Read]) -> Iterator[Read]:
    for number, row in jsonlines.objects(path):
        try:
            yield kind.model_validate(row)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"])) or "it"
            raise BadInput(f"Line {number} of {path.name}: {where} cannot be used ({first['msg']}).") from None
