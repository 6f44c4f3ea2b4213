class MemoryFailure(Exception):  # noqa: N818 - the word for what went wrong, not for the type
    """Something Daybook remembers could not be read or written."""
