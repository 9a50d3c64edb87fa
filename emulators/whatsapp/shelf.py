"""The templates of the business account: finding, listing, replacing and deleting them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.settings import Template, TemplateButton

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def variables(text: str) -> list[str]:
    """The variables of a text, each once, in their order."""
    return list(dict.fromkeys(VARIABLE.findall(text)))


class Shelf:
    """The templates of one account, by name and language."""

    def __init__(self, templates: Sequence[Template]) -> None:
        self._entries: dict[tuple[str, str], tuple[str, Template]] = {}
        self._ids = iter(range(168_000_000_000_001, 169_000_000_000_000))
        for template in templates:
            self.put(template)

    def put(self, template: Template) -> str:
        """Keep a template, in place of one of the same name and language; gives its id."""
        key = (template.name, template.language)
        known = self._entries.get(key)
        template_id = known[0] if known else str(next(self._ids))
        self._entries[key] = (template_id, template)
        return template_id

    def find(self, name: str, language: str) -> Template:
        """A template that may be sent; raises 132001, 132015, 132016."""
        entry = self._entries.get((name, language))
        status = entry[1].status if entry else None
        if status == "PAUSED":
            raise GraphError(132015, f"Template {name} is paused because of its quality.")
        if status == "DISABLED":
            raise GraphError(132016, f"Template {name} is disabled.")
        if entry is None or status != "APPROVED":
            raise GraphError(132001, f"template name ({name}) does not exist in {language}")
        return entry[1]

    def knows(self, name: str, language: str) -> bool:
        """Whether there is such a template, approved or not."""
        return (name, language) in self._entries

    def named(self, name: str, language: str) -> tuple[str, Template] | None:
        """A template and its id, approved or not."""
        return self._entries.get((name, language))

    @property
    def places(self) -> Sequence[tuple[str, str]]:
        """Name and language of all."""
        return list(self._entries)

    def numbered(self, template_id: str) -> Template | None:
        """The template of an id."""
        return next((it for known, it in self._entries.values() if known == template_id), None)

    def remove(self, name: str, template_id: str | None = None) -> bool:
        """Delete a template in all its languages, or one of them; False when there is none."""
        gone = [
            key
            for key, (known, _) in self._entries.items()
            if key[0] == name and template_id in (None, known)
        ]
        for key in gone:
            del self._entries[key]
        return bool(gone)

    def listing(self, **wanted: str) -> Iterator[dict[str, Any]]:
        """The templates as the API lists them, narrowed by name, language, status, category.

        Each may name several, with commas between them.
        """
        for template_id, template in self._entries.values():
            shown = described(template_id, template)
            if all(shown[key] in value.split(",") for key, value in wanted.items()):
                yield shown


def described(template_id: str, template: Template) -> dict[str, Any]:
    """A template as the API shows it."""
    return {
        "name": template.name,
        "parameter_format": template.parameter_format,
        "components": _components(template),
        "language": template.language,
        "status": template.status,
        "category": template.category,
        "message_send_ttl_seconds": int(template.ttl_seconds),
        "quality_score": {"score": template.quality, "date": int(template.scored_at)},
        "rejected_reason": template.reason,
        "id": template_id,
    }


def _components(template: Template) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = []
    if template.header or template.header_format != "TEXT":
        header = {"type": "HEADER", "format": template.header_format}
        text = {"text": template.header} if template.header else {}
        parts.append(header | text | _example("header", template, template.header))
    body = {"type": "BODY", "text": template.body}
    parts.append(body | _example("body", template, template.body))
    if template.footer:
        parts.append({"type": "FOOTER", "text": template.footer})
    if template.buttons:
        parts.append({"type": "BUTTONS", "buttons": [_button(b) for b in template.buttons]})
    return parts


def _example(part: str, template: Template, text: str) -> dict[str, Any]:
    """The sample values that every text with variables was submitted with."""
    names = variables(text)
    if not names:
        return {}
    if template.parameter_format == "NAMED":
        named = [{"param_name": name, "example": name} for name in names]
        return {"example": {f"{part}_text_named_params": named}}
    return {"example": {f"{part}_text": names if part == "header" else [names]}}


def _button(button: TemplateButton) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": button.kind, "text": button.text}
    if button.url is not None:
        shown["url"] = button.url
        if names := variables(button.url):
            shown["example"] = [VARIABLE.sub(names[0], button.url)]
    elif button.phone is not None:
        shown["phone_number"] = button.phone
    elif button.coupon is not None:
        shown["example"] = [button.coupon]
    return shown
