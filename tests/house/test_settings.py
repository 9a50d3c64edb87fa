"""Every setting has its row in .env.example and in docs/settings.md."""

from app.env_example import names
from tests.house.test_contracts import ROOT


def test_every_setting_has_its_row() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    table = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    told = list(names())
    assert len(told) == len(set(told)) > 40
    assert [name for name in told if f"\n#{name}=" not in example] == []
    assert [name for name in told if f"\n| `{name}` |" not in table] == []


def test_every_setting_of_the_design_is_there() -> None:
    fixed = """DATABASE_URL REDIS_URL BROKER_URL PUBLIC_URL HOST PORT SECRET_KEY API_KEY SCENARIOS
        DEFAULT_LANGUAGE DEFAULT_REGION DEFAULT_TIMEZONE STAFF TELEGRAM_TOKEN TELEGRAM_API_URL
        TELEGRAM_WEBHOOK_SECRET TELEGRAM_MODE TELEGRAM_OPERATORS_CHAT TELEGRAM_ADMIN_CHAT VK_TOKEN
        VK_GROUP_ID VK_API_URL VK_SECRET VK_CONFIRMATION VK_MODE WHATSAPP_TOKEN WHATSAPP_PHONE_ID
        WHATSAPP_WABA_ID WHATSAPP_APP_SECRET WHATSAPP_VERIFY_TOKEN WHATSAPP_API_URL
        WHATSAPP_API_VERSION SMS_GATEWAY SMSC_LOGIN SMSC_PASSWORD SMSC_API_URL SMSC_SENDER"""
    assert set(fixed.split()) <= set(names())
