"""What looks like a secret and is none: examples, variables, calls."""

import re

_PLACEHOLDER = re.compile(
    r"\$|%[({sd]|\{\{|<|\[redacted:|\*{2,}|\.{3}|…|(.)\1*$|x{4,}|your|my[-_]|changeme|change_me|example|placeholder|"
    r"(?:pass(?:word|wd|phrase)?|pwd|pw|secret|token|api[-_]?key|none|null|nil|undefined|true|false|string|required)$",
    re.IGNORECASE,
)
_CALL = re.compile(r"[A-Za-z_][\w\-]*(?:[(\[{]|(?:\.|->|::|/)[A-Za-z_])")
_SYMBOL = re.compile(r"[^\w\s.,:;()\[\]{}'\"/\\<>|-]")


def is_placeholder(secret: str) -> bool:
    """It stands for a secret: `$TOKEN`, `<password>`, `xxxxxx`."""
    return _PLACEHOLDER.match(secret) is not None


def is_no_password(value: str) -> bool:
    """After `password =` anything may stand: it counts with a digit or a symbol in it, and if it is no code."""
    if is_placeholder(value) or _CALL.match(value):
        return True
    return not (any(map(str.isdigit, value)) or _SYMBOL.search(value))


def is_no_token(value: str) -> bool:
    """After `token =` and the like: it counts with digits and letters mixed."""
    return is_no_password(value) or not (any(map(str.isdigit, value)) and any(map(str.isalpha, value)))
