"""Fake secrets of every format, put together at run time from parts: no scanner finds one in this repository."""

import base64
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass

LOWER_HEX = "0123456789abcdef"
LETTERS = string.ascii_letters + string.digits
URL_SAFE = LETTERS + "-_"
BASE64 = LETTERS + "+/"
UPPER = string.ascii_uppercase + string.digits


@dataclass(frozen=True)
class Secret:
    """`text` as somebody would paste it; `core` is the part of it that must not be kept."""

    name: str
    text: str
    core: str


def every(seed: int = 7) -> list[Secret]:
    """One of each format, always the same for a seed."""
    return [*_tokens(random.Random(seed)), *_in_context(random.Random(seed + 1)), *_structured(random.Random(seed + 2))]


def _some(chance: random.Random, alphabet: str, length: int) -> str:
    """Random characters, with a digit among them and a letter at either end."""
    middle = "".join(chance.choice(alphabet) for _ in range(length - 3))
    ends = [each for each in alphabet if each.isalpha()]
    return chance.choice(ends) + middle + chance.choice(string.digits) + chance.choice(ends)


_PREFIXED: tuple[tuple[str, str, str, int], ...] = (
    ("aws access key id", "AK" + "IA", UPPER, 16),
    ("google api key", "AI" + "za", LETTERS, 35),
    ("google oauth client secret", "GOC" + "SPX-", LETTERS, 28),
    ("google access token", "ya" + "29.", URL_SAFE, 120),
    ("github personal", "gh" + "p_", LETTERS, 36),
    ("github oauth", "gh" + "o_", LETTERS, 36),
    ("github user", "gh" + "u_", LETTERS, 36),
    ("github server", "gh" + "s_", LETTERS, 36),
    ("github refresh", "gh" + "r_", LETTERS, 76),
    ("gitlab", "gl" + "pat-", LETTERS, 20),
    ("slack legacy refresh", "xo" + "xe-1-", LETTERS, 140),
    ("stripe secret", "sk" + "_live_", LETTERS, 24),
    ("stripe restricted", "rk" + "_live_", LETTERS, 24),
    ("stripe webhook", "wh" + "sec_", LETTERS, 32),
    ("twilio key", "S" + "K", LOWER_HEX, 32),
    ("mailgun", "ke" + "y-", LOWER_HEX, 32),
    ("openai", "s" + "k-", LETTERS, 48),
    ("openai project", "s" + "k-proj-", URL_SAFE, 120),
    ("anthropic", "s" + "k-ant-api03-", URL_SAFE, 95),
    ("npm", "np" + "m_", LETTERS, 36),
    ("pypi", "py" + "pi-AgEIcHlwaS5vcmc", URL_SAFE, 140),
    ("rubygems", "ruby" + "gems_", LOWER_HEX, 48),
    ("docker", "dc" + "kr_pat_", LETTERS, 27),
    ("digitalocean", "do" + "p_v1_", LOWER_HEX, 64),
    ("heroku", "HR" + "KU-", URL_SAFE, 60),
    ("new relic", "NR" + "AK-", UPPER, 27),
    ("sentry user", "sn" + "tryu_", LOWER_HEX, 64),
    ("sentry organisation", "sn" + "trys_", LETTERS, 120),
    ("shopify", "sh" + "pat_", LOWER_HEX, 32),
    ("square", "sq" + "0csp-", LETTERS, 43),
    ("databricks", "da" + "pi", LOWER_HEX, 32),
    ("hugging face", "h" + "f_", string.ascii_letters + "0123456789", 34),
    ("vault", "hv" + "s.", LETTERS, 90),
    ("atlassian", "AT" + "ATT3xFfGF0", URL_SAFE, 180),
    ("linear", "li" + "n_api_", LETTERS, 40),
    ("notion", "se" + "cret_", LETTERS, 43),
    ("notion new", "nt" + "n_", LETTERS, 46),
    ("pulumi", "pu" + "l-", LOWER_HEX, 40),
    ("groq", "gs" + "k_", LETTERS, 52),
    ("artifactory", "AK" + "Cp5", LETTERS, 65),
    ("supabase", "sb" + "p_", LOWER_HEX, 40),
)


