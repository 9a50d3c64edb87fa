"""Telegram counts texts in UTF-16 units and reports faults in UTF-8 bytes."""


def utf16_length(text: str) -> int:
    """How many UTF-16 units the text has."""
    return len(text.encode("utf-16-le")) // 2


def byte_offset(text: str, index: int) -> int:
    """How many UTF-8 bytes stand before a character."""
    return len(text[:index].encode())


def slice_bytes(text: str, units: int) -> int | None:
    """The UTF-8 bytes before a UTF-16 offset; None when it splits a symbol in two."""
    try:
        return len(text.encode("utf-16-le")[: units * 2].decode("utf-16-le").encode())
    except UnicodeDecodeError:
        return None
