"""Keeps a lane under its rate in all processes together: delivery.pace's GCRA, on Redis."""

import time

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from delivery.pace import Grant, LocalPace, burst, least
from vestnik.address import Lane

PREFIX = "vestnik:pace:"

ALONE = 4.0
"""Without Redis each process goes at the rate divided by this: the others go on too."""

RETRY_SECONDS = 1.0
"""How long a broken Redis is left alone before it is asked again."""

# KEYS: the lane's arrival time. ARGV: rate, burst, how many at the most and at the least, how many
# seconds ahead. Gives the number that may go and after how many seconds; with none, the seconds
# until it is time to ask again. The clock is the server's: machines need not agree on theirs.
TAKE = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local most, least, ahead = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local arrival = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now)
local free = (now + ahead - arrival) * rate + burst
local count = math.min(most, math.floor(math.min(free, burst) + 0.000000001))
if count < least then return {0, string.format('%.6f', (least - free) / rate)} end
local wait = math.max(0, arrival - now + (count - burst) / rate)
arrival = arrival + count / rate
redis.call('SET', KEYS[1], string.format('%.6f', arrival), 'EX', math.ceil(arrival - now) + 60)
return {count, string.format('%.6f', wait)}
"""

# ARGV: rate, how many. A debt (a number below none) moves the arrival on, from now at the earliest.
GIVE_BACK = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local rate, count = tonumber(ARGV[1]), tonumber(ARGV[2])
local arrival = tonumber(redis.call('GET', KEYS[1]) or '0')
if count < 0 then arrival = math.max(arrival, now) end
arrival = arrival - count / rate
local lives = math.max(math.ceil(arrival - now), 0) + 60
redis.call('SET', KEYS[1], string.format('%.6f', arrival), 'EX', lives)
"""

log = structlog.get_logger(__name__)


class SharedPace:
    """One clock a lane for every worker; in process, and slower, while Redis is away."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._take = redis.register_script(TAKE)
        self._give_back = redis.register_script(GIVE_BACK)
        self._alone = LocalPace()
        self._away_until = 0.0

    async def take(self, lane: Lane, most: int, rate: float, ahead: float = 0.0) -> Grant:
        """Up to `most` messages at `rate` a second, whose turn comes within `ahead` seconds."""
        if time.monotonic() >= self._away_until:
            try:
                bounds = [burst(rate), most, least(most, rate), ahead]
                told = await self._take(keys=[_key(lane)], args=[rate, *bounds])
                return Grant(int(told[0]), float(told[1]))
            except (RedisError, OSError) as error:
                self._goes_alone(error)
        return await self._alone.take(lane, most, rate / ALONE, ahead)

    async def give_back(self, lane: Lane, count: int, rate: float) -> None:
        """Messages that were granted and not sent; below none, sent beyond what was granted."""
        if not count:
            return
        if time.monotonic() >= self._away_until:
            try:
                await self._give_back(keys=[_key(lane)], args=[rate, count])
                return
            except (RedisError, OSError) as error:
                self._goes_alone(error)
        await self._alone.give_back(lane, count, rate / ALONE)

    async def aclose(self) -> None:
        """Close the connection."""
        await self._redis.aclose()

    def _goes_alone(self, error: Exception) -> None:
        self._away_until = time.monotonic() + RETRY_SECONDS
        log.warning("pace_not_shared", why=type(error).__name__)


def _key(lane: Lane) -> str:
    return f"{PREFIX}{lane}"
