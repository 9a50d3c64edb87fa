"""The JSON Schema of a scenario's file, for editors that complete and check YAML.

It tells the form that is written, which is shorter than what it becomes: a choice is its labels, an
answer or a wait may be one word, steps are named by their keys.
"""

from typing import Any

from dialogs.scenario import Scenario

Schema = dict[str, Any]

_STEPS = ("Say", "Ask", "Consent", "Phone", "Wait", "Branch", "Call", "Handover", "End")
_SCALAR = {"type": ["string", "number"]}


def schema() -> Schema:
    """The schema, as JSON values."""
    told: Schema = Scenario.model_json_schema()
    parts: dict[str, Schema] = told["$defs"]
    _without(told, "version", "source", "files", "contents")
    _without(parts["Shown"], "key")
    told["required"] = ["name", "languages", "steps"]
    for name in _STEPS:
        _without(parts[name], "id")
    for name in ("Choice", "Extra"):
        _labelled(parts[name])
    for name in ("Answering", "Case"):
        parts[name]["properties"].update(at_least=_SCALAR, at_most=_SCALAR)
    for named in (told["properties"], parts["Ask"]["properties"]):
        for name in named.keys() & {"steps", "entries", "choices", "topics"}:
            named[name]["additionalProperties"] = False
    parts["Consent"]["properties"]["version"] = _SCALAR
    among = parts["Case"]["properties"]["is"]
    among.update({"type": ["array", "string"]})
    kinds = [it for it in parts["Answering"]["properties"]["kind"]["enum"] if it != "listed"]
    _in_short(parts, "Answering", {"enum": kinds})
    _in_short(parts, "Waiting", _duration(parts))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **told,
        "title": "A scenario of Vestnik",
    }


def _without(part: Schema, *names: str) -> None:
    for name in names:
        del part["properties"][name]
    part["required"] = [it for it in part.get("required", ()) if it not in names]


def _labelled(part: Schema) -> None:
    """Its other keys are languages."""
    label = part["properties"].pop("labels")["additionalProperties"]
    part["required"] = []
    part["additionalProperties"] = label


def _in_short(parts: dict[str, Schema], name: str, short: Schema) -> None:
    """It may also be written as one word."""
    parts[name] = {"anyOf": [short, parts[name]]}


def _duration(parts: dict[str, Schema]) -> Schema:
    options = parts["Waiting"]["properties"]["time"]["anyOf"]
    duration: Schema = next(it for it in options if it.get("type") == "string")
    return duration
