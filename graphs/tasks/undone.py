"""What says of a promise that it is not kept yet, or of something else that it is done: by its words it ends none,
whatever else speaks for it.
"""

import re

from graphs.smalltalk import is_pleasantry
from graphs.tasks import lexicon, pairing
from graphs.tasks.saying import Said

_FINISHED = r"(?:done|finished|shipped|merged|fixed|deployed|released|sent|ready|live|complete|through|there)"
_NOT_YET = re.compile(
    rf"(?:\bnot|n['’]t|\bnever)(?: (?:quite|yet|really|even|fully|all|been))* {_FINISHED}\b"
    rf"|\bnot (?:just )?yet\b|\b(?:almost|nearly|half|halfway|partly|mostly) {_FINISHED}\b"
    r"|\bworking on (?:it|this|that)\b|\bstill (?:on it|at it|open|to do|in progress|wip)\b"
    rf"|\b(?:will|should|['’]ll|to) be {_FINISHED}\b|\b(?:done|finished|ready) (?:by|soon|tomorrow|tonight|next)\b"
)
_TICK = re.compile(r":(?:white|heavy)_check_mark:|:ballot_box_with_check:|[✅✔☑]")
_WHAT = r"(?P<{}>[^.,;:!?()\n–—]{{1,80}})"
_NAMED = re.compile(
    rf"\b(?:done|finished|through) with {_WHAT.format('matter')}"
    r"|(?:\A|(?<=[.,;:!?–—] )|\b(?:i|we|i['’]ve|we['’]ve|have|just|finally|already|now|also|and|ok|okay|so) )"
    r"(?:finished|completed|wrapped up) (?!with\b|and\b|up\b|(?:in|on|at|by|for|from|to|after|before|over|under)\b)"
    rf"{_WHAT.format('deed')}"
    r"|\bdone for (?:today|tonight|the (?:day|night|week|weekend))\b"
)
_AND_ON = re.compile(r"\s(?:and|but|so|then|now|because|since|while)\s.*")
_MEANT = re.compile(r"\b(?:it|them|everything)\b|\b(?:this|that|these|those|all|both|mine|ours|one)\Z")
"""Words that stand for whatever was spoken of."""
_SAYING_NOTHING = frozenset("all mine part parts rest stuff thing things task now already today x".split())


def named_done(said: Said) -> frozenset[str] | None:
    """The stems of that of which alone a message says that it is done; None if it does not say of what, or of more.

    None of them: it is done for the day, and nobody says with what.
    """
    match = _NAMED.search(said.words)
    if match is None or lexicon.FINISHED.search(f"{said.words[: match.start()]} {said.words[match.end() :]}"):
        return None
    what = _AND_ON.sub("", (match["matter"] or match["deed"] or "").strip())
    if _MEANT.search(what):
        return None
    stems = pairing.words_of(" ".join(word for word in what.split() if word not in _SAYING_NOTHING)).stems
    return stems if stems or not what else None


def keeps_open(said: Said) -> bool:
    """Whether a message only asks, says that it is not done yet, or says nothing at all."""
    words = said.words
    if said.clauses and all(each.asks for each in said.clauses):
        return True
    if _NOT_YET.search(words):
        return True
    empty = is_pleasantry(said.message.text) and not _TICK.search(said.message.text)
    return empty and lexicon.FINISHED.search(words) is None
