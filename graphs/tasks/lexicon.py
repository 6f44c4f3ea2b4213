"""The phrases by which the rules engines know a hedge, a yes, a delivery: whole words, to be sought in lower case."""

import re


def _phrases(written: str) -> str:
    """The alternatives of a list written with semicolons, over as many lines as it takes."""
    return "|".join(phrase.strip() for phrase in " ".join(written.split()).split(";") if phrase.strip())


def either(written: str) -> re.Pattern[str]:
    """Any of these phrases."""
    return re.compile(rf"(?<![\w'-])(?:{_phrases(written)})(?![\w'])")


def opens(written: str) -> re.Pattern[str]:
    """Any of these at the start of a clause, after at most a mention and two interjections."""
    return re.compile(
        r"\A\s*(?:<@[^<>]{1,90}>[\s,:]*)?"
        r"(?:(?:ok(?:ay)?|yes|yep|yeah|sure|and|so|but|then|oh|ah|fair|sorry|fine)[\s,.:;!]+){0,2}"
        rf"(?:{_phrases(written)})(?![\w'])",
    )


MARKERS = re.compile(
    r"\s*[*_`•\-\[]{0,4}(?P<word>action(?: item)?|todo|to-do|ai ?\d{0,2}|decision|decided|resolved|resolution|agreed|"
    r"proposal|proposed|blocker|blocked|question|open question|update|status)[\]*_`]{0,3}\s?:[*_]?\s*",
)
"""An explicit marker at the start of a line, like `ACTION:` or `*Decision:*`."""
MARKED_KINDS = {
    **dict.fromkeys(("action", "todo", "to-do", "ai"), "commitment"),
    **dict.fromkeys(("decision", "decided", "resolved", "resolution", "agreed"), "decision"),
    **dict.fromkeys(("proposal", "proposed"), "proposal"),
    **dict.fromkeys(("blocker", "blocked"), "blocker"),
    **dict.fromkeys(("question", "open"), "question"),
    **dict.fromkeys(("update", "status"), "update"),
}
OWNED = re.compile(r"\s*(?:for )?<@")
"""An action item that begins with its owner."""

FIRST_WORD = re.compile(r"\s*(?:for\s+)?@?([^\W\d_]{3,40})\b")

JOKES = re.compile(
    r":(?:joy|rofl|laughing|sweat_smile|upside_down_face|stuck_out_tongue\w{0,20}|wink|smirk|clown\w{0,10}|"
    r"troll\w{0,10}|see_no_evil):|(?:^|\s)/s(?:\s|$)|"
    r"(?<!\w)(?:lol|lmao|rofl|haha\w{0,20}|jk|just kidding|kidding)(?!\w)|"
    "[\U0001f602\U0001f923\U0001f609\U0001f61c\U0001f643]",
)
CHATTER = either(r"""
    coffee; lunch; cake; elevator; weekend; birthday; memes?; gifs?; cats?; dogs?; haha+; love (?:it|this); beers?;
    playlist; football; movie; printer; dinner; gym
""")
SIGNS = re.compile(
    r":(?:thumbsup|\+1|ok_hand|saluting_face|white_check_mark|heavy_check_mark)[\w:\-]{0,40}|[👍✅👌\U0001fae1]",
)
"""A sign of agreement that may be all there is."""

HEDGES = either(r"""
    maybe; perhaps; might; probably; possibly; no promises?; hopefully; i guess; not sure; aiming for; someone should;
    somebody should; someone ought; we should; they should; you should; should really; at some point; one day;
    some day; eventually; would be nice; could try; thinking (?:about|of); if (?:i|we) (?:get|have|find|can|had);
    tempted; i'd love; in theory; wish; i could; we could; may want; unless; would have; should have; in case;
    no idea; dunno; i don't know; i suppose; if it'?s
""")
NEGATED_PROMISE = either(r"""
    i'?ll (?:never|not|be (?:there|late|away|off|out|honest|around|happy|fine)|believe|bet|miss|pass|survive|let you);
    i'?ll (?:take that as|have to|see|say|admit|assume|wait|need|know|die|cry|live|regret|only);
    i will (?:never|not|be); i won'?t; can'?t promise; not (?:today|tomorrow|tonight|yet); i can'?t
""")

