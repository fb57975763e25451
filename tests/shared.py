"""Where the reference material lies that is no part of the project: real exports, official schemas, scripts that start servers. What needs
it says plainly that it was skipped where it is not there."""

from __future__ import annotations

from pathlib import Path

_PROJECT = Path(__file__).resolve().parents[1]
SHARED = next((above / "shared" for above in _PROJECT.parents if (above / "shared" / "places").is_dir()), _PROJECT.parent / "shared")
"""Beside the project; or beside what it lies in, where it is one of several working trees."""
REAL = SHARED / "real"
SPECS = SHARED / "places" / "specs"
SERVERS = SHARED / "servers"
