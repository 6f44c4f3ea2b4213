"""What links make of a fact, for somebody who may read both ends of each. Pure: in what order they come is the same."""

from collections.abc import Iterable, Sequence

from memory.models.facts import ENDED, GIVEN_WORD, SURE, Evidence, Fact
from memory.models.links import Link

_BORNE_OUT = 0.5
"""Log-odds that another person's word adds …"""
_DISPUTED = 0.5
"""… and that another person's word to the contrary takes away."""


def folded(fact: Fact, links: Iterable[Link]) -> Fact:
    """The fact as it stands by these links too; what a person said of it stands above all of them."""
    about = [link for link in links if fact.fact_id in (link.from_fact, link.to_fact)]
    if fact.engine == "person" or not about:
        return fact
    fact = _disputed(fact.model_copy(update={"log_odds": confidence(fact.log_odds, about)}), about)
    ends = [
        link for link in about if link.to_fact == fact.fact_id and link.status in ENDED and link.at > fact.valid_from
    ]
    if not ends or fact.status in ENDED:
        return fact
    first = min(ends, key=lambda link: (link.at, str(link.link_id)))
    return fact.model_copy(
        update={
            "status": first.status,
            "valid_to": first.at,
            "evidence": _with(fact, (span.model_copy(update={"role": "settles"}) for span in first.from_evidence)),
            "log_odds": min(fact.log_odds, first.log_odds),
        }
    )


def confidence(own: float, links: Sequence[Link]) -> float:
    """Log-odds after others bore it out or disputed it: each that does so independently counts once."""
    if own >= GIVEN_WORD:
        return own
    agreeing = {link.link_id for link in links if link.relation == "same" and link.independent}
    disputing = {link.link_id for link in links if link.relation == "contradicts"}
    borne_out = max(own, min(own + _BORNE_OUT * len(agreeing), SURE))
    return round(borne_out - _DISPUTED * len(disputing), 2)


def _disputed(fact: Fact, links: Iterable[Link]) -> Fact:
    """With the words of those who say otherwise, if any do."""
    others = {
        span.model_copy(update={"role": "disputes"})
        for link in links
        if link.relation == "contradicts"
        for span in (link.to_evidence if link.from_fact == fact.fact_id else link.from_evidence)
    }
    if not others:
        return fact
    ordered = sorted(others, key=lambda span: (str(span.message_id), span.start))
    return fact.model_copy(update={"disputed": True, "evidence": _with(fact, ordered)})


def _with(fact: Fact, spans: Iterable[Evidence]) -> tuple[Evidence, ...]:
    cited = {(span.message_id, span.role, span.start) for span in fact.evidence}
    return (*fact.evidence, *(s for s in spans if (s.message_id, s.role, s.start) not in cited))
