"""Our emulators, driven over HTTP by the real client libraries."""
