"""What is decided from the card beside a person's timeline: profiles, buckets, tags, prompts. The page itself only reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from relationdesk.derived import Prompt
from relationdesk.services import later, people
from relationdesk.store.profiles import Stored
from relationdesk.ui.page import Context, Target
from relationdesk.ui.person_card import PersonCard


class PersonDeeds(QObject):
    """shown: the id of the person whose card it is, None for nobody. `answer` may be put in place of the plain answer to a prompt."""

    def __init__(self, context: Context, card: PersonCard, shown: Callable[[], int | None]) -> None:
        super().__init__(card)
        self._context, self._card, self._shown = context, card, shown
        card.profile.connect(self._on_profile)
        self.answer: Callable[[Prompt, str, datetime | None], None] = self.answer_alone
        card.answered.connect(lambda prompt, how, until: self.answer(prompt, how, until))
        card.bucket.connect(self._set_bucket)
        card.tags.connect(lambda tags: self._write(people.set_tags, shown(), tags, context.clock()))
        card.copy.connect(context.router.copy)
        card.prompts_allowed.connect(lambda on: self._write(people.set_no_prompts, shown(), not on, context.clock()))
        card.link_another.connect(lambda: context.router.go.emit(Target(page="who", id=shown())))

    def capture(self) -> None:
        """Write down by hand what they did."""
        self._context.router.capture.emit(self._shown(), "", None)

    def write_to(self) -> None:
        """A mail or message to them."""
        from relationdesk.ui import engaging

        engaging.answer(self._context, self._card.window(), self._shown(), ())

    def capture_pasted(self) -> None:
        """The same, of what is on the clipboard."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self._context.router.capture.emit(self._shown(), text, None)

    def _on_profile(self, what: str, stored: Stored) -> None:
        router, now = self._context.router, self._context.clock()
        if what == "open":
            router.open_link.emit(stored.profile.url)
        elif what == "copy":
            router.copy.emit(stored.profile.url or stored.profile.handle or stored.profile.key.native_id)
        elif what == "flip":
            router.go.emit(Target(page="place", place=stored.profile.key.place))
        elif what == "unlink":
            self._write(people.unlink, stored.id, now)
        elif what == "apart":
            self._write(people.keep_apart, stored.id, self._shown(), now)

    def _set_bucket(self, bucket_id: int, inside: bool) -> None:
        person_id = self._shown()
        if person_id is not None:
            self._write(people.set_in_bucket, bucket_id, (person_id,), inside, self._context.clock())

    def answer_alone(self, prompt: Prompt, how: str, until: datetime | None) -> None:
        self._write(later.answer, prompt, how, self._context.clock(), until)

    def _write(self, job: Callable[..., Any], *args: Any) -> None:
        self._context.tasks.write(job, *args, failed=self._context.router.failed.emit)
