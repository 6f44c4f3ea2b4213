"""What plain methods reach on the same sets: from the README that the sets come with, “Plain baselines”.

On the parts that are here, except where it says so.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Baseline(NamedTuple):
    value: float
    method: str


_TREES = "boosted trees on pairs of messages"
_PLAIN = "threads, 15-minute gaps"
_KEYWORDS = "keywords"
_MENTIONS = "today's meetings, then who mentioned me"
_WORDS = "BM25 under the audience filter"


def _week(name: str, *values: float) -> dict[str, Baseline]:
    keys = (
        ("conversations/1-1", _PLAIN),
        ("conversations/EM_F", _PLAIN),
        ("facts/all.F", _KEYWORDS),
        ("briefings/P@3", _MENTIONS),
        ("briefings/R@3", _MENTIONS),
        ("briefings/worth", _MENTIONS),
        ("answers/hit", _WORDS),
        ("answers/all", _WORDS),
        ("answers/MRR", _WORDS),
        ("answers/rightly_refused", _WORDS),
    )
    return {f"{name}/{key}": Baseline(value, how) for (key, how), value in zip(keys, values, strict=True)}


BASELINES: Mapping[str, Baseline] = {
    "disentangle/slack, all 4/1-1": Baseline(79.3, f"{_TREES}, not of Slack"),
    "disentangle/slack, all 4/EM_F": Baseline(22.2, f"{_TREES}, not of Slack"),
    "disentangle/slack, all 4/ARI": Baseline(77.6, f"{_TREES}, not of Slack"),
    "disentangle/irc_ubuntu_dev/1-1": Baseline(82.3, "boosted trees on reply links"),
    "disentangle/irc_ubuntu_dev/EM_F": Baseline(42.3, "boosted trees on reply links"),
    "locomo/main/R@10": Baseline(71.9, "BM25 with both neighbours"),
    "realtalk/main/R@10": Baseline(57.0, "BM25"),
    "email_intent/request/F": Baseline(73.3, "TF-IDF and logistic regression, on another part"),
    "mrda/commitment/F": Baseline(31.9, "TF-IDF and logistic regression, on another part"),
    **_week("dev-lumenpay", 87.0, 63.6, 20.1, 50.0, 38.9, 15.5, 61.1, 44.4, 45.4, 0),
    **_week("dev-foxglove", 76.8, 42.1, 31.9, 73.1, 52.8, 15.8, 66.7, 44.4, 46.0, 0),
}
