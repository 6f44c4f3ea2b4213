class MemoryFailure(Exception):
    """Something Daybook remembers could not be read or written."""
