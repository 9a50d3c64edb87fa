"""The machine-readable VK API (`VESTNIK_SPEC`, folder vk) as JSON Schema that a validator reads."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

# What the files' relative references are resolved against; nothing is ever fetched from there.
HOME = "https://schema.invalid/"


class Specification:
    """Every file of the specification; objects whose file is missing may look as they like."""

    def __init__(self) -> None:
        folder = os.environ.get("VESTNIK_SPEC")
        assert folder, "set VESTNIK_SPEC to the folder that holds vk/"
        root = Path(folder) / "vk"
        self._files: dict[str, Any] = {
            str(path.relative_to(root)): json.loads(path.read_text(encoding="utf-8"))
            for path in root.rglob("*.json")
        }
        resources = (
            (HOME + name, Resource.from_contents(self._tidy(told), DRAFT202012))
            for name, told in self._files.items()
        )
        self._registry = Registry[Any]().with_resources(resources)
        self.methods: Mapping[str, Mapping[str, Any]] = {
            method["name"]: method
            for name, told in self._files.items()
            if name.endswith("/methods.json")
            for method in told["methods"]
        }

    @property
    def errors(self) -> Mapping[int, str]:
        """The texts of errors by their codes."""
        told = self._files["errors.json"]["errors"].values()
        return {error["code"]: error["description"] for error in told}

    def response(self, method: str, kind: str, answer: Any) -> Mapping[str, str]:
        """What is wrong with a method's answer, by its place; `kind` names one of its responses."""
        return self._faults(self.methods[method]["responses"][kind]["$ref"], answer)

    def object(self, name: str, value: Any) -> Mapping[str, str]:
        """What is wrong with an object, by its place; `name` is such as callback_message_allow."""
        section = name.partition("_")[0]
        return self._faults(f"../{section}/objects.json#/definitions/{name}", value)

    def _faults(self, reference: str, value: Any) -> Mapping[str, str]:
        schema = {"$ref": HOME + reference.removeprefix("../")}
        validator = Draft202012Validator(schema, registry=self._registry)
        return {error.json_path: error.message for error in validator.iter_errors(value)}

    def _tidy(self, told: Any) -> Any:
        """A schema of VK's own dialect: `required` stands in each property, not in the object."""
        if isinstance(told, list):
            return [self._tidy(each) for each in told]
        if not isinstance(told, dict):
            return told
        if not self._is_known(told.get("$ref", "")):
            return {}
        tidy = {name: self._tidy(inner) for name, inner in told.items() if name != "properties"}
        if isinstance(tidy.get("required"), bool):
            del tidy["required"]
        if "oneOf" in tidy:
            # Told apart by a discriminator, which JSON Schema knows nothing of.
            tidy["anyOf"] = tidy.pop("oneOf")
        if isinstance(properties := told.get("properties"), dict):
            tidy["properties"] = {name: self._tidy(inner) for name, inner in properties.items()}
            tidy["required"] = _required(properties)
        return tidy

    def _is_known(self, reference: str) -> bool:
        file = reference.partition("#")[0].removeprefix("../")
        return not file or file in self._files


def _required(properties: Mapping[str, Any]) -> Sequence[str]:
    return [name for name, inner in properties.items() if inner.get("required") is True]
