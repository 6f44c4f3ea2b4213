"""The words by which the rules engines know a promise, a question, a joke. Patterns are matched ignoring case."""

import re
from typing import NamedTuple


class Cue(NamedTuple):
    """A pattern, and how many points of log-odds it is worth where it is found."""

    pattern: re.Pattern[str]
    points: float


def _either(*phrases: str) -> re.Pattern[str]:
    return re.compile(r"(?<![\w'-])(?:" + "|".join(phrases) + r")(?![\w'])", re.IGNORECASE)


def _opens(*phrases: str) -> re.Pattern[str]:
    """At the start of a clause, after at most a mention and an interjection."""
    before = r"\s*(?:<@[^<>]{1,90}>[\s,:]*)?(?:(?:ok(?:ay)?|yes|yep|yeah|sure|and|so|but|then|oh|ah|fair|sorry|fine)[\s,.:;!]+){0,2}"
    return re.compile(before + r"(?:" + "|".join(phrases) + r")(?![\w'])", re.IGNORECASE)


_WHEN = r"(?:today|tonight|tomorrow|now|this (?:morning|afternoon|week)|(?:by|on|before|until|till) \w+|in \d+|in an? \w+|next \w+)"
_DOING = (
    "adding|asking|booking|bumping|calling|checking|chasing|cleaning|closing|collecting|creating|deploying|digging|disabling|"
    "drafting|escalating|filing|fixing|following up|getting|handling|investigating|killing|looking into|making|moving|"
    "opening|paging|patching|picking (?:it|this|that) up|pinging|posting|preparing|pulling|pushing|putting|reading|redoing|"
    "rerunning|restarting|reverting|reviewing|rotating|running|scheduling|sending|setting up|sharing|starting|swapping|"
    "taking|telling|testing|tracking|trying|turning|updating|uploading|writing|sorting|redeploying|releasing|shipping"
)

MARKERS = re.compile(
    r"\s*[*_`•\-\[]{0,4}(?P<word>action(?: item)?|todo|to-do|ai ?\d{0,2}|decision|decided|resolved|resolution|agreed|proposal|"
    r"proposed|blocker|blocked|question|open question|update|status)[\]*_`]{0,3}\s?:[*_]?\s*",
    re.IGNORECASE,
)
"""An explicit marker at the start of a line, like `ACTION:` or `*Decision:*`."""
MARKED_KINDS = {
    "action": "commitment",
    "todo": "commitment",
    "to-do": "commitment",
    "ai": "commitment",
    "decision": "decision",
    "decided": "decision",
    "resolved": "decision",
    "resolution": "decision",
    "agreed": "decision",
    "proposal": "proposal",
    "proposed": "proposal",
    "blocker": "blocker",
    "blocked": "blocker",
    "question": "question",
    "open": "question",
    "update": "update",
    "status": "update",
}

JOKES = re.compile(
    r":(?:joy|rofl|laughing|sweat_smile|upside_down_face|stuck_out_tongue\w{0,20}|wink|smirk|clown\w{0,10}|troll\w{0,10}|"
    r"see_no_evil):|(?:^|\s)/s(?:\s|$)|(?<!\w)(?:lol|lmao|rofl|haha\w{0,20}|jk|just kidding|kidding)(?!\w)|"
    "[\U0001f602\U0001f923\U0001f609\U0001f61c\U0001f643]",
    re.IGNORECASE,
)
SIGNS = re.compile(
    r":(?:thumbsup|\+1|ok_hand|saluting_face|white_check_mark|heavy_check_mark)[\w:\-]*|[👍✅👌\U0001fae1]",
    re.IGNORECASE,
)
"""A sign of agreement that may be all there is."""
HEDGES = _either(
    "maybe", "perhaps", "might", "probably", "possibly", "no promises?", "hopefully", "i guess", "not sure", "aiming for",
    "someone should", "somebody should", "someone ought", "we should", "they should", "you should", "should really",
    "at some point", "one day", "some day", "eventually", "would be nice", "could try", "thinking (?:about|of)",
    "if (?:i|we) (?:get|have|find|can|had)", "tempted", "i'd love", "in theory", "wish", "i could", "we could", "may want",
    "unless", "would have", "should have", "in case", "no idea", "dunno", "i don't know", "i suppose", "if it'?s",
)  # fmt: skip
NEGATED_PROMISE = _either(
    "i'?ll (?:never|not|be (?:there|late|away|off|out|honest|around|happy|fine)|believe|bet|miss|pass|survive|let you|take that as|"
    "have to|see|say|admit|assume|wait|need|know|die|cry|live|regret|only)",
    "i will (?:never|not|be)", "i won'?t", "can'?t promise", "not (?:today|tomorrow|tonight|yet)", "i can'?t",
)  # fmt: skip

