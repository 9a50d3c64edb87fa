"""Where the stories begin: the people of the town, a preview, a broadcast that was started."""

from tests.broadcast.office import Colleague, Office
from tests.broadcast.post import TELEGRAM, VK, WHATSAPP

TEXT = "Завтра **дегустация**"


async def town(office: Office) -> None:
    """Six people, one for each way that a broadcast may go."""
    await office.customer("Анна", TELEGRAM, city="Москва")
    await office.customer("Борис", VK, city="Москва", likes=("Чай",))
    await office.customer("Вера", WHATSAPP, city="Казань")
    await office.customer("Глеб", WHATSAPP, phone="+79160000004", wrote_hours_ago=30)
    await office.customer("Дарья", TELEGRAM, city="Самара", agrees=False)
    await office.customer("Егор", TELEGRAM, city="Казань", closed="blocked", phone="+79160000006")


async def previewed(office: Office, text: str = TEXT) -> Colleague:
    """Marina, the marketer, looks at a preview for everybody, without a template."""
    marina = office.colleague("2", "Марина")
    await marina.says(f"/broadcast {text}")
    await marina.presses("Все")
    await marina.presses("Без шаблона")
    return marina.sees("Предпросмотр рассылки")


async def started(office: Office) -> Colleague:
    """Marina has sent it, and nothing has gone out yet."""
    marina = await previewed(office)
    return (await marina.presses("Отправить")).sees("запущена", "идёт")
