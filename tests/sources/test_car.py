"""CAR files and DAG-CBOR: what Bluesky writes is read, anything else is one sentence, and nothing grows without bounds."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import struct
from typing import Any

import pytest

from relationdesk.sources.car import Cid, NotCar, decode, read_blocks, read_roots
from tests import shared
from tests.cars import Link, block, car, cbor, cid, link, varint

REAL = shared.REAL / "bluesky"


@pytest.mark.parametrize(
    "value",
    [0, 23, 24, 255, 256, 65_536, 2**32, 2**64 - 1, -1, -25, -(2**64), 1.5, True, False, None, "", "zß😀", b"\0\xff", [], [1, [2]],
     {}, {"a": {"b": [None]}}],
)  # fmt: skip
def test_values_come_back(value: Any) -> None:
    found = decode(cbor(value))
    assert found == value and type(found) is type(value)


def test_a_name_of_a_block_comes_back() -> None:
    digest = hashlib.sha256(b"x").digest()
    assert decode(cbor({"v": Link(digest)})) == {"v": Cid(digest)}
    assert decode(b"\xd8\x2a" + cbor(b"\0\x12\x20" + digest)) == Cid(digest)  # an old name is a bare hash


@pytest.mark.parametrize(
    "data",
    [b"", b"\x1c", b"\x1f", b"\x9f\x01\xff", b"\x5f\x41a\xff", b"\xf7", b"\xe0", b"\xf9\x3c\x00", b"\xfa\x3f\xc0\x00\x00", b"\xc0\x61a",
     b"\xd8\x2a\x61a", b"\xd8\x2a\x41\x00", b"\xd8\x2a\x45\x00\x01\x71\x12\x20", b"\x61\xff", b"\xa1\x01\x01", b"\x01\x01", b"\x44abc",
     b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", b"\xbb\x00\x00\x00\x01\x00\x00\x00\x00", b"\x7b\x7f\xff\xff\xff\xff\xff\xff\xff",
     b"\x81" * 10_000 + b"\x01", b"\xd8\x2a" * 10_000, b"\x98\xff" + b"\xa0" * 100, b"\x9a\x00\x0f\x42\x40" + b"\xa0" * 1_000_000],
    ids=lambda data: data[:8].hex(),
)  # fmt: skip
def test_what_dag_cbor_does_not_allow_is_refused(data: bytes) -> None:
    with pytest.raises(NotCar):
        decode(data)


def test_a_float_that_is_no_number_is_only_a_value() -> None:
    assert decode(b"\xfb" + struct.pack(">d", float("inf"))) == float("inf")


def test_blocks_in_order_with_their_hashes_checked() -> None:
    one, two = cbor({"a": 1}), cbor({"b": 2})
    stream = io.BytesIO(car(link(one), block(one), b"\0", block(two), block(two, hashlib.sha256(b"other").digest())))
    assert read_roots(stream) == (hashlib.sha256(one).digest(),)
    found = list(read_blocks(stream))
    assert [(decode(b.data), b.sound) for b in found] == [({"a": 1}, True), ({"b": 2}, True), ({"b": 2}, False)]


def test_a_bare_hash_names_a_block_too() -> None:
    data = cbor({"a": 1})
    digest = hashlib.sha256(data).digest()
    body = b"\x12\x20" + digest + data
    (found,) = read_blocks(io.BytesIO(varint(len(body)) + body))
    assert (found.digest, found.sound) == (digest, True)


@pytest.mark.parametrize(
    "raw",
    [b"", b"\0", b"{}", b"PK\x03\x04", varint(10**9), b"\xff" * 20, varint(5) + cbor("abcd"), varint(99) + b"\xa2",
     varint(len(cbor({"roots": [], "version": 2}))) + cbor({"roots": [], "version": 2})],
)  # fmt: skip
def test_what_does_not_begin_as_one_is_none(raw: bytes) -> None:
    with pytest.raises(NotCar):
        read_roots(io.BytesIO(raw))


@pytest.mark.parametrize(
    "raw", [varint(50) + b"\x01\x71", varint(2**40), b"\x80", b"\xff" * 12, varint(3) + b"\x01\x71\x13", varint(40) + cid(b"\0" * 32)[:36]]
)
def test_a_file_that_is_cut_off_or_makes_no_sense_says_so(raw: bytes) -> None:
    with pytest.raises(NotCar):
        list(read_blocks(io.BytesIO(raw)))


@pytest.mark.skipif(not REAL.is_dir(), reason="the real exports of ../shared/real are not here")
def test_a_real_file_of_five_blocks() -> None:
    (told,) = json.loads((REAL / "car-file-fixtures.json").read_text())
    raw = base64.b64decode(told["car"] + "==")
    stream = io.BytesIO(raw)
    (root,) = read_roots(stream)
    found = list(read_blocks(stream))
    names = ["b" + base64.b32encode(cid(b.digest)).decode().lower().rstrip("=") for b in found]
    assert len(found) == 5 and all(b.sound for b in found)
    assert names[0] == told["root"] == "bafyreiapldaco7m23c7qzc4w42r7kxmcswm64nkindtuh4vwztrpoe7m5m" and found[0].digest == root
    assert sorted(names) == sorted(entry["cid"] for entry in told["blocks"])
    assert decode(found[0].data) == {"test": "root"}
