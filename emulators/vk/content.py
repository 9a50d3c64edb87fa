"""What a message is made of: the parameters that messages.send and messages.edit share."""

import json
import re
from collections.abc import Mapping
from typing import Any

from emulators.utf16 import units
from emulators.vk.call import Call
from emulators.vk.carousel import read_carousel
from emulators.vk.community import Community
from emulators.vk.errors import VkError
from emulators.vk.files import Files
from emulators.vk.history import Content, Message
from emulators.vk.keyboard import read_keyboard

# The schema says 9000, clients cut at 4096 (vkbottle, dev.vk.com/method/messages.send).
TEXT = 4_096
# dev.vk.com/method/messages.send: payload 1000, attachment 9000 characters, 10 objects.
PAYLOAD = 1_000
ATTACHMENT = 9_000
ATTACHMENTS = 10
FORWARDS = 100

ATTACHED = re.compile(
    r"(photo|video|audio|doc|wall|market|poll|audio_message|graffiti|story|video_playlist)"
    r"(-?\d+)_(\d+)(?:_(\w+))?"
)
STYLES = ("bold", "italic", "underline", "url")


def read_content(call: Call, community: Community, files: Files) -> Content:
    """The content of a call; raises 100, 911, 912, 913, 914 or 921. `files` are those kept here."""
    text = call.text("message", "")
    if len(text) > TEXT:
        raise VkError(914)
    template = call.mapping("template")
    reply, forwarded = _quoted(call, community)
    content = Content(
        text=text,
        attachments=_attachments(call, files),
        keyboard=read_keyboard(call.text("keyboard")) if call.has("keyboard") else None,
        carousel=read_carousel(template) if template is not None else None,
        payload=_payload(call),
        format_data=_format(call, text),
        reply=reply,
        forwarded=forwarded,
        geo=_geo(call),
    )
    if not (text or content.attachments or content.carousel or forwarded or content.geo):
        raise VkError(100, "message is empty or invalid")
    _check_keys(content, community)
    return content


def _check_keys(content: Content, community: Community) -> None:
    if content.carousel and not content.text:
        # vk.com/dev/bot_docs_templates: the parameter message is required.
        raise VkError(100, "message is empty or invalid")
    if content.carousel and content.keyboard and content.keyboard.inline:
        # github.com/vkbottle/vkbottle/issues/855.
        raise VkError(100, "Only template or keyboard field should be specified")
    if (content.carousel or content.keyboard) and not community.bots:
        raise VkError(912)


def _attachments(call: Call, files: Files) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    if call.has("sticker_id"):
        found.append({"type": "sticker", "sticker": {"sticker_id": call.integer("sticker_id")}})
    told = call.text("attachment", "", most=ATTACHMENT)
    for part in filter(None, (part.strip() for part in told.split(","))):
        matched = ATTACHED.fullmatch(part)
        if matched is None:
            raise VkError(100, "attachment is invalid")
        kind, owner, number = matched[1], int(matched[2]), int(matched[3])
        kept = files.find(kind, owner, number)
        if kept and matched[4] and matched[4] != kept.object["access_key"]:
            raise VkError(100, "attachment is invalid")
        unknown = {"type": kind, kind: {"owner_id": owner, "id": number}}
        found.append(kept.attachment if kept else unknown)
    if len(found) > ATTACHMENTS:
        raise VkError(100, f"attachment should contain no more than {ATTACHMENTS} items")
    return found


def _payload(call: Call) -> str | None:
    if not call.has("payload"):
        return None
    told = call.text("payload", most=PAYLOAD)
    try:
        json.loads(told)
    except (ValueError, RecursionError):
        raise VkError(100, "payload is invalid") from None
    return told


def _format(call: Call, text: str) -> dict[str, Any] | None:
    told = call.mapping("format_data")
    if told is None:
        return None
    items = told.get("items")
    length = units(text)
    if not isinstance(items, list) or not all(_is_span(item, length) for item in items):
        raise VkError(100, "format_data is invalid")
    return told


def _is_span(item: Any, length: int) -> bool:
    if not isinstance(item, dict) or item.get("type") not in STYLES:
        return False
    offset, long = item.get("offset"), item.get("length")
    if not isinstance(offset, int) or not isinstance(long, int):
        return False
    linked = item["type"] != "url" or isinstance(item.get("url"), str)
    return offset >= 0 and long > 0 and offset + long <= length and linked


def _quoted(call: Call, community: Community) -> tuple[Message | None, tuple[Message, ...]]:
    """The message replied to and the messages forwarded."""
    if call.has("reply_to"):
        return _known(community, [call.integer("reply_to")])[0], ()
    forward = call.mapping("forward")
    if forward is None:
        return None, tuple(_known(community, call.integers("forward_messages", FORWARDS)))
    ids, numbers = _numbers(forward, "message_ids"), _cmids(forward)
    peer = forward.get("peer_id", 0)
    if not isinstance(peer, int):
        raise VkError(100, "forward is invalid")
    if len(ids) + len(numbers) > FORWARDS:
        raise VkError(913)
    by_number = [community.numbered(peer, number) for number in numbers]
    found = (*_known(community, ids), *(each for each in by_number if each is not None))
    if len(found) < len(ids) + len(numbers):
        raise VkError(921)
    if forward.get("is_reply") and len(found) == 1:
        return found[0], ()
    return None, found


def _cmids(forward: dict[str, Any]) -> list[int]:
    return _numbers(forward, "conversation_message_ids") or _numbers(forward, "cmids")


def _numbers(forward: dict[str, Any], name: str) -> list[int]:
    told = forward.get(name) or []
    if not isinstance(told, list) or not all(isinstance(each, int) for each in told):
        raise VkError(100, "forward is invalid")
    return told


def _known(community: Community, ids: list[int]) -> list[Message]:
    found = [community.message(message_id) for message_id in ids]
    if None in found:
        raise VkError(921)
    return [each for each in found if each is not None]


def _geo(call: Call) -> dict[str, Any] | None:
    if not (call.has("lat") and call.has("long")):
        return None
    try:
        latitude, longitude = float(call.text("lat")), float(call.text("long"))
    except ValueError:
        raise VkError(100, "lat not number") from None
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise VkError(100, "lat or long is out of range")
    return {"type": "point", "coordinates": {"latitude": latitude, "longitude": longitude}}
