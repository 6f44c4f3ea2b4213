"""What a conversation seems to say, kind by kind: drafts of facts, before anything later settles them."""

from collections.abc import Mapping, Sequence
from datetime import date

from graphs.tasks import cues, lexicon
from graphs.tasks.ear import ENOUGH, REACH, Draft, Ear, Request
from graphs.tasks.speech import Clause, Utterance, points
from graphs.wording import MENTION
from memory.models.ids import PersonId, person_id


def draft(told: Sequence[Utterance], names: Mapping[PersonId, str], timezones: Mapping[PersonId, str]) -> list[Draft]:
    """Everything that the conversation seems to state, in the order it was said."""
    ear = Ear(names, timezones, told)
    for said in told:
        if _marked(ear, said) or not said.clauses:
            continue
        if not said.joking:
            _promise(ear, said)
            _decision(ear, said)
            _blocker(ear, said)
            _question(ear, said)
            _news(ear, said)
        _note_request(ear, said)
    return ear.drafts


def _marked(ear: Ear, said: Utterance) -> bool:
    """Drafts the lines behind an explicit marker, like ACTION: or DECISION:."""
    found, offset = False, 0
    for line in said.words.split("\n"):
        match = lexicon.MARKERS.match(line)
        if match and (rest := line[match.end() :].strip(" *_")):
            word = match["word"].lower().split()[0].rstrip("0123456789")
            start = offset + line.index(rest, match.end())
            clause = Clause(start, start + len(rest), rest)
            _keep_marked(ear, said, clause, lexicon.MARKED_KINDS[word])
            found = True
        offset += len(line) + 1
    return found


def _keep_marked(ear: Ear, said: Utterance, clause: Clause, kind: str) -> None:
    if kind == "proposal":
        ear.keep("decision", said, clause, 2.5, "proposed")
    elif kind == "decision":
        ear.keep("decision", said, clause, 5.0, "decided")
    elif kind == "commitment":
        owner = _owner(said, clause) or said.message.author_id
        giver = said.message.author_id if owner != said.message.author_id else None
        ear.keep(
            "commitment", said, clause, 4.0, "open", actor=owner, counterparty=giver, due=ear.due(clause.words, said)
        )
    elif kind == "question":
        ear.keep("question", said, clause, 3.5, "open", counterparty=next(iter(said.message.mentions), None))
    elif kind == "blocker":
        ear.keep("blocker", said, clause, 4.0, "raised", counterparty=next(iter(said.message.mentions), None))
    else:
        ear.keep("update", said, clause, 3.5, "reported")


def _owner(said: Utterance, clause: Clause) -> PersonId | None:
    """Whom an action item names first, if it begins with them."""
    named = MENTION.search(said.message.text, clause.start, clause.end)
    if named is None or not lexicon.OWNED.match(clause.words):
        return None
    owner = person_id(said.message.team_id, "slack", named[1])
    return owner if owner in said.message.mentions else None


def _promise(ear: Ear, said: Utterance) -> None:
    request = _open_request(ear, said)
    best, clause = 0.0, said.clauses[0]
    for each in said.clauses:
        if each.asks or lexicon.HEDGES.search(each.words) or lexicon.NEGATED_PROMISE.search(each.words):
            continue
        worth = points(each.words, cues.PROMISES)
        if worth and ear.due(each.words, said):
            worth += 0.6
        if worth > best:
            best, clause = worth, each
    due = ear.due(clause.words, said) or ear.due(said.words, said)
    if request is not None and not lexicon.HEDGES.search(said.words):
        answer = _acceptance(said, request, due)
        if answer or best > 0.6:
            best += answer + 0.5
        else:
            request = None
    else:
        request = None
    if best < ENOUGH["commitment"]:
        return
    if request is not None:
        asked_for = ear.due(request.clause.words, request.said) or ear.due(request.said.words, request.said)
        due = due or asked_for
    mentioned = next((person for person in said.message.mentions if person != said.message.author_id), None)
    counterparty = request.said.message.author_id if request else mentioned or ear.before(said)
    ear.keep("commitment", said, clause, best, "open", counterparty=counterparty, due=due, answers=request)


def _acceptance(said: Utterance, request: Request, due: date | None) -> float:
    first = said.clauses[0].words
    if lexicon.REFUSES.search(first) or said.clauses[0].asks:
        return 0.0
    addressed = said.message.author_id in request.asked
    if lexicon.ACCEPTS.match(first):
        return 1.5 if addressed else 0.7
    if due and len(first.split()) <= 8:
        return 1.2 if addressed else 0.5
    return 0.0


