"""A call to an endpoint that brought no reply."""

from dataclasses import dataclass


@dataclass(eq=False)
class Failed(Exception):
    """A call brought no reply.

    `again`: it may be asked anew. `useless`: the next call will fare no better. `sent`: the endpoint may have worked on
    it, and counted the tokens. `wait`: seconds for which it asked to be left alone.
    """

    outcome: str
    again: bool = False
    useless: bool = False
    sent: bool = False
    refused: bool = False
    wait: float | None = None
