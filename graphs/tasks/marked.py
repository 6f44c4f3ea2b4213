"""Lines behind an explicit marker, like ACTION: or DECISION: – exact, and so by rules alone."""

from graphs.tasks import lexicon, names
from graphs.tasks.ear import Ear
from graphs.tasks.saying import Said
from graphs.tasks.speech import Clause
from graphs.wording import MENTION
from memory.models.ids import PersonId, person_id

_SURE = 3.0
"""Log-odds of what is marked as what it is."""


def marks(words: str) -> bool:
    """Whether any line of a message begins with a marker that has something behind it."""
    matches = ((line, lexicon.MARKERS.match(line)) for line in words.split("\n"))
    return any(match is not None and line[match.end() :].strip(" *_") for line, match in matches)


def draft(ear: Ear, said: Said) -> bool:
    """Drafts each marked line; whether there was any."""
    found, offset = False, 0
    for line, raw in zip(said.utterance.words.split("\n"), said.message.text.split("\n"), strict=False):
        match = lexicon.MARKERS.match(line)
        if match and (rest := line[match.end() :].strip(" *_")):
            word = match["word"].lower().split()[0].rstrip("0123456789")
            begin = line.index(rest, match.end())
            # A link or code at the end is blanked in the words, and yet part of what was written.
            end = max(begin + len(rest), len(raw.rstrip(" *_")))
            _keep(ear, said, Clause(offset + begin, offset + end, rest), lexicon.MARKED_KINDS[word])
            found = True
        offset += len(line) + 1
    return found


def _keep(ear: Ear, said: Said, clause: Clause, kind: str) -> None:
    asked = next(iter(said.message.mentions), None)
    if kind == "commitment":
        author = said.message.author_id
        owner = _owner(ear, said, clause) or author
        giver = author if owner != author else None
        due = ear.due(clause.words, said)
        ear.keep("commitment", said, clause, _SURE, "open", actor=owner, counterparty=giver, due=due)
    elif kind == "proposal":
        ear.keep("decision", said, clause, _SURE, "proposed")
    elif kind == "decision":
        ear.keep("decision", said, clause, _SURE, "decided")
    elif kind == "question":
        ear.keep("question", said, clause, _SURE, "open", counterparty=asked)
    elif kind == "blocker":
        ear.keep("blocker", said, clause, _SURE, "raised", counterparty=asked)
    else:
        ear.keep("update", said, clause, _SURE, "reported")


def _owner(ear: Ear, said: Said, clause: Clause) -> PersonId | None:
    """Whom an action item names first, if it begins with them: by mention, or by a name that one person has."""
    mention = MENTION.search(said.message.text, clause.start, clause.end)
    if mention is not None and lexicon.OWNED.match(clause.words):
        owner = person_id(said.message.team_id, "slack", mention[1])
        return owner if owner in said.message.mentions else None
    first = lexicon.FIRST_WORD.match(clause.words)
    return names.owner(first[1], ear.names, (each.message.author_id for each in ear.told)) if first else None
