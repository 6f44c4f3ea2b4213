import contextlib
import json
import random
import time

import pytest

from handlers import decode, payloads
from handlers import raw as raw_payload
from handlers.errors import Undecodable
from memory.models.ids import TeamId, container_id
from tests.unit import oddities

PLACE = container_id(TeamId("T1"), "slack", "C1")


@pytest.mark.parametrize("many", [2_000, pytest.param(10_000, marks=[pytest.mark.chaos, pytest.mark.timeout(600)])])
def test_any_payload_is_decoded_or_refused(many: int, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever arrives is decoded, or said to be undecodable; nothing crashes and nothing hangs."""
    chance = random.Random(11)
    taken: list[float] = []
    refused = 0
    for _ in range(many):
        raw = oddities.payload(chance)
        began = time.process_time()
        try:
            arrivals = decode.body(json.loads(json.dumps(payloads.redacted(raw))), "UBOT")
            json.dumps([arrival.model_dump(mode="json") for arrival in arrivals], ensure_ascii=False).encode("utf-8")
        except Undecodable:
            refused += 1
        taken.append(time.process_time() - began)
    taken.sort()
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{many} payloads: {many - refused} decoded, {refused} undecodable; ms each: mean"
            f" {sum(taken) / many * 1e3:.2f}, p99 {taken[int(many * 0.99)] * 1e3:.1f}, most {taken[-1] * 1e3:.0f}"
        )
    assert many * 0.3 < refused < many * 0.7, "both ways are tried"
    assert taken[-1] < 2


def test_any_record_of_an_export_or_a_history_is_decoded_or_refused() -> None:
    """Records of messages, people and channels, too, are read or refused, whatever is in them."""
    chance = random.Random(12)
    for _ in range(1_000):
        raw = oddities.event(chance) | {"id": oddities.odd(chance)}
        for read in (
            lambda raw: decode.reactions(raw, decode.message(raw, TeamId("T1"), PLACE)),
            lambda raw: decode.person(raw, TeamId("T1")),
            lambda raw: decode.container(raw, TeamId("T1")),
        ):
            with contextlib.suppress(Undecodable):
                read(raw)


def test_what_remains_of_any_payload_can_be_stored() -> None:
    """The bones of a payload that cannot be redacted hold no words and no broken characters."""
    chance = random.Random(13)
    for _ in range(1_000):
        raw = oddities.payload(chance)
        bones = json.dumps(raw_payload.bones(raw), ensure_ascii=False, allow_nan=True)
        bones.encode("utf-8")
        assert "\x00" not in bones
        assert len(bones) < 20_000
        assert isinstance(raw_payload.kind_of(raw), str)
        raw_payload.has_words(raw)
