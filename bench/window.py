"""The rows of the window, each in a process of its own: start, memory, scrolling."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench.measure import Row

WINDOW: dict[str, Callable[[Path], list[Row]]] = {}
