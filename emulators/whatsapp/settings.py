"""What can be set about the emulated WhatsApp: its credentials, limits, delays and templates."""

from dataclasses import dataclass
from typing import Literal

Category = Literal["MARKETING", "UTILITY", "AUTHENTICATION"]
ParameterFormat = Literal["POSITIONAL", "NAMED"]
HeaderFormat = Literal["TEXT", "IMAGE", "VIDEO", "DOCUMENT"]

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class TemplateButton:
    """A button of a template: a quick reply, or a link when it has a `url` (may end in {{1}})."""

    text: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A message template in one language; `header` is text, empty when the format is a medium.

    Variables are {{1}}, {{2}} … or {{name}}, as `parameter_format` says. `ttl_seconds`: how long
    WhatsApp tries to deliver, 30 days unless told.
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
    `messaging_limit` unique users a day outside their windows (None: unlimited).
    Delays are seconds after acceptance; None means that the status never comes. A status is planned
    by its own delay alone, so that delays out of order give statuses out of order.
    Webhooks: updates of `batch_seconds` go in one POST (0: one POST each, at most 1000);
    `duplicates` is how many further copies of an update follow on average.
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
    free_service_messages: int = 1000

    sent_after: float = 0.02
    delivered_after: float | None = 0.1
    read_after: float | None = None
    approved_after: float | None = 0.1

    batch_seconds: float = 0.2
    duplicates: float = 0.0
    async_errors: bool = True
    escaped: bool = True
    prepend_country_code: bool = True
    templates: tuple[Template, ...] = TEMPLATES
