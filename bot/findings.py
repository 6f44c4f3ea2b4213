from memory.models.base import Model


class Finding(Model):
    """What `daybook doctor` found: whether it is well, and in one sentence what it is, or what to do."""

    well: bool
    what: str
