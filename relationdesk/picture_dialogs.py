"""Draws every dialog of the window on the sample desk, in the states a user meets: each is opened as a key or button would."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QDialog, QWidget
from shiboken6 import isValid

from relationdesk.derived import Filter
from relationdesk.errors import SourceUnavailable
from relationdesk.model import Direction, Key, Login
from relationdesk.services import review
from relationdesk.services.export import View
from relationdesk.services.sample_input import write_sample
from relationdesk.sources.mapping_file import write_mapping
from relationdesk.store import profiles
from relationdesk.store.database import Desk
from relationdesk.store.profiles import Stored
from relationdesk.studio import Shot, Studio

if TYPE_CHECKING:
    from relationdesk.ui.import_dialog import ImportDialog

LETTERS = 12_000
"""So many that reading them takes longer than the second after which progress is told in words."""

_CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{n}\r\nFN:Rosa {n}\r\nEMAIL:rosa{n}@tallowpine.example\r\nEND:VCARD\r\n"
_LETTER = (
    "From - Fri Nov 20 10:00:00 2026\nFrom: Rosa Nowak <rosa@tallowpine.example>\nTo: sam@carter.example\n"
    "Subject: Letter {n}\nDate: Fri, 20 Nov 2026 09:00:00 +0000\nMessage-ID: <letter-{n}@tallowpine.example>\n\n"
    "About the old mill, once more. {more}\n\n"
)  # fmt: skip
_VISITS = (
    "Date,Time,Customer,Kind,What happened,Our man\n"
    "2026-11-16,10:30,Rosa Nowak,Visit,Went through the plans for the old mill; she wants prices by Friday.,Sam\n"
    "2026-11-18,,Ben Holt,Call,Asked when the meters come.,Sam\n"
)
_TABLE = "Wer,Elektropost,Laden,Seit\nRosa Nowak,rosa@tallowpine.example,Tallow & Pine,2019\nJan Kos,jan@orrin.example,Orrin,2021\n"


_CHAT = "01/02/26, 09:14 - Rosa Nowak: Are you at the mill on Friday?\n01/02/26, 09:20 - Sam Carter: Yes, from ten.\n"
_TELEGRAM = {
    "personal_information": {"user_id": 1, "first_name": "Sam", "last_name": "Carter", "phone_number": "+00 0"},
    "contacts": {"list": [{"user_id": 2, "first_name": "Rosa", "last_name": "Nowak", "phone_number": "", "date": "2026-01-02T10:00:00"}]},
    "chats": {"list": [{"name": "Rosa Nowak", "type": "personal_chat", "id": 2, "messages": [
        {"id": 1, "type": "message", "date": "2026-11-02T10:00:00", "date_unixtime": "1793613600", "from": "Rosa Nowak", "from_id": "user2",
         "text": "The old mill, once more."}]}]},
}  # fmt: skip


def draw_dialogs(made: Studio, folder: Path, shot: Shot, scratch: Path) -> None:
    """All of them; scratch: an empty folder for the files that are brought in."""
    made.light(shot)
    files = scratch / f"files-{shot.name}"
    files.mkdir()
    scenes = (
        _plain, _agreed, _engage, _templates, _sends_by, _removing, _one_or_two, _notes_and_export, _import_preview, _import_mapping, _import_asks, _import_parts, _import_changes, _import_progress, _import_report,
    )  # fmt: skip

    def save(name: str, widget: QWidget) -> None:
        made.save(widget, folder / f"dialog-{name}-{'dark' if shot.dark else 'light'}.png")

    for scene in scenes:
        scene(made, save, files)


def draw_walk(made: Studio, folder: Path, shot: Shot, scratch: Path) -> None:
    """Those that the walk of the README passes: what an import would bring, and the way out."""
    made.light(shot)
    files = scratch / "walk"
    files.mkdir()
    names = {"import-preview": "import", "export-all": "export"}

    def save(name: str, widget: QWidget) -> None:
        if name in names:
            made.save(widget, folder / f"{names[name]}.png")

    _import_preview(made, save, files)
    _notes_and_export(made, save, files)


Save = Callable[[str, QWidget], None]


@contextmanager
def _opened(made: Studio, open_it: Callable[[], object], until: Callable[[QDialog], bool] = lambda _: True) -> Iterator[QDialog]:
    """The dialog that this opens, once it has all it asked for; closed afterwards."""
    before = set(made.window.findChildren(QDialog))
    open_it()
    dialog = next(d for d in made.window.findChildren(QDialog) if d not in before)
    made.settle(lambda: until(dialog))
    yield dialog
    if isValid(dialog):  # or what was pressed in it closed it
        dialog.close()
    made.settle()


def _plain(made: Studio, save: Save, files: Path) -> None:
    window, router = made.window, made.window.context.router
    for name, open_it in (
        ("settings", window.dialogs.settings), ("rules", window.dialogs.rules), ("keys", window.dialogs.cheat_sheet), ("palette", window.dialogs.palette),
        ("connect", lambda: router.connect_place.emit("")), ("connect-handle", lambda: router.connect_place.emit("bluesky")),
        ("connect-calendar", lambda: router.connect_place.emit("calendar")), ("connect-crm", lambda: router.connect_place.emit("salesforce carter.my.salesforce.com")), ("connect-page", lambda: router.connect_place.emit("feed")),
        ("connect-forum", lambda: router.connect_place.emit("discourse")), ("connect-paid", lambda: router.connect_place.emit("x")), ("connect-closed", lambda: router.connect_place.emit("closed/linkedin_people")),
        ("add", lambda: router.add_somebody.emit("joe@hotel.example", None)), ("add-name", lambda: router.add_somebody.emit("Rosa", None)),
        ("bucket", window.dialogs.new_bucket),
        ("link", lambda: router.open_link.emit("https://backofhouse.example/kitchens")),
        ("error", lambda: window.dialogs.bug(SourceUnavailable("a mistake of ours"))),
    ):  # fmt: skip
        with _opened(made, open_it) as dialog:
            save(name, dialog)


def _removing(made: Studio, save: Save, files: Path) -> None:
    """A place is removed: of the login that the sample reads most from."""
    from relationdesk.ui.page import Target
    from relationdesk.ui.places_page import PlacesPage

    made.window.go(Target(page="places"))
    made.settle()
    page = made.window.page()
    assert isinstance(page, PlacesPage)
    card = next(card for card in page.cards.values() if card.row.login.place == "mastodon")
    with _opened(made, lambda: card.acted.emit("remove"), lambda dialog: dialog.delete.isEnabled()) as dialog:  # type: ignore[attr-defined]
        save("remove-place", dialog)


def _engage(made: Studio, save: Save, files: Path) -> None:
    """What they did, written down; an answer with how it will look, a new mail, and somebody who asked not to be contacted."""
    from relationdesk.ui import engaging

    window, posts = made.window, list[Key]()
    joe, sofie = made.person("Joe Brown"), made.person("Sofie Brandt")
    pasted = "https://www.linkedin.com/posts/joe_energy-activity-7123456789012345678-abcd Metering is a habit."
    with _opened(made, lambda: window.context.router.capture.emit(joe.id, pasted, None)) as dialog:
        save("capture", dialog)
    window.context.tasks.run(partial(_newest, joe.id), done=posts.extend)
    made.settle(lambda: bool(posts))
    for name, person, keys in (("engage", joe, tuple(posts)), ("engage-new", joe, ()), ("engage-wish", sofie, ())):
        with _opened(made, partial(engaging.answer, window.context, window, person.id, keys), lambda d: d.subject is not None) as dialog:  # type: ignore[attr-defined]
            dialog.text.setPlainText("The laundry would have been my guess too: https://backofhouse.example/what-31-percent-taught-us" if keys else "")  # type: ignore[attr-defined]
            dialog.preview_button.setChecked(bool(keys))  # type: ignore[attr-defined]
            made.settle()
            save(name, dialog)
            dialog.text.clear()  # type: ignore[attr-defined]
            made.settle()


def _sends_by(made: Studio, save: Save, files: Path) -> None:
    """A mailbox that is connected, whose mail another server sends; and the same changed later."""
    from relationdesk.ui.sends_by_dialog import SendsByDialog

    window = made.window
    with _opened(made, lambda: window.context.router.connect_place.emit("imap sam@carter.example imap.carter.example")) as dialog:
        dialog.sends_by.other.setChecked(True)  # type: ignore[attr-defined]
        made.settle()
        save("connect-mail", dialog)
    box = Login(id=0, source="imap", place="mail", address="imaps://imap.carter.example:993", user_name="sam@carter.example")
    with _opened(made, lambda: SendsByDialog(window.context, box, window).open_beside()) as dialog:
        save("sends-by", dialog)


def _templates(made: Studio, save: Save, files: Path) -> None:
    """All of them, the choice of one, and an answer in which something is not known."""
    from relationdesk.ui import engaging
    from relationdesk.ui.about import About
    from relationdesk.ui.particulars import ParticularDialog
    from relationdesk.ui.template_picker import TemplatePicker

    window = made.window
    joe = made.person("Joe Brown")
    with _opened(made, lambda: window.context.router.agree.emit("templates", "")) as dialog:
        dialog.list.setCurrentRow(1)  # type: ignore[attr-defined]
        made.settle()
        save("templates", dialog)
    with _opened(made, partial(engaging.answer, window.context, window, joe.id, ()), lambda d: d.subject is not None) as dialog:  # type: ignore[attr-defined]
        with _opened(made, dialog.pick_template, lambda d: d.list.count() > 0) as picker:  # type: ignore[attr-defined]
            assert isinstance(picker, TemplatePicker)
            save("template-pick", picker)
            picker.search.setText("thank")
            picker.insert.click()
            made.settle()
        save("engage-gap", dialog)
        dialog.text.clear()  # type: ignore[attr-defined]
        made.settle()
    with _opened(made, lambda: ParticularDialog(window.context, About(name=joe.name, person_id=joe.id), window).open_beside()) as dialog:
        save("particular", dialog)


def _newest(person_id: int, db: Desk) -> tuple[Key, ...]:
    """Their newest post on Mastodon."""
    items = review.stretch(db, person_id, Filter(places=frozenset({"mastodon"}))).items
    return tuple(item.activity.key for item in items if item.activity is not None and item.direction is Direction.IN)[:1]


def _agreed(made: Studio, save: Save, files: Path) -> None:
    """Rhythm and wishes of one who asked for something, a follow-up that comes again, a contact noted, and a bucket with its rhythm."""
    from relationdesk.services import relationship
    from relationdesk.ui.about import About
    from relationdesk.ui.agreed_dialog import AgreedDialog
    from relationdesk.ui.contact_dialog import ContactDialog
    from relationdesk.ui.follow_up_dialog import FollowUpDialog

    window = made.window
    context, hannah = window.context, made.person("Hannah Weiss")
    found: list[object] = []
    context.tasks.run(relationship.agreed_with, hannah.id, done=found.append)
    made.settle(lambda: bool(found))
    with _opened(made, lambda: AgreedDialog(context, found[0], window).open_beside()) as dialog:  # type: ignore[arg-type]
        save("agreed", dialog)
    with _opened(made, lambda: FollowUpDialog(context, About(name=hannah.name, person_id=hannah.id), window).open_beside()) as dialog:
        dialog.text.setText("send the winter data fri 9:30")  # type: ignore[attr-defined]
        dialog.again.setCurrentIndex(4)  # type: ignore[attr-defined]
        made.settle()
        save("follow-up", dialog)
    with _opened(made, lambda: ContactDialog(context, hannah, window).open_beside()) as dialog:
        save("contact", dialog)
    with _opened(made, lambda: window.dialogs.edit_bucket(window.overview.buckets[0])) as dialog:
        dialog.rhythm.how.set_value("days")  # type: ignore[attr-defined]
        dialog.rhythm.how.chosen.emit("days")  # type: ignore[attr-defined]
        made.settle()
        save("bucket-rhythm", dialog)


def _one_or_two(made: Studio, save: Save, files: Path) -> None:
    """Two people made one, one made two, and what was decided: of the person who is known in most places."""
    from relationdesk.ui.combine_dialog import CombineDialog
    from relationdesk.ui.decisions_dialog import DecisionsDialog
    from relationdesk.ui.forget_dialog import ForgetDialog
    from relationdesk.ui.span_dialog import SpanDialog, TheirTime
    from relationdesk.ui.split_dialog import SplitDialog

    window = made.window
    context = window.context
    joe, other = made.person("Joe Brown"), made.person("Bob Hale")
    with _opened(made, lambda: CombineDialog(context, joe, window).open_beside()) as dialog:
        dialog.picker.picked.emit(other)  # type: ignore[attr-defined]
        made.settle(lambda: dialog.preview is not None)  # type: ignore[attr-defined]
        save("combine", dialog)
    with _opened(made, lambda: SplitDialog(context, joe, window).open_beside()) as dialog:
        boxes = list(dialog.profiles.values())  # type: ignore[attr-defined]
        boxes[0].setChecked(True)
        save("split", dialog)
    known: list[Stored] = []
    context.tasks.run(profiles.of_time, joe.id, done=known.extend)
    made.settle(lambda: bool(known))
    mailbox = next(stored for stored in known if stored.profile.key.place == "mail")
    with _opened(made, lambda: SpanDialog(context, TheirTime(stored=mailbox, person=joe), window).open_beside()) as dialog:
        dialog.days.last.setText("2026-10-31")  # type: ignore[attr-defined]
        made.settle()
        save("span", dialog)
    with _opened(made, lambda: DecisionsDialog(context, joe, window).open_beside()) as dialog:
        save("decisions", dialog)
    with _opened(made, lambda: ForgetDialog(context, joe, window).open_beside()) as dialog:
        save("forget", dialog)


def _notes_and_export(made: Studio, save: Save, files: Path) -> None:
    router = made.window.context.router
    someone = made.window.people.first()
    with _opened(made, lambda: router.new_note.emit(someone.id if someone else None)) as dialog:
        save("note", dialog)
    for name, view in (("export", View(kind="people", title="People")), ("export-all", None)):
        with _opened(made, partial(router.export.emit, view)) as dialog:
            save(name, dialog)


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8", newline="")
    return path


def _import(made: Studio, paths: list[Path]) -> Callable[[], None]:
    return lambda: made.window.context.router.import_files.emit(paths)


def _import_preview(made: Studio, save: Save, files: Path) -> None:
    """A mailbox that does not say whose it is, cards of which one is refused, and a file that is nothing."""
    mails = _write(files / "letters.mbox", "".join(_LETTER.format(n=n, more="Rosa") for n in range(3)))
    cards = _write(files / "address-book.vcf", _CARD.format(n="Nowak") + "BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:nobody\r\nEND:VCARD\r\n")
    nothing = _write(files / "holiday.txt", "Packing list: socks.\n")
    with _opened(made, _import(made, [cards, mails, nothing])) as dialog:
        save("import-preview", dialog)
    write_sample(files / "sample", made.window.context.clock().date())
    with _opened(made, _import(made, [next((files / "sample").rglob("*Export.zip"))])) as dialog:
        save("import-again", dialog)


def _import_mapping(made: Studio, save: Save, files: Path) -> None:
    with _opened(made, _import(made, [_write(files / "kunden.csv", _TABLE)])) as dialog:
        save("import-mapping", dialog)
    table = _write(files / "visits.csv", _VISITS)
    with _opened(made, _import(made, [table])) as dialog:
        save("import-mapping-deeds", dialog)
    taught = files / "visits columns.json"
    write_mapping(taught, {"Date": "date", "Customer": "name", "Kind": "kind", "What happened": "text"})
    with _opened(made, _import(made, [taught, table])) as dialog:
        save("import-mapping-taken", dialog)


def _import_asks(made: Studio, save: Save, files: Path) -> None:
    """A chat that says neither whose it is nor which number of its dates is the day, and one of so many that they stand in a list."""
    long = "Maximiliane-Theodora Freifrau von und zu Hohenlohe-Waldenburg-Schillingsfürst-Oettingen und Spielberg"
    crowd = "".join(f"13/02/26, 09:{n:02} - Guest {n} {long}: Hello\n" for n in range(12))
    few = _write(files / "WhatsApp Chat with Rosa.txt", _CHAT + f"01/02/26, 09:31 - {long}: Me too.\n")
    with _opened(made, _import(made, [few])) as dialog:
        save("import-asks", dialog)
    with _opened(made, _import(made, [_write(files / "WhatsApp Chat with Club.txt", crowd)])) as dialog:
        save("import-asks-many", dialog)


def _import_parts(made: Studio, save: Save, files: Path) -> None:
    """What of an export is read, another choice than was read, and two files of one export on one card."""
    export = files / "DataExport"
    export.mkdir()
    _write(export / "result.json", json.dumps(_TELEGRAM))
    cards = []
    for n in (1, 3):
        cards.append(files / f"contacts-{n:03}.zip")
        with zipfile.ZipFile(cards[-1], "w") as archive:
            archive.writestr(f"contacts-{n}.vcf", _CARD.format(n=f"Part{n}"))
    with _opened(made, _import(made, [export, *cards])) as dialog:
        save("import-parts", dialog)
        dialog.findChild(QCheckBox, "part:contacts").click()  # type: ignore[union-attr]
        made.settle()
        save("import-parts-changed", dialog)


def _import_changes(made: Studio, save: Save, files: Path) -> None:
    """What would change of whom; the first reading is taken back afterwards."""
    cards = _write(files / "team.vcf", "".join(_CARD.format(n=n) for n in ("Dahl", "Egan", "Flor")))
    with _opened(made, _import(made, [cards])) as dialog:
        dialog.bring_in()  # type: ignore[attr-defined]
        made.settle()
        moved = cards.read_text(encoding="utf-8").replace("FN:Rosa", "ORG:Tallow & Pine\r\nFN:Rosa Maria")
        with _opened(made, _import(made, [_write(files / "team-new.vcf", moved)])) as second:
            save("import-changes", second)
        dialog.files[0].take_back()  # type: ignore[attr-defined]
        made.settle()


def _import_progress(made: Studio, save: Save, files: Path) -> None:
    letters = _write(files / "many-letters.mbox", "".join(_LETTER.format(n=n, more="Rosa " * 200) for n in range(LETTERS)))
    before = set(made.window.findChildren(QDialog))
    _import(made, [letters])()
    dialog: ImportDialog = next(d for d in made.window.findChildren(QDialog) if d not in before)  # type: ignore[assignment]
    made.glance(lambda: " of " in dialog.files[0].progress.told())
    save("import-progress", dialog)
    dialog.close()
    made.settle()


def _import_report(made: Studio, save: Save, files: Path) -> None:
    """Brought in, and taken back again so that the next picture finds the desk as this one did."""
    cards = _write(files / "new-cards.vcf", "".join(_CARD.format(n=n) for n in ("Alba", "Berg", "Cruz")))
    with _opened(made, _import(made, [cards])) as dialog:
        dialog.bring_in()  # type: ignore[attr-defined]
        made.settle()
        save("import-report", dialog)
        dialog.files[0].take_back()  # type: ignore[attr-defined]
        made.settle()
