"""What each command is told, and what it says. How a command begins, runs and ends stands in `conduct`.

What a command needs is loaded by the command, after what it was told was looked at: bad input, `--help` and `segment`
need not wait a second for libraries that they do not use.
"""
