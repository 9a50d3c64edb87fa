"""The message_ids of a request (Client.cpp, get_message_ids)."""

from emulators.telegram.errors import bad_request
from emulators.telegram.parameters import Parameters

# https://core.telegram.org/bots/api#deletemessages
MOST = 100
_INT32 = range(-(2**31), 2**31)


def read_numbers(parameters: Parameters) -> list[int]:
    """All of them, positive; raises ApiError."""
    if not parameters.text("message_ids"):
        raise bad_request("Message identifiers are not specified")
    told = parameters.parsed("message_ids", "Can't parse message_ids JSON object")
    if not isinstance(told, list):
        raise bad_request("Expected an Array of message identifiers")
    if len(told) > MOST:
        raise bad_request("Too many message identifiers specified")
    if not told:
        raise bad_request("Message identifiers are not specified")
    return [_number(value) for value in told]


def _number(told: object) -> int:
    if isinstance(told, bool) or not isinstance(told, int | float | str):
        raise bad_request("Message identifier must be a Number")
    try:
        number = int(str(told))
    except ValueError:
        number = _INT32.stop
    if number not in _INT32:
        raise bad_request("Can't parse message identifier as a Number")
    if number <= 0:
        raise bad_request("Invalid message identifier specified")
    return number
