from typing import ClassVar

from memory.models.base import Model


class Happening(Model):
    """What an event tells. Names are never reused with another meaning: a change of shape raises `VERSION`."""

    VERSION: ClassVar[int] = 2
