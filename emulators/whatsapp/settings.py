"""What can be set about the emulated WhatsApp: its credentials, limits, delays and templates."""

from dataclasses import dataclass
from typing import Literal

Category = Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
ParameterFormat = Literal["POSITIONAL", "NAMED"]
HeaderFormat = Literal["TEXT", "IMAGE", "VIDEO", "DOCUMENT"]
ButtonKind = Literal["QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE"]
Quality = Literal["GREEN", "YELLOW", "RED", "UNKNOWN"]

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class TemplateButton:
    """A button of a template: a quick reply unless it has one of the others.

    `url` is a link (may end in {{1}}), `phone` a number to call, `coupon` a sample of the code
    that the button copies.
    """

    text: str
    url: str | None = None
    phone: str | None = None
    coupon: str | None = None

    @property
    def kind(self) -> ButtonKind:
        """The button's type, as the API calls it."""
        if self.url is not None:
            return "URL"
        if self.phone is not None:
            return "PHONE_NUMBER"
        return "QUICK_REPLY" if self.coupon is None else "COPY_CODE"


@dataclass(frozen=True, slots=True)
class Template:
    """A message template in one language; `header` is text, empty when the format is a medium.

    Variables are {{1}}, {{2}} … or {{name}}, as `parameter_format` says. `ttl_seconds`: how long
    WhatsApp tries to deliver, 30 days unless told. `reason`: why it was rejected;
    `scored_at`: since when it has its quality.
    """

    name: str
    language: str
    category: Category
    body: str
    status: str = "APPROVED"
    header: str = ""
    header_format: HeaderFormat = "TEXT"
    footer: str = ""
    buttons: tuple[TemplateButton, ...] = ()
    parameter_format: ParameterFormat = "POSITIONAL"
    ttl_seconds: float = 30 * DAY
    quality: Quality = "UNKNOWN"
    scored_at: float = 0.0
    reason: str = "NONE"


TEMPLATES = (
    Template(
        name="news",
        language="ru",
        category="MARKETING",
        body="Здравствуйте! {{1}}",
        footer="Чтобы не получать рассылку, нажмите кнопку",
        buttons=(TemplateButton("Отписаться"),),
    ),
    Template(
        name="news",
        language="en",
        category="MARKETING",
        body="Hello! {{1}}",
        footer="To stop these messages press the button",
        buttons=(TemplateButton("Stop"),),
    ),
    Template(
        name="reply_waiting",
        language="ru",
        category="UTILITY",
        body="Мы подготовили ответ на ваше обращение. Нажмите кнопку, чтобы прочитать его.",
        buttons=(TemplateButton("Прочитать"),),
    ),
    Template(
        name="reply_waiting",
        language="en",
        category="UTILITY",
        body="The answer to your request is ready. Press the button to read it.",
        buttons=(TemplateButton("Read"),),
    ),
)


@dataclass(frozen=True, slots=True)
class WhatsAppSettings:
    """One business number on the emulated Cloud API; every value is made up.

    Rates: `throughput` messages a second, in and out together, times `throughput_multiplier`
    (for demos); `pair_burst` messages to one user at once, then one in `pair_seconds`;
    `messaging_limit` unique users a day outside their windows (None: unlimited), beyond which a
    send is refused with `limit_code` (Meta documents none of its own).
    Delays are seconds after acceptance; None means that the status never comes. A status is planned
    by its own delay alone, plus up to `jitter` seconds. Shares, from 0 to 1, are spread evenly and
    fall on the same messages in every run: `unordered` messages have `sent` and `delivered` change
    places; `undelivered` ones that are read by themselves are never told as delivered;
    `unanswered` sends take effect behind a 504.
    Webhooks: updates of `batch_seconds` go in one POST of `batch` at most (0 seconds: one POST
    each); `duplicates` is how many further copies of an update follow on average; `media_links` is
    the share of received files that come with a `url`.
    What Meta finds out late is accepted and fails by webhook (`async_errors`; else at once);
    `magic` lets numbers of nobody that end in an error's code fail with it. Old ways of telling:
    `failed_contacts`, `conversations` (v23 and before) and `milliseconds`; `pricing` off.
    """

    token: str = "EAAemulatedsystemusertoken"
    app_secret: str = "emulated-app-secret"
    verify_token: str = "emulated-verify-token"
    phone_id: str = "106500000000001"
    waba_id: str = "102290129340398"
    display_phone_number: str = "15550001111"
    country_code: str = "1"
    verified_name: str = "Vestnik"
    webhook_url: str | None = None

    throughput: float = 80.0
    throughput_multiplier: float = 1.0
    pair_seconds: float = 6.0
    pair_burst: int = 45
    messaging_limit: int | None = None
    limit_code: int = 131048
    free_service_messages: int = 1000

    sent_after: float = 0.02
    delivered_after: float | None = 0.1
    read_after: float | None = None
    approved_after: float | None = 0.1
    upgrade_seconds: float = 60.0
    jitter: float = 0.05
    unordered: float = 0.02
    undelivered: float = 0.02
    unanswered: float = 0.0

    batch_seconds: float = 0.2
    batch: int = 1000
    duplicates: float = 0.02
    media_links: float = 0.5
    async_errors: bool = True
    escaped: bool = True
    magic: bool = True
    prepend_country_code: bool = True
    pricing: bool = True
    failed_contacts: bool = False
    conversations: bool = False
    milliseconds: bool = False
    templates: tuple[Template, ...] = TEMPLATES
