"""Prints `.env.example` from the settings: `python -m app.env_example`, or `make docs`."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from app.discovery import gateways, messengers
from app.settings import Settings

OPENING = """\
# Vestnik's settings: copy this to .env and fill in what you need.
# A channel without a token is off; what is commented out shows its default.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """One setting: the name of its variable, its default as it is written, and its purpose."""

    variable: str
    default: str
    description: str


def printed() -> str:
    """The whole file."""
    return "\n".join([OPENING, *(_section(title, rows) for title, rows in sections())])


def names() -> Iterator[str]:
    """The name of every setting there is."""
    for _, rows in sections():
        yield from (row.variable for row in rows)


def sections() -> Iterator[tuple[str, list[Row]]]:
    """The settings of the house and of every channel, each under a title."""
    yield "The house", _rows(Settings)
    for messenger in messengers():
        yield str(messenger.NAME), _rows(messenger.Settings)
    for name, gateway in gateways().items():
        yield f"SMS gateway {name}", _rows(gateway.Settings)


def _section(title: str, rows: list[Row]) -> str:
    lines = [f"# --- {title} ---"]
    for row in rows:
        lines += [f"# {row.description}", f"#{row.variable}={row.default}"]
    return "\n".join(lines) + "\n"


def _rows(kind: type[BaseSettings]) -> list[Row]:
    return [
        Row(_variable(kind, name), _default(field), field.description or "")
        for name, field in kind.model_fields.items()
    ]


def _variable(kind: type[BaseSettings], field: str) -> str:
    return f"{kind.model_config.get('env_prefix', '')}{field}".upper()


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True, validated_data={})
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, Enum):
        return str(value.value)
    return "" if value is None or value == {} else str(value)


if __name__ == "__main__":
    print(printed(), end="")  # noqa: T201 - it is what the module is for
