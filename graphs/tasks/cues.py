"""What speaks for a promise, a request, a decision, a blocker, a piece of news, and for how much of it.

Points are log-odds set by hand; a kind is drafted when they add up to enough (`ear.ENOUGH`).
"""

import re
from typing import NamedTuple

from graphs.tasks.lexicon import FINISHED, either, opens


class Cue(NamedTuple):
    """A pattern, and how many points it is worth where it is found."""

    pattern: re.Pattern[str]
    points: float


_WHEN = r"""(?:today|tonight|tomorrow|now|this (?:morning|afternoon|week)|(?:by|on|before|until|till) \w+|in \d+
    |in an? \w+|next \w+)""".replace("\n    ", "")
_DOING = """(?:adding|asking|booking|bumping|calling|checking|chasing|cleaning|closing|collecting|creating|deploying
    |digging|disabling|drafting|escalating|filing|fixing|following up|getting|handling|investigating|killing
    |looking into|making|moving|opening|paging|patching|picking (?:it|this|that) up|pinging|posting|preparing|pulling
    |pushing|putting|reading|redoing|rerunning|restarting|reverting|reviewing|rotating|running|scheduling|sending
    |setting up|sharing|starting|swapping|taking|telling|testing|tracking|trying|turning|updating|uploading|writing
    |sorting|redeploying|releasing|shipping)""".replace("\n    ", "")
_DO = """(?:add|ask|book|bring|bump|call|check|close|confirm|create|draft|drop|file|fix|get|give|have|look|make|merge
    |move|own|ping|post|put|read|reopen|review|revert|roll|rotate|run|send|set|share|ship|sign|take|tell|try|update
    |upload|write)""".replace("\n    ", "")

