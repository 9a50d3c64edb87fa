"""The credentials that a platform gave to the business."""

import hmac


def same(told: str, ours: str) -> bool:
    """Whether this is our credential; takes as long for any other, and takes any text."""
    # What is no UTF-8 in a header reaches us as halves of surrogate pairs.
    return hmac.compare_digest(told.encode("utf-8", "surrogatepass"), ours.encode())
