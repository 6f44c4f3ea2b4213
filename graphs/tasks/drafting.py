"""What a conversation states, kind by kind: drafts of facts, before anything later settles them.

Explicit markers are read by rule; for the rest the trained noticers decide, and rules find the words, the people and
the day. What is hedged is no promise, whatever the noticers make of it.
"""

import re
from collections.abc import Callable, Mapping

from graphs.tasks import lexicon, marked, names, noticing, traits
from graphs.tasks.acts import ACTS
from graphs.tasks.ear import Draft, Ear, Quote
from graphs.tasks.noticing import Noticers
from graphs.tasks.saying import Said
from graphs.tasks.speech import Clause
from graphs.tasks.stems import stems_of
from graphs.wording import MENTION
from memory.models.facts import FactKind, FactStatus
from memory.models.ids import PersonId, person_id

_REQUEST = ACTS.index("request")
_NO_PROMISE = (lexicon.HEDGES, lexicon.NEGATED_PROMISE, lexicon.TURNS_TO_OTHERS)
_ASKED = -1.5
"""Log-odds from which words before it are what a promise answers."""
_THIN = 3
"""Words that say something, up to which a promise does not say what it promises."""
_WORDED = 1.0
"""Log-odds of what is said in so many words."""
_SOMEBODY_WILL = re.compile(r"(?<![\w@])(?P<name>[^\W\d_]{3,20})(?: will|'ll| is going to| is on it)(?![\w])")
_BULLET = re.compile(r"[\s•*◦–-]{0,8}")
_I_TOO = re.compile(r"(?<![\w'])(?:i|i'll|i'm|we|we'll|let me)(?![\w'])")
_YOU = re.compile(r"(?<![\w'])you(?![\w'])")
_NEAR = 3
"""Messages that such a promise may go back to."""


def draft(ear: Ear, leads: frozenset[PersonId], known: Noticers | None = None) -> list[Draft]:
    """Everything that the conversation seems to state, in the order it was said."""
    scores = (known or noticing.trained()).scores(traits.rows(ear.told, leads))
    for said, noticed in zip(ear.told, scores, strict=True):
        if marked.draft(ear, said) or not said.clauses or said.utterance.joking:
            continue
        worded: dict[str, float] = {kind: max(noticed[kind], _WORDED) for kind in _in_so_many_words(said)}
        sure = {**noticed, **worded}
        if "blocker" in worded and "decision" not in worded:
            sure["decision"] = 0.0  # who says that they cannot go on settles nothing by that, whatever it sounds like
        for kind, keep in _KEEPERS.items():
            if sure[kind] > 0:
                keep(ear, said, sure)
    return ear.drafts


def _in_so_many_words(said: Said) -> set[FactKind]:
    """What it says by itself, whatever surrounds it: that something is decided or proposed, that somebody is stuck."""
    plain = [each.words for each in said.clauses if not each.asks and not lexicon.HEDGES.search(each.words)]
    found: set[FactKind] = set()
    if any(lexicon.SETTLED.match(each) or lexicon.PROPOSED.match(each) for each in plain):
        found.add("decision")
    if any(lexicon.BLOCKED.search(each) and not lexicon.NOT_BLOCKED.search(each) for each in plain):
        found.add("blocker")
    return found


def _promise(ear: Ear, said: Said, noticed: Mapping[str, float]) -> None:
    promise = clause(said, "commitment")
    if promises_nothing(promise) or _is_of_another(promise, said, ear) or _asks_for(promise, said):
        return
    request = _request(ear, said) or _context(ear, said)
    if request is not None and lexicon.WAS_DONE.search(said.words):
        return
    due = ear.due(promise.words, said) or ear.due(said.words, said)
    if request is not None:
        request, listed = _own_line(request, said, ear)
        due = due or ear.due(request.clause.words, request.said)
        due = due if listed else due or ear.due(request.said.words, request.said)
    counterparty = request.said.message.author_id if request else _named(said) or ear.before(said)
    ear.keep(
        "commitment",
        said,
        promise,
        noticed["commitment"],
        "open",
        counterparty=counterparty,
        due=due,
        answers=request,
    )


def promises_nothing(said: Clause) -> bool:
    """Whether the words ask, hedge, deny or turn to others, whatever else they may be."""
    return said.asks or any(pattern.search(said.words) for pattern in _NO_PROMISE)


def _request(ear: Ear, said: Said) -> Quote | None:
    """What the author may be saying yes to."""
    asked, _ = traits.asked_before(ear.told, said.place)
    if asked is None or asked.acts[_REQUEST] < _ASKED or not asked.clauses:
        return None
    return Quote(asked, clause(asked, "request", asking=True))


