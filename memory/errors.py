class MemoryFailure(Exception):
    """Something Daybook remembers could not be read or written."""


class NotTheOwner(MemoryFailure):
    """This sees every row, and so needs the address of the role that owns the tables."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} needs the address of the role that owns the tables: set DATABASE_URL as for `daybook migrate`."
        )
