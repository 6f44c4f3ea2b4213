class HandlerFailure(Exception):
    """Something could not be taken in from outside, or sent out."""


class Undecodable(HandlerFailure):
    """A payload that does not have the shape its kind promises: it is set aside for a person to look at."""


class RedactionFailed(Undecodable):
    """Secrets could not be told from words here: the words are not kept, and are read back later."""
