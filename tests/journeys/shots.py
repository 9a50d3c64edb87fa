"""Hostile requests for a webhook, half of them properly signed, as they go over the wire."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from app.hooks import BODY_BYTES
from tests.journeys.doors import Door, Proof
from tests.journeys.hostile import spoil

HUGE_BYTES = BODY_BYTES + 2**20
ODD_SHARE, NEW_SHARE = 0.1, 0.04
HUGE_EVERY = 2_000

Wants = Literal["kept", "refused", "too_large", "no_error"]
"""200; 401 or 403; 413; anything that is no error of ours."""

_HOSTS = (b"", b"a b", b"[::", b"a:99999999", b"\xff", b"localhost:1", b"evil.example")
_METHODS = (b"GET", b"PUT", b"PATCH", b"DELETE", b"OPTIONS", b"TRACE", b"BREW", b"post")
_TYPES = (
    b"",
    b"text/html",
    b"application/json; charset=\xff",
    b"multipart/form-data",
    b";;;",
    b"*/*",
)
_QUERIES = (
    b"a=%ff",
    b"%00=%00",
    b"hub.mode=subscribe&hub.challenge=1",
    b"&&&=",
    b"q=" + b"9" * 999,
)
_EXTRA: tuple[Mapping[bytes, bytes], ...] = (
    {b"X-Name": "André".encode("latin-1")},
    {b"X-Forwarded-For": b"127.0.0.1", b"X-Forwarded-Host": b"a\xff"},
    {b"Cookie": b"\xff=;;=;"},
    {b"Expect": b"100-continue"},
)
_BREAKING: tuple[Mapping[bytes, bytes], ...] = (
    {b"Content-Encoding": b"gzip"},
    {b"Content-Encoding": b"deflate"},
    {b"Content-Encoding": b"zstd"},
    {b"Expect": b"the unexpected"},
    {b"X-Long": b"a" * 20_000},
    {b"X-Control": b"\x01"},
    {b"Transfer-Encoding": b"gzip, chunked"},
)


@dataclass(frozen=True, slots=True)
class Shot:
    """A request; `last`: what it does to its connection is anybody's guess."""

    raw: bytes
    wants: Wants
    last: bool = False


def shots(door: Door, count: int, seed: int) -> Iterator[Shot]:
    """So many requests; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - hostile, not secret
    for number in range(count):
        if number % HUGE_EVERY == HUGE_EVERY // 2:
            huge = door.prove(door.bodies[0].ljust(HUGE_BYTES))
            yield Shot(raw(door, huge), "too_large", last=True)
            continue
        body = chance.choice(door.bodies)
        if chance.random() < NEW_SHARE:
            body = door.renewed(body, number)
        body = spoil(chance, body)
        signed = chance.random() < 0.5
        proof = door.prove(body) if signed else door.forge(chance, body)
        holds = signed and door.holds(body)
        wants: Wants = "no_error" if holds is None else "kept" if holds else "refused"
        if chance.random() < ODD_SHARE:
            yield _odd(chance, door, proof, wants)
        else:
            yield Shot(raw(door, proof), wants)


def _odd(chance: random.Random, door: Door, proof: Proof, wants: Wants) -> Shot:
    """The same, said in an unusual way."""
    match chance.randrange(8):
        case 0:
            return Shot(raw(door, proof, chunks=chance.choice((1, 7, 1_000))), wants)
        case 1:
            return Shot(raw(door, proof, {b"Content-Type": chance.choice(_TYPES)}), wants)
        case 2:
            return Shot(raw(door, proof, chance.choice(_EXTRA)), wants)
        case 3:
            query = b"&".join((chance.choice(_QUERIES), proof.query))
            return Shot(raw(door, replace(proof, query=query)), wants)
        case 4:
            return Shot(raw(door, proof, version=b"HTTP/1.0"), wants, last=True)
        case 5:
            host = chance.choice(_HOSTS)
            return Shot(raw(door, proof, host=host), "no_error", last=True)
        case 6:
            method = chance.choice(_METHODS)
            return Shot(raw(door, proof, method=method), "no_error", last=True)
        case _:
            broken = raw(door, proof, chance.choice(_BREAKING))
            return Shot(broken, "no_error", last=True)


def raw(
    door: Door,
    proof: Proof,
    headers: Mapping[bytes, bytes] | None = None,
    *,
    method: bytes = b"POST",
    host: bytes = b"vestnik.example",
    version: bytes = b"HTTP/1.1",
    chunks: int = 0,
) -> bytes:
    """A request as it goes over the wire."""
    query = b"?" + proof.query if proof.query else b""
    head = [method + b" " + door.path + query + b" " + version, b"Host: " + host]
    told = {b"Content-Type": b"application/json", **(proof.headers or {}), **(headers or {})}
    head += [name + b": " + value for name, value in told.items()]
    head.append(
        b"Transfer-Encoding: chunked" if chunks else b"Content-Length: %d" % len(proof.body)
    )
    body = _chunked(proof.body, chunks) if chunks else proof.body
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def _chunked(body: bytes, count: int) -> bytes:
    size = max(1, len(body) // count)
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
