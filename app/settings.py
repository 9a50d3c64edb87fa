"""The platform's settings, read from the environment and `.env`; channels declare their own."""

import secrets
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from phonenumbers import SUPPORTED_REGIONS
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from dialogs.allowing import beginning
from vestnik.preferences import Preferences, read_cap, read_quiet_hours

Role = Literal["owner", "marketer", "operator"]
ROLES: tuple[Role, ...] = ("owner", "marketer", "operator")

BlockMeans = Literal["channel", "all"]

DEFAULT_SCENARIO = "coffee"


class BadSettings(Exception):
    """A setting is wrong; the text says which and what to do, in one sentence."""


class Settings(BaseSettings):
    """What the house itself needs to know; design.md, section 5."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore")

    database_url: str = Field(
        "sqlite:///vestnik.sqlite3",
        description="sqlite:///file for one process, postgresql://user:password@host/name for more",
    )
    redis_url: str = Field("", description="redis://host:6379/0; needed when there are workers")
    broker_url: str = Field(
        "",
        description="what wakes workers: redis://, nats:// (JetStream) or amqp:// (RabbitMQ); "
        "REDIS_URL unless told",
    )
    public_url: str = Field(
        "", description="https address of this server as the platforms reach it, for webhooks"
    )
    host: str = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(8080, ge=0, le=65535, description="port the web server listens on")
    secret_key: SecretStr = Field(
        SecretStr(""), description="32 random bytes or more; seals codes and secrets"
    )
    api_key: SecretStr = Field(
        SecretStr(""), description="Bearer key of the API; the API is off without one"
    )
    scenarios: str = Field("", description="folder of YAML scenarios; the shipped ones unless told")
    scenario: str = Field(DEFAULT_SCENARIO, description="name of the scenario customers meet")
    calls: str = Field(
        "",
        description="addresses that scenarios may ask, by how they begin: "
        "https://crm.example/hooks/,http://10.0.0.5:8000/; none unless told",
    )
    default_language: str = Field("ru", description="language of people whose own is unknown")
    default_region: str = Field("RU", description="country of phone numbers typed without one")
    default_timezone: str = Field(
        "Europe/Moscow", description="where days begin, and the time zone of people without one"
    )
    quiet_hours: str = Field(
        "",
        description="local hours in which broadcasts wait, 21:00-09:00, for people who chose none "
        "themselves; none unless told",
    )
    frequency_cap: str = Field(
        "",
        description="at most so many broadcasts a person in so many days, 3/7d, for people who "
        "chose nothing themselves; no limit unless told",
    )
    staff: Annotated[dict[str, Role], NoDecode] = Field(
        default_factory=dict,
        description="who may do what: telegram:123456=owner,vk:777=marketer",
    )
    telegram_operators_chat: str = Field("", description="id of the operators' group")
    telegram_admin_chat: str = Field("", description="id of the admin chat")
    sms_gateway: str = Field("", description="the SMS gateway's name: smsc; without one, no SMS")
    block_means: BlockMeans = Field(
        "channel",
        description="what a block ends: channel (that address) or all (advertising everywhere)",
    )
    broadcast_route: str = Field(
        "last 60s delivered > sms 1h delivered", description="route of broadcasts unless told"
    )
    whatsapp_template: str = Field(
        "news", description="template that carries a broadcast's text outside the window"
    )

    @field_validator("default_region")
    @classmethod
    def _region(cls, value: str) -> str:
        if value not in SUPPORTED_REGIONS:
            raise ValueError(f"{value!r} is no country code; write it like RU")
        return value

    @field_validator("default_timezone")
    @classmethod
    def _timezone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{value!r} is no time zone; write it like Europe/Moscow") from None

    @field_validator("quiet_hours")
    @classmethod
    def _quiet_hours(cls, value: str) -> str:
        if value and read_quiet_hours(value) is None:
            raise ValueError(f"{value!r} are no hours; write them like 21:00-09:00")
        return value

    @field_validator("frequency_cap")
    @classmethod
    def _frequency_cap(cls, value: str) -> str:
        if value and read_cap(value) is None:
            raise ValueError(f"{value!r} is no limit; write three in a week like 3/7d")
        return value

    @field_validator("calls")
    @classmethod
    def _calls(cls, value: str) -> str:
        for part in filter(None, (it.strip() for it in value.split(","))):
            if beginning(part) is None:
                raise ValueError(f"{part!r} is no web address; write https://host/path/")
        return value

    @field_validator("staff", mode="before")
    @classmethod
    def _staff(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        roles: dict[str, str] = {}
        for entry in filter(None, (part.strip() for part in value.split(","))):
            who, equals, role = entry.partition("=")
            channel, colon, number = who.partition(":")
            if not (equals and colon and channel and number and role in ROLES):
                raise ValueError(
                    f"cannot read {entry!r}; write it like telegram:123456=owner, "
                    f"with a role of {', '.join(ROLES)}"
                )
            roles[who] = role
        return roles

    @property
    def callable_addresses(self) -> tuple[str, ...]:
        """How the addresses begin that scenarios may ask."""
        return tuple(filter(None, (part.strip() for part in self.calls.split(","))))

    @property
    def preferences(self) -> Preferences:
        """What holds for people who chose nothing themselves."""
        return Preferences(
            zone=self.default_timezone,
            quiet=read_quiet_hours(self.quiet_hours),
            cap=read_cap(self.frequency_cap),
        )

    @property
    def embedded(self) -> bool:
        """Whether everything runs in this one process."""
        return not (self.broker_url or self.redis_url)

    @property
    def key(self) -> bytes:
        """The secret key as bytes."""
        return self.secret_key.get_secret_value().encode()


def load(env_file: Path | None = Path(".env")) -> Settings:
    """The settings; raises BadSettings. A missing SECRET_KEY is made up for embedded use."""
    try:
        settings = Settings(_env_file=env_file)  # type: ignore[call-arg]
    except ValidationError as error:
        raise BadSettings(explain(error, "")) from None
    if settings.secret_key.get_secret_value():
        return settings
    if not settings.embedded:
        raise BadSettings("SECRET_KEY is empty: set it to 32 random bytes, the same everywhere.")
    return settings.model_copy(update={"secret_key": SecretStr(secrets.token_hex(32))})


def explain(error: ValidationError, prefix: str) -> str:
    """One sentence about the first wrong setting, without its value."""
    first = error.errors(include_input=False, include_url=False)[0]
    name = (prefix + ".".join(str(part) for part in first["loc"])).upper()
    return f"{name} is wrong: {first['msg'].removeprefix('Value error, ')}."
