"""Reads interactive messages: buttons, lists, links, flows, questions for a place or a number."""

import json
from collections.abc import Callable, Mapping

from emulators.screens import Key
from emulators.whatsapp.bodies import (
    BODY,
    FOOTER,
    HEADER,
    URL,
    Answer,
    Button,
    Draft,
    Known,
    labels,
    media_source,
    picture,
)
from emulators.whatsapp.params import Params, bad_value

# Characters (whatsapp.md section 3.2, with Meta's pages).
LIST_BODY = 4096
BUTTONS = 3
BUTTON_TITLE = 20
BUTTON_ID = 256
SECTIONS = ROWS = 10
SECTION_TITLE = ROW_TITLE = 24
ROW_DESCRIPTION = 72
ROW_ID = 200
FLOW_BUTTON = 30
FLOW_KEYS = (
    "flow_message_version",
    "flow_id",
    "flow_name",
    "flow_cta",
    "flow_token",
    "flow_action",
    "flow_action_payload",
    "mode",
)
SHARE_LOCATION = "Отправить геопозицию"
SHARE_NUMBER = "Отправить номер телефона"
# Where everybody is who shares a location: the middle of Moscow.
PLACE = {"latitude": 55.7558, "longitude": 37.6173}


def read_interactive(params: Params, known: Known) -> Draft:
    """Buttons, a list, a link, or a question for a place or a number."""
    message = params.child("interactive")
    message.only("type", "header", "body", "footer", "action")
    kind = message.choice("type", ACTIONS)
    body = message.child("body")
    body.only("text")
    text = body.text("text", LIST_BODY if kind == "list" else BODY)
    header, image = _header(message, kind, known)
    buttons = ACTIONS[kind](message.child("action"))
    return Draft(
        "interactive",
        "\n".join(filter(None, (header, text, _footer(message)))),
        buttons=buttons,
        detail={"interactive": kind, "buttons": labels(buttons)},
        image=image,
    )


def _header(message: Params, kind: str, known: Known) -> tuple[str, str | None]:
    if not message.has("header"):
        return "", None
    header = message.child("header")
    header_kind = header.choice("type", HEADERS[kind])
    header.only("type", header_kind)
    if header_kind == "text":
        return header.text("text", HEADER), None
    source = media_source(header.child(header_kind), known)
    return "", picture(source) if header_kind == "image" else None


HEADERS: Mapping[str, tuple[str, ...]] = {
    "button": ("text", "image", "video", "document"),
    "cta_url": ("text", "image", "video", "document"),
    "list": ("text",),
    "location_request_message": (),
    "request_contact_info": (),
    "flow": ("text", "image", "video", "document"),
}


def _footer(message: Params) -> str | None:
    if not message.has("footer"):
        return None
    footer = message.child("footer")
    footer.only("text")
    return footer.text("text", FOOTER)


def _reply_buttons(action: Params) -> list[Button]:
    action.only("buttons")
    buttons, titles, ids = [], set(), set()
    for item in action.items("buttons", BUTTONS):
        item.only("type", "reply")
        item.choice("type", ("reply",))
        reply = item.child("reply")
        reply.only("id", "title")
        if not 1 <= len(str(reply.get("title") or "")) <= BUTTON_TITLE:
            raise bad_value(
                f"Button title length invalid. Min length: 1, Max length: {BUTTON_TITLE}"
            )
        title, reply_id = reply.text("title", BUTTON_TITLE), reply.text("id", BUTTON_ID)
        if title in titles or reply_id in ids:
            raise bad_value("Duplicated button title or id.")
        titles.add(title)
        ids.add(reply_id)
        buttons.append(Button(Key(title), (_reply("button_reply", id=reply_id, title=title),)))
    return buttons


def _list(action: Params) -> list[Button]:
    action.only("button", "sections")
    keys: list[Key] = []
    answers: dict[str, Answer] = {}
    sections = list(action.items("sections", SECTIONS))
    for section in sections:
        section.only("title", "rows")
        title = section.maybe("title", SECTION_TITLE)
        if title is None and len(sections) > 1:
            raise bad_value("Section title is required when there is more than one section.")
        for row in section.items("rows", ROWS):
            key, answer = _row(row)
            if answer["id"] in answers:
                raise bad_value("Duplicated row id.")
            keys.append(key)
            answers[answer["id"]] = _reply("list_reply", **answer)
    if len(keys) > ROWS:
        raise bad_value(f"Total row count exceed max allowed count: {ROWS}")
    opener = Key(action.text("button", BUTTON_TITLE), kind="list", rows=keys)
    return [Button(opener, tuple(answers.values()))]


def _row(row: Params) -> tuple[Key, dict[str, str]]:
    row.only("id", "title", "description")
    if len(str(row.get("title") or "")) > ROW_TITLE:
        raise bad_value(f"Row title is too long. Max length is {ROW_TITLE}")
    answer = {"id": row.text("id", ROW_ID), "title": row.text("title", ROW_TITLE)}
    if description := row.maybe("description", ROW_DESCRIPTION):
        answer["description"] = description
    return Key(answer["title"], description=description), answer


def _link(action: Params) -> list[Button]:
    action.only("name", "parameters")
    action.choice("name", ("cta_url",))
    parameters = action.child("parameters")
    parameters.only("display_text", "url")
    label, url = parameters.text("display_text", BUTTON_TITLE), parameters.text("url", URL)
    if not url.startswith(("https://", "http://")):
        raise bad_value(f"Param {parameters.name('url')} is not a valid URI.")
    return [Button(Key(label, kind="link", url=url))]


def _ask_location(action: Params) -> list[Button]:
    action.only("name")
    action.choice("name", ("send_location",))
    return [Button(Key(SHARE_LOCATION), ({"type": "location", "location": PLACE},))]


def _ask_number(action: Params) -> list[Button]:
    action.only("name")
    action.choice("name", ("request_contact_info",))
    return [Button(Key(SHARE_NUMBER, kind="contact"))]


def _flow(action: Params) -> list[Button]:
    action.only("name", "parameters")
    action.choice("name", ("flow",))
    parameters = action.child("parameters")
    parameters.only(*FLOW_KEYS)
    parameters.choice("flow_message_version", ("3",))
    if parameters.has("flow_id") == parameters.has("flow_name"):
        raise bad_value(f"{parameters.name()} must have exactly one of flow_id and flow_name.")
    token = parameters.maybe("flow_token", ROW_ID)
    filled = {"flow_token": token} if token else {}
    answer = {"name": "flow", "body": "Sent", "response_json": json.dumps(filled)}
    reply = {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": answer}}
    return [Button(Key(parameters.text("flow_cta", FLOW_BUTTON)), (reply,))]


ACTIONS: Mapping[str, Callable[[Params], list[Button]]] = {
    "button": _reply_buttons,
    "list": _list,
    "cta_url": _link,
    "location_request_message": _ask_location,
    # So named by everybody who sends it (pywa, Gupshup, Kapso); contact_request is the answer's.
    "request_contact_info": _ask_number,
    "flow": _flow,
}


def _reply(kind: str, **answer: str) -> Answer:
    return {"type": "interactive", "interactive": {"type": kind, kind: answer}}
