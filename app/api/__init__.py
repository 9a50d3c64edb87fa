"""The HTTP API, mounted at /api/v1: `api(house)` gives its application."""

from app.api.application import api

__all__ = ["api"]
