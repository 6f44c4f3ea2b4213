"""What secrets look like: one named detector per format, tried in this order; of two that overlap the first names it.

A pattern takes linear time: every length is bounded, and what is repeated cannot begin where it ended.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from handlers.placeholders import is_no_password, is_no_token, is_placeholder


@dataclass(frozen=True)
class Detector:
    """One format. Where the pattern has a group `secret`, that is what goes; else all that it matched.

    `hints` are literals, lower case if the pattern ignores case, of which one occurs in every match; if `prefixed`,
    every match begins with one.
    `unless` says of a found secret that it is none: a placeholder, a name, a call.
    """

    kind: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: Callable[[str], bool] = field(default=lambda _: False)
    prefixed: bool = False
    bare: "Detector | None" = None
    """The same for a text whose underscores were taken out, if it is distinctive without them."""

    @cached_property
    def _ignores_case(self) -> bool:
        return bool(self.pattern.flags & re.IGNORECASE)

    @cached_property
    def _group(self) -> str | int:
        return "secret" if "secret" in self.pattern.groupindex else 0

    def secrets(self, text: str, folded: str) -> Iterator[tuple[int, int]]:
        """Where a text (`folded`: the same in lower case) has such secrets."""
        if self.prefixed:
            matches: Iterator[re.Match[str]] = (match for hint in self.hints for match in self._behind(hint, text))
        elif self._is_hinted(folded if self._ignores_case else text):
            matches = self.pattern.finditer(text)
        else:
            return
        for match in matches:
            if not self.unless(match[self._group]):
                yield match.span(self._group)

    def _is_hinted(self, text: str) -> bool:
        for hint in self.hints:  # noqa: SIM110 - called for every text and detector, where any() takes three times as long
            if hint in text:
                return True
        return False

    def _behind(self, hint: str, text: str) -> Iterator[re.Match[str]]:
        at = text.find(hint)
        while at >= 0:
            match = self.pattern.match(text, at)
            if match:
                yield match
            at = text.find(hint, match.end() if match else at + 1)


TOKEN_LIKE = re.compile(r"[A-Za-z0-9_.\-]{14}")
"""What every prefixed secret has in it, and most of what people say has not."""


def _token(kind: str, *patterns: str, hints: str = "") -> Detector:
    """Named by its prefix, before which no letter or digit stands; the prefixes are read off the patterns or given."""
    starts = tuple(hints.split()) or tuple(_LITERAL.match(pattern)[0] for pattern in patterns)  # type: ignore[index]
    joined = "|".join(patterns)
    stripped = tuple(start.replace("_", "") for start in starts)
    bare = Detector(kind, stripped, _anchored(joined.replace("_", "")), prefixed=True)
    return Detector(kind, starts, _anchored(joined), prefixed=True, bare=bare)


def _anchored(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9])(?:{pattern})")


def _context(kind: str, hints: str, pattern: str, unless: Callable[[str], bool] = is_placeholder) -> Detector:
    """Named by the words around it, in whatever case."""
    wanted = tuple(hints.split())
    whole = re.compile(pattern, re.IGNORECASE)
    bare = Detector(
        kind,
        tuple(hint.replace("_", "") for hint in wanted),
        re.compile(pattern.replace("[-_ ]?", "[- ]?").replace("_", ""), re.IGNORECASE),
        unless,
    )
    return Detector(kind, wanted, whole, unless, bare=bare)


def _shape(kind: str, hints: str, pattern: str) -> Detector:
    """Named by a literal within it, and distinctive by its shape."""
    wanted = tuple(hints.split())
    return Detector(
        kind, wanted, re.compile(pattern), bare=Detector(kind, wanted, re.compile(pattern.replace("_", "")))
    )


def _exact(kind: str, hints: str, pattern: str, unless: Callable[[str], bool] = is_placeholder) -> Detector:
    """Not distinctive without its underscores, or indifferent to them."""
    return Detector(kind, tuple(hints.split()), re.compile(pattern), unless)


_LITERAL = re.compile(r"[\w\-]+")
_IS = r"[\"'`]{0,2}\s{0,3}(?:(?:=>|:=|==|[:=]|\bis\b)\s{0,3}){1,2}[\"'`(]{0,3}"
"""Between a name and what it is set to, in code, JSON, YAML and prose."""
_SERVICE_KEY = r"[^\n]{0,40}?(?:key|token|secret|sid)\w{0,8}" + _IS

_PEM = (
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
    r"(?:(?:[^-]|-(?!----)){0,20000}-----END [A-Z0-9 ]{0,40}-----"
    r"|(?:[\s\\n>\"'`*_~|]{0,12}[A-Za-z0-9+/=]{12,80}){0,400})"
)

DETECTORS: tuple[Detector, ...] = (
    # Keys in files
    _exact("private key", "PRIVATE", _PEM),
    _exact(
        "putty private key",
        "PuTTY-User-Key-File-",
        r"PuTTY-User-Key-File-(?:[^P]|P(?!uTTY-U)){0,20000}?Private-MAC: ?[0-9a-f]{8,64}",
    ),
    _token("age private key", r"AGE-SECRET-KEY-1[A-Z0-9]{50,70}"),
    # Clouds
    _token("aws access key id", *(rf"{start}[A-Z0-9]{{16}}(?![A-Za-z0-9])" for start in ("AKIA", "ASIA", "ABIA"))),
    _context(
        "aws secret access key",
        "secret aws",
        r"(?:secret[-_ ]?(?:access[-_ ]?)?key|aws[-_ ]?secret\w{0,20}|aws[^\n]{0,20}key)"
        + _IS
        + r"(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _exact(
        "aws secret access key",
        "AKIA ASIA",
        r"A[KS]IA[A-Z0-9]{16}[^A-Za-z0-9/+][\s\S]{0,60}?(?<![A-Za-z0-9/+=])"
        r"(?P<secret>(?=[A-Za-z/+]{0,39}[0-9])(?=[0-9a-z/+]{0,39}[A-Z])[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    ),
    _token("google api key", r"AIza[0-9A-Za-z_\-]{30,45}"),
    _token("google oauth token", r"ya29\.[0-9A-Za-z_\-]{20,400}", r"GOCSPX-[0-9A-Za-z_\-]{20,40}"),
    _context("google private key id", "private_key_id", r"private_key_id" + _IS + r"(?P<secret>[0-9a-f]{40})"),
    _context("azure storage key", "accountkey", r"AccountKey\s{0,2}=\s{0,2}(?P<secret>[A-Za-z0-9+/]{60,88}={0,2})"),
    _context(
        "azure shared access key",
        "sharedaccesskey",
        r"SharedAccessKey\s{0,2}=\s{0,2}(?P<secret>[A-Za-z0-9+/]{40,90}={0,2})",
    ),
    _context("azure sas", "sig=", r"[?&;]sig=(?P<secret>[A-Za-z0-9%/+_\-]{30,120}={0,2})"),
    _exact("azure client secret", "Q~", r"[A-Za-z0-9_~.\-]{3}[0-9]Q~[A-Za-z0-9_~.\-]{31,44}"),
    _token("digitalocean token", *(rf"do{letter}_v1_[a-f0-9]{{64}}" for letter in "opr")),
    _token("heroku key", r"HRKU-[A-Za-z0-9_\-]{30,80}"),
    _context("heroku key", "heroku", r"heroku[^\n]{0,40}?(?P<secret>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"),
    _token("cloudflare token", r"v1\.0-[a-f0-9]{24}-[a-f0-9]{146}", hints="v1.0-"),
    _context(
        "cloudflare token",
        "cloudflare cf_ cf-",
        r"(?:cloudflare|\bcf[-_])" + _SERVICE_KEY + r"(?P<secret>[A-Za-z0-9_\-]{37,45})(?![A-Za-z0-9])",
        is_no_token,
    ),
    _token(
        "hashicorp vault token", *(rf"hv{letter}\.[A-Za-z0-9_\-]{{24,300}}" for letter in "sbr"), hints="hvs. hvb. hvr."
    ),
    _shape("terraform token", ".atlasv1.", r"(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_\-=]{60,90}"),
    _token("pulumi token", r"pul-[a-f0-9]{40}"),
    _token("databricks token", r"dapi[a-f0-9]{32}(?:-[0-9])?"),
    # Code and packages
    _token(
        "github token",
        *(rf"gh{letter}_[A-Za-z0-9_]{{36,255}}" for letter in "pousr"),
        r"github_pat_[A-Za-z0-9_]{60,120}",
    ),
    _token(
        "gitlab token",
        *(
            rf"{start}-[0-9A-Za-z_\-.]{{19,300}}[0-9A-Za-z_\-]"
            for start in "glpat gldt glrt glcbt glptt glft glsoat glagent".split()
        ),
    ),
    _token("npm token", r"npm_[A-Za-z0-9]{36}"),
    _token("pypi token", r"pypi-[A-Za-z0-9_\-]{50,250}"),
    _token("rubygems token", r"rubygems_[a-f0-9]{48}"),
    _token("docker token", r"dckr_pat_[A-Za-z0-9_\-]{20,60}", r"dckr_oat_[A-Za-z0-9_\-]{20,60}"),
    # Messages and calls
    _token(
        "slack token",
        r"xoxe\.xox[bp]-[0-9]-[A-Za-z0-9]{20,300}",
        *(rf"xox{letter}-(?=[A-Za-z\-]{{0,80}}[0-9])[A-Za-z0-9\-]{{10,300}}" for letter in "abceoprs"),
        r"xapp-[0-9]-[A-Z0-9]{6,20}-[0-9]{6,20}-[a-f0-9]{40,80}",
        hints="xox xapp-",
    ),
    _context(
        "slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows|triggers|actions|commands|app)/(?P<secret>[A-Za-z0-9/_\-]{10,120})",
    ),
    _shape(
        "discord token",
        ".",
        r"(?<![A-Za-z0-9_\-])[MNO][A-Za-z0-9_\-]{22,28}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,45}(?![A-Za-z0-9_\-])",
    ),
    _context(
        "discord webhook",
        "api/webhooks/",
        r"discord(?:app)?\.com/api/webhooks/(?P<secret>[0-9]{15,20}/[A-Za-z0-9_\-]{40,100})",
    ),
    _shape("telegram token", ":AA", r"(?<![A-Za-z0-9])[0-9]{8,10}:AA[A-Za-z0-9_\-]{32,36}"),
    _token("twilio key", r"SK[0-9a-f]{32}(?![0-9a-f])"),
    _context("twilio token", "twilio", r"twilio" + _SERVICE_KEY + r"(?P<secret>[0-9a-f]{32})(?![0-9a-f])"),
    _token("sendgrid key", r"SG\.[A-Za-z0-9_\-]{16,32}\.[A-Za-z0-9_\-]{16,64}", hints="SG."),
    _token("mailgun key", r"key-[0-9a-f]{32}(?![0-9a-f])"),
    _shape("mailgun key", "-", r"(?<![0-9a-f])[0-9a-f]{32}-[0-9a-f]{8}-[0-9a-f]{8}(?![0-9a-f])"),
    _shape("mailchimp key", "-us", r"(?<![0-9a-f])[0-9a-f]{32}-us[0-9]{1,2}"),
    # Money and shops
    _token(
        "stripe key",
        *(rf"{start}_[0-9A-Za-z]{{10,250}}" for start in "sk_live rk_live sk_test rk_test".split()),
        r"whsec_[A-Za-z0-9+/=]{24,100}",
    ),
    _token("shopify token", *(rf"shp{letters}_[a-fA-F0-9]{{32}}" for letters in "at ca pa ss".split())),
    _token(
        "square token",
        *(rf"sq0{letters}-[A-Za-z0-9_\-]{{20,50}}" for letters in "atp csp idp".split()),
        r"EAAA[A-Za-z0-9_\-]{60}",
    ),
    # Models
    _token("anthropic key", r"sk-ant-[A-Za-z0-9_\-]{32,200}"),
    _token(
        "openai key",
        *(rf"sk-{start}-[A-Za-z0-9_\-]{{30,250}}" for start in ("proj", "svcacct", "admin", "or-v1")),
        r"sk-[A-Za-z0-9]{32,80}",
    ),
    _token("hugging face token", r"hf_[A-Za-z0-9]{30,60}", r"api_org_[A-Za-z0-9]{30,60}"),
    _token(
        "model provider key",
        r"gsk_[A-Za-z0-9]{40,80}",
        r"xai-[A-Za-z0-9]{60,100}",
        r"r8_[A-Za-z0-9]{37,40}",
        r"pplx-[A-Za-z0-9]{40,60}",
    ),
    # Watching
    _token(
        "new relic key",
        r"NRAK-[A-Z0-9]{27}",
        r"NRJS-[a-f0-9]{19}",
        r"NRII-[A-Za-z0-9_\-]{32}",
    ),
    _shape("new relic key", "NRAL", r"(?<![A-Za-z0-9])[A-Za-z0-9]{6,10}[0-9a-f]{26,30}NRAL"),
    _context(
        "datadog key",
        "datadog dd_ dd-",
        r"(?:datadog|\bdd[-_])" + _SERVICE_KEY + r"(?P<secret>[0-9a-f]{40}|[0-9a-f]{32})(?![0-9a-f])",
    ),
    _token("datadog key", r"ddapp_[A-Za-z0-9]{30,50}"),
    _context(
        "sentry dsn",
        "@",
        r"://(?P<secret>[0-9a-f]{32}(?::[0-9a-f]{32})?)@[A-Za-z0-9.\-]{1,100}/[0-9]",
    ),
    _token("sentry token", r"sntrys_[A-Za-z0-9+/=_\-]{30,400}", r"sntryu_[a-f0-9]{64}"),
    _token(
        "grafana token",
        r"glsa_[A-Za-z0-9]{30,36}_[A-Fa-f0-9]{8}",
        r"glc_[A-Za-z0-9+/=]{32,400}",
        r"eyJrIjoi[A-Za-z0-9+/=_\-]{40,400}",
    ),
    # Work
    _token(
        "atlassian token",
        r"ATATT3[A-Za-z0-9_\-=]{50,300}",
        r"ATCTT3[A-Za-z0-9_\-=]{50,300}",
        r"ATBB[A-Za-z0-9_\-=]{24,60}",
    ),
    _token("linear key", r"lin_api_[A-Za-z0-9]{32,60}", r"lin_oauth_[A-Za-z0-9]{32,80}"),
    _token("notion token", r"secret_[A-Za-z0-9]{43}", r"ntn_[A-Za-z0-9]{40,60}"),
    _token("postman key", r"PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    _token("figma token", r"figd_[A-Za-z0-9_\-]{38,50}"),
    _token("airtable token", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}", hints="pat"),
    _token("doppler token", r"dp\.(?:pt|st|ct|sa)\.[A-Za-z0-9._\-]{38,80}", hints="dp."),
    _token("tailscale key", r"tskey-[a-z]{3,10}-[A-Za-z0-9]{8,20}-[A-Za-z0-9]{20,50}"),
    _token("artifactory token", r"AKCp[0-9][A-Za-z0-9]{60,80}"),
    _token("supabase key", r"sbp_[a-f0-9]{40}", r"sb_secret_[A-Za-z0-9_\-]{20,60}"),
    # In any house
    _token("jwt", r"eyJ[A-Za-z0-9_\-]{8,2000}\.[A-Za-z0-9_\-]{0,4000}\.[A-Za-z0-9_\-.]{0,8000}"),
    _context(
        "authorization header",
        "authorization",
        r"authorization"
        + _IS
        + r"(?:bearer|basic|token|digest|apikey|bot)?[ \t]{0,3}[\"'`]?(?P<secret>[A-Za-z0-9._~+/=\-]{8,2000})",
        is_no_token,
    ),
    _context(
        "bearer token",
        "bearer",
        r"\bbearer[ \t:=\"'`]{1,4}(?P<secret>[A-Za-z0-9._~+/=\-]{16,2000})",
        is_no_token,
    ),
    _exact(
        "password in a url",
        "://",
        r"://[^\s:/@<>|\"'`]{0,100}:(?P<secret>[^\s/<>|\"'`]{1,200})@[^\s<>|@]",
    ),
    _context(
        "password",
        "password= pwd=",
        r";\s{0,2}(?:password|pwd)\s{0,2}=\s{0,2}(?P<secret>[^;\"'\s]{1,100})",
    ),
    _context(
        "password",
        "passw pwd passphrase passcode",
        r"(?:passw(?:or)?ds?|passphrase|passcode|pwd)\b(?:[ \t](?:for|to|of)[ \t][^\n:=]{1,40}?)?"
        + _IS
        + r"(?P<secret>[^\s\"'`,;)}\]<>|]{4,200})",
        is_no_password,
    ),
    _context(
        "password",
        "curl wget",
        r"(?:curl|wget)\b[^\n]{0,200}?[ \t](?:-u|--user)[ \t=]{1,2}[\"']?[\w.@\-]{1,60}:(?P<secret>[^\s\"'`]{4,100})",
    ),
    _context(
        "secret",
        "key secret token credential",
        r"(?:(?:api|access|auth|secret|signing|encryption|private)[-_ ]?key|secret|_token|credentials?"
        r"|(?:auth|access|refresh|api|bot)[-_ ]?token)" + _IS + r"(?P<secret>[A-Za-z0-9_+/=.~\-]{12,400})",
        is_no_token,
    ),
)
