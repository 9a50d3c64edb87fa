"""Campaigns: audience, batches, the admin chat's commands and the reports."""
