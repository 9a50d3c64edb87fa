"""SMS gateways, one module each; a gateway is a channel like any messenger."""
