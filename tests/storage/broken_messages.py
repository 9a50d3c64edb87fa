"""Messages and attempts broken by hand, one or more for each sentence of the audit."""

from tests.storage.breaking import Break

ADDS_UP = "I1: the states of a broadcast add up to its frozen audience"
ONE_A_PERSON = "I1: a broadcast has one message a person"
FINISHED = "I1: a broadcast that was told to be finished has no message open"
OF_ITS_KIND = "I1: what belongs to a broadcast is a broadcast's message, and nothing else is"
NAMED = "I1: the person and the broadcast that a message names are there"
KNOWN = "I2: a message is in one of the known states, and says where it reached somebody"
REASONS = "I2: what failed, was skipped or expired has a reason"
WRITTEN = "I3: every try has its attempt row"
TOLD = "I3: an attempt says by whom, under which handle, from when and until when at the latest"
OUTCOME = "I3: an attempt was written before its outcome, which it has unless it is being sent"
SENDING = "I3: a message is being sent exactly while one of its attempts is"
ONE_COPY = "I4: no provider accepted two copies under one handle"
BLINDLY = "I4: a broadcast's message that may have arrived is sent again only under the same handle"
IN_ORDER = "I6: a step began only after the earlier ones had failed or their time was over"
FOLD = "I7: a message came to the best that any of its attempts came to"
THERE = "I7: a message that reached somebody has an attempt that did, on the channel it names"
GRANT = "I9: a broadcast's ground is a consent that its person gave"
COUNTED = "I12: an attempt is counted in its message's broadcast"
BILLED = "I13: every SMS part and cost that a gateway told is in the report's sum"


def in_time(channel: str) -> str:
    return f"I2: accepted by {channel} is the end only where no report is awaited any more"