PROMISES = (
    Cue(_either(r"i'?ll", "i will", r"i'?m (?:going to|gonna)", "i am going to"), 1.7),
    Cue(_opens(r"will (?!be\b|it\b|that\b|this\b|you\b|we\b|they\b|there\b|the\b)\w+"), 1.8),
    Cue(_opens("on it", r"i'?m on it", r"i'?m on (?:this|that)", "mine", r"i(?:'ve)? got (?:it|this|that)", r"taking (?:it|this|that)"), 1.7),
    Cue(_either(r"(?:is|one'?s|it'?s|that'?s|those are|all) mine", r"leave (?:it|this|that) (?:to|with) me", "consider it done", "count on me", r"i(?:'ll| can| will)? (?:take|own) (?:it|this|that|them)"), 1.7),
    Cue(_either(r"give me (?:a few|an hour|till|until|a day|\d+|five|ten)", r"you(?:'ll| will)? (?:get|have) (?:it|them|this|that|the|a|an|my)\b.{0,60}" + _WHEN, "back to you", r"(?:hears?|get|from) (?:it )?from me", "coming from me"), 1.3),
    Cue(_opens(rf"(?:i'?m |i am )?(?:{_DOING})"), 0.9),
    Cue(re.compile(rf"(?:^|[\s,;])(?:and |i'?m )?(?:{_DOING})\b.{{0,50}}\b{_WHEN}", re.IGNORECASE), 0.7),
    Cue(_either(r"let me (?:check|look|find|see what|ask|dig|try|get|take|write|send|fix|pull|confirm)"), 0.9),
    Cue(_either(r"will be (?:in|with|up|out|live|done|ready|there)\b.{0,40}" + _WHEN, r"goes (?:out|live|in) " + _WHEN, "coming up", "put me down", r"promise(?! me)"), 1.1),
    Cue(_either(r"i can (?:take|do|handle|own|fix|write|send|review|help with|look|have)"), 0.6),
    Cue(_either("we'?ll"), 0.5),
)  # fmt: skip
REQUESTS = (
    Cue(_either(r"(?:can|could|would|will) (?:you|someone|anyone|somebody|anybody|u)\b(?! (?:believe|imagine|tell|see|hear))", r"can i get", r"any chance (?:you|u|of|someone)", r"(?:mind|would you mind) \w+ing"), 1.5),
    Cue(_either(r"(?:please|pls|plz)(?! note)"), 1.0),
    Cue(_either(r"send me", r"bring me", r"let me know", r"need you to", r"get me", r"make sure", r"when do i get", r"i need (?:a|an|the|your)\b"), 1.0),
    Cue(_either(r"who can", r"any(?:one|body) (?:willing|free|able|up for|who can|want|around)", r"who(?:'s| is) (?:free|up for|willing)", r"volunteers?"), 1.4),
    Cue(re.compile(r"\s*<@[^<>]{1,90}>[\s,:]+(?:please |pls )?(?:add|ask|book|bring|bump|call|check|close|confirm|create|draft|drop|file|fix|get|give|have|look|make|merge|move|own|ping|post|put|read|reopen|review|revert|roll|rotate|run|send|set|share|ship|sign|take|tell|try|update|upload|write)\b", re.IGNORECASE), 1.5),
)  # fmt: skip
ACCEPTS = _opens(
    r"(?:yes|yep|yeah|yup|sure|ok(?:ay)?|k|fine|deal\w*|will do|wilco|can do|on it|mine|me|done|sim|claro|ja|oui|si|absolutely|of course|"
    r"gladly|with pleasure|happy to|works(?: for me)?|sounds good|no problem|np|same|perfect|👍|✅|🫡|👌)",
    r":(?:thumbsup|\+1|ok_hand|saluting_face|white_check_mark|heavy_check_mark)[\w:\-]*",
    r"i (?:can|could|will)", r"i'?ll", r"i got",
)  # fmt: skip
TO_ANYBODY = _either(
    "any(?:one|body)", "some(?:one|body)", "who", "all", "every(?:one|body)", "team", "folks", "people", "volunteers?"
)
OWNED = re.compile(r"\s*(?:for )?<@")
"""An action item that begins with its owner."""
SHALL_WE = _either(
    "can we (?:just)?",
    "shall we",
    "should we",
    "why don'?t we",
    "what about",
    "how about",
    r"we (?:could|should)",
    "let'?s",
)
REFUSES = _either(
    "no", "nope", "can'?t", "cannot", "won'?t", "not me", "sorry", "swamped", "later maybe", "unfortunately", "already"
)
DROPS = _either(
    r"won'?t (?:get to|make|happen)", r"isn'?t happening", r"not going to happen", r"off my plate", r"dropping (?:it|this|that)",
    r"take me off", r"can'?t (?:make|do) it after all", r"no need (?:for|to)", r"no longer needed", r"never ?mind", "scrap that", "forget it",
)  # fmt: skip
FINISHED = _either(
    "done", "shipped", "fixed", "merged", "deployed", "released", "uploaded", "sent", "posted", "published", "resolved", "closed",
    "completed?", "finished", "filed", "booked", "approved", "is (?:live|up|out|in|through|over|on npm)", "are (?:live|up|out|in)", "live (?:in|everywhere|now)",
    "it'?s (?:live|up|out|in)", "offer'?s out", "is in prod", "applied", "purged", "revoked", "rotated", "updated", "reverted", "signed",
    "landed", "in your inbox", "as promised", "repaired", "told", "warned", "spoke to", "talked to", "heard back", "here'?s", "here you go",
    "created", "added", "removed", "deleted", "pushed", "left comments", "put it in", "found it", "switched", "migrated", "announced",
)  # fmt: skip
CLEARS = _either(
    "unblocked", "not (?:blocked|stuck) anymore", "try (?:it )?(?:now|again)", "works (?:now|again)", "working (?:now|again)", "sorted",
    "cleared", "granted", "applied", "merged", "fixed", "resolved", "signed", "approved", "opened again", "is (?:in|back|through|up)",
    "that did it", "you should (?:have|be able)", "done",
)  # fmt: skip
AGREES = _opens(
    "agreed", "agree", r"\+1", r":\+1:", ":thumbsup:", "👍", "ok(?:ay)?", "works for me", "sounds good", "lgtm", "go", "go for it", "do it",
    "deal", "approved", "yes", "yep", "yeah", "fine by me", "fine with me", "like it", "i like it", "makes sense", "ship it",
)  # fmt: skip
REVERSES = _either(
    "chang(?:ed|ing) (?:my|our) minds?", "scratch that", "revers(?:ed|ing) (?:that|the|my|our)", "not anymore", "on second thought",
    "we(?:'re| are) not (?:doing|going)", "called off", "rolling that back", "undo(?:ing)? that", "correction",
)  # fmt: skip

