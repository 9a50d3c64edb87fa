"""Builds the broker that `BROKER_URL` names: Redis streams, NATS JetStream or RabbitMQ.

Each is told the same: keep the newest thousand hints and forget the rest, hand a worker one at a
time, and give a hint that nobody acknowledged to somebody else. The libraries are imported when
their broker is built.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from taskiq import AsyncBroker

from app.settings import BadSettings

QUEUE = "vestnik-hints"
GROUP = "vestnik"

KEPT = 1_000
"""Hints that the broker keeps, about: nobody misses an old one, and nothing must grow."""

UNHEARD_SECONDS = 30
"""A hint that was not acknowledged by then is handed to another worker."""

CONNECT_SECONDS = 5
BLOCK_SECONDS = 2

EXAMPLES = "redis://host:6379/0, nats://host:4222 or amqp://user:password@host:5672/"


def broker_at(url: str) -> AsyncBroker:
    """The broker at this address, not connected yet; raises BadSettings for an impossible one."""
    try:
        parts = urlsplit(url)
        build = _BUILDERS[parts.scheme]
        if not (parts.hostname and parts.port != 0):
            raise ValueError(url)
        return build(url)
    except (KeyError, ValueError):
        # The address may hold a password: it is not repeated.
        raise BadSettings(
            f"BROKER_URL (or REDIS_URL in its place) cannot be used: write it like {EXAMPLES}."
        ) from None


def _redis(url: str) -> AsyncBroker:
    """Redis streams. A dead worker's hints are looked for after each new one, not by time."""
    from taskiq_redis import RedisStreamBroker  # noqa: PLC0415 - one broker of three

    return RedisStreamBroker(
        url,
        queue_name=QUEUE,
        consumer_group_name=GROUP,
        maxlen=KEPT,
        xread_count=1,
        xread_block=BLOCK_SECONDS * 1000,
        idle_timeout=UNHEARD_SECONDS * 1000,
        # Whoever dies while looking for them must not keep the others from it.
        unacknowledged_lock_timeout=CONNECT_SECONDS,
    )


def _nats(url: str) -> AsyncBroker:
    """NATS with JetStream; we connect anew ourselves, since the stream may be gone as well."""
    from nats.js.api import (  # noqa: PLC0415 - one broker of three
        AckPolicy,
        ConsumerConfig,
        RetentionPolicy,
        StorageType,
        StreamConfig,
    )
    from taskiq_nats import PullBasedJetStreamBroker  # noqa: PLC0415 - one broker of three

    return PullBasedJetStreamBroker(
        url,
        subject="vestnik.hints",
        stream_name=QUEUE,
        durable=GROUP,
        stream_config=StreamConfig(
            retention=RetentionPolicy.WORK_QUEUE, storage=StorageType.MEMORY, max_msgs=KEPT
        ),
        consumer_config=ConsumerConfig(
            durable_name=GROUP, ack_policy=AckPolicy.EXPLICIT, ack_wait=UNHEARD_SECONDS
        ),
        pull_consume_timeout=BLOCK_SECONDS,
        allow_reconnect=False,
        connect_timeout=CONNECT_SECONDS,
    )


def _rabbitmq(url: str) -> AsyncBroker:
    """RabbitMQ. What overflows would pile up among the dead letters: that queue is kept at one."""
    from taskiq_aio_pika import (  # noqa: PLC0415 - one broker of three
        AioPikaBroker,
        Exchange,
        Queue,
        QueueType,
    )

    return AioPikaBroker(
        url,
        qos=1,
        exchange=Exchange(name=QUEUE),
        task_queues=[
            Queue(name=QUEUE, type=QueueType.CLASSIC, arguments={"x-max-length": KEPT}),
        ],
        dead_letter_queue=Queue(
            name=f"{QUEUE}-dead", type=QueueType.CLASSIC, arguments={"x-max-length": 1}
        ),
        timeout=CONNECT_SECONDS,
    )


_BUILDERS: Mapping[str, Callable[[str], AsyncBroker]] = {
    "redis": _redis,
    "rediss": _redis,
    "nats": _nats,
    "tls": _nats,
    "amqp": _rabbitmq,
    "amqps": _rabbitmq,
}
