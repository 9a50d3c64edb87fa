"""Reads the templates that the business asks Meta to approve (whatsapp.md section 3.3)."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from emulators.whatsapp.bodies import BODY, FOOTER, HEADER, URL
from emulators.whatsapp.params import Params, bad_value, invalid, missing
from emulators.whatsapp.settings import DAY, Category, HeaderFormat, Template, TemplateButton
from emulators.whatsapp.shelf import variables

NAME = 512
TEMPLATE_BUTTONS = 10
BUTTON_TEXT = 25
COUPON = 15
PHONE = 20
LANGUAGE = 16
KEYS = (
    "name",
    "language",
    "category",
    "allow_category_change",
    "parameter_format",
    "components",
    "message_send_ttl_seconds",
)

CATEGORIES: tuple[Category, ...] = get_args(Category)
HEADER_FORMATS: tuple[HeaderFormat, ...] = get_args(HeaderFormat)
PART_KEYS: Mapping[str, tuple[str, ...]] = {
    "HEADER": ("type", "format", "text", "example"),
    "BODY": ("type", "text", "example"),
    "FOOTER": ("type", "text"),
    "BUTTONS": ("type", "buttons"),
}
# Seconds from and to; -1 is thirty days, except for marketing (Meta's page on time to live).
LIFETIMES: Mapping[Category, tuple[int, int]] = {
    "AUTHENTICATION": (30, 900),
    "UTILITY": (30, 43_200),
    "MARKETING": (43_200, 2_592_000),
}


def read_creation(params: Params) -> Template:
    """A template that the business asks to have approved; it starts as PENDING."""
    params.only(*KEYS)
    name = params.text("name", NAME)
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise invalid("Param name must hold lower-case letters, digits and underscores only.")
    named = str(params.get("parameter_format") or "").upper() == "NAMED"
    category = params.choice("category", CATEGORIES)
    template = Template(
        name=name,
        language=params.text("language", LANGUAGE),
        category=category,
        body="",
        status="PENDING",
        parameter_format="NAMED" if named else "POSITIONAL",
    )
    return _lasting(_composed(template, params), params)


def read_edit(params: Params, template: Template) -> Template:
    """A template with what an edit changes of it; it waits for approval again."""
    params.only("category", "components", "message_send_ttl_seconds", "parameter_format")
    category = params.choice("category", CATEGORIES) if params.has("category") else None
    changed = replace(
        template, category=category or template.category, status="PENDING", reason="NONE"
    )
    composed = _composed(changed, params) if params.has("components") else changed
    return _lasting(composed, params)


def _composed(template: Template, params: Params) -> Template:
    parts = {}
    for part in params.items("components", most=len(PART_KEYS)):
        kind = str(part.get("type")).upper()
        if kind not in PART_KEYS:
            part.choice("type", tuple(PART_KEYS))
        part.only(*PART_KEYS[kind])
        parts[kind] = part
    if "BODY" not in parts:
        raise missing("Param components must have a BODY.")
    header, footer, buttons = (parts.get(kind) for kind in ("HEADER", "FOOTER", "BUTTONS"))
    header_format = _format(header)
    text = header.text("text", HEADER) if header and header_format == "TEXT" else ""
    body = parts["BODY"].text("text", BODY)
    named = template.parameter_format == "NAMED"
    _check_samples("body", body, parts["BODY"], named=named)
    if header:
        _check_samples("header", text, header, named=named)
    return replace(
        template,
        body=body,
        header=text,
        header_format=header_format,
        footer=footer.text("text", FOOTER) if footer else "",
        buttons=tuple(_read_button(b) for b in buttons.items("buttons", TEMPLATE_BUTTONS))
        if buttons
        else (),
    )


def _format(header: Params | None) -> HeaderFormat:
    if header is None:
        return "TEXT"
    found = header.choice("format", HEADER_FORMATS)
    if found != "TEXT" and not (header.has("example") and header.child("example").has(SAMPLE)):
        raise missing(f"{header.name('example', SAMPLE)} is required for a header of {found}.")
    return found


SAMPLE = "header_handle"


def _check_samples(part: str, text: str, component: Params, *, named: bool) -> None:
    """Every variable is submitted with a sample value, positional ones in their order."""
    names = variables(text)
    if not names:
        return
    if not named and names != [str(number) for number in range(1, len(names) + 1)]:
        raise invalid(f"Variables of the {part} must be {{{{1}}}}, {{{{2}}}} and so on.")
    if not component.has("example"):
        raise missing(f"{component.name('example')} is required: the {part} has variables.")
    samples = _samples(part, component.child("example"), named=named)
    if len(samples) != len(names) or (named and set(samples) != set(names)):
        raise invalid(f"The samples of the {part} do not match its variables.")


def _samples(part: str, example: Params, *, named: bool) -> list[Any]:
    if named:
        key = f"{part}_text_named_params"
        return [item.text("param_name", NAME) for item in example.items(key, most=100)]
    given = example.get(f"{part}_text")
    if part == "body" and isinstance(given, list) and given and isinstance(given[0], list):
        given = given[0]
    return given if isinstance(given, list) else []


def _read_button(button: Params) -> TemplateButton:
    kind = button.choice("type", ("QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE"))
    if kind == "COPY_CODE":
        example = button.get("example")
        sample = example[0] if isinstance(example, list) and example else example
        if not isinstance(sample, str) or not 1 <= len(sample) <= COUPON:
            raise bad_value(f"{button.name('example')} must be a code of 1 to {COUPON} characters.")
        return TemplateButton("Copy offer code", coupon=sample)
    text = button.text("text", BUTTON_TEXT)
    if kind == "PHONE_NUMBER":
        return TemplateButton(text, phone=button.text("phone_number", PHONE))
    if kind == "QUICK_REPLY":
        return TemplateButton(text)
    url = button.text("url", URL)
    if variables(url) and not button.has("example"):
        raise missing(f"{button.name('example')} is required: the link has a variable.")
    return TemplateButton(text, url)


def _lasting(template: Template, params: Params) -> Template:
    told = params.get("message_send_ttl_seconds")
    if told is None:
        return template
    least, most = LIFETIMES[template.category]
    if not isinstance(told, int):
        raise invalid("Param message_send_ttl_seconds must be a whole number.")
    if told == -1 and template.category != "MARKETING":
        return replace(template, ttl_seconds=30 * DAY)
    if not least <= told <= most:
        raise bad_value(f"Param message_send_ttl_seconds must be from {least} to {most}.")
    return replace(template, ttl_seconds=float(told))
