"""The emulated WhatsApp Cloud API: sending, templates, media, signed webhooks, 24-hour windows."""

from emulators.whatsapp.platform import WhatsApp
from emulators.whatsapp.settings import Template, TemplateButton, WhatsAppSettings
from emulators.whatsapp.webhooks import NotVerified

__all__ = ["NotVerified", "Template", "TemplateButton", "WhatsApp", "WhatsAppSettings"]