ACCEPTS = opens(r"""
    yes; yep; yeah; yup; sure; ok(?:ay)?; k; fine; deal\w*; will do; wilco; can do; on it; mine; me; done;
    absolutely; of course; gladly; with pleasure; happy to; works(?: for me)?; sounds good; no problem; np; same;
    perfect; sim; claro; ja; oui; 👍; ✅; 🫡; 👌; i (?:can|could|will); i'?ll; i got;
    :(?:thumbsup|\+1|ok_hand|saluting_face|white_check_mark|heavy_check_mark)[\w:\-]{0,40}
""")
REFUSES = either(r"no; nope; can'?t; cannot; won'?t; not me; sorry; swamped; unfortunately; already")
TO_ANYBODY = either(r"""
    any(?:one|body); some(?:one|body); who; all; every(?:one|body); team; folks; people; volunteers?
""")
SHALL_WE = either(r"""
    can we (?:just)?; shall we; should we; why don'?t we; what about; how about; we (?:could|should); let'?s
""")
AGREES = opens(r"""
    agreed?; \+1; :\+1:; :thumbsup:; 👍; ok(?:ay)?; works for me; sounds good; lgtm; go; go for it; do it; deal;
    approved; yes; yep; yeah; fine by me; fine with me; (?:i )?like it; makes sense; ship it
""")
PROPOSALS = either(r"""
    i propose; my proposal; proposal(?=:); i'?d (?:say we|drop|shut|move|kill|keep|go with|rather we|like to push);
    leaning(?: towards)?; how about we; what if we; i suggest; i'?d vote(?: for)?
""")

FINISHED = either(r"""
    done; shipped; fixed; merged; deployed; released; uploaded; sent; posted; published; resolved; closed; completed?;
    finished; filed; booked; approved; (?:is|are|it'?s) (?:live|up|out|in|through|over); live (?:in|everywhere|now);
    offer'?s out; is (?:in|on) prod(?:uction)?; applied; purged; revoked; rotated; updated; reverted; signed; landed;
    in your inbox; as promised; repaired; told; warned; (?:spoke|talked) to; heard back; here'?s; here you go; created;
    added; removed; deleted; pushed; left comments; put it in; found it; switched; migrated; announced
""")
WAS_DONE = either(r"""
    already; (?:in|up|out|there|done|sent|through) since;
    (?:both|all|mine|they)(?:'s|'re| is| are)? in(?! (?:a|by|the|an))
""")
"""Says of what is asked for that it was done before: nothing is promised."""
WILL_SETTLE = either(r"""
    (?:you have|you get|you'?ll (?:have|get)|with|give you) my (?:answer|decision|verdict|call); sleep(?:ing)? on it;
    i'?ll (?:decide|settle it|make the call); i will decide; my call (?:by|tomorrow|today|tonight|on)
""")
"""Promises a decision: the next one in the same place keeps it."""
DROPS = either(r"""
    won'?t (?:get to|make|happen); isn'?t happening; not going to happen; off my plate; dropping (?:it|this|that);
    take me off; can'?t (?:make|do) it after all; no need (?:for|to); no longer needed; never ?mind; scrap that;
    forget it
""")
CLEARS = either(r"""
    unblocked; not (?:blocked|stuck) anymore; try (?:it )?(?:now|again); work(?:s|ing) (?:now|again); sorted; cleared;
    granted; applied; merged; fixed; resolved; signed; approved; opened again; is (?:in|back|through|up); that did it;
    you should (?:have|be able); done
""")
REVERSES = either(r"""
    chang(?:ed|ing) (?:my|our) minds?; scratch that; revers(?:ed|ing) (?:that|the|my|our); not anymore;
    on second thought; we(?:'re| are) not (?:doing|going); called off; rolling that back; undo(?:ing)? that; correction
""")
NOT_BLOCKED = either(r"""
    not blocked; unblocked; no longer; not anymore; stuck with; can'?t wait; can'?t believe; get unstuck; wasn'?t;
    nothing blocked
""")