def _tokens(chance: random.Random) -> Iterator[Secret]:
    for name, prefix, alphabet, length in _PREFIXED:
        token = prefix + _some(chance, alphabet, length)
        yield Secret(name, token, token)
    for name, parts in {
        "github fine-grained": ("github" + "_pat_", 22, "_", 59),
        "slack bot": ("xo" + "xb-", "2704834821", "-", "2704834823", "-", 24),
        "slack user": ("xo" + "xp-", "2704834821", "-", "2704834823", "-", "2704834825", "-", 32),
        "slack rotating": ("xo" + "xe.xo" + "xb-1-", 160),
        "sendgrid": ("S" + "G.", 22, ".", 43),
        "discord bot": ("M", 25, ".", 6, ".", 38),
        "telegram bot": ("7204834821", ":A" + "A", 33),
        "grafana": ("gl" + "sa_", 32, "_", "deadbe1f"),
        "terraform": (14, ".atlas" + "v1.", 67),
        "jwt": ("ey" + "J", 33, ".ey" + "J", 70, ".", 43),
        "azure client secret": (3, "8Q" + "~", 34),
        "tailscale": ("ts" + "key-auth-", 12, "-", 32),
    }.items():
        token = "".join(part if isinstance(part, str) else _some(chance, LETTERS, part) for part in parts)
        yield Secret(name, token, token)
    app = "xa" + "pp-1-A0" + _some(chance, UPPER, 9) + "-2704834821-" + _some(chance, LOWER_HEX, 64)
    yield Secret("slack app", app, app)
    mail = _some(chance, LOWER_HEX, 32) + "-u" + "s14"
    yield Secret("mailchimp", mail, mail)


def _in_context(chance: random.Random) -> Iterator[Secret]:
    for name, before, alphabet, length, after in (
        ("aws secret access key", "aws_secret_access_key = ", BASE64, 40, ""),
        ("azure storage key", "DefaultEndpointsProtocol=https;AccountName=a;Account" + "Key=", BASE64, 86, "=="),
        ("azure service bus", "Endpoint=sb://x.example.net/;SharedAccess" + "Key=", BASE64, 43, "="),
        ("azure sas", "https://x.blob.example.net/c?sv=2022-11-02&sr=b&si" + "g=", LETTERS, 43, "%3D"),
        ("twilio auth token", "twilio auth token: ", LOWER_HEX, 32, ""),
        ("datadog key", "DD_API_KEY=", LOWER_HEX, 32, ""),
        ("cloudflare token", "CLOUDFLARE_API_TOKEN=", URL_SAFE, 40, ""),
        ("slack webhook", "https://hooks.slack" + ".com/services/T0A1B2C3D/B0A1B2C3D/", LETTERS, 24, ""),
        ("discord webhook", "https://discord" + ".com/api/webhooks/704834821704834821/", LETTERS, 68, ""),
        ("sentry dsn", "https://", LOWER_HEX, 32, "@o1.ingest.example.io/12"),
        ("bearer header", "Authorization: Bearer ", LETTERS, 40, ""),
        ("password in a url", "postgres://app:", LETTERS, 14, "@db.example.com:5432/app"),
        ("password of redis", "redis://:", LETTERS, 20, "@cache.example.com:6379"),
        ("password assignment", 'password = "', LETTERS, 14, '"'),
        ("password said", "the password is ", LETTERS, 12, ""),
        ("pwd", "pwd: ", LETTERS, 12, ""),
        ("connection string", "Server=db.example.com;User Id=app;Password=", LETTERS, 12, ";Encrypt=true"),
        ("client secret", '"client_secret": "', LETTERS, 32, '"'),
        ("api key", "api_key=", LETTERS, 32, ""),
    ):
        core = _some(chance, alphabet, length)
        yield Secret(name, before + core + after, core)
    key = "-".join(_some(chance, LOWER_HEX, length) for length in (8, 4, 4, 4, 12))
    yield Secret("heroku api key", f"HEROKU_API_KEY={key}", key)
    pair = base64.b64encode(f"app:{_some(chance, LETTERS, 14)}".encode()).decode()
    yield Secret("basic header", f"Authorization: Basic {pair}", pair)


def _structured(chance: random.Random) -> Iterator[Secret]:
    for kind in ("RSA ", "EC ", "OPENSSH ", "", "PGP "):
        label = f"{kind}PRIVATE KEY" + (" BLOCK" if kind == "PGP " else "")
        core = _some(chance, BASE64, 64)
        lines = [f"-----BEGIN {label}-----", _some(chance, BASE64, 64), core, _some(chance, BASE64, 30) + "==",
                 f"-----END {label}-----"]  # fmt: skip
        yield Secret(f"pem {kind.lower()}".strip(), "\n".join(lines), core)
    key = "\\n".join(lines)
    account = '{"type": "service_account", "private_key_id": "' + _some(chance, LOWER_HEX, 40) + '", "private_key": "'
    yield Secret("google service account", account + key + '\\n"}', core)
