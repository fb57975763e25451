"""How much memory a process took at most, for tests that bound it."""

from __future__ import annotations

import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")


def most_mb() -> float:
    """The most memory this process had at any moment, in MB; 0 on Windows.

    On Linux not by getrusage: what it says of a child begins with what its parent took, so that beneath a large one nothing grows.
    """
    if _STATUS.exists():
        said = next(line for line in _STATUS.read_text(encoding="ascii", errors="replace").splitlines() if line.startswith("VmHWM:"))
        return int(said.split()[1]) / 1024
    if sys.platform == "win32":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
