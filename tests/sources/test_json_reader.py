"""JSON that would fill the memory, break the reader, or is none."""

from __future__ import annotations

import pytest

from relationdesk.sources.json_reader import MAX_CONTAINERS, MAX_VALUES, read_json


def test_what_is_json_is_read() -> None:
    assert read_json('\ufeff{"a": [1, null, "ü"]}') == {"a": [1, None, "ü"]}
    assert len(read_json("[" + "{}," * (MAX_CONTAINERS - 2) + "{}]")) == MAX_CONTAINERS - 1


@pytest.mark.parametrize(
    "text",
    ["", "<html>", "[1", "[NaN]", "[Infinity]", '{"a":' + "9" * 5000 + "}", "[" * 100_000, '{"a":' * 100_000,
     "[" + "{}," * MAX_CONTAINERS + "{}]", "[" + "1," * MAX_VALUES + "1,1]"],
    ids=range(10),
)  # fmt: skip
def test_anything_else_is_one_error(text: str) -> None:
    with pytest.raises(ValueError):
        read_json(text)
