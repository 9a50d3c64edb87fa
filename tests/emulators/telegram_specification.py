"""The machine-readable Bot API: whether a value has the documented shape, field by field."""

import json
import os
from pathlib import Path
from typing import Any

# Newer than the specification (aiogram 3.31 demands it).
NEWER = {"ChatMemberAdministrator": {"can_send_welcome_messages"}}
PLAIN = {"Integer": int, "String": str, "Boolean": bool, "Float": float, "True": bool}


class Specification:
    """Each method gives what is wrong with a value, in words; nothing when all is well."""

    def __init__(self, path: Path) -> None:
        told = json.loads(path.read_text(encoding="utf-8"))
        self._types = told["types"]
        self._methods = told["methods"]

    @property
    def methods(self) -> frozenset[str]:
        """All documented methods."""
        return frozenset(self._methods)

    def faults(self, method: str, result: Any) -> list[str]:
        """Of the result of a method."""
        kinds = self._methods[method]["returns"]
        return min((self._in(kind, result, method) for kind in kinds), key=len)

    def of(self, kind: str, value: Any) -> list[str]:
        """Of an object of a type."""
        return self._in(kind, value, kind)

    def parameters(self, method: str) -> frozenset[str]:
        """What a method can be told."""
        return frozenset(field["name"] for field in self._methods[method].get("fields", []))

    def _in(self, kind: str, value: Any, where: str) -> list[str]:
        if kind in PLAIN:
            return [] if type(value) is PLAIN[kind] else [f"{where}: {value!r} is no {kind}"]
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: {value!r} is no array"]
            inner = kind.removeprefix("Array of ")
            return [fault for item in value for fault in self._in(inner, item, where + "[]")]
        if kinds := self._types[kind].get("subtypes"):
            return min((self._in(sub, value, where) for sub in kinds), key=len)
        return self._fields(kind, value, where)

    def _fields(self, kind: str, value: Any, where: str) -> list[str]:
        if not isinstance(value, dict):
            return [f"{where}: {value!r} is no {kind}"]
        fields = {field["name"]: field for field in self._types[kind].get("fields", [])}
        needed = {name for name, field in fields.items() if field["required"]}
        faults = [f"{where}: {name} is missing" for name in needed - set(value)]
        for name, inner in value.items():
            if name in fields:
                kinds = fields[name]["types"]
                fewest: list[str] = min(
                    (self._in(sub, inner, f"{where}.{name}") for sub in kinds), key=len
                )
                faults += fewest
            elif name not in NEWER.get(kind, ()):
                faults.append(f"{where}: there is no {name} in {kind}")
        return faults


def specification_told() -> Specification:
    """The one in the folder that VESTNIK_SPEC names."""
    folder = os.environ.get("VESTNIK_SPEC")
    assert folder, "set VESTNIK_SPEC to the folder that holds telegram-bot-api.json"
    return Specification(Path(folder) / "telegram-bot-api.json")
