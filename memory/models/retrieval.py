from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from memory.models.base import Model
from memory.models.ids import MessageId, PersonId


class Space(Model):
    """Whose vectors can be compared: those of one embedder in one dimension."""

    embedder: str
    dimension: int


class Query(Model):
    """What to look for. `words` are any text; `people` are preferred as authors; `until` is exclusive.

    `vector` is the question's, in `space`; without it only words are looked for.
    """

    words: tuple[str, ...] = ()
    people: tuple[PersonId, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    space: Space | None = None
    vector: tuple[float, ...] = ()


class Effort(Model):
    """How closely to look. Up to `few` candidate messages, vectors are compared one by one; among more, they are found
    by an index that may miss some. About `budget` messages are ranked by their words, those with rare ones first.
    """

    few: int
    budget: int


class Hit(Model):
    """A message that may be meant: `lexical` is 0 without any of the words, `similarity` a cosine or not known."""

    message_id: MessageId
    lexical: float
    similarity: float | None = None


class Frequencies(Model):
    """How many messages a viewer may search, and how many of them hold each word in any form."""

    messages: int
    holding: Mapping[str, int]


class Words(Model):
    author_id: PersonId | None
    text: str


class Surrounded(Model):
    """A message between those before it (the nearest last) and after it (the nearest first)."""

    message_id: MessageId
    author_id: PersonId | None
    text: str
    posted_at: datetime
    before: tuple[Words, ...] = ()
    after: tuple[Words, ...] = ()


class Unembedded(Model):
    """A passage without a vector: its message's text between its neighbours', and the contents that it rests on."""

    message_id: MessageId
    rests_on: tuple[UUID | None, ...]
    text: str
    before: str | None = None
    after: str | None = None
