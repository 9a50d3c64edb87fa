"""Delivery: its rules as tables, its chores against both databases."""
