"""The language of the program: one translator for the window (`tr`) and for what is said below it (`saying`).

`resources/language/relationdesk_de.qm` is spoken where the system speaks German; without a file for its language, English. Texts said below
the window are in the context "Said", those of the window in that of their class or file. `make words` writes them all into one file for translators.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, QTranslator

from relationdesk import saying
from relationdesk.ui import resources

SAID = "Said"


def learn(app: QCoreApplication) -> None:
    """Speak the language of the system, as far as there is a file for it, and write numbers as people do there."""
    saying.grouped_by(lambda n: QLocale().toString(n))
    translator = QTranslator(app)
    if translator.load(QLocale(), "relationdesk", "_", str(resources.folder() / "language")):
        speak(app, translator)


def speak(app: QCoreApplication, translator: QTranslator) -> None:
    """From now on; what stands in the window already stays as it is. (Translating is safe on every thread.)"""
    app.installTranslator(translator)
    saying.translated_by(lambda text, n: QCoreApplication.translate(SAID, text, None, n))


def hush(app: QCoreApplication, translator: QTranslator) -> None:
    """English again."""
    app.removeTranslator(translator)
    saying.translated_by(None)
    saying.grouped_by(None)