BREAKS = [
    Break("somebody is missing", ["UPDATE broadcasts SET audience = audience + 1"], [ADDS_UP]),
    Break("nobody was counted", ["UPDATE broadcasts SET audience = NULL"], [ADDS_UP]),
    Break("it never started", ["UPDATE broadcasts SET started_at = NULL"], [ADDS_UP]),
    Break(
        "to nobody",
        ["UPDATE deliveries SET person_id = NULL WHERE state = 'skipped'"],
        [ONE_A_PERSON],
    ),
    Break(
        "twice to one",
        ["INSERT INTO deliveries SELECT * FROM deliveries WHERE state = 'skipped'"],
        [ADDS_UP, ONE_A_PERSON],
        loose="deliveries",
    ),
    Break(
        "finished too early",
        ["UPDATE deliveries SET state = 'planned' WHERE state = 'skipped'"],
        [FINISHED],
    ),
    Break(
        "a reply in a broadcast",
        ["UPDATE deliveries SET kind = 'staff' WHERE state = 'skipped'"],
        [OF_ITS_KIND],
    ),
    Break(
        "a broadcast's message of no broadcast",
        ["UPDATE deliveries SET kind = 'broadcast' WHERE kind = 'transactional'"],
        [OF_ITS_KIND, GRANT],
    ),
    Break(
        "to a person there is not",
        ["UPDATE deliveries SET person_id = 999 WHERE state = 'skipped'"],
        [NAMED],
    ),
    Break(
        "of a broadcast there is not",
        [
            "UPDATE deliveries SET broadcast_id = 999 WHERE state = 'skipped'",
            "UPDATE broadcasts SET audience = audience - 1",
        ],
        [NAMED],
    ),
    Break(
        "an attempt of no message",
        [
            "INSERT INTO attempts (id, delivery_id, number, step, channel, account, handle, form,"
            " state, worker, started_at, deadline, finished_at) SELECT 999, 999, 1, 0, channel,"
            " account, 'h', form, 'failed', worker, started_at, deadline, finished_at"
            " FROM attempts WHERE id = 1"
        ],
        [COUNTED],
    ),
    Break(
        "an unknown state",
        ["UPDATE deliveries SET state = 'lost' WHERE state = 'skipped'"],
        [KNOWN],
        loose="deliveries",
    ),
    Break(
        "reached nowhere",
        ["UPDATE deliveries SET reached = NULL WHERE kind = 'reply'"],
        [KNOWN, THERE],
    ),
    Break("no reason", ["UPDATE deliveries SET reason = NULL WHERE state = 'failed'"], [REASONS]),
    Break(
        "an empty reason",
        ["UPDATE deliveries SET reason = '' WHERE state = 'skipped'"],
        [REASONS],
    ),
    Break(
        "SMS not waited for",
        [
            "UPDATE deliveries SET updated_at = (SELECT started_at FROM attempts"
            " WHERE channel = 'sms') WHERE id = (SELECT delivery_id FROM attempts"
            " WHERE channel = 'sms')"
        ],
        [in_time("sms")],
    ),
    Break(
        "WhatsApp not waited for",
        [
            "UPDATE deliveries SET updated_at = (SELECT started_at FROM attempts"
            " WHERE form = 'template') WHERE id = (SELECT delivery_id FROM attempts"
            " WHERE form = 'template')"
        ],
        [in_time("whatsapp")],
    ),
    Break(
        "an attempt is missing",
        ["DELETE FROM attempts WHERE state = 'failed' AND number = 1 AND channel = 'telegram'"],
        [WRITTEN],
    ),
    Break(
        "an attempt that was never counted",
        ["UPDATE deliveries SET attempts = 1 WHERE attempts = 2"],
        [WRITTEN],
    ),
    Break(
        "a number is left out",
        ["UPDATE attempts SET number = 3 WHERE number = 2"],
        [WRITTEN],
    ),
    Break("by no worker", ["UPDATE attempts SET worker = '' WHERE id = 1"], [TOLD]),
    Break("under no handle", ["UPDATE attempts SET handle = '' WHERE id = 1"], [TOLD]),
    Break(
        "until before it began",
        ["UPDATE attempts SET deadline = started_at WHERE id = 1"],
        [TOLD],
    ),
    Break(
        "an outcome before the attempt",
        ["UPDATE attempts SET finished_at = '2020-01-01 00:00:00.000000' WHERE id = 1"],
        [OUTCOME],
    ),
    Break(
        "an outcome of no time", ["UPDATE attempts SET finished_at = NULL WHERE id = 1"], [OUTCOME]
    ),
    Break(
        "never let go",
        ["UPDATE deliveries SET state = 'sending' WHERE kind = 'transactional'"],
        [SENDING],
    ),
    Break(
        "still being sent",
        [
            "UPDATE attempts SET state = 'sending', finished_at = NULL"
            " WHERE state = 'failed' AND reason LIKE 'rejected%'"
        ],
        [SENDING],
    ),
    Break(
        "two copies",
        [
            "UPDATE attempts SET handle = (SELECT handle FROM attempts"
            " WHERE channel = 'whatsapp' AND form = 'free' AND broadcast_id IS NOT NULL)"
            " WHERE channel = 'whatsapp' AND broadcast_id IS NULL"
        ],
        [ONE_COPY],
    ),
    Break(
        "sent again blindly",
        [
            "UPDATE attempts SET state = 'unknown', number = 1, step = 0 WHERE reason = 'blocked'",
            "UPDATE attempts SET step = 0 WHERE channel = 'sms'",
        ],
        [BLINDLY],
    ),
    Break(
        "the step before began later",
        [
            "UPDATE attempts SET started_at = '2099-01-01 00:00:00.000000',"
            " finished_at = '2099-01-01 00:00:00.000000',"
            " deadline = '2099-01-02 00:00:00.000000' WHERE reason = 'blocked'"
        ],
        [IN_ORDER],
    ),
    Break(
        "the step before still waits",
        ["UPDATE attempts SET state = 'accepted', reference = 'x' WHERE reason = 'blocked'"],
        [IN_ORDER],
    ),
    Break(
        "nobody read it",
        ["UPDATE deliveries SET state = 'read' WHERE kind = 'reply'"],
        [FOLD, THERE],
    ),
    Break(
        "a failure that arrived",
        ["UPDATE attempts SET state = 'delivered' WHERE reason LIKE 'rejected%'"],
        [FOLD],
    ),
    Break(
        "a failure that nobody can account for",
        ["UPDATE attempts SET state = 'unknown' WHERE reason LIKE 'rejected%'"],
        [FOLD],
    ),
    Break(
        "a better end than its attempts'",
        ["UPDATE deliveries SET best = 'read' WHERE state = 'failed'"],
        [FOLD],
    ),
    Break(
        "reached elsewhere",
        ["UPDATE deliveries SET reached = 'vk' WHERE kind = 'reply'"],
        [THERE],
    ),
    Break(
        "counted nowhere",
        ["UPDATE attempts SET broadcast_id = NULL WHERE channel = 'sms'"],
        [COUNTED],
    ),
    Break(
        "billed and not counted",
        ["UPDATE attempts SET segments = 1 WHERE state = 'failed' AND channel = 'telegram'"],
        [BILLED],
    ),
    Break("less than nothing", ["UPDATE attempts SET cost = -1 WHERE channel = 'sms'"], [BILLED]),
]
