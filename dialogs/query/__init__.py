"""Segments as people type them: `city = "Казань" and not seen < 30d`, read and written."""
