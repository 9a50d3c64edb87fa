"""Columns of a CRM, brought in from a table: what they mean, whose they are, what they change."""
