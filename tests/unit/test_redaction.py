import itertools
import json
import os
import re
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import detectors, payloads, raw, redaction
from handlers.errors import RedactionFailed
from tests.unit import secrets
from tests.unit.disguised import DISGUISES, SURFACES, envelope, rich, spoken, survives

SECRETS = secrets.every()
SAMPLE = Path(os.environ.get("DAYBOOK_BENCHMARKS", "/nowhere")) / "../samples/slack-export-small.zip"
HARMLESS = (
    "the password is required, and so is the token: ask Kim",
    "password: string, secret: boolean, token = getToken(user)",
    "set PASSWORD=$DB_PASSWORD and api_key=${API_KEY} first",
    "postgres://$USER:$PASSWORD@localhost and https://<user>:<password>@example.com",
    "commit 3f2c9d1e8b7a6f5e4d3c2b1a09f8e7d6c5b4a392 fixes it; digest sha256:" + "ab" * 32,
    "my uuid is 123e4567-e89b-12d3-a456-426614174000, at 10:30, in https://example.com:8080/a@b",
    "Authorization: Bearer <token>, as in the docs on bearer authentication",
    "I pressed the secret key combination: ctrl-alt-del; token is expired; pwd: /srv/kim",
    '"integrity": "sha512-' + "Ab1+" * 21 + 'Ab=="',
    "config.secret = os.environ['SECRET_KEY_BASE'] or settings.client_secret_value",
    "sk-learn, hf_hub, npm_config_registry, pypi-server, SG.1, key-value, ghp_short, AKIA, xoxb-your-token-here",
)


def test_every_format_is_redacted_in_every_disguise(capsys: pytest.CaptureFixture[str]) -> None:
    """Of all formats in five disguises at least 98 in a hundred leave nothing behind, on any surface."""
    missed: list[str] = []
    for secret, (disguise, dressed) in itertools.product(SECRETS, DISGUISES.items()):
        leaks = [
            f"{surface}: {text!r}"
            for surface, store in SURFACES.items()
            for text in dressed(secret)[: None if surface == "live event" else 4]
            if survives(secret, store(text))
        ]
        if leaks:
            missed.append(f"{secret.name} in {disguise}, {len(leaks)}x, first {leaks[0][:160]}")
    total = len(SECRETS) * len(DISGUISES)
    with capsys.disabled():
        print(f"\n{len(SECRETS)} formats x {len(DISGUISES)} disguises: {total - len(missed)} of {total} redacted")  # noqa: T201
        print(*missed, sep="\n")  # noqa: T201
    assert len(SECRETS) >= 30
    assert len(missed) <= 0.02 * total


@pytest.mark.parametrize("secret", SECRETS, ids=lambda secret: secret.name)
def test_a_pasted_secret_is_named(secret: secrets.Secret) -> None:
    """A marker says that something was there, and the words around it stay."""
    stored = redaction.redact(f"Look: {secret.text} is it")
    assert "[redacted: " in stored
    assert stored.startswith("Look: ")
    assert stored.endswith(" is it")


def test_a_marker_says_what_was_there() -> None:
    """The kind of secret can be read in its place."""
    token = next(secret for secret in SECRETS if secret.name == "github personal").text
    assert redaction.redact(f"use {token}, or not") == "use [redacted: github token], or not"


@pytest.mark.parametrize("text", HARMLESS)
def test_words_stay(text: str) -> None:
    """Placeholders, code, hashes and talk about secrets are no secrets."""
    assert redaction.redact(text) == text


def test_few_false_alarms() -> None:
    """In the sample's 2,250 messages, which hold no secret, at most five are touched."""
    if not SAMPLE.exists():
        pytest.skip("The sample export is missing: set DAYBOOK_BENCHMARKS to the directory beside `samples`.")
    with zipfile.ZipFile(SAMPLE) as sample:
        days = [json.loads(sample.read(name)) for name in sample.namelist() if "/" in name]
    said = [str(record.get("text", "")) for day in days for record in day]
    alarms = [(text, redaction.spans(text)) for text in said if redaction.spans(text)]
    for text, found in alarms:
        print(*(f"{redaction.marker(span)} {text[max(0, span.start - 40) : span.end + 20]!r}" for span in found))  # noqa: T201
    assert len(said) == 2250
    assert len(alarms) <= 5


