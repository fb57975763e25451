"""What is decided from the card beside a person's timeline: profiles, buckets, tags, prompts. The page itself only reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from relationdesk.derived import Prompt
from relationdesk.model import Key, Note
from relationdesk.services import heavy_jobs, people, spans, tasks, wishes
from relationdesk.services.relationship import Agreed, agreed_with
from relationdesk.services.review import Review
from relationdesk.store.particulars import Particular
from relationdesk.store.profiles import Stored
from relationdesk.ui.about import About
from relationdesk.ui.note_dialog import VersionsDialog
from relationdesk.ui.page import Context, Target
from relationdesk.ui.person_card import PersonCard
from relationdesk.ui.person_menu import person_menu
from relationdesk.ui.span_dialog import TheirTime
from relationdesk.wishes import Task


class PersonDeeds(QObject):
    """shown: the id of the person whose card it is, None for nobody. `answer` may be put in place of the plain answer to a prompt."""

    def __init__(self, context: Context, card: PersonCard, shown: Callable[[], int | None]) -> None:
        super().__init__(card)
        self._context, self._card, self._shown = context, card, shown
        card.profile.connect(self._on_profile)
        self.answer: Callable[[Prompt, str, datetime | None], None] = self.answer_alone
        card.answered.connect(lambda prompt, how, until: self.answer(prompt, how, until))
        card.replied.connect(self._engage)
        card.bucket.connect(self._set_bucket)
        card.tags.connect(lambda tags: self._write(people.set_tags, shown(), tags, context.clock()))
        card.as_told.connect(lambda: self._write(people.as_told, shown(), context.clock()))
        card.copy.connect(context.router.copy)
        card.prompts_allowed.connect(lambda on: self._write(people.set_no_prompts, shown(), not on, context.clock()))
        card.agree.connect(self.agree)
        card.follow_up.connect(self.follow_up)
        card.ticked.connect(lambda task: self._write(tasks.done, task.id, context.clock()))
        card.stepped.connect(lambda step: self._write(wishes.move_to_step, shown(), step, context.clock()))
        card.logged.connect(self.log)
        card.particular.connect(self.keep_in_mind)
        card.suspect.connect(lambda profile_id: context.router.go.emit(Target(page="who", id=profile_id)))
        card.link_another.connect(lambda: context.router.go.emit(Target(page="who", id=shown())))

    def allow(self) -> None:
        """The card shows whoever stands on the page: what is done on it counts from now on."""
        self._card.blockSignals(False)
        self._card.setEnabled(True)

    def menu(self, review: Review, button: QWidget) -> None:
        """What else can be done with them, below a button."""
        person_menu(self._context, review, button)

    def versions(self, note: Note) -> None:
        """How a note was worded before."""
        VersionsDialog(self._context, note, self._card.window()).open_beside()

    def capture(self) -> None:
        """Write down by hand what they did."""
        self._context.router.capture.emit(self._shown(), "", None)

    def write_to(self) -> None:
        """A mail or message to them."""
        self._engage()

    def _engage(self, *keys: Key) -> None:
        """An answer to these words of theirs, or something new."""
        from relationdesk.ui import engaging

        engaging.answer(self._context, self._card.window(), self._shown(), keys)

    def follow_up(self, task: Task | None = None) -> None:
        """A new follow-up with them, or this one to change."""
        self._about(lambda agreed: self._context.router.agree.emit("follow_up", About(name=agreed.person.name, person_id=agreed.person.id, task=task)))

    def keep_in_mind(self, one: Particular | None = None) -> None:
        """Something to keep in mind of them, or this one to change."""
        self._about(lambda agreed: self._context.router.agree.emit("particular", About(name=agreed.person.name, person_id=agreed.person.id, particular=one)))

    def log(self) -> None:
        """Note a contact that no place tells of."""
        self._about(lambda agreed: self._context.router.agree.emit("contact", agreed.person))

    def agree(self) -> None:
        """Change rhythm and wishes."""
        self._about(lambda agreed: self._context.router.agree.emit("agreed", agreed))

    def _about(self, then: Callable[[Agreed], object]) -> None:
        """With what is agreed with them, read now."""

        def on_read(agreed: Agreed | None) -> None:
            if agreed is not None and agreed.person.id == self._shown():
                then(agreed)

        if self._shown() is not None:
            self._context.tasks.run(agreed_with, self._shown(), done=on_read, failed=self._context.router.failed.emit)

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
        elif what == "time":
            self._about(lambda agreed: router.agree.emit("span", TheirTime(stored=stored, person=agreed.person)))
        elif what == "unlink" and not stored.is_present:
            self._write(spans.take_from, stored.id, self._shown(), now)
        elif what == "unlink":
            self._write(people.unlink, stored.id, now)
        elif what == "apart":
            self._write(people.keep_apart, stored.id, self._shown(), now)

    def _set_bucket(self, bucket_id: int, inside: bool) -> None:
        person_id = self._shown()
        if person_id is not None:
            self._write(people.set_in_bucket, bucket_id, (person_id,), inside, self._context.clock())

    def answer_alone(self, prompt: Prompt, how: str, until: datetime | None) -> None:
        self._write(heavy_jobs.answer, prompt, how, self._context.clock(), until)

    def _write(self, job: Callable[..., Any], *args: Any) -> None:
        self._context.tasks.write(job, *args, failed=self._context.router.failed.emit)
