"""What Meta decides about templates and the account, each decision with its webhook."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from emulators.told import Told, told_text
from emulators.whatsapp.account import Account
from emulators.whatsapp.bundles import Update
from emulators.whatsapp.catalogue import named, tell_status
from emulators.whatsapp.creations import CATEGORIES
from emulators.whatsapp.settings import Template
from emulators.whatsapp.standing import HIGH_THROUGHPUT, QUALITIES, RESTRICTIONS
from emulators.world import Gesture, Refused

# event of message_template_status_update → what the template's status is then; None: as it was
# (whatsapp.md section 2.4). A flagged template can be sent until it is disabled.
EVENTS: Mapping[str, str | None] = {
    "APPROVED": "APPROVED",
    "REJECTED": "REJECTED",
    "PENDING": "PENDING",
    "PAUSED": "PAUSED",
    "DISABLED": "DISABLED",
    "FLAGGED": None,
    "REINSTATED": "APPROVED",
    "IN_APPEAL": "IN_APPEAL",
    "PENDING_DELETION": "PENDING_DELETION",
    "DELETED": "DELETED",
    "LOCKED": "LOCKED",
    "LIMIT_EXCEEDED": "LIMIT_EXCEEDED",
    "ARCHIVED": "ARCHIVED",
    "UNARCHIVED": "APPROVED",
}
REASONS = (
    "NONE",
    "INVALID_FORMAT",
    "INCORRECT_CATEGORY",
    "TAG_CONTENT_MISMATCH",
    "ABUSIVE_CONTENT",
    "PROMOTIONAL",
    "SCAM",
)
# What may come with an event beside the template's own words.
MORE = ("rejection_info", "disable_info", "other_info")
BANS = ("DISABLE", "REINSTATE", "SCHEDULE_FOR_DISABLE")

Word = TypeVar("Word", bound=str)


class Authority:
    """Gestures that need nobody's phone; each raises Refused."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._standing = account.standing

    def gestures(self) -> Mapping[str, Gesture]:
        """All of them by name."""
        return {
            "template_status": self.template_status,
            "template_category": self.template_category,
            "template_quality": self.template_quality,
            "template_pacing": self.template_pacing,
            "account_update": self.account_update,
            "messaging_limit": self.messaging_limit,
            "throughput": self.throughput,
            "quality": self.quality,
        }

    async def template_status(self, told: Told) -> Told:
        """`event` of the template (`name`, `language`), with a `reason`, and MORE as given."""
        template_id, template = self._template(told)
        event = _one_of(told, "event", EVENTS)
        reason = _one_of({"reason": "NONE", **told}, "reason", REASONS)
        decided = replace(template, status=EVENTS[event] or template.status, reason=reason)
        if event == "DELETED":
            self._account.shelf.remove(template.name, template_id)
        else:
            self._account.shelf.put(decided)
        more = {key: told[key] for key in MORE if key in told}
        tell_status(self._account, template_id, decided, event, **more)
        return {"status": decided.status}

    async def template_category(self, told: Told) -> Told:
        """Another `category` for a template, as Meta gives to what reads like advertising."""
        template_id, template = self._template(told)
        category = _one_of(told, "category", CATEGORIES)
        self._account.shelf.put(replace(template, category=category))
        value = {"previous_category": template.category, "new_category": category}
        self._tell("template_category_update", named(template_id, template) | value)
        return {"category": category}

    async def template_quality(self, told: Told) -> Told:
        """Another `quality` for a template."""
        template_id, template = self._template(told)
        quality = _one_of(told, "quality", QUALITIES)
        now = self._account.clock.now()
        self._account.shelf.put(replace(template, quality=quality, scored_at=now))
        value = {"previous_quality_score": template.quality, "new_quality_score": quality}
        self._tell("message_template_quality_update", named(template_id, template) | value)
        return {"quality": quality}

    async def template_pacing(self, told: Told) -> Told:
        """`held`: keep a template's messages back; else let them go, or drop them (`dropped`)."""
        _, template = self._template(told)
        key, pacing = (template.name, template.language), self._account.pacing
        if told.get("held", True):
            pacing.begin(*key)
            return {"held": True}
        dropped = bool(told.get("dropped"))
        if dropped:
            await self.template_status({**told, "event": "PAUSED"})
        return {"held": False, "messages": pacing.end(*key, dropped=dropped)}

    async def account_update(self, told: Told) -> Told:
        """An `event` of the account, with the info that belongs to it as given.

        ACCOUNT_RESTRICTION restricts by its restriction_info (an empty one lifts what there was),
        DISABLED_UPDATE disables and reinstates by its ban_info.
        """
        event = told_text(told, "event")
        value = {key: given for key, given in told.items() if key != "who"}
        if event == "ACCOUNT_RESTRICTION":
            self._standing.restrictions = _restrictions(told)
        elif event == "DISABLED_UPDATE":
            ban = told.get("ban_info")
            state = _one_of(ban if isinstance(ban, dict) else {}, "waba_ban_state", BANS)
            self._standing.disabled = state == "DISABLE"
        self._tell("account_update", value)
        return {"event": event}

    async def messaging_limit(self, told: Told) -> Told:
        """Another `limit` of unique users a day outside their windows; none is unlimited."""
        limit = told.get("limit")
        if limit is not None and (not isinstance(limit, int) or limit < 1):
            raise Refused("say 'limit': a number of users, or null for no limit")
        self._standing.messaging_limit = limit
        value = {"max_daily_conversations_per_business": self._standing.tier}
        self._tell("business_capability_update", value)
        return value

    async def throughput(self, _told: Told) -> Told:
        """The upgrade to a thousand messages a second, during which the number rests."""
        seconds = self._account.settings.upgrade_seconds
        self._standing.upgrading_until = self._account.clock.now() + seconds
        self._account.timeline.after(seconds, partial(self._upgraded, HIGH_THROUGHPUT))
        return {"seconds": seconds}

    async def quality(self, told: Told) -> Told:
        """Another `rating` of the number, which its field `quality_rating` tells."""
        self._standing.quality = _one_of(told, "rating", QUALITIES)
        return {"quality_rating": self._standing.quality}

    def _upgraded(self, throughput: float) -> None:
        self._standing.throughput = throughput
        self._account.limits.renew()
        tier = self._standing.tier
        value = {
            "display_phone_number": self._account.settings.display_phone_number,
            "event": "THROUGHPUT_UPGRADE",
            "current_limit": tier,
            "max_daily_conversations_per_business": tier,
        }
        self._tell("phone_number_quality_update", value)

    def _template(self, told: Told) -> tuple[str, Template]:
        name, language = told_text(told, "name"), told_text(told, "language")
        found = self._account.shelf.named(name, language)
        if found is None:
            raise Refused(f"there is no template {name!r} in {language!r}")
        return found

    def _tell(self, field: str, value: Mapping[str, Any]) -> None:
        self._account.webhooks.tell(Update(field, "", value, at=self._account.clock.now()))


def _one_of(told: Told, name: str, options: Collection[Word]) -> Word:
    for option in options:
        if option == told.get(name):
            return option
    known = ", ".join(options)
    raise Refused(f"there is no {name} {told.get(name)!r}; there are {known}")


def _restrictions(told: Told) -> set[str]:
    given = told.get("restriction_info")
    kinds = [item.get("restriction_type") for item in given or [] if isinstance(item, dict)]
    for kind in kinds:
        _one_of({"restriction_type": kind}, "restriction_type", RESTRICTIONS)
    return {str(kind) for kind in kinds}
