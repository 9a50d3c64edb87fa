"""What Meta reports of messages, preferences, templates and the account, and the events of it."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bots.whatsapp.people import ANNA, BORIS, VERA, Rows, later
from tests.bots.whatsapp_business import BY_NUMBER, RECEIVED
from vestnik.address import Address
from vestnik.inbound import (
    AccountChanged,
    Allowed,
    Author,
    ButtonPressed,
    DeliveryReported,
    Reacted,
    Stopped,
    TemplateChanged,
    TextReceived,
)
from vestnik.outcome import Unreachable, WindowClosed

FILES = Path(__file__).parent
NOBODY = replace(BY_NUMBER, handle="")
NUMBER = replace(BY_NUMBER, handle="+79990001122")


def unix(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def status(
    state: Any, told: str, after: int = 0, who: dict[str, Any] = ANNA, **more: Any
) -> DeliveryReported:
    return DeliveryReported(
        **{
            "event_id": f"st:wamid.OUT:{told}",
            "address": who["address"],
            "author": who["author"],
            "at": unix(1763800001 + after),
            "reference": "wamid.OUT",
            "state": state,
            **more,
        }
    )


def failed(address: Address, author: Author, **more: Any) -> DeliveryReported:
    return status("failed", "failed", 1, {"address": address, "author": author}, **more)


def preference(value: str, after: int = 0, who: dict[str, Any] = ANNA) -> dict[str, Any]:
    at = 1731705721 + after
    handle = who["address"].handle
    return {
        "event_id": f"pref:1065:{handle}:marketing_messages:{value}:{at}",
        "address": who["address"],
        "author": who["author"],
        "at": unix(at),
    }


def notice(file: str, time: str = "1751247548", at: datetime | None = None) -> dict[str, Any]:
    """What a notice's event has beside its words; its id is of the value's content."""
    (change,) = json.loads((FILES / f"{file}.json").read_text())["entry"][0]["changes"]
    digest = hashlib.sha256(json.dumps(change["value"], sort_keys=True).encode()).hexdigest()
    return {
        "event_id": f"{change['field']}:1022:{time}:{digest}",
        "address": NOBODY,
        "author": Author(""),
        "at": at or unix(1751247548),
    }


def template(file: str, status: str | None, **more: Any) -> TemplateChanged:
    told = {"name": "promo", "language": "ru", "status": status, **more}
    return TemplateChanged(**notice(file), **told)


def account(file: str, what: str, **stops: Any) -> AccountChanged:
    return AccountChanged(**notice(file), what=what, **stops)


MARKETING = {"category": "MARKETING"}
OF_APRIL = "waba_ban_date April 17, 2025"
OF_JULY = "expiration 1751333948"
CAPABILITY = "Meta changed the account's limits (max_daily_conversations_per_business {})"

REPORTS: Rows = {
    "statuses": [
        status("accepted", "sent", 0, handle="640"),
        status("delivered", "delivered", 1, handle="640"),
        status("read", "read", 2, handle="640"),
        status("read", "played", 3, handle="640"),
    ],
    "read_at_once": [status("read", "read")],
    "status_by_scoped_id": [status("delivered", "delivered", who=VERA)],
    "status_unknown": ["an unknown status"],
    "free_entry_point": [status("accepted", "sent", free_until=unix(1764059200))],
    "paid_conversation": [status("accepted", "sent")],
    "odd_conversation": [status("accepted", "sent")],
    "free_for_ever": [status("accepted", "sent")],
    "failed": [
        failed(
            NUMBER,
            Author("79990001122", phone="+79990001122"),
            handle="640",
            cause=WindowClosed("131047"),
        )
    ],
    "failed_for_nobody": [failed(NOBODY, Author(""))],
    "failed_with_contacts": [
        status("failed", "failed", cause=Unreachable("no_account", "131026")),
    ],
    "failed_oddly": [status("failed", "failed")],
    "preferences": [Stopped(**preference("stop")), Allowed(**preference("resume", 1))],
    "preference_signup": [Allowed(**preference("signup"))],
    "preference_by_scoped_id": [Stopped(**preference("stop", who=VERA))],
    "preference_unknown": ["an unknown preference"],
    "preference_of_nobody": ["nobody is named as the one who prefers it"],
    "template_approved": [template("template_approved", "APPROVED", **MARKETING)],
    "template_rejected": [
        template(
            "template_rejected",
            "REJECTED",
            why="INVALID_FORMAT; A variable ends the text; Add words after it",
            **MARKETING,
        )
    ],
    "template_paused": [
        template("template_paused", "PAUSED", why="FIRST_PAUSE; Paused for 3 hours")
    ],
    "template_disabled": [template("template_disabled", "DISABLED", why="1751250000")],
    "template_without_reason": [template("template_without_reason", "FLAGGED", language="")],
    "template_without_name": ["a template without its name"],
    "template_recategorised": [
        template("template_recategorised", None, why="it was UTILITY", **MARKETING)
    ],
    "template_quality": [template("template_quality", None, why="quality GREEN → YELLOW")],
    "account_disabled": [
        account(
            "account_disabled",
            "Meta disabled the account (event DISABLED_UPDATE, "
            f"waba_ban_state DISABLE, {OF_APRIL})",
            stops="everything",
        )
    ],
    "account_to_be_disabled": [
        account(
            "account_to_be_disabled",
            "Meta is going to disable the account (event DISABLED_UPDATE, "
            f"waba_ban_state SCHEDULE_FOR_DISABLE, {OF_APRIL})",
        )
    ],
    "account_reinstated": [
        account(
            "account_reinstated",
            "Meta reinstated the account (event DISABLED_UPDATE, "
            f"waba_ban_state REINSTATE, {OF_APRIL})",
        )
    ],
    "account_restricted": [
        account(
            "account_restricted",
            "Meta restricted the account (event ACCOUNT_RESTRICTION, "
            f"restriction_type RESTRICTED_BIZ_INITIATED_MESSAGING, {OF_JULY})",
            stops="broadcasts",
        )
    ],
    "account_restricted_a_little": [
        account(
            "account_restricted_a_little",
            "Meta restricted the account (event ACCOUNT_RESTRICTION, restriction_type "
            f"RESTRICTED_ADD_PHONE_NUMBER_ACTION, {OF_JULY}, restriction_info odd)",
        )
    ],
    "account_violation": [
        account(
            "account_violation",
            "Meta found the account violating a policy (event ACCOUNT_VIOLATION, "
            "violation_type SPAM)",
        )
    ],
    "account_deleted": [
        account(
            "account_deleted",
            "Meta deleted the account (event ACCOUNT_DELETED)",
            stops="everything",
        )
    ],
    "account_priced": [
        account(
            "account_priced",
            "Meta changed the account (event VOLUME_BASED_PRICING_TIER_UPDATE, "
            "tier 1000:5000, region Russia)",
        )
    ],
    "account_alert": [
        account(
            "account_alert",
            "Meta warns the account (entity_type PHONE_NUMBER, entity_id 1065, alert_severity "
            "WARNING, alert_type INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED)",
        )
    ],
    "number_quality": [
        account(
            "number_quality",
            "Meta changed the number's limits (display_phone_number 15550001111, event "
            "THROUGHPUT_UPGRADE, max_daily_conversations_per_business TIER_UNLIMITED)",
        )
    ],
    "capability": [account("capability", CAPABILITY.format(2000))],
    "notice_in_milliseconds": [
        AccountChanged(
            **notice("notice_in_milliseconds", "1751247548000"), what=CAPABILITY.format(250)
        )
    ],
    "notice_without_time": [
        AccountChanged(
            **notice("notice_without_time", "None", RECEIVED), what=CAPABILITY.format(250)
        )
    ],
    "notice_with_depth": [
        account("notice_with_depth", "Meta changed the account (event PARTNER_ADDED, e …)")
    ],
    "notice_of_another_account": ["for another account of the same app"],
    "unknown_field": ["no events are made of the field 'calls'"],
    "another_number": ["for another number of the same app"],
    "errors_only": ["Meta reports an error of its own"],
    "repeated": [
        TextReceived(**ANNA, text="Привет 😀"),
        status("accepted", "sent", handle="640"),
        TextReceived(**ANNA, text="Привет 😀"),
    ],
    "batch": [
        TextReceived(**later(ANNA, 1), text="раз"),
        TextReceived(**later(BORIS, 2), text="два"),
        status("accepted", "sent", event_id="st:wamid.A:sent", reference="wamid.A"),
        status("delivered", "delivered", event_id="st:wamid.A:delivered", reference="wamid.A"),
        Reacted(**later(BORIS, 3) | {"reference": "wamid.A"}, emoji="🔥"),
        "text.body: Input should be a valid string",
        ButtonPressed(**later(ANNA, 5), payload="yes", label="Да"),
        DeliveryReported(
            event_id="st:wamid.B:failed",
            address=BY_NUMBER,
            author=Author("79990003344", phone="+79990003344"),
            at=unix(1763800001),
            reference="wamid.B",
            state="failed",
            cause=Unreachable("no_account", "131026"),
        ),
        status(
            "read",
            "read",
            event_id="st:wamid.A:read",
            reference="wamid.A",
            author=replace(ANNA["author"], name=""),
        ),
        Stopped(**preference("stop")),
    ],
}
