"""One file per big verb: its contract and its engines."""