PROMISES = (
    Cue(either(r"i'?ll; i will; i'?m (?:going to|gonna); i am going to"), 1.7),
    Cue(opens(r"will (?!be\b|it\b|that\b|this\b|you\b|we\b|they\b|there\b|the\b)\w+"), 1.8),
    Cue(opens(r"(?:i'?m )?on (?:it|this|that); mine; i(?:'ve)? got (?:it|this|that); taking (?:it|this|that)"), 1.7),
    Cue(
        either(r"""
        (?:is|one'?s|it'?s|that'?s|those are|all) mine; leave (?:it|this|that) (?:to|with) me; consider it done;
        count on me; i(?:'ll| can| will)? (?:take|own) (?:it|this|that|them)
        """),
        1.7,
    ),
    Cue(
        either(rf"""
        give me (?:a few|an hour|till|until|a day|\d+|five|ten); back to you; coming from me;
        (?:hears?|get|from) (?:it )?from me;
        you(?:'ll| will)? (?:get|have) (?:it|them|this|that|the|a|an|my)\b.{{0,60}}{_WHEN}
        """),
        1.3,
    ),
    Cue(opens(rf"(?:i'?m |i am )?{_DOING}"), 0.9),
    Cue(re.compile(rf"(?:^|(?<=[\s,;])){_DOING}\b.{{0,50}}\b{_WHEN}"), 0.7),
    Cue(either(r"let me (?:check|look|find|see what|ask|dig|try|get|take|write|send|fix|pull|confirm)"), 0.9),
    Cue(
        either(rf"""
        will be (?:in|with|up|out|live|done|ready|there)\b.{{0,40}}{_WHEN}; goes (?:out|live|in) {_WHEN}; coming up;
        put me down; promise(?! me)
        """),
        1.1,
    ),
    Cue(either(r"i can (?:take|do|handle|own|fix|write|send|review|help with|look|have)"), 0.6),
    Cue(either("we'?ll"), 0.5),
)
REQUESTS = (
    Cue(
        either(r"""
        (?:can|could|would|will) (?:you|someone|anyone|somebody|anybody|u)\b(?! (?:believe|imagine|tell|see|hear));
        can i get; any chance (?:you|u|of|someone); (?:mind|would you mind) \w+ing
        """),
        1.5,
    ),
    Cue(either("(?:please|pls|plz)(?! note)"), 1.0),
    Cue(
        either(r"""
        send me; bring me; let me know; need you to; get me; make sure; when do i get; i need (?:a|an|the|your)
        """),
        1.0,
    ),
    Cue(
        either(r"""
        who can; any(?:one|body) (?:willing|free|able|up for|who can|want|around);
        who(?:'s| is) (?:free|up for|willing); volunteers?
        """),
        1.4,
    ),
    Cue(re.compile(rf"\s*<@[^<>]{{1,90}}>[\s,:]+(?:please |pls )?{_DO}\b"), 1.5),
)
DECISIONS = (
    Cue(
        either(r"""
        let'?s (?:go with|do|use|stick with|keep|drop|ship|move|make it|call it); (?:i've|i have|i) decided;
        we(?:'re| are)? go(?:ing)? (?:with|for|on|ahead); we(?:'ve| have)? (?:decided|agreed|settled); decision is;
        final (?:answer|call|decision); it'?s decided; signed off
        """),
        1.6,
    ),
    Cue(
        either(r"""
        \w+ it is; then it'?s; it'?s settled; go(?:es)? ahead; for the record; votes are in; changing my mind;
        agreed, \w+ing
        """),
        1.4,
    ),
    Cue(
        either(r"""
        we (?:run|pay|make|keep|drop|stay|switch|ship|freeze|use|move|start|stop|won'?t|will|don'?t do);
        we'?re (?:moving|dropping|switching|keeping|using|postponing|cancelling|canceling|freezing)
        """),
        0.9,
    ),
    Cue(
        either(r"""
        mov(?:es?|ed|ing) (?:to|from)\b.{0,40}\d; stays? (?:on|off|in|at|as); from now on; no more; instead of;
        effective (?:immediately|\w+); starting (?:tomorrow|today|monday|next); as of (?:today|now|monday);
        until (?:we|\w+ is over); is (?:postponed|cancelled|canceled|approved|off|dead|frozen)
        """),
        0.8,
    ),
    Cue(
        re.compile(
            r"\bthen(?:[.!]?\s*$|, not\b)|^\s*(?:ok\W{1,3})?then (?:no|only|we)\b|\bnot (?:the )?\w+[.!]?\s*$|"
            r"^\s*no \w+ (?:after|before|on|without|until)\b",
        ),
        0.8,
    ),
    Cue(opens("agreed; decided; approved; do (?:it|both|all); go for it; yes, go; ok,? go"), 0.9),
    Cue(either("is (?:fine|ok|okay) (?:by|with|for) (?:me|us); that'?s enough for me; as long as"), 0.5),
)
BLOCKERS = (
    Cue(
        either(r"""
        blocked(?: on| by)?; blocking (?:me|us); blocker; dead in the water; hard[- ]blocked;
        stuck(?: on| until| till| waiting)?
        """),
        1.4,
    ),
    Cue(
        either(r"""
        (?:can'?t|cannot) (?:test|move|publish|deploy|proceed|start|continue|merge|do|finish|ship|release|go|build|run);
        can'?t (?:issue|send|access|log ?in|reach|diff|get); unable to; won'?t (?:release|let|move)
        """),
        0.8,
    ),
    Cue(either("until; till; without (?:it|that|them|this|a); before (?:all|they|he|she|we|that)"), 0.7),
    Cue(
        either(r"""
        parked; on hold; hangs? on; held up; waiting (?:on|for); depends on; need .{1,40} before (?:i|we) can
        """),
        0.9,
    ),
    Cue(
        either("access ?denied; permission denied; no access; rejects?; throttled; (?:is not|isn'?t|not) reachable"),
        0.5,
    ),
)
NEWS = (
    Cue(FINISHED, 0.8),
    Cue(
        either(r"""
        slip(?:s|ped|ping)?; delayed; late; broke; broken; down; outage; tim(?:ed|ing) out; fail(?:s|ed|ing)?;
        pass(?:ed|es)?; over (?:plan|budget); fr[oe]zen?; isn'?t happening; won'?t make; abort(?:ed|ing);
        reopen(?:ed|ing); false alarm; mitigated; rolled back; crash(?:es|ed|ing)?; regression; leak(?:ed|s)?; phishing;
        declin\w+; rejected; accepted; came back; on fire
        """),
        0.9,
    ),
    Cue(
        either(r"""
        heads[- ]up; fyi; psa; y:; status:; update:; good news; bad news; less good; to close the loop; short version;
        reminder
        """),
        0.8,
    ),
    Cue(
        either(r"""
        inc-\d+; sev ?\d; root cause; found it; incident; postmortem; declaring; customers?; clients?; tickets?;
        prod(?:uction)?; rollout; release; deadline; budget
        """),
        0.5,
    ),
    Cue(
        re.compile(
            r"(?<!\w)(?=[\dv$€£])"
            r"(?:\d[\d.,]{0,12}\s?%|[$€£]\s?\d|\b\d[\d,.]{0,12}\s?k\b|\b\d+ of \d+\b|\b\d{1,3}(?:,\d{3})+\b|"
            r"\b\d+(?:\.\d+)? (?:hours?|min(?:utes)?|days?|hosts?|errors?|users?|pages?|open|items?)\b|"
            r"\bv?\d+\.\d+(?:\.\d+)?\b)",
        ),
        0.6,
    ),
    Cue(
        either(r"""
        hired; joined; joins; started (?:today|on); resign(?:ed|s)?; leaving; signed; offer; quit;
        new \w+ (?:engineer|hire|starter)
        """),
        0.6,
    ),
)