DECISIONS = (
    Cue(_either(r"let'?s (?:go with|do|use|stick with|keep|drop|ship|move|make it|call it)", r"we(?:'re| are)? go(?:ing)? (?:with|for|on|ahead)", r"we(?:'ve| have)? (?:decided|agreed|settled)", r"(?:i've|i have|i) decided", "decision is", "final (?:answer|call|decision)", "it'?s decided", "signed off"), 1.6),
    Cue(_either(r"\w+ it is", r"then it'?s", r"it'?s settled", r"go(?:es)? ahead", r"for the record", r"votes are in", r"changing my mind", r"agreed, \w+ing"), 1.4),
    Cue(_either(r"we (?:run|pay|make|keep|drop|stay|switch|ship|freeze|use|move|start|stop|won'?t|will|don'?t do)", r"we'?re (?:moving|dropping|switching|keeping|using|postponing|cancelling|canceling|freezing)"), 0.9),
    Cue(_either(r"mov(?:es?|ed|ing) (?:to|from)\b.{0,40}\d", r"stays? (?:on|off|in|at|dated|as)", r"from now on", r"effective (?:immediately|\w+)", r"starting (?:tomorrow|today|monday|next)", r"as of (?:today|now|monday)", "no more", "instead of", r"until (?:we|\w+ is over)", "is (?:postponed|cancelled|canceled|approved|off|dead|frozen)"), 0.8),
    Cue(re.compile(r"\bthen(?:[.!]?\s*$|, not\b)|^\s*(?:ok\W+)?then (?:no|only|we)\b|\bnot (?:the )?\w+[.!]?\s*$|^\s*no \w+ (?:after|before|on|without|until)\b", re.IGNORECASE), 0.8),
    Cue(_opens("agreed", "decided", "approved", "do (?:it|both|all)", "go for it", "yes, go", "ok,? go"), 0.9),
    Cue(_either(r"is (?:fine|ok|okay) (?:by|with|for) (?:me|us)", r"that'?s enough for me", r"as long as"), 0.5),
)  # fmt: skip
PROPOSALS = _either(
    "i propose", "my proposal", r"proposal(?=:)", r"i'?d (?:say we|drop|shut|move|kill|keep|go with|rather we|like to push)", "leaning(?: towards)?",
    "how about we", "what if we", "i suggest", "i'?d vote", "i'?d vote for",
)  # fmt: skip
BLOCKERS = (
    Cue(_either("blocked(?: on| by)?", "blocking (?:me|us)", "blocker", "dead in the water", r"hard[- ]blocked", "stuck(?: on| until| till| waiting)?(?!\\w)"), 1.4),
    Cue(_either(r"can'?t (?:test|move|publish|deploy|proceed|start|continue|merge|do|finish|ship|release|issue|send|go|build|run|access|log ?in|reach|diff|get)", r"cannot (?:test|move|publish|deploy|proceed|start|continue|merge|do|finish|ship|release|go|build|run)", "unable to", r"won'?t (?:release|let|move)"), 0.8),
    Cue(_either("until", "till", "without (?:it|that|them|this|a)", "before (?:all|they|he|she|we|that)"), 0.7),
    Cue(_either("parked", "on hold", r"hangs? on", "held up", "waiting (?:on|for)", "depends on", "need .{1,40} before (?:i|we) can"), 0.9),
    Cue(_either("access ?denied", "permission denied", "no access", "rejects?", "throttled", "isn'?t reachable", "not reachable"), 0.5),
)  # fmt: skip
NOT_BLOCKED = _either(
    "not blocked",
    "unblocked",
    "no longer",
    "not anymore",
    "stuck with",
    "can'?t wait",
    "can'?t believe",
    "get unstuck",
    "wasn'?t",
    "nothing blocked",
)

