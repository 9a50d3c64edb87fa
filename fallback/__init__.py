"""Routes (cascades) and the SMS gateways at their end."""
