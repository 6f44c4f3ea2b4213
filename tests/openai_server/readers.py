"""Scripts of models that do their work plainly and well, each from one piece of the data that it is given."""

import re
from typing import Any

_PROMISES = re.compile(r"\b(?:I'll|I will|we will)\b")
_DECIDES = re.compile(r"\b[Ww]e (?:decided|agreed)\b")


def reworded(piece: Any) -> object:
    """For `compose`: finds nothing to improve, but the last sign."""
    return {"sentence": piece["plain"].rstrip(". "), "messages": [each["id"] for each in piece["messages"]]}


def minutes_of(piece: Any) -> object:
    """For `extract`: "I'll" promises, "we decided" decides, and the first words tell what it is about."""
    said = piece["messages"]
    first = next((each for each in said if each["text"].split()), said[0])
    words = re.findall(r"[\w'-]+", first["text"])
    return {
        "topic": " ".join(words[:4]),
        "gist": f"{piece['people'].get(first['by'], 'somebody')}: {' '.join(words[:15])}",
        "facts": [_fact(each) for each in said if _PROMISES.search(each["text"]) or _DECIDES.search(each["text"])],
    }


def _fact(said: Any) -> object:
    decided = bool(_DECIDES.search(said["text"]))
    return {
        "kind": "decision" if decided else "commitment",
        "status": "decided" if decided else "open",
        "actor": said["by"],
        "to": None,
        "due": None,
        "quotes": [{"id": said["id"], "words": " ".join(said["text"].split()[:6]).rstrip("…"), "role": "states"}],
    }


def interpreted(piece: Any) -> object:
    """For `understand`: every word of the question that the rules would look for too, and nothing else."""
    words = [word.lower() for word in re.findall(r"[^\W_]{4,}", piece["question"])]
    nothing: dict[str, Any] = {"kinds": [], "people": [], "direction": "any", "since": None, "until": None, "span": ""}
    return {"words": list(dict.fromkeys(words))[:8], **nothing}


def answered(piece: Any) -> object:
    """For `answer`: the first messages found, told as what somebody wrote."""
    return {"sentences": [{"text": _told(each), "messages": [each["id"]]} for each in piece["messages"][:3]]}


def _told(said: Any) -> str:
    words = [word for word in re.findall(r"[\w'-]+", said["text"]) if "." not in word][:16]
    return f"{said['by']} wrote {said['on']}: “{' '.join(words)}”"


def judged(piece: Any) -> object:
    """For `reconcile` and `consolidate`: yes, where both begin with the same word."""
    one, other = (piece[side].split() for side in ("one", "other"))
    return {"verdict": "yes" if one[:1] == other[:1] else "no"}
