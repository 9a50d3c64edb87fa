"""What the states of a delivery and the reasons of a refusal are called in plain words. Pure."""

from collections.abc import Mapping

from dialogs.languages import Languages


def state(languages: Languages, language: str | None, name: str) -> str:
    """A state, said of those who are in it."""
    return _states(languages, language).get(name, name)


def reason(languages: Languages, language: str | None, code: str) -> str:
    """Why somebody was not reached; a code that nobody knows is shown as it stands.

    The codes are those of delivery.gate, delivery.routing, delivery.decide and delivery.ends, and
    why an address was closed; behind a colon stands the provider's own code or a detail.
    """
    name, _, detail = code.partition(":")
    known = _reasons(languages, language).get(name)
    if known is None:
        return code
    return f"{known} ({detail})" if detail else known


def _states(languages: Languages, language: str | None) -> Mapping[str, str]:
    text = languages.text
    return {
        "planned": text(language, "not sent yet"),
        "sending": text(language, "being sent"),
        "waiting": text(language, "waiting for the delivery report"),
        "accepted": text(language, "sent"),
        "delivered": text(language, "delivered"),
        "read": text(language, "read"),
        "failed": text(language, "failed"),
        "skipped": text(language, "skipped"),
        "expired": text(language, "too late"),
        "cancelled": text(language, "cancelled before sending"),
        "unknown": text(language, "unknown whether it arrived"),
    }


def _reasons(languages: Languages, language: str | None) -> Mapping[str, str]:
    text = languages.text
    return {
        "no_consent": text(language, "no consent to advertising there"),
        "opted_out": text(language, "unsubscribed"),
        "no_phone": text(language, "no confirmed phone number"),
        "no_address": text(language, "no messenger"),
        "no_route": text(language, "no step of the route was left"),
        "channel_off": text(language, "the channel is switched off here"),
        "window_closed": text(language, "wrote too long ago for a message without a template"),
        "blocked": text(language, "blocked us"),
        "no_account": text(language, "no such account or number any more"),
        "not_allowed": text(language, "does not allow messages"),
        "closed": text(language, "the address is closed"),
        "forgotten": text(language, "asked to be forgotten"),
        "quiet_hours": text(language, "it is their quiet hours"),
        "held": text(language, "talks to an operator now"),
        "topic_off": text(language, "switched this topic off"),
        "paused": text(language, "paused our news"),
        "frequency_cap": text(language, "had as many messages as they want"),
        "taken_over": text(language, "an operator took over"),
        "expired": text(language, "the time of the broadcast was over"),
        "cancelled": text(language, "the broadcast was cancelled"),
        "timeout": text(language, "no delivery report in time"),
        "throttled": text(language, "the provider asked to slow down"),
        "temporary": text(language, "the provider could not take it for now"),
        "declined": text(language, "the provider holds this message back from them"),
        "daily_limit": text(language, "the provider's number of people a day was reached"),
        "template": text(language, "the provider has stopped the template"),
        "rejected": text(language, "the provider refused the message"),
        "unfit": text(language, "the text does not fit the channel"),
        "channel_down": text(language, "our account there cannot send"),
        "failed": text(language, "the provider could not deliver it"),
        "unknown": text(language, "the provider gave no clear answer"),
    }
