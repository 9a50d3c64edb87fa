"""Webhooks that are not VK's, or not for us."""

import json
from pathlib import Path
from typing import Any

from tests.bots.vk.speaking import GROUP
from vestnik.channel import Hook

TEXT = (Path(__file__).parent / "text.json").read_bytes()
PUBLIC = "https://bot.example"
OURS = f"{PUBLIC}/webhooks/vk/main"


def hook(body: bytes, account: str = "main") -> Hook:
    return Hook("POST", OURS, "", {}, body, account)


def callback(**more: Any) -> bytes:
    return json.dumps({**json.loads(TEXT), **more}).encode()


DEEP = b'{"type":"message_new","group_id":%d,"object":%s,"secret":"%s"}'

FORGED: dict[str, tuple[Hook, int]] = {
    "no_secret": (hook(callback(secret=None)), 403),
    "other_secret": (hook(callback(secret="agreed_oN")), 403),
    "empty_secret": (hook(callback(secret="")), 403),
    "secret_not_ascii": (hook(callback(secret="секрет")), 403),
    "half_a_character": (hook(callback(secret="\ud800")), 403),
    "secret_of_another_kind": (hook(callback(secret=["agreed_on"])), 403),
    "other_account": (hook(TEXT, account="other"), 403),
    "other_community": (hook(callback(group_id=200002)), 403),
    "confirmation_of_another_community": (
        hook(callback(type="confirmation", group_id=200002)),
        403,
    ),
    "community_of_another_kind": (hook(callback(group_id=str(GROUP))), 403),
    "a_list": (hook(b"[]"), 403),
    "not_json": (hook(b"<html>"), 403),
    "empty": (hook(b""), 403),
    "number_without_an_end": (hook(b'{"group_id": ' + b"9" * 5000 + b"}"), 403),
    "depth_bomb": (hook(b"[" * 100_000), 403),
    "depth_bomb_other_secret": (hook(DEEP % (GROUP, b"[" * 100_000, b"guess")), 403),
    "depth_bomb_broken_secret": (hook(DEEP % (GROUP, b"[" * 100_000, b"\x01\\q")), 403),
    "depth_bomb_broken_number": (
        hook(DEEP.replace(b"%d", b"00%d") % (GROUP, b"[" * 100_000, b"x")),
        403,
    ),
}
