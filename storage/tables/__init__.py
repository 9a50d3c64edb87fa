"""The tables, by what they are about."""

from storage.tables.campaigns import audit_log, broadcasts, drafts, nonces
from storage.tables.channels import files, initiations, moved_chats, templates, uploads
from storage.tables.dialogs import calls, continuations, scenario_versions
from storage.tables.leading import leases
from storage.tables.metadata import metadata
from storage.tables.outbox import attempts, deliveries, lanes, message_ids, orphan_receipts
from storage.tables.people import (
    addresses,
    answers,
    consent_texts,
    consents,
    conversations,
    people,
    preferences,
    profile,
    standings,
)
from storage.tables.traffic import clock, cursors, events, inbox, quarantine

__all__ = [
    "addresses",
    "answers",
    "attempts",
    "audit_log",
    "broadcasts",
    "calls",
    "clock",
    "consent_texts",
    "consents",
    "continuations",
    "conversations",
    "cursors",
    "deliveries",
    "drafts",
    "events",
    "files",
    "inbox",
    "initiations",
    "lanes",
    "leases",
    "message_ids",
    "metadata",
    "moved_chats",
    "nonces",
    "orphan_receipts",
    "people",
    "preferences",
    "profile",
    "quarantine",
    "scenario_versions",
    "standings",
    "templates",
    "uploads",
]
