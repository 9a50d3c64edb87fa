"""Fills in a template with what a request gives, and refuses what does not fit it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from emulators.screens import Key
from emulators.whatsapp.bodies import BODY, URL, Button, Draft, Known, labels, media_source, picture
from emulators.whatsapp.creations import COUPON, LANGUAGE, NAME, TEMPLATE_BUTTONS
from emulators.whatsapp.errors import GraphError
from emulators.whatsapp.params import Params, bad_value, missing
from emulators.whatsapp.settings import ButtonKind, Template, TemplateButton
from emulators.whatsapp.shelf import VARIABLE, Shelf, variables

PAYLOAD = 256
PARAMETER = 32_768

# A parameter is one line (Meta's error 132018).
BREAKS = re.compile(r"[\n\r\t]| {5,}")


@dataclass(slots=True)
class Filling:
    """What a request gives for one template, part by part."""

    header: Params | None = None
    body: Params | None = None
    buttons: dict[int, Params] = field(default_factory=dict)


def read_template(params: Params, shelf: Shelf, known: Known) -> Draft:
    """A message made of a template, with its variables filled in."""
    told = params.child("template")
    told.only("name", "language", "components")
    language = told.child("language")
    language.only("code", "policy")
    template = shelf.find(told.text("name", NAME), language.text("code", LANGUAGE))
    filling = _filling(told)
    header, image = _fill_header(template, filling.header, known)
    body = _fill("body", template, template.body, filling.body)
    if len(body) > BODY:
        raise GraphError(132005, f"Translated text is longer than {BODY} characters.")
    buttons = _fill_buttons(template, filling.buttons)
    return Draft(
        "template",
        "\n".join(filter(None, (header, body, template.footer))),
        buttons=buttons,
        detail={
            "template": template.name,
            "language": template.language,
            "category": template.category,
            "buttons": labels(buttons),
        },
        image=image,
        template=template,
    )


def _filling(told: Params) -> Filling:
    filling = Filling()
    if not told.has("components"):
        return filling
    for component in told.items("components", most=TEMPLATE_BUTTONS + 2, least=0):
        component.only("type", "sub_type", "index", "parameters")
        kind = str(component.get("type")).lower()
        if kind == "header":
            filling.header = component
        elif kind == "body":
            filling.body = component
        elif kind == "button":
            _keep_button(filling, component)
        else:
            component.choice("type", ("header", "body", "button"))
    return filling


def _keep_button(filling: Filling, component: Params) -> None:
    try:
        index = int(component.get("index"))
    except (TypeError, ValueError):
        raise missing("Button index is required.") from None
    filling.buttons[index] = component


def _parameters(component: Params | None) -> list[Params]:
    if component is None or not component.has("parameters"):
        return []
    return list(component.items("parameters", most=100, least=0))


def _fill_header(
    template: Template, component: Params | None, known: Known
) -> tuple[str, str | None]:
    if template.header_format == "TEXT":
        return _fill("header", template, template.header, component), None
    kind = template.header_format.lower()
    parameters = _parameters(component)
    if len(parameters) != 1 or parameters[0].get("type") != kind:
        raise GraphError(132012, f"header: Format mismatch, expected {template.header_format}")
    source = media_source(parameters[0].child(kind), known)
    return "", picture(source) if kind == "image" else None


def _fill(part: str, template: Template, text: str, component: Params | None) -> str:
    names, parameters = variables(text), _parameters(component)
    if len(names) != len(parameters):
        raise GraphError(
            132000,
            f"{part}: number of localizable_params ({len(parameters)}) "
            f"does not match the expected number of params ({len(names)})",
        )
    named = template.parameter_format == "NAMED"
    values: dict[str, str] = {}
    for name, parameter in zip(names, parameters, strict=True):
        values[_name_of(parameter) if named else name] = _value(part, parameter)
    if values.keys() != set(names):
        raise GraphError(100, "Parameter name is missing or empty")
    return VARIABLE.sub(lambda found: values[found[1]], text)


def _name_of(parameter: Params) -> str:
    return str(parameter.get("parameter_name") or "")


def _value(part: str, parameter: Params) -> str:
    parameter.only("type", "text", "parameter_name")
    if parameter.get("type") != "text":
        raise GraphError(132012, f"{part}: Format mismatch, expected TEXT")
    text = parameter.text("text", PARAMETER)
    if BREAKS.search(text):
        raise GraphError(
            132018,
            "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
        )
    return text


def _fill_buttons(template: Template, given: Mapping[int, Params]) -> list[Button]:
    for index in given:
        if not 0 <= index < len(template.buttons):
            raise bad_value(f"buttons: Button at index {index} does not exist in the template.")
    return [
        _fill_button(index, button, given.get(index))
        for index, button in enumerate(template.buttons)
    ]


def _fill_button(index: int, button: TemplateButton, component: Params | None) -> Button:
    # Meta's pages write a sub_type in small letters, pywa in capitals: both are sent in production.
    if component and str(component.get("sub_type")).lower() != SUB_TYPES[button.kind]:
        component.choice("sub_type", (SUB_TYPES[button.kind],))
    parameters = _parameters(component)
    if button.kind == "QUICK_REPLY":
        payload = parameters[0].text("payload", PAYLOAD) if parameters else button.text
        answer = {"type": "button", "button": {"payload": payload, "text": button.text}}
        return Button(Key(button.text), (answer,))
    if button.kind == "PHONE_NUMBER":
        return Button(Key(button.text, kind="link", url=f"tel:{button.phone}"))
    if button.kind == "COPY_CODE":
        if not parameters:
            raise missing(f"buttons: Button at index {index} of type CopyCode requires a parameter")
        code = parameters[0].text("coupon_code", COUPON)
        return Button(Key(button.text), copies=code)
    if bool(variables(button.url or "")) != bool(parameters):
        raise missing(f"buttons: Button at index {index} of type Url requires a parameter")
    ending = parameters[0].text("text", URL) if parameters else ""
    url = VARIABLE.sub(lambda _: ending, button.url or "")
    return Button(Key(button.text, kind="link", url=url))


SUB_TYPES: Mapping[ButtonKind, str] = {
    "QUICK_REPLY": "quick_reply",
    "URL": "url",
    "PHONE_NUMBER": "voice_call",
    "COPY_CODE": "copy_code",
}
