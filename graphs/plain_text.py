"""What a model writes is to be plain words: nothing that is a link or could become one, whoever asked it for that."""

import re
import unicodedata

from graphs.tasks.stems import stems_of

_MARKED = re.compile(r"[<>`\[\]{}|\\]|\*\*|__|@(?:here|channel|everyone|group)\b|<?[@#][A-Z0-9]{6,}\b")
_LINKED = re.compile(
    r"://|\bwww\b|\bhxxp|\b(?:mailto|tel|javascript|data|slack|file):|%[0-9a-f]{2}|&#|\bxn--"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b|\bdot (?:com|net|org|io|dev|app|co|example)\b|[\w.]@[\w.]",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?<![\w.])(?:[\w-]{1,63}\.)+([a-z]{2,24})(?![\w])([/:?#]?)", re.IGNORECASE)
_FILES = frozenset(
    "c cc cfg conf cpp cs css csv go gz h html ini ipynb java js json jsx kt lock log md pdf php proto py rb rs scss "
    "sh sql svg tf toml ts tsx txt vue xml yaml yml zip".split()
)
"""What a name may end in after a dot without being an address."""
_OTHER_DOTS = re.compile("[\u3002\uff0e\uff61\u2024\u00b7\u2027\u05c5]")
_UNSEEN = re.compile("[\x00-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ud800-\udfff]")
_ENOUGH = 0.4
"""The share of a sentence's own words that its evidence must hold."""
_TELLING = frozenset(
    stems_of(
        "promised promise asked asks decided proposed proposes suggested blocked waiting waits reported says said told "
        "wrote mentioned answered needs wants still today yesterday tomorrow team since because before after while now"
    )
)
"""Words of telling itself, which no evidence needs to hold."""
_PROPOSES = re.compile(r"\b(?:propos|suggest|consider|recommend|would|might|could|asks?|asked)", re.IGNORECASE)


def faults_of(text: str, longest: int) -> list[str]:
    """Why a text cannot be shown as it is: in our own words, fit to be sent back to whoever wrote it."""
    seen = unicodedata.normalize("NFKC", text)
    found = []
    if not text.strip():
        found.append("it is empty")
    if len(text) > longest:
        found.append(f"it is longer than {longest} characters")
    if _UNSEEN.search(text):
        found.append("it has line breaks or invisible characters")
    if _MARKED.search(seen):
        found.append("it has markup or mentions")
    if _LINKED.search(seen) or _OTHER_DOTS.search(text) or any(map(_is_address, _HOST.finditer(seen))):
        found.append("it has a link or an address")
    return found


def stands_on(text: str, evidence: str, known: str = "") -> bool:
    """Whether enough of the text's words stand in its evidence, in whatever form; what is known anyway left aside."""
    own = {stem for stem in stems_of(text) if stem not in _TELLING} - {*stems_of(known)}
    return not own or len(own & {*stems_of(evidence)}) >= _ENOUGH * len(own)


def proposes(text: str) -> bool:
    """Whether it tells of something as a proposal, not as settled."""
    return _PROPOSES.search(text) is not None


def _is_address(match: re.Match[str]) -> bool:
    return match[1].lower() not in _FILES or bool(match[2] and match[2] != ":")