def _is_of_another(promise: Clause, said: Said, ear: Ear) -> bool:
    """Whether the words say what somebody else will do: "rui will know tomorrow"."""
    found = _SOMEBODY_WILL.search(promise.words)
    if found is None or _I_TOO.search(promise.words):
        return False
    having = names.by_name(ear.names).get(found["name"], ())
    return bool(having) and said.message.author_id not in having


def _asks_for(promise: Clause, said: Said) -> bool:
    """Whether the words say more of what the same message asks of somebody: "can you own it? draft by friday"."""
    if _I_TOO.search(promise.words) or lexicon.ACCEPTS.match(promise.words):
        return False
    before = (each for each in said.clauses if each.start < promise.start)
    return any(each.asks and _YOU.search(each.words) and not _I_TOO.search(each.words) for each in before)


def _own_line(request: Quote, said: Said, ear: Ear) -> tuple[Quote, bool]:
    """Of a list that gives several people something each, the line of whoever says yes; and whether it is one."""
    author = said.message.author_id
    if author is None or "\n" not in request.said.words:
        return request, False
    raw = request.said.message.text
    called = {*ear.names.get(author, "").lower().split()[:1]}
    for each in request.said.clauses:
        mentioned = MENTION.findall(raw[each.start : each.end])
        mine = any(person_id(said.message.team_id, "slack", who) == author for who, _ in mentioned)
        if mine or called & {*re.findall(r"[^\W\d_]+", each.words)}:
            start = each.start + len(_BULLET.match(raw[each.start :])[0])  # type: ignore[index]  # matches nothing too
            line = raw[start:].partition("\n")[0].rstrip()
            return Quote(request.said, Clause(start, start + len(line), request.said.words[start:][: len(line)])), True
    return request, False


def _context(ear: Ear, said: Said) -> Quote | None:
    """What a promise that names nothing goes back to: the last words of somebody else."""
    if len(set(stems_of(said.words))) > _THIN:
        return None
    for other in reversed(ear.told[max(said.place - _NEAR, 0) : said.place]):
        if other.message.author_id != said.message.author_id and other.clauses:
            return Quote(other, clause(other, "request", asking=True))
    return None


def _decision(ear: Ear, said: Said, noticed: Mapping[str, float]) -> None:
    proposed = noticed["proposed"] > 0 or lexicon.HEDGES.search(clause(said, "decided").words) is not None
    course = clause(said, "proposed" if proposed else "decided")
    status: FactStatus = "proposed" if proposed else "decided"
    agreed = None if proposed else _agreed(ear, said)
    actor = agreed.said.message.author_id if agreed else None
    ear.keep("decision", said, course, noticed["decision"], status, answers=agreed, actor=actor)


def _agreed(ear: Ear, said: Said) -> Quote | None:
    """The proposal of somebody else, right before, that this message says yes to."""
    if not lexicon.AGREES.match(said.clauses[0].words) or said.clauses[0].asks or len(said.words.split()) > 12:
        return None
    for other in reversed(ear.told[max(said.place - 2, 0) : said.place]):
        if other.message.author_id == said.message.author_id:
            return None
        for each in other.clauses:
            if lexicon.PROPOSALS.search(each.words) or lexicon.SHALL_WE.search(each.words):
                return Quote(other, each)
    return None


def _question(ear: Ear, said: Said, noticed: Mapping[str, float]) -> None:
    asked = clause(said, "question", asking=True)
    if lexicon.NOT_ASKED.search(asked.words) or lexicon.CHATTER.search(asked.words):
        return
    ear.keep("question", said, asked, noticed["question"], "open", counterparty=_named(said))


def _blocker(ear: Ear, said: Said, noticed: Mapping[str, float]) -> None:
    ear.keep("blocker", said, clause(said, "blocker"), noticed["blocker"], "raised", counterparty=_named(said))


def _news(ear: Ear, said: Said, noticed: Mapping[str, float]) -> None:
    ear.keep("update", said, clause(said, "update"), noticed["update"], "reported")


def clause(said: Said, act: str, *, asking: bool = False) -> Clause:
    """The clause that says most of it; one that asks only where asking is what it does."""
    number = ACTS.index(act)
    fit = [at for at, each in enumerate(said.clauses) if asking or not each.asks] or range(len(said.clauses))
    return said.clauses[max(fit, key=lambda at: (said.by_clause[at][number], -at))]


def _named(said: Said) -> PersonId | None:
    return next((person for person in said.message.mentions if person != said.message.author_id), None)


_KEEPERS: Mapping[FactKind, Callable[[Ear, Said, Mapping[str, float]], None]] = {
    "commitment": _promise,
    "decision": _decision,
    "blocker": _blocker,
    "question": _question,
    "update": _news,
}
