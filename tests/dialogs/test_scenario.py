"""Scenarios as files: what is understood, and in which words the rest is refused."""

from pathlib import Path

import pytest

from dialogs.scenario import Flawed, load, parse
from dialogs.steps import Ask, Consent, End, Phone, Say

WHOLE = """\
name: whole
languages: [ru, en]
keywords: [Привет, hi]
start: hello
steps:
  hello:
    say: { ru: "**Привет**", en: Hello }
  data:
    consent: personal_data
    version: "1"
    text: { ru: Можно, en: May we }
    agree: { ru: Да, en: "Yes" }
    decline: { ru: Нет, en: "No" }
    refused: bye
  city:
    ask: { ru: Где вы, en: Where are you }
    title: { ru: Город, en: City }
    choices:
      kzn: { ru: Казань, en: Kazan }
      other: { ru: Другой, en: Other, value: "-" }
  number:
    phone: { ru: Телефон, en: Phone }
    next: bye
  bye:
    end: { ru: Пока, en: Bye }
"""


def test_a_file_becomes_steps() -> None:
    scenario = parse(WHOLE)
    kinds = [type(step) for step in scenario.steps.values()]
    assert kinds == [Say, Consent, Ask, Phone, End]
    assert [step.next for step in scenario.steps.values()] == [
        "data",
        "city",
        "number",
        "bye",
        None,
    ]
    assert scenario.start == "hello"
    city = scenario.question("city")
    assert city is not None
    assert [choice.value for choice in city.choices.values()] == ["Казань", "-"]
    assert (city.named("en"), city.shown("Казань", "en"), city.shown("?", "en")) == (
        "City",
        "Kazan",
        "?",
    )


def test_the_version_follows_the_content() -> None:
    assert parse(WHOLE).version == parse(WHOLE, "elsewhere").version
    assert parse(WHOLE).version != parse(WHOLE.replace("Hello", "Hello!")).version


def test_keywords_are_whole_messages() -> None:
    scenario = parse(WHOLE)
    assert scenario.opened_by("ПРИВЕТ!")
    assert not scenario.opened_by("привет всем")


# What is put in place of what, the line of the finding, and what it says.
FLAWS = {
    "an unknown next step": ("next: bye", "next: by", 23, "there is no step 'by'"),
    "an unknown refusal step": ("refused: bye", "refused: by", 14, "there is no step 'by'"),
    "an unknown start": ("start: hello", "start: hell", 4, "there is no step 'hell'"),
    "a missing language": (
        "{ ru: Где вы, en: Where are you }",
        "{ ru: Где вы }",
        16,
        "no text in en",
    ),
    "a missing label": (
        "kzn: { ru: Казань, en: Kazan }",
        "kzn: { ru: Казань }",
        19,
        "no text in en",
    ),
    "a foreign language": ("en: Bye", "eng: Bye", 25, "eng is not among"),
    "an empty text": ("en: Hello", 'en: ""', 7, "write a text here"),
    "a misspelt key": ("title:", "titel:", 17, "remove `titel` or correct its spelling"),
    "a misspelt kind": (
        "    phone:",
        "    fone:",
        21,
        "one of the keys say, ask, consent, phone, wait, branch, call, handover, end",
    ),
    "a missing key": ('    version: "1"\n', "", 8, "`version` is missing"),
    "an unknown purpose": (
        "personal_data",
        "world_domination",
        9,
        "'personal_data', 'advertising' or 'calls'",
    ),
    "a bad step name": ("  number:", "  Number!:", 21, "a name is up to 30 of a-z"),
    "a reserved name": ("  hello:", "  my:", 6, "the name my is taken"),
    "a key twice": ("  number:", "  city:", 21, "`city` stands here twice"),
    "no end": ("    end: {", "    say: {", 24, "nothing follows; add an `end` step"),
    "something after the end": (
        "en: Bye }",
        "en: Bye }\n    next: hello",
        26,
        "nothing follows it; remove `next`",
    ),
    "two equal labels": ("en: Other", "en: Kazan", 19, "two choices read 'Kazan'"),
    "no choices": (
        WHOLE[WHOLE.index("    choices:") : WHOLE.index("  number:")],
        "",
        15,
        "nothing can",
    ),
    "many without choices": (
        "    choices:",
        "    answer: text\n    many: true\n    choices:",
        15,
        "`many` goes",
    ),
    "a question without consent": ("start: hello", "start: city", 15, "without the consent"),
    "a question after a refusal": ("refused: bye", "refused: city", 15, "without the consent"),
    "a circle": ("next: bye", "next: number", 21, "come back without a question"),
    "sms that the text does not name": (
        'version: "1"',
        'version: "1"\n    covers: [sms]',
        12,
        "its text must name SMS",
    ),
    "broken YAML": ("languages: [ru, en]", "languages: [ru, en", 3, "expected ',' or ']'"),
    "a sign that needs quotes": ("en: Bye", "en: Bye?", 25, "stands in quotes"),
    "an alias": (
        "name: whole",
        "name: &a whole\nkeywords: *a",
        2,
        "write out what `*a` stands for",
    ),
    "a list for a text": ("say: {", "say: [1]\n    next: {", 7, "dictionary"),
    "no steps": ("steps:", "stages:", 1, "`steps` is missing"),
}


@pytest.mark.parametrize("row", FLAWS)
def test_a_flaw_is_told_with_its_line(row: str) -> None:
    old, new, line, words = FLAWS[row]
    assert old in WHOLE
    with pytest.raises(Flawed) as flawed:
        parse(WHOLE.replace(old, new, 1), "dialog.yaml")
    found = [finding for finding in flawed.value.findings if words in finding.what]
    assert found, str(flawed.value)
    assert (found[0].file, found[0].line) == ("dialog.yaml", line), str(flawed.value)
    assert f"dialog.yaml:{line}: " in str(flawed.value)


@pytest.mark.parametrize("text", ["", "- a", "just words", "\0", "a: " + "[" * 1200, "{[a]: b}"])
def test_what_is_no_scenario_is_refused_in_words(text: str) -> None:
    with pytest.raises(Flawed, match=r"^scenario:1: .+"):
        parse(text)


def test_every_flaw_is_told_at_once() -> None:
    with pytest.raises(Flawed) as flawed:
        parse(WHOLE.replace("next: bye", "next: by").replace("refused: bye", "refused: by"))
    assert len(flawed.value.findings) == 2


def test_a_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(Flawed, match=r"nowhere\.yaml:1: cannot be read: No such file"):
        load(tmp_path / "nowhere.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"name: caf\xe9")
    with pytest.raises(Flawed, match="save it as UTF-8"):
        load(tmp_path / "latin.yaml")
