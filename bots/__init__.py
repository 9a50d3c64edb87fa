"""Messenger channels, one module a messenger; nothing here knows who is written to or why."""