@given(st.text(st.characters(exclude_categories=[]), max_size=300), st.sampled_from(SECRETS), st.integers(0, 300))
def test_any_text_is_only_text(noise: str, secret: secrets.Secret, place: int) -> None:
    """Whatever stands around a secret nothing breaks, and a second time changes nothing."""
    once = redaction.redact(f"{noise[:place]}\n{secret.text}\n{noise[place:]}")
    assert redaction.redact(once) == once


@given(st.text("*_~`<>|&;amp#x41%\u200b\x00\ud800 ab=:/", max_size=200))
def test_markup_alone_is_never_redacted(text: str) -> None:
    """Formatting, entities and invisible characters without a secret stay as they are."""
    assert redaction.redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "We agreed to ship on Friday, see <https://example.com/a|the plan> &amp; _tell_ ~nobody~ `soon`. " * 420,
        "*a_b~c&amp;<d>%41`" * 2400,
        "\u200ba" * 20000,
        "password for " * 3100,
        "://a:b@" * 5800,
        "-----BEGIN PRIVATE KEY-----" * 1500,
        "PuTTY-User-Key-File-" * 2000,
        "eyJ" * 13400,
        "AKIA" + "A" * 16 + " " + "b" * 39,
        "<" + "a" * 39999,
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_a_long_text_takes_no_long_time(text: str) -> None:
    """Time grows with the length and no faster: twice the text takes about twice the time."""

    def taken(given: str) -> float:
        began = time.process_time()
        redaction.redact(given)
        return time.process_time() - began

    half, whole = (min(taken(text[:length]) for _ in range(3)) for length in (20_000, 40_000))
    assert whole < max(3.2 * half, 0.05)


def test_a_secret_in_the_pieces_of_a_rich_text_is_redacted() -> None:
    """Elements that are only together a secret are not kept, and the others stay."""
    token = next(secret for secret in SECRETS if secret.name == "github personal").text
    stored = payloads.redacted(envelope(spoken("", blocks=[rich("use ", token[:4], token[4:20], token[20:] + " now")])))
    elements = stored["event"]["blocks"][0]["elements"][0]["elements"]
    assert [element["text"] for element in elements] == ["use ", "[redacted: github token]", "", " now"]


def test_a_secret_split_over_a_title_and_its_value_is_redacted() -> None:
    """A field that is called a password holds one."""
    attached = [{"fields": [{"title": "Password", "value": "hunter2-Xy"}]}]
    stored = payloads.redacted(envelope(spoken("", attachments=attached)))
    assert "hunter2" not in json.dumps(stored)


def test_what_is_secret_by_its_name_is_redacted() -> None:
    """Slack's own tokens in an envelope are not kept."""
    stored = payloads.redacted({"token": "abc", "response_url": "http://x/y", "event": {"text": "hi", "ts": "1"}})
    assert stored["token"] == "[redacted: token]"
    assert stored["response_url"] == "[redacted: response_url]"
    assert stored["event"] == {"text": "hi", "ts": "1"}


def test_what_is_too_deep_or_too_large_is_refused() -> None:
    """Neither takes longer than an ack may: both are kept without their words."""
    deep: dict[str, object] = {}
    for _ in range(200):
        deep = {"blocks": [deep]}
    for payload in (deep, {"event": {"text": "a" * (payloads.LARGEST + 1)}}):
        with pytest.raises(RedactionFailed):
            payloads.redacted(payload)


def test_a_failing_detector_is_a_failed_redaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong in a detector, no text gets through it."""

    def fail(_: str) -> bool:
        raise ZeroDivisionError

    broken = detectors.Detector("broken", ("",), re.compile("."), fail)
    monkeypatch.setattr(detectors, "DETECTORS", (broken,))
    with pytest.raises(RedactionFailed, match="ZeroDivisionError"):
        raw.text("hello there")
    with pytest.raises(RedactionFailed):
        payloads.redacted(envelope(spoken("hello there")))
