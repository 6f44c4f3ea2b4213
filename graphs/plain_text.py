"""What a model writes is to be plain words: nothing that is a link or could become one, whoever asked it for that."""

import re
import unicodedata

from graphs.tasks.rarity import rarity_of
from graphs.tasks.stems import stems_of

_MARKED = re.compile(r"[<>`\[\]{}|\\]|\*\*|__|@\w|#[A-Z0-9]{6,}\b")
_LINKED = re.compile(
    r"://|\bwww\b|\bhxxp|\b(?:mailto|tel|javascript|data|slack|file):|%[0-9a-f]{2}|&#|\bxn--"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b|\w[( ]+(?:\.|dot)[) ]+\w|[\w.]@[\w.]",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?<![\w.])(?:[\w-]{1,63}\.)+([^\W\d_]{2,24})(?![\w])([/:?#]?)")
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
_USUAL = _TELLING | frozenset(
    stems_of(
        "accepted acknowledged agreement although announced assigned awaiting clarified colleague commitment completed "
        "concerns confirmed consensus cancelled deadline debate declined deferred delayed delivered details "
        "disagreement disagreed discussed discussion dispute doubts draft due else expects explained feedback finance "
        "finished former handle hesitant informed intends investigate involved latter meanwhile noted objected "
        "objection offered ongoing opposed otherwise outage outcome outstanding overdue owes owner pending plans "
        "postponed preferred previously progress proposal questioned recommendation regarding rejected remaining "
        "reminded renewal replied request requirement resolved respond responded response responsible resumed "
        "reversed review reviewed rollout scheduled settled shared stakeholders summary task themselves "
        "therefore though thus topic unanswered unblocked unclear undecided unless unresolved unsure urgent verdict "
        "volunteered whereas whether withdrew within without yet"
    )
)
"""What a teller of anything may need, however rare it is in chat."""
_SHORT = 3
"""Letters, up to which a word says too little to be strange."""
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
    """Whether enough of the text's words stand in its evidence, in whatever form; what is known anyway left aside.

    All of those that are rare must: a code name is one in lower case too, wherever a model has it from.
    """
    carried = _stems(evidence)
    own = _stems(text) - _TELLING - _stems(known)
    if any(_is_rare(stem) and not _is_carried(stem, carried) for stem in own):
        return False
    return not own or len(own & carried) >= _ENOUGH * len(own)


def proposes(text: str) -> bool:
    """Whether it tells of something as a proposal, not as settled."""
    return _PROPOSES.search(text) is not None


def _is_address(match: re.Match[str]) -> bool:
    return match[1].lower() not in _FILES or bool(match[2] and match[2] != ":")


def _stems(text: str) -> frozenset[str]:
    """Those of all words; of a long text `stems_of` looks at the beginning only."""
    words = text.split()
    parts = (" ".join(words[at : at + 100]) for at in range(0, len(words), 100))
    return frozenset(stem for part in parts for stem in stems_of(part))


def _is_rare(stem: str) -> bool:
    return len(stem) > _SHORT and not stem.isdigit() and stem not in _USUAL and rarity_of(stem) >= 1


def _is_carried(stem: str, carried: frozenset[str]) -> bool:
    """Whether it or what it is short for stands there: "cert", "certificate"."""
    return any(stem.startswith(each) or each.startswith(stem) for each in carried if len(each) > _SHORT)
