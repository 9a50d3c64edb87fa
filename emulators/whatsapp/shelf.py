"""The templates of the business account: finding, listing, creating and deleting them."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from emulators.whatsapp.bodies import BODY, FOOTER, HEADER, URL
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.params import Params, invalid, missing
from emulators.whatsapp.settings import Category, HeaderFormat, Template, TemplateButton

# whatsapp.md section 3.3
NAME = 512
TEMPLATE_BUTTONS = 10
BUTTON_TEXT = 25
LANGUAGE = 16

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")

CATEGORIES: tuple[Category, ...] = get_args(Category)
HEADER_FORMATS: tuple[HeaderFormat, ...] = get_args(HeaderFormat)


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

    def remove(self, name: str) -> bool:
        """Delete a template in all its languages; False when there is none."""
        gone = [key for key in self._entries if key[0] == name]
        for key in gone:
            del self._entries[key]
        return bool(gone)

    def listing(self, **wanted: str) -> Iterator[dict[str, Any]]:
        """The templates as the API lists them, narrowed by name, language, status, category."""
        for template_id, template in self._entries.values():
            shown = {
                "name": template.name,
                "parameter_format": template.parameter_format,
                "components": _components(template),
                "language": template.language,
                "status": template.status,
                "category": template.category,
                "id": template_id,
            }
            if all(shown[key] == value for key, value in wanted.items()):
                yield shown


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


def _button(button: TemplateButton) -> dict[str, str]:
    if button.url is None:
        return {"type": "QUICK_REPLY", "text": button.text}
    return {"type": "URL", "text": button.text, "url": button.url}


def read_creation(params: Params) -> Template:
    """A template that the business asks to have approved; it starts as PENDING."""
    name = params.text("name", NAME)
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise invalid("Param name must hold lower-case letters, digits and underscores only.")
    parts = {str(part.get("type")).upper(): part for part in params.items("components", most=4)}
    if "BODY" not in parts:
        raise missing("Param components must have a BODY.")
    header, footer, buttons = (parts.get(kind) for kind in ("HEADER", "FOOTER", "BUTTONS"))
    named = str(params.get("parameter_format") or "").upper() == "NAMED"
    return Template(
        name=name,
        language=params.text("language", LANGUAGE),
        category=params.choice("category", CATEGORIES),
        body=parts["BODY"].text("text", BODY),
        status="PENDING",
        header=(header.maybe("text", HEADER) or "") if header else "",
        header_format=header.choice("format", HEADER_FORMATS) if header else "TEXT",
        footer=footer.text("text", FOOTER) if footer else "",
        buttons=tuple(_read_button(b) for b in buttons.items("buttons", TEMPLATE_BUTTONS))
        if buttons
        else (),
        parameter_format="NAMED" if named else "POSITIONAL",
    )


def _read_button(button: Params) -> TemplateButton:
    kind = button.choice("type", ("QUICK_REPLY", "URL"))
    text = button.text("text", BUTTON_TEXT)
    return TemplateButton(text, button.text("url", URL) if kind == "URL" else None)
