"""Staff say in words whom they mean: counted by /segments, taken as a draft's audience."""

from tests.broadcast.office import Office
from tests.broadcast.town import town


async def test_a_query_is_counted_and_some_are_named(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    (await marina.says('/segments city = "москва" and interests has кофе')).sees(
        'city = "москва" and interests = "кофе"',
        "Аудитория: 2 человека",
        "По каналам: ",
        "Telegram 1",
        "Некоторые из них: № 1 Анна · № 4 Глеб",
    )
    assert (await office.log())[-1] == ("telegram:2", "segment.count", "people")


async def test_a_mistake_is_pointed_at(office: Office) -> None:
    marina = office.colleague("2", "Марина")
    (await marina.says("/segments city = ")).sees(
        "city =\n      ^",
        "Строка 1, символ 7: запрос обрывается; дальше должно идти: текст в кавычках, число",
        'Например: city = "Казань"',
    )
    assert await office.log() == []


async def test_a_query_chooses_the_people_of_a_draft(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    (await marina.says("/broadcast Скидки")).sees("напишите запрос")
    (await marina.says("city = Казань or interests has Чай")).sees(
        'city = "Казань" or interests = "Чай"', "3 человека", "[✅ Эти люди]"
    )
    await marina.presses("Город")
    (await marina.presses("Москва")).sees("• city", "• Город: Москва", "1 человек")
    await marina.presses("Готово")
    (await marina.says("city = Самара")).sees('• city = "Самара"', "1 человек").sees_no("Москва")
    await marina.presses("Эти люди")
    (await marina.presses("Без шаблона")).sees("Предпросмотр", '• city = "Самара"', "1 человек")


async def test_talk_of_colleagues_is_no_query(office: Office) -> None:
    await town(office)
    marina = office.colleague("2", "Марина")
    await marina.says("/broadcast Скидки")
    await marina.says("Обед в час?")
    assert marina.last == []
    (await marina.says("city == Казань")).sees("city == Казань\n", "Строка 1, символ 7")
