"""Stand-ins for Telegram, VK, WhatsApp and an SMS gateway; they import nothing of Vestnik."""
