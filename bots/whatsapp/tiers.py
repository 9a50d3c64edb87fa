"""What Meta allows the account now: how many people a day, and how fast. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from vestnik.abilities import Tier

FIELDS = "whatsapp_business_manager_messaging_limit,throughput,quality_rating"

# Messages a second, in and out together (messaging-limits: 80 and 1000), less a tenth for what
# people write.
RATES: Mapping[str, float] = {"STANDARD": 70.0, "HIGH": 900.0}

_PEOPLE = re.compile(r"(?:TIER_)?([0-9]{1,9})(K|M|)")
_THOUSANDS = {"": 1, "K": 1_000, "M": 1_000_000}


def tier_in(told: Mapping[str, Any]) -> Tier:
    """The tier in the fields of a business number."""
    limit = str(told.get("whatsapp_business_manager_messaging_limit") or "not told")[:100]
    throughput = told.get("throughput")
    level = str(throughput.get("level", "")) if isinstance(throughput, dict) else ""
    quality = str(told.get("quality_rating") or "not told")[:100]
    return Tier(
        people_a_day=_people(limit),
        rate=RATES.get(level),
        note=f"messaging limit {limit}, quality {quality}",
    )


def _people(limit: str) -> int | None:
    found = _PEOPLE.fullmatch(limit)
    return int(found[1]) * _THOUSANDS[found[2]] if found else None