RHETORICAL = re.compile(
    r"(?:\b(?:right|really|seriously|no|eh|huh|ok|okay|yes|what|why|who|how so|what else|is it|isn't it|aren't we|doesn't it|remember)"
    r"\s*\?+\s*$)|\b(?:who knew|what could (?:possibly )?go wrong|why would (?:anyone|you|i)|who doesn't|what's the worst|how hard can|"
    r"who (?:needs|cares)|why (?:do|am|are) (?:we|i|you) (?:always|even|like)|is nothing|does (?:it|that) even|what even|am i)\b",
    re.IGNORECASE,
)
INTERROGATIVE = _opens(
    "what", "what'?s", "how", "why", "where", "where'?s", "when", "who", "who'?s", "whose", "which", "is", "are", "can", "could", "do", "does", "did",
    "has", "have", "should", "will", "would", "any(?:one|body)?", "quick (?:one|q|question)",
)  # fmt: skip
NO_ANSWER = _opens(
    "good question",
    "no idea",
    "dunno",
    "not sure",
    "i don'?t know",
    "let me",
    "checking",
    "will check",
    "same question",
    "following",
    "also curious",
    r"asking",
    "hmm+$",
    "no clue",
)

NEWS = (
    Cue(FINISHED, 0.8),
    Cue(_either(r"slips?", "slipped", "delayed", "late", "broke", "broken", "down", "outage", "timed out", "timing out", "failing", "failed", "fail", "passed", "pass", "over (?:plan|budget)", "froze", "frozen", r"isn'?t happening", r"won'?t make", "aborting", "aborted", "reopen(?:ed|ing)", "false alarm", "mitigated", "rolled back", "crash(?:es|ed|ing)?", "regression", "leaked", "phishing", "declin\\w+", "rejected", "accepted", "came back", "on fire"), 0.9),
    Cue(_either("heads[- ]up", "fyi", "psa", "y:", "status:", "update:", "good news", "bad news", "less good", "good morning everybody", "to close the loop", "short version", "reminder"), 0.8),
    Cue(_either(r"inc-\d+", r"sev ?\d", "root cause", "found it", "incident", "postmortem", "declaring", "customers?", "merchants?", "tickets?", "mismatch\\w*", "backfill", "prod(?:uction)?"), 0.5),
    Cue(re.compile(r"\d[\d.,]*\s?%|[$€£]\s?\d|\b\d[\d,.]*\s?k\b|\b\d+ of \d+\b|\b\d{1,3}(?:,\d{3})+\b|\b\d+(?:\.\d+)? (?:hours?|min(?:utes)?|days?|hosts?|errors?|users?|pages?|open|items?)\b|\bv?\d+\.\d+(?:\.\d+)?\b", re.IGNORECASE), 0.6),
    Cue(_either("hired", "joined", "joins", "started (?:today|on)", "resign(?:ed|s)?", "leaving", "signed", "offer", "quit", "new \\w+ (?:engineer|hire|starter)"), 0.6),
)  # fmt: skip
CHATTER = _either(
    "coffee", "lunch", "cake", "elevator", "weekend", "birthday", "meme", "gif", "cat", "dog", "haha+", "love (?:it|this)", "beer", "playlist", "football", "movie",
)  # fmt: skip