INTERROGATIVE = opens(r"""
    what; what'?s; how; why; where; where'?s; when; who; who'?s; whose; which; is; are; can; could; do; does; did; has;
    have; should; will; would; any(?:one|body)?; quick (?:one|q|question)
""")
_NOT_ASKED = (
    r"(?:who knew|what could (?:possibly )?go wrong|who doesn't|why would (?:anyone|you|i)|what's the worst|"
    r"how hard can|who (?:needs|cares)|what even|why (?:do|am|are) (?:we|i|you) (?:always|even|like)|"
    r"does (?:it|that) even)"
)
NOT_ASKED = re.compile(rf"\b{_NOT_ASKED}\b|\A\W*(?:right|really|seriously|no|eh|huh|ok(?:ay)?|yes)\W*\Z")
"""What nobody expects an answer to."""
TURNS_TO_OTHERS = re.compile(
    r"\A\W*(?:(?:<@[^<>]{1,90}>|ok(?:ay)?|yes|yep|hey|hi|hej|btw|and|so|but|then|also|sorry)[\s,.:;!]+){0,3}"
    r"(?:(?:can|could|would|will|do|did|are|have|don'?t|won'?t) (?:you|someone|somebody|anyone|anybody|i|we)|"
    r"(?:please|pls|plz)|(?:who|what|where|when|why|how|which)(?:'s|'re|'d)?)(?![\w'])"
)
"""Begins like a request, a question or a plea, with a question mark or without one."""
RHETORICAL = re.compile(
    r"\b(?:right|really|seriously|no|eh|huh|ok|okay|yes|what|why|who|how so|what else|is it|isn't it|aren't we|"
    rf"doesn't it|remember)\s{{0,3}}\?{{1,9}}\s{{0,3}}$|\b(?:am i|is nothing|{_NOT_ASKED})\b",
)
"""What may be asked only for its sound."""
SETTLED = re.compile(
    r"\A\W*(?:(?:ok(?:ay)?|right|so|then|well|fine|and|agreed|team|all|everyone)\b[\s,.:;!-]*){0,3}"
    r"(?:let'?s (?:go with|stick with|use)\b(?! (?:me|you))|"
    r"(?:we(?:'ve| have)?|i(?:'ve| have)?) decided (?:to|on|that|against|for)\b|"
    r"decision is\b|final (?:answer|call|decision)\b|"
    r"(?!(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)[a-z][\w+#.-]{2,30} it is\W*\Z)"
)
"""A course is settled, whoever says it and wherever; read where nothing hedges."""
BLOCKED = re.compile(
    r"(?<!\w)(?:i'?m|i am|we'?re|we are) (?:(?:still|now|currently|completely|fully|a bit|kind of) )?"
    r"(?:blocked|stuck (?:on|until|till|waiting))\b"
)
"""Somebody cannot go on, in so many words; read where nothing hedges."""
PROPOSED = re.compile(r"\A\W*(?:ok(?:ay)?,? )?(?:i propose\b|my proposal\b|i'?d like to propose\b)")
"""A course is put up for a decision, in so many words."""

NO_ANSWER = opens(r"""
    good question; no idea; dunno; not sure; i don'?t know; let me; checking; will check; same question; following;
    also curious; asking; hmm+$; no clue
""")

