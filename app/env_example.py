"""Prints `.env.example` from the settings: `python -m app.env_example > .env.example`."""

from collections.abc import Iterator
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


def example() -> str:
    """The whole file."""
    parts = [OPENING, _section("The house", Settings)]
    parts += [_section(str(it.NAME), it.Settings) for it in messengers()]
    parts += [_section(f"SMS gateway {name}", it.Settings) for name, it in gateways().items()]
    return "\n".join(parts)


def names() -> Iterator[str]:
    """The name of every setting there is."""
    kinds = [Settings, *(it.Settings for it in messengers())]
    for kind in [*kinds, *(it.Settings for it in gateways().values())]:
        for field in kind.model_fields:
            yield _variable(kind, field)


def _section(title: str, kind: type[BaseSettings]) -> str:
    rows = [f"# --- {title} ---"]
    for name, field in kind.model_fields.items():
        rows.append(f"# {field.description}")
        rows.append(f"#{_variable(kind, name)}={_default(field)}")
    return "\n".join(rows) + "\n"


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
    print(example(), end="")  # noqa: T201 - it is what the module is for
