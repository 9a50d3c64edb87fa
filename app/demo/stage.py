"""The stage: emulated platforms, and the channels that are pointed at them."""

from collections.abc import Sequence
from dataclasses import dataclass

import bots.telegram
import bots.vk
import bots.whatsapp
from emulators.sms import Sms, SmsSettings
from emulators.telegram import Telegram, TelegramSettings
from emulators.vk import Vk, VkSettings
from emulators.whatsapp import Template, TemplateButton, WhatsApp, WhatsAppSettings
from emulators.whatsapp.settings import TEMPLATES
from emulators.world import Group, Platform, World

FASTER = 10.0
"""In the demo the lanes run so many times faster than the platforms allow."""

ADMIN_CHAT = "-1001000000001"
OPERATORS_CHAT = "-1001000000002"
CALLBACK_SECRET = "secret-of-the-demo"  # noqa: S105 - made up, of a made-up gateway
MARKETER = 9_001
OPERATOR = 9_002

_YES_MOVE_NO = ("Да, приду", "Перенести", "Отменить")
_YES_MOVE_NO_ENGLISH = ("Yes, I will come", "Another time", "Cancel it")
APPOINTMENTS = (
    Template("appointment_booked", "ru", "UTILITY", "Вы записаны: {{1}}, {{2}}."),
    Template(
        "appointment_reminder",
        "ru",
        "UTILITY",
        "Напоминаем о приёме: {{1}}, {{2}}. Ждём вас?",
        buttons=tuple(map(TemplateButton, _YES_MOVE_NO)),
    ),
    Template("appointment_booked", "en", "UTILITY", "You have an appointment: {{1}}, {{2}}."),
    Template(
        "appointment_reminder",
        "en",
        "UTILITY",
        "A reminder of your appointment: {{1}}, {{2}}. Shall we expect you?",
        buttons=tuple(map(TemplateButton, _YES_MOVE_NO_ENGLISH)),
    ),
)
"""What the shipped clinic has approved."""

NOTICE = (
    "Демонстрация: платформы — эмуляторы, отправка в десять раз быстрее настоящей, "
    "маршрут ждёт доставки 3 секунды вместо минуты."
)


@dataclass(frozen=True, slots=True)
class Stage:
    """The emulated platforms of one world."""

    world: World
    telegram: Telegram
    vk: Vk
    whatsapp: WhatsApp
    sms: Sms

    @property
    def platforms(self) -> Sequence[Platform]:
        """All of them."""
        return (self.telegram, self.vk, self.whatsapp, self.sms)

    async def point_at(self, address: str) -> None:
        """Tell the providers whose webhooks are set in their own web pages where we are."""
        await self.whatsapp.subscribe(f"{address}/webhooks/whatsapp/main")
        self.report_to(address)

    def report_to(self, address: str) -> None:
        """Tell the SMS gateway, whose callback address is set in its web pages, where we are."""
        self.sms.callback_url = f"{address}/webhooks/sms/smsc?secret={CALLBACK_SECRET}"


def build_stage(world: World, faster: float = FASTER) -> Stage:
    """The platforms with their staff chats, so many times faster; the credentials are made up."""
    world.notice = NOTICE
    world.groups += [
        Group("telegram", ADMIN_CHAT, "Маркетинг", "admin", ("marina", "oleg")),
        Group("telegram", OPERATORS_CHAT, "Операторы", "operators", ("oleg", "marina")),
    ]
    return Stage(
        world=world,
        telegram=Telegram(
            world,
            TelegramSettings(
                pace=faster, chat_rate=10.0, group_rate=600.0, forum_roles=frozenset()
            ),
        ),
        vk=Vk(world, VkSettings(rate_multiplier=faster)),
        whatsapp=WhatsApp(
            world,
            WhatsAppSettings(
                throughput_multiplier=faster,
                batch_seconds=0.05,
                templates=(*TEMPLATES, *APPOINTMENTS),
            ),
        ),
        sms=Sms(world, SmsSettings()),
    )


def channels_for(base: str) -> dict[str, str]:
    """The settings that point every channel at the emulators under a base address."""
    vk, whatsapp, sms = VkSettings(), WhatsAppSettings(), SmsSettings()
    return {
        "TELEGRAM_TOKEN": TelegramSettings().token,
        "TELEGRAM_API_URL": f"{base}/telegram",
        "TELEGRAM_ADMIN_CHAT": ADMIN_CHAT,
        "TELEGRAM_OPERATORS_CHAT": OPERATORS_CHAT,
        "TELEGRAM_RATE": str(bots.telegram.LIMITS.rate * FASTER * 0.9),
        "VK_TOKEN": vk.token,
        "VK_GROUP_ID": str(vk.group_id),
        "VK_API_URL": f"{base}/vk",
        "VK_SECRET": "secret-of-the-demo",
        "VK_RATE": str(bots.vk.LIMITS.rate * FASTER * 0.9),
        "WHATSAPP_TOKEN": whatsapp.token,
        "WHATSAPP_PHONE_ID": whatsapp.phone_id,
        "WHATSAPP_WABA_ID": whatsapp.waba_id,
        "WHATSAPP_APP_SECRET": whatsapp.app_secret,
        "WHATSAPP_VERIFY_TOKEN": whatsapp.verify_token,
        "WHATSAPP_API_URL": f"{base}/whatsapp",
        "WHATSAPP_RATE": str(bots.whatsapp.LIMITS.rate * FASTER * 0.9),
        "SMS_GATEWAY": "smsc",
        "SMSC_LOGIN": sms.login,
        "SMSC_PASSWORD": sms.password,
        "SMSC_API_URL": f"{base}/sms",
        "SMSC_SENDER": sms.sender,
        "SMSC_CALLBACK_SECRET": CALLBACK_SECRET,
        "STAFF": f"telegram:{MARKETER}=owner,telegram:{OPERATOR}=operator",
        "BROADCAST_ROUTE": "last 3s delivered > sms 3s delivered",
    }
