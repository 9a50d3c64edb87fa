"""Events, consents and talks broken by hand, one or more for each sentence of the audit."""

from tests.storage.breaking import Break

CONSENTED = "I5: no broadcast was tried without advertising consent in force, for its channel"
STOPPED = "I5: no message was tried after everything was stopped"
KEPT = "I8: every event comes from bytes that were kept"
ONCE = "I8: every event is there once, however often it came"
MARKED = "I8: an event waits, is done, or is dead and says why"
EFFECT = "I8: an event that brought about a consent or an answer is marked as done"
PRESENT = "I9: the present state of consent is its ledger's last entry"
ENTERED = "I9: no consent stands that is not in its person's ledger"
GROUNDED = "I9: every message that was tried stores its ground"
GRANT = "I9: a broadcast's ground is a consent that its person gave"
WINDOW = "I10: no free-form message on whatsapp outside its 24-hour window"
SILENT = "I11: no answer of the bot was tried that was written before somebody took the dialog over"
LOG = "I14: the log of what staff did is unbroken"


BREAKS = [
    Break(
        "consent had been withdrawn",
        [
            "UPDATE consents SET action = 'withdraw', channels = '[]' WHERE person_id = 3",
            "UPDATE standings SET granted = false, channels = '[]' WHERE person_id = 3",
        ],
        [CONSENTED, GRANT],
    ),
    Break(
        "consent was given later",
        ["UPDATE consents SET at = '2099-01-01 00:00:00.000000' WHERE person_id = 3"],
        [CONSENTED],
    ),
    Break(
        "consent for other channels",
        [
            "UPDATE consents SET channels = '[\"sms\"]' WHERE person_id = 3",
            "UPDATE standings SET channels = '[\"sms\"]' WHERE person_id = 3",
        ],
        [CONSENTED],
    ),
    Break(
        "no consent for SMS",
        [
            "UPDATE consents SET channels = '[\"messengers\"]' WHERE person_id = 2",
            "UPDATE standings SET channels = '[\"messengers\"]' WHERE person_id = 2",
        ],
        [CONSENTED],
    ),
    Break(
        "everything was stopped",
        [
            "INSERT INTO consents (id, person_id, purpose, action, channels, text_version,"
            " text_hash, actor, at) SELECT 1000, person_id, 'service', 'withdraw', '[]',"
            " text_version, text_hash, actor, '2020-01-01 00:00:00.000000'"
            " FROM consents WHERE id = 2",
            "INSERT INTO standings (person_id, purpose, granted, channels, entry_id)"
            " VALUES (2, 'service', false, '[]', 1000)",
        ],
        [STOPPED],
    ),
    Break("the bytes are gone", ["DELETE FROM inbox"], [KEPT]),
    Break(
        "an event twice",
        ["INSERT INTO events SELECT * FROM events WHERE id = 2"],
        [ONCE],
        loose="events",
    ),
    Break("an event in limbo", ["UPDATE events SET state = 'odd' WHERE id = 2"], [MARKED]),
    Break("dead for no reason", ["UPDATE events SET state = 'dead' WHERE id = 2"], [MARKED]),
    Break(
        "answered, and to be answered again",
        ["UPDATE events SET state = 'new' WHERE id = 1"],
        [EFFECT],
    ),
    Break(
        "withdrawn, and to be withdrawn again",
        ["UPDATE events SET state = 'new' WHERE id = 3"],
        [EFFECT],
    ),
    Break(
        "granted, says the present",
        ["UPDATE standings SET granted = true WHERE NOT granted"],
        [PRESENT],
    ),
    Break("no present", ["DELETE FROM standings WHERE NOT granted"], [PRESENT]),
    Break(
        "other channels",
        ["UPDATE standings SET channels = '[\"vk\"]' WHERE person_id = 1"],
        [PRESENT],
    ),
    Break(
        "an older entry",
        [
            "UPDATE standings SET entry_id = (SELECT min(id) FROM consents AS c"
            " WHERE c.person_id = standings.person_id), granted = true WHERE NOT granted"
        ],
        [PRESENT],
    ),
    Break(
        "somebody else's entry",
        [
            "INSERT INTO standings (person_id, purpose, granted, channels, entry_id)"
            " VALUES (2, 'service', true, '[]', 1)"
        ],
        [ENTERED],
    ),
    Break("no ground", ["UPDATE deliveries SET ground = NULL WHERE kind = 'reply'"], [GROUNDED]),
    Break(
        "a stranger's consent",
        ["UPDATE deliveries SET ground = '{\"consent\": 1}' WHERE state = 'failed'"],
        [GRANT],
    ),
    Break(
        "a ground of another kind",
        ["UPDATE deliveries SET ground = '{\"event\": 1}' WHERE state = 'failed'"],
        [GRANT],
    ),
    Break(
        "nobody had written",
        ["UPDATE attempts SET form = 'free' WHERE form = 'template'"],
        [WINDOW],
    ),
    Break(
        "it was long ago",
        ["UPDATE events SET received_at = '2020-01-01 00:00:00.000000' WHERE channel = 'whatsapp'"],
        [WINDOW],
    ),
    Break(
        "it was long ago by the provider's time",
        ["UPDATE events SET at = '2020-01-01 00:00:00.000000' WHERE channel = 'whatsapp'"],
        [WINDOW],
    ),
    Break(
        "taken over before",
        [
            "UPDATE conversations SET holder = 'telegram:9',"
            " held_since = '2020-01-01 00:00:00.000000' WHERE address_id = 1"
        ],
        [SILENT],
    ),
    Break(
        "of a version to come",
        ["UPDATE deliveries SET version = 7 WHERE kind = 'reply'"],
        [SILENT],
    ),
    Break(
        "somebody else did it", ["UPDATE audit_log SET actor = 'telegram:666' WHERE id = 1"], [LOG]
    ),
]
