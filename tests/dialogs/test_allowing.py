"""Which addresses a scenario may ask."""

import pytest

from dialogs.allowing import allows

ALLOWED = ("https://crm.example/hooks/", "http://10.0.0.5:8000/one")


@pytest.mark.parametrize(
    "url",
    [
        "https://crm.example/hooks/",
        "https://crm.example/hooks/stock?x=1",
        "https://CRM.example:443/hooks/stock",
        "http://10.0.0.5:8000/one",
        "http://10.0.0.5:8000/one/two",
    ],
)
def test_what_begins_so_is_allowed(url: str) -> None:
    assert allows(ALLOWED, url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "crm.example/hooks/",
        "http://crm.example/hooks/",
        "https://crm.example/hook",
        "https://crm.example:8443/hooks/",
        "https://crm.example.evil.example/hooks/",
        "https://crm.example@evil.example/hooks/",
        "https://evil.example\\@crm.example/hooks/",
        "https://crm.example/hooks/../inside",
        "https://crm.example/hooks/%2E%2e/inside",
        "http://10.0.0.5:8000/one-more",
        "http://10.0.0.5:99999/one",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
    ],
)
def test_everything_else_is_not(url: str) -> None:
    assert not allows(ALLOWED, url)
    assert not allows((), url)
