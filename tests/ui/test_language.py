"""A language is a file beside the others: made by Qt's own tools, spoken in the window and below it, with its own plurals."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from relationdesk import saying
from relationdesk.saying import counted, say
from relationdesk.ui import language, resources
from tests import words

RELEASE = Path(sys.executable).with_name("pyside6-lrelease")
POLISH = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE TS><TS version="2.1" language="pl_PL">
<context><name>Said</name>
<message><source>{name} has gone quiet</source><translation>Cisza: {name}</translation></message>
<message numerus="yes"><source>{n:,} days</source><translation><numerusform>{n:,} dzień</numerusform><numerusform>{n:,} dni</numerusform><numerusform>{n:,} dnia</numerusform></translation></message>
<message numerus="yes"><source>{n} days</source><translation><numerusform>{n} dzień</numerusform><numerusform>{n} dni</numerusform><numerusform>{n} dnia</numerusform></translation></message>
</context>
<context><name>TodayPage</name><message><source>Today</source><translation>Dzisiaj</translation></message></context></TS>"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    before = QLocale()
    (tmp_path / "language").mkdir()
    monkeypatch.setattr(resources, "folder", lambda: tmp_path)
    QLocale.setDefault(QLocale("pl_PL"))
    yield tmp_path / "language"
    QLocale.setDefault(before)


@pytest.mark.skipif(not RELEASE.exists(), reason="Qt's lrelease is not installed here")
def test_a_file_of_the_system_s_language_is_spoken(folder: Path, qapp: QApplication) -> None:
    (folder / "pl.ts").write_text(POLISH, encoding="utf-8")
    subprocess.run([RELEASE, "pl.ts", "-qm", "relationdesk_pl.qm"], cwd=folder, check=True, capture_output=True)
    language.learn(qapp)
    try:
        assert say("{name} has gone quiet", name="Joe") == "Cisza: Joe"
        assert [counted(n, "{n} day", "{n} days") for n in (1, 3, 5)] == ["1 dzień", "3 dni", "5 dnia"]
        assert QCoreApplication.translate("TodayPage", "Today") == "Dzisiaj"
        assert say("{day} {month}", day=3, month="maja") == "3 maja"  # what is not translated yet is said in English
    finally:
        for translator in qapp.findChildren(QTranslator):
            language.hush(qapp, translator)
    assert say("{name} has gone quiet", name="Joe") == "Joe has gone quiet"


def test_without_a_file_it_speaks_english(folder: Path, qapp: QApplication) -> None:
    language.learn(qapp)
    try:
        assert say("{name} has gone quiet", name="Joe") == "Joe has gone quiet"
        assert counted(32_100, "{n:,} day", "{n:,} days") == f"32{QLocale().groupSeparator()}100 days"
    finally:
        saying.grouped_by(None)


@pytest.mark.skipif(not RELEASE.exists(), reason="Qt's lrelease is not installed here")
def test_every_text_is_in_the_file_for_translators(folder: Path, qapp: QApplication) -> None:
    """One of each kind: said, counted, in a class, by a function of a file, in a table."""
    texts = {(text.context, text.text): text.counted for text in words.every()}
    assert texts["Said", "{place} says it is an organisation."] is False and texts["Said", "{n:,} days"] is True
    assert {("Said", "Stopped. Nothing was brought in."), ("TodayPage", "Today"), ("When", "now"), ("Rules", "Silent for"), ("Timeline", "Show quoted text")} <= texts.keys()
    (folder / "pl.ts").write_text(POLISH, encoding="utf-8")
    assert words.write(folder / "pl.ts") == len(texts) > 3000
    subprocess.run([RELEASE, "pl.ts", "-qm", "relationdesk_pl.qm"], cwd=folder, check=True, capture_output=True)
    language.learn(qapp)
    try:
        assert [counted(n, "{n:,} day", "{n:,} days") for n in (1, 3, 5)] == ["1 dzień", "3 dni", "5 dnia"]  # what was translated before is kept
        assert QCoreApplication.translate("TodayPage", "Today") == "Dzisiaj"
    finally:
        for translator in qapp.findChildren(QTranslator):
            language.hush(qapp, translator)
