"""Webhooks that are not Meta's, and the status they are answered with."""

import hashlib
import hmac
import json

from tests.bots.whatsapp_business import APP_SECRET
from vestnik.channel import Hook

URL = "https://bot.example/webhooks/whatsapp/main"

VECTOR = (
    rb'{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages",'
    rb'"value":{"messages":[{"text":{"body":"\u041f\u0440\u0438\u0432\u0435\u0442 a\u0040b.ru '
    rb'100\u0025 \u003Cok> https:\/\/x.y\/z \ud83d\ude42"}}]}}]}]}'
)
VECTOR_SIGNATURE = "sha256=9b3b5289f5c18ed6f6fdef761faaea25709dc6b05f82db6e2ab0118b8830edb8"
KNOWS = "hub.verify_token=%D0%B2%D0%B5%D1%80%D1%8C%20%D0%BC%D0%BD%D0%B5"
ASKS = "hub.mode=subscribe&hub.challenge=1158201444"


def post(body: bytes, signature: str | None, account: str = "main") -> Hook:
    headers = {} if signature is None else {"x-hub-signature-256": signature}
    return Hook("POST", URL, "", headers, body, account)


def challenge(query: str, account: str = "main") -> Hook:
    return Hook("GET", URL, query, {}, b"", account)


def signed(body: bytes, secret: str = APP_SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


REWRITTEN = json.dumps(json.loads(VECTOR)).encode()

FORGED: dict[str, tuple[Hook, int]] = {
    "missing": (post(VECTOR, None), 401),
    "empty": (post(VECTOR, ""), 403),
    "prefix_only": (post(VECTOR, "sha256="), 403),
    "without_prefix": (post(VECTOR, VECTOR_SIGNATURE.removeprefix("sha256=")), 403),
    "wrong": (post(VECTOR, VECTOR_SIGNATURE[:-1] + "0"), 403),
    "non_ascii": (post(VECTOR, "sha256=я\ud800"), 403),
    "of_another_app": (post(VECTOR, signed(VECTOR, "another")), 403),
    "of_no_secret": (post(VECTOR, signed(VECTOR, "")), 403),
    "written_anew": (post(REWRITTEN, VECTOR_SIGNATURE), 403),
    "a_space_more": (post(VECTOR + b" ", VECTOR_SIGNATURE), 403),
    "wrong_account": (post(VECTOR, VECTOR_SIGNATURE, account="other"), 403),
    "challenge_of_nothing": (challenge(""), 403),
    "challenge_of_another_mode": (challenge(f"hub.mode=unsubscribe&{KNOWS}"), 403),
    "challenge_with_a_guess": (challenge(f"{ASKS}&hub.verify_token=guess"), 403),
    "challenge_of_no_unicode": (challenge(f"{ASKS}&hub.verify_token=%FF%ED%A0%80"), 403),
    "challenge_without_token": (challenge(ASKS), 403),
    "challenge_of_another_account": (challenge(f"{ASKS}&{KNOWS}", account="other"), 403),
}