def _open_request(ear: Ear, said: Utterance) -> Request | None:
    """The latest request that this author may be answering: put to them, or to everybody."""
    author = said.message.author_id
    for request in reversed(ear.requests):
        if said.place - request.said.place > REACH:
            break
        if request.said.message.author_id != author and (not request.asked or author in request.asked):
            return request
    return None


def _note_request(ear: Ear, said: Utterance) -> None:
    for clause in said.clauses:
        if points(clause.words, cues.REQUESTS) < 1.0:
            continue
        asked = tuple(person for person in said.message.mentions if person != said.message.author_id)
        if not asked and not lexicon.TO_ANYBODY.search(clause.words):
            previous = ear.before(said)
            asked = (previous,) if previous and said.place else ()
        ear.requests.append(Request(said, clause, asked))
        return


def _decision(ear: Ear, said: Utterance) -> None:
    best, clause, proposed = 0.0, said.clauses[0], False
    for each in said.clauses:
        if each.asks or " " not in each.words:
            continue  # a bare "agreed" decides only what somebody proposed
        worth = points(each.words, cues.DECISIONS)
        soft = lexicon.PROPOSALS.search(each.words) is not None
        if lexicon.HEDGES.search(each.words):
            worth = 0.0
        elif soft:
            worth = max(worth, ENOUGH["decision"] + 0.1)
        if worth > best:
            best, clause, proposed = worth, each, soft
    agreed = _agreed(ear, said)
    if best >= ENOUGH["decision"]:
        ear.keep("decision", said, clause, best, "proposed" if proposed else "decided")
    elif agreed is not None:
        ear.keep("decision", said, said.clauses[0], 1.5, "decided", answers=agreed, actor=agreed.said.message.author_id)


def _agreed(ear: Ear, said: Utterance) -> Request | None:
    """The proposal of somebody else, right before, that this message says yes to."""
    if not lexicon.AGREES.match(said.clauses[0].words) or said.clauses[0].asks or len(said.words.split()) > 12:
        return None
    for other in reversed(ear.told[max(said.place - 2, 0) : said.place]):
        drafted = any(each.kind == "decision" and each.place == other.place for each in ear.drafts[-5:])
        if drafted or other.message.author_id == said.message.author_id:
            return None  # what is drafted already is settled by this yes
        for clause in other.clauses:
            if lexicon.PROPOSALS.search(clause.words) or lexicon.SHALL_WE.search(clause.words):
                return Request(other, clause, ())
    return None


def _blocker(ear: Ear, said: Utterance) -> None:
    best, clause = 0.0, said.clauses[0]
    for each in said.clauses:
        if each.asks or lexicon.NOT_BLOCKED.search(each.words):
            continue
        worth = points(each.words, cues.BLOCKERS)
        if worth > best:
            best, clause = worth, each
    if best >= ENOUGH["blocker"]:
        mentioned = next((person for person in said.message.mentions if person != said.message.author_id), None)
        ear.keep("blocker", said, clause, best, "raised", counterparty=mentioned)


def _question(ear: Ear, said: Utterance) -> None:
    best, clause = 0.0, said.clauses[0]
    mentioned = next((person for person in said.message.mentions if person != said.message.author_id), None)
    for each in said.clauses:
        worth = _asking(each, said)
        if worth > best:
            best, clause = worth, each
    if best and mentioned:
        best += 0.4
    if best >= ENOUGH["question"]:
        ear.keep("question", said, clause, best, "open", counterparty=mentioned)


def _asking(clause: Clause, said: Utterance) -> float:
    count = len(clause.words.split())
    opens = lexicon.INTERROGATIVE.match(clause.words) is not None
    if not clause.asks and not (opens and count >= 6 and said.place == 0):
        return 0.0
    if lexicon.RHETORICAL.search(clause.words) or lexicon.CHATTER.search(clause.words):
        return 0.0
    worth = 0.3 + 0.4 * opens + 0.07 * min(count, 10)
    if points(clause.words, cues.REQUESTS) >= 1.4:
        worth -= 0.4
    if count < 3:
        worth -= 0.4
    return worth


def _news(ear: Ear, said: Utterance) -> None:
    words = said.words
    count = len(words.split())
    if count < 4 or said.clauses[-1].asks or lexicon.CHATTER.search(words):
        return
    clause = max(said.clauses, key=lambda each: (points(each.words, cues.NEWS), -each.start))
    worth = points(words, cues.NEWS) + 0.03 * min(count, 20)
    if said.place == 0:
        worth += 0.3
    if lexicon.HEDGES.search(words):
        worth -= 0.6
    if any(each.asks for each in said.clauses):
        worth -= 0.4
    if worth >= ENOUGH["update"]:
        ear.keep("update", said, clause, worth, "reported")
