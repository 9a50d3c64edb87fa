"""What Telegram answers instead of a result; the texts are its server's own, word for word."""

from typing import Any


class ApiError(Exception):
    """A refusal: HTTP status, description and, where Telegram gives some, parameters."""

    def __init__(self, status: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def envelope(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.status,
            "description": self.description,
        }
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(why: str) -> ApiError:
    """400. The first letter is lowered unless a capital or "_" follows it, as the server does."""
    shouted = len(why) > 1 and (why[1] == "_" or "A" <= why[1] <= "Z")
    return ApiError(400, f"Bad Request: {why if shouted else why[:1].lower() + why[1:]}")


def forbidden(why: str) -> ApiError:
    """403."""
    return ApiError(403, f"Forbidden: {why}")


def conflict(why: str) -> ApiError:
    """409."""
    return ApiError(409, f"Conflict: {why}")


def too_many(seconds: int) -> ApiError:
    """429: come back after so many seconds."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
