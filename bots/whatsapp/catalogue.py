"""Reads the account's templates, and tells which of them Vestnik can fill. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from vestnik.abilities import TemplateInfo

_VARIABLE = re.compile(r"\{\{\s*([A-Za-z0-9_]+)\s*\}\}")


def template_info(told: Any) -> TemplateInfo | None:
    """One item of `message_templates`; None when it is not readable.

    A template that is approved, but holds what we cannot fill (a variable or a file in its
    header, a variable in a link, a press button after another kind), has the status
    "UNSUPPORTED: …" instead.
    """
    if not isinstance(told, dict) or not isinstance(told.get("name"), str):
        return None
    body = next((_text(part) for part in _parts(told, "BODY")), "")
    unfit = next(_unfit(told, body), None)
    status = str(told.get("status", ""))
    variables = tuple(dict.fromkeys(_VARIABLE.findall(body)))
    return TemplateInfo(
        name=told["name"],
        language=str(told.get("language", "")),
        category=str(told.get("category", "")),
        status=f"UNSUPPORTED: {unfit}" if unfit and status == "APPROVED" else status,
        body=body,
        variables=len(variables),
        quick_replies=tuple(
            str(button.get("text", ""))
            for button in _buttons(told)
            if button.get("type") == "QUICK_REPLY"
        ),
        names=variables if not any(map(str.isdigit, variables)) else (),
    )


def _unfit(told: Mapping[str, Any], body: str) -> Iterator[str]:
    if len({name.isdigit() for name in _VARIABLE.findall(body)}) > 1:
        yield "named and numbered variables"
    for header in _parts(told, "HEADER"):
        if header.get("format", "TEXT") != "TEXT":
            yield f"a header with {str(header['format']).lower()}"
        if _VARIABLE.search(_text(header)):
            yield "a variable in the header"
    kinds = [button.get("type") for button in _buttons(told)]
    if sorted(kinds, key=lambda kind: kind != "QUICK_REPLY") != kinds:
        yield "quick replies after other buttons"
    for button in _buttons(told):
        if button.get("type") not in ("QUICK_REPLY", "URL", "PHONE_NUMBER"):
            yield f"a button of the type {button.get('type')}"
        if _VARIABLE.search(str(button.get("url", ""))):
            yield "a variable in a link"


def _parts(told: Mapping[str, Any], kind: str) -> Iterator[Mapping[str, Any]]:
    parts = told.get("components")
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, dict) and part.get("type") == kind:
            yield part


def _buttons(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [
        button
        for part in _parts(told, "BUTTONS")
        for button in (part["buttons"] if isinstance(part.get("buttons"), list) else [])
        if isinstance(button, dict)
    ]


def _text(part: Mapping[str, Any]) -> str:
    text = part.get("text")
    return text if isinstance(text, str) else ""