TAKES = either(r"""
    on (?:it|this|that); mine; i(?:'ve)? got (?:it|this|that|you|the);
    i(?:'ll| will| can)? (?:take|grab|own|handle|cover|pick) .{0,20}; taking (?:it|this|that|care);
    leave (?:it|this|that|them) (?:to|with) me; consider it done; count me in; i'm in; i'm on; put me down;
    sign me up; can do; will do; wilco; happy to; gladly; with pleasure; sure thing; you got it;
    you'll have (?:it|them); my (?:turn|job|plate|list|court); assign(?:ed)? (?:it )?to me; i own; over to me;
    will sort; will see to it; all over it; dibs
""")
WILL = either(r"""
    i'?ll; i will; i'm going to; i'm gonna; i am going to; imma; ima; i shall; let me; lemme; i can have; we'll;
    we will; i'd be happy to; i plan to; i intend to; i mean to; i promise; going to (?!be)
""")
UNDER_WAY = either(r"""
    looking (?:now|into|at); checking; digging; investigating; working on; writing (?:it|up|the|a|that); drafting;
    opening (?:a|the) (?:pr|ticket|issue|case); filing; sending; pushing; fixing; testing; running; starting; pulling;
    chasing; asking; rolling (?:it )?back; reviewing; booking; adding; updating; prepping; deploying; redoing;
    half[- ]way; in progress; wip; almost (?:done|there); nearly (?:done|there)
""")
LATER_ON = either(r"""
    after (?:lunch|standup|stand-up|the|this|that|my|work|dinner|school); first thing; later (?:today|this|tonight)?;
    in a (?:bit|sec|minute|moment|few|while); this (?:afternoon|evening|morning|week); tonight; tomorrow; tmrw; eod;
    eow; end of (?:the )?(?:day|week|month|sprint);
    by (?:the|end|eod|tomorrow|tonight|noon|lunch|standup|monday|tuesday|wednesday|thursday|friday|next);
    before (?:the|lunch|standup|i|noon|eod); next (?:week|sprint|monday|tuesday|wednesday|thursday|friday); monday;
    tuesday; wednesday; thursday; friday; mon; tue; wed; thu; fri
""")
SETTLES_ON = either(r"""
    it is;
    let'?s
    (?:go|do|use|stick|keep|drop|ship|move|make|call|take|start|leave|just|say|try|stay|skip|park|cut|run|switch|have|hold|freeze|wait|not);
    go(?:ing|es)? with; went with; we go; we keep; we stay; we drop; we ship; we use; we take; we move;
    stick(?:ing)? (?:with|to); stay(?:ing)? (?:with|on); decided; decision; settled; final(?:ly decided)?; agreed;
    resolved; approved; signed off; sign(?:ing)? off; green ?light; go ahead; do it; ship it; good to go; call it;
    closing (?:this|it|the|that); call made; my call; so be it; that'?s (?:the plan|settled|decided|final); done deal;
    sold; then we;
    we'?re
    (?:going|doing|keeping|shipping|using|taking|dropping|moving|cutting|staying|switching|freezing|hiring|buying|sticking|starting)
""")
REFRAINS = either(r"""
    not doing; (?:we'?re|we are) not; won'?t (?:do|be|ship|support|have|use|build|fix); we don'?t;
    no (?:deploys?|releases?|changes?|merges?|exceptions?|more|new)\b.{0,40}; off the table; out of scope; parked;
    parking (?:it|this|that); punt(?:ed|ing)?; scrapp(?:ed|ing); dropp(?:ed|ing); cut(?:ting)?; cancel(?:l?ed|l?ing)?;
    postpon(?:ed|ing); on ice; shelv(?:ed|ing); descoped?; kill(?:ed|ing)?; not (?:this|before|until|in) \w+;
    without (?:it|that|them); hold off; skip(?:ping)?
""")
MOVES = either(r"""
    mov(?:e|es|ed|ing) (?:it |this |that |the \w+ )?(?:to|from|out|back|up);
    push(?:ed|ing)? (?:it |this |that |the \w+ )?(?:to|back|out|by); shift(?:ed|ing)? to; new date;
    now (?:the|on|at|due); instead of; rather than; slips? to; bumped to; brought forward; rescheduled;
    swap(?:ped|ping)?; chang(?:e|ed|ing) to
""")
FROM_NOW_ON = either(r"""
    from now on; from (?:today|tomorrow|monday|next|the) \w*; starting; effective; as of; going forward;
    until further notice; by default; policy; rule; always; mandatory; everyone (?:must|has to|needs to);
    nobody (?:deploys|merges|touches|ships); required
""")
PERMITS = either(r"""
    approved; go for it; go ahead; yes,? (?:go|do|please|ship|merge|buy); you have my; fine (?:by|with) me;
    ok(?:ay)? (?:by|with|from) (?:me|us); lgtm; signed; works for me; i'?m (?:fine|ok|okay|good|happy) with;
    no objections?; no blockers from; thumbs up; green from; granted; you'?re good; all yours; be my guest
""")
WEIGHS = either(r"""
    i'?d (?:rather|prefer|say|vote|suggest|go|like|keep|drop|lean); lean(?:ing)?; prefer; proposal;
    propos(?:e|ing|ed); suggest(?:ion)?; what if; how about; what about; thoughts; opinions?; wdyt; could we;
    should we; shall we; can we; why don'?t we; we could; option; pros; cons; vote; poll; my vote; rfc; idea;
    in favou?r
""")
WANTS_DONE = either(r"""
    can you; could you; would you; will you; can (?:someone|somebody|anyone|anybody);
    could (?:someone|somebody|anyone|anybody); please; pls; need you; need (?:a|an|your|someone|somebody|eyes);
    mind (?:\w+ing|if); any chance; who can; who could; who wants; anyone (?:free|up|able|around|willing);
    volunteers?; send (?:me|us|it|over); make sure; don'?t forget; remind me; have a look; take a look; review;
    sign off; when you (?:have|get|can); want you to; i'?d need; help (?:me|with); ptal; eyes on
""")
WANTS_TO_KNOW = either(r"""
    what'?s; what is; what are; when (?:is|are|do|does|will|can); where(?:'s| is| are| do);
    who(?:'s| is| are| owns| has| do); how (?:many|much|long|do|does|is|are|far|come|bad|big);
    why (?:is|are|do|does|did|was|not); which; do we (?:know|have|need|want|still|really|care);
    does (?:anyone|anybody|that|this|it|the|somebody|someone); did (?:we|you|anyone|the);
    is (?:it|there|this|that|the|anyone|somebody|someone); are (?:we|you|there|they|the);
    has (?:anyone|the|it|somebody); have (?:we|you);
    any (?:idea|news|update|word|eta|luck|reason|objections|clue|chance); eta; status of; anyone know; does anyone;
    know (?:if|whether|why|when|where|who|what|how); wondering; curious; should (?:i|we|it|this|that);
    quick (?:q|question|one)
""")
STUCK = either(r"""
    block(?:ed|er|ing|s)?; stuck;
    can'?t (?:go on|proceed|move|continue|start|test|deploy|merge|build|ship|release|log|access|reach|do
    anything|finish|publish|verify|run|get);
    cannot; unable to; dead in the water; no access; access denied; permission denied; locked out; at a standstill;
    stalled; hard stop; gated (?:on|by); nothing i can do; hands are tied
""")
WAITS = either(r"""
    wait(?:ing|s)? (?:on|for|until|till); until; till; depends on; pending;
    need(?:s)? (?:the|a|an|your|his|her|their|somebody|someone) .{0,40} (?:before|first|to (?:continue|proceed|go on));
    before (?:i|we) can; once (?:the|we|they|you|it|that); held up; holding (?:up|for); on hold;
    hasn'?t (?:answered|replied|come|sent|signed|approved)
""")
BROKE = either(r"""
    down; outage; incident; broke(?:n)?; failing; fail(?:ed|s|ure)?; crash(?:ed|es|ing|loop)?; errors?; 5\d\ds?;
    timeouts?; tim(?:ed|ing) out; regression; leak(?:ed|ing|s)?; corrupt(?:ed|ion)?; lost; on fire; paging; degraded;
    stuck; lag(?:ging)?; root cause; rolled back; rollback; reverted; mitigated; resolved; recovered; back up;
    false alarm; sev ?\d; p[0-3]; hotfix
""")
SLIPPED = either(r"""
    slip(?:s|ped|ping)?; late; delay(?:ed|s)?; behind; won'?t make; not (?:going to )?(?:make|happen\w*)( it)?;
    push(?:ed|ing) (?:back|out); overrun; over (?:budget|plan); missed; deadline; ahead of (?:plan|schedule);
    on track; off track; early
""")
PEOPLE_NEWS = either(r"""
    hired; hire; hiring; joins?; joined; joining; start(?:s|ed|ing) (?:on|monday|next|today); resign\w*; leaving;
    last day; quit; offer; accepted; declined; candidate; onboarding;
    new (?:engineer|hire|starter|manager|lead|colleague); on leave; parental leave; sick; promoted;
    out (?:until|till|today|tomorrow|this week|next week)
""")
MONEY = re.compile(
    r"[$€£]\s?\d|\b\d[\d.,]*\s?(?:k|m|eur|usd|euros?|dollars)\b|\b(?:budget|invoice|cost|costs|price|contract|renewal|refund|credits?|discount)\b"
)
ANNOUNCES = either(r"""
    heads[- ]up; fyi; psa; update; announcement; reminder; good news; bad news; quick update; status; for everyone;
    all:; news; to close the loop; tl; dr; tldr; summary; recap; now live; is live; is out; shipped; released;
    launched; went out; in prod; deployed; just (?:got|heard|shipped|merged|released|deployed|had|landed);
    official(?:ly)?; confirmed; signed; came back; got (?:the|a|word|confirmation|approval)
""")
SOMEBODY_SHOULD = either(r"""
    (?:someone|somebody|anyone|we|they|one|people|you|it) (?:really )?(?:should|ought to|needs? to|has to|must|could);
    would be (?:nice|good|great|cool|lovely); it'?d be; if only; wish; one day; some ?day; eventually; at some point;
    in an ideal world; dream
""")
IMAGINES = either(r"""
    if (?:we|i|it|they|you|only|that|this|the); would (?:be|have|need|mean|take|love|like); could (?:be|have); might;
    maybe; perhaps; probably; in theory; hypothetically; suppose; imagine; assuming; unless; what if; worst case;
    best case; tempted
""")
OFFERS = either(r"""
    happy to (?:help|pair|look|jump|take); let me know if; shout if; ping me if; if you (?:want|need|like); i could;
    i can (?:also )?(?:help|pair|look|take|do|try) .{0,30} if; want me to; need a hand; should i; shall i;
    free to help; can help; available if
""")
RECALLS = either(r"""
    used to; back (?:then|when|in);
    last (?:week|month|year|quarter|time|sprint|monday|tuesday|wednesday|thursday|friday); yesterday;
    remember (?:when|the|that); once; years ago; ago; always; every (?:time|week|day|single); never; usually;
    in (?:20\d\d|january|march|may|june)
""")
REPORTS_OTHERS = either(r"""

    (?:he|she|they|legal|finance|support|customer|client|vendor|marketing|sales)
    (?:said|says|told|wants?|asked|asks|promised|thinks?|will|confirmed|needs?|is|are);
    according to; apparently; quote; i heard; rumou?r; told me; asked me
""")
PRIVATE_LIFE = either(r"""
    lunch; coffee; cake; cookies?; pizza; beers?; drinks?; dinner; weekend; birthday; holiday; vacation; kids?; baby;
    dog; cat; puppy; weather; rain(?:ing)?; snow; sun(?:ny)?; football; match; game; gym; run(?:ning)? club; bike;
    train; traffic; movie; film; series; playlist; band; concert; recipe; soup; curry; tea; snacks?; office; desk;
    chair; plant; kitchen; printer; elevator; lift; parking; heating; fridge; mug; quiz; karaoke; party; costume;
    marathon; boulder\w*; garden; wedding; daughter; son; wife; husband; mom; mum; dad; school
""")
LAUGHS = re.compile(
    r"\b(?:lol|lmao|rofl|haha\w{0,20}|hehe|heh|jk|kidding|joke|xd)\b|:(?:joy|rofl|laughing|sweat_smile|upside_down_face|see_no_evil|wink|smirk|clown\w{0,9}|skull|melting_face|sob|facepalm|man-facepalming):|"
    "[\U0001f602\U0001f923\U0001f609\U0001f61c\U0001f643\U0001f480\U0001f62d]|;-?\\)|:-?[dp]\\b",
)
