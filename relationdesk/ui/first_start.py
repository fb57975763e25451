"""The first page of an empty desk: three ways to begin, one sentence about privacy, and never more than this."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from relationdesk.errors import Cancelled, RelationDeskError
from relationdesk.model import Progress
from relationdesk.store.database import Desk
from relationdesk.ui.clickable import Clickable
from relationdesk.ui.frame import Flow, Icon, ScrollColumn
from relationdesk.ui.page import Context, Page, Target
from relationdesk.ui.tasks import Job
from relationdesk.ui.widgets.label import ParagraphLabel, PlainLabel
from relationdesk.ui.widgets.progress import ProgressLine


def tr(text: str) -> str:
    return QCoreApplication.translate("Welcome", text)


def _sample(db: Desk, now: object, *, report: object, stop: object) -> object:
    """Imported here, in the worker: the start needs neither the sources nor the sample."""
    from relationdesk.services import sample

    return sample.build(db, now, report=report, stop=stop)  # type: ignore[arg-type]
