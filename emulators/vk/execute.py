"""The method execute: a small part of VKScript, enough for `return [API.x.y({...}), ...];`."""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

from emulators.vk.call import Call
from emulators.vk.errors import VkError

# dev.vk.com/method/execute.
CALLS = 25
DEEPEST = 40

TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<number>-?\d{1,19}(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<sign>[\[\]{}(),:;.]))""",
    re.DOTALL,
)
WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Invocation:
    """`API.method({parameters})`."""

    method: str
    params: dict[str, Any]


class Script:
    """A parsed `return …;`: a value in which some parts are calls. Raises error 12."""

    def __init__(self, code: str) -> None:
        self._tokens = list(_tokens(code))
        self._place = 0
        self.calls = 0
        self._expect("return")
        self.value = self._value(0)
        if self._peek() == ";":
            self._next()
        if self._peek():
            raise self._bad()

    def _value(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise VkError(12, "code is too deep")
        kind, token = self._next()
        if kind == "string":
            return _string(token)
        if kind == "number":
            return float(token) if "." in token else int(token)
        if token == "[":
            return list(self._items("]", lambda: self._value(depth + 1)))
        if token == "{":
            return dict(self._items("}", lambda: self._pair(depth + 1)))
        if token == "API":
            return self._invocation(depth + 1)
        if token in WORDS:
            return WORDS[token]
        raise self._bad()

    def _items(self, end: str, item: Callable[[], Any]) -> Iterator[Any]:
        while self._peek() != end:
            yield item()
            if self._peek() == ",":
                self._next()
            elif self._peek() != end:
                raise self._bad()
        self._next()

    def _pair(self, depth: int) -> tuple[str, Any]:
        kind, token = self._next()
        if kind not in ("string", "name", "number"):
            raise self._bad()
        self._expect(":")
        return (_string(token) if kind == "string" else token), self._value(depth)

    def _invocation(self, depth: int) -> Invocation:
        parts = []
        while self._peek() == ".":
            self._next()
            parts.append(self._next()[1])
        self._expect("(")
        params = {} if self._peek() == ")" else self._value(depth)
        self._expect(")")
        if not parts or not isinstance(params, dict):
            raise self._bad()
        self.calls += 1
        return Invocation(".".join(parts), params)

    def _peek(self) -> str:
        return self._tokens[self._place][1] if self._place < len(self._tokens) else ""

    def _next(self) -> tuple[str, str]:
        if self._place == len(self._tokens):
            raise VkError(12, "unexpected end of code")
        self._place += 1
        return self._tokens[self._place - 1]

    def _expect(self, wanted: str) -> None:
        if self._next()[1] != wanted:
            raise self._bad()

    def _bad(self) -> VkError:
        token = self._tokens[min(self._place, len(self._tokens)) - 1][1]
        return VkError(12, f"unexpected token near {token!r}")


async def run(
    call: Call, perform: Callable[[Call], Awaitable[Any]]
) -> tuple[Any, list[dict[str, Any]]]:
    """The value of a script, with false for each call that failed, and `execute_errors`.

    Raises error 12 for code it cannot read and 13 for more than 25 calls, having done nothing.
    """
    script = Script(call.text("code"))
    if script.calls > CALLS:
        raise VkError(13, "too many api calls")
    errors: list[dict[str, Any]] = []

    async def evaluate(value: Any) -> Any:
        if isinstance(value, list):
            return [await evaluate(each) for each in value]
        if isinstance(value, dict):
            return {name: await evaluate(each) for name, each in value.items()}
        if not isinstance(value, Invocation):
            return value
        params = {name: _param(await evaluate(each)) for name, each in value.params.items()}
        try:
            return await perform(Call(value.method, params, call.visit))
        except VkError as error:
            errors.append(_told(value.method, error))
            return False

    answer = await evaluate(script.value)
    if errors:
        # VK repeats the last error under its own name: node-vk-bot-api#111, vkontakte_api#90.
        errors.append({**errors[-1], "method": "execute"})
    return answer, errors


def _told(method: str, error: VkError) -> dict[str, Any]:
    return {"method": method, "error_code": error.code, "error_msg": error.text}


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    place = 0
    end = len(code.rstrip())
    while place < end:
        found = TOKEN.match(code, place)
        if found is None:
            raise VkError(12, f"unexpected symbol at {place}")
        place = found.end()
        yield str(found.lastgroup), found[str(found.lastgroup)]


def _string(token: str) -> str:
    body = token[1:-1]
    if token[0] == "'":
        quotes = {"\\'": "'", '"': '\\"'}
        body = re.sub(r'\\.|"', lambda found: quotes.get(found[0], found[0]), body)
    try:
        text: str = json.loads(f'"{body}"', strict=False)
    except ValueError:
        raise VkError(12, "bad string") from None
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _param(value: Any) -> str:
    """A value as a parameter of a call: lists between commas, objects as JSON, booleans as 0/1."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        return ",".join(_param(each) for each in value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
