"""The phrases by which the rules engines know a hedge, a yes, a delivery: whole words, to be sought in lower case."""

import re


def _phrases(written: str) -> str:
    """The alternatives of a list written with semicolons, over as many lines as it takes."""
    return "|".join(phrase.strip() for phrase in written.replace("\n", " ").split(";") if phrase.strip())


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
RHETORICAL = re.compile(
    r"\b(?:right|really|seriously|no|eh|huh|ok|okay|yes|what|why|who|how so|what else|is it|isn't it|aren't we|"
    r"doesn't it|remember)\s{0,3}\?{1,9}\s{0,3}$|\b(?:who knew|what could (?:possibly )?go wrong|who doesn't|"
    r"why would (?:anyone|you|i)|what's the worst|how hard can|who (?:needs|cares)|what even|am i|is nothing|"
    r"why (?:do|am|are) (?:we|i|you) (?:always|even|like)|does (?:it|that) even)\b",
)
NO_ANSWER = opens(r"""
    good question; no idea; dunno; not sure; i don'?t know; let me; checking; will check; same question; following;
    also curious; asking; hmm+$; no clue
""")
