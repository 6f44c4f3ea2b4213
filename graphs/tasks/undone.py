"""What says of a promise that it is not kept yet: by its words it ends none, whatever else speaks for it."""

import re

from graphs.smalltalk import is_pleasantry
from graphs.tasks import lexicon
from graphs.tasks.saying import Said

_FINISHED = r"(?:done|finished|shipped|merged|fixed|deployed|released|sent|ready|live|complete|through|there)"
_NOT_YET = re.compile(
    rf"(?:\bnot|n['’]t|\bnever)(?: (?:quite|yet|really|even|fully|all|been))* {_FINISHED}\b"
    rf"|\bnot (?:just )?yet\b|\b(?:almost|nearly|half|halfway|partly|mostly) {_FINISHED}\b"
    r"|\bworking on (?:it|this|that)\b|\bstill (?:on it|at it|open|to do|in progress|wip)\b"
    rf"|\b(?:will|should|['’]ll|to) be {_FINISHED}\b|\b(?:done|finished|ready) (?:by|soon|tomorrow|tonight|next)\b"
)
_TICK = re.compile(r":(?:white|heavy)_check_mark:|:ballot_box_with_check:|[✅✔☑]")


def keeps_open(said: Said) -> bool:
    """Whether a message only asks, says that it is not done yet, or says nothing at all."""
    words = said.words
    if said.clauses and all(each.asks for each in said.clauses):
        return True
    if _NOT_YET.search(words):
        return True
    empty = is_pleasantry(said.message.text) and not _TICK.search(said.message.text)
    return empty and lexicon.FINISHED.search(words) is None
