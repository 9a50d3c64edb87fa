"""Finds the channels that there are: every module of bots/ and fallback/gateways/."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Protocol, cast

from pydantic import ValidationError
from pydantic_settings import BaseSettings

import bots
import fallback.gateways
from app.settings import BadSettings, Settings, explain
from vestnik.channel import Channel


class ChannelSettings(Protocol):
    """What every channel's settings can tell."""

    @property
    def enabled(self) -> bool:
        """Whether there is enough to switch the channel on."""
        ...


def messengers() -> Iterator[ModuleType]:
    """The messenger modules."""
    yield from _modules(bots)


def gateways() -> dict[str, ModuleType]:
    """The SMS gateways, by the name that SMS_GATEWAY takes."""
    return {it.__name__.rsplit(".", 1)[1]: it for it in _modules(fallback.gateways)}


def switched_on(settings: Settings, env_file: Path | None) -> list[Channel]:
    """The channels that the settings switch on; raises BadSettings."""
    modules = list(messengers())
    if settings.sms_gateway:
        known = gateways()
        if settings.sms_gateway not in known:
            raise BadSettings(
                f"SMS_GATEWAY names {settings.sms_gateway!r}: "
                f"use one of {', '.join(sorted(known))}."
            )
        modules.append(known[settings.sms_gateway])
    channels: list[Channel] = []
    for module in modules:
        own = read_settings(module, env_file)
        if cast("ChannelSettings", own).enabled:
            channels.append(module.build(own))
    return channels


def read_settings(module: ModuleType, env_file: Path | None) -> BaseSettings:
    """A channel's own settings; raises BadSettings."""
    kind: type[BaseSettings] = module.Settings
    try:
        return kind(_env_file=env_file)
    except ValidationError as error:
        raise BadSettings(explain(error, str(kind.model_config["env_prefix"]))) from None


def _modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(package.__path__):
        yield importlib.import_module(f"{package.__name__}.{found.name}")
