"""What mail programs put above a quotation, in many languages, and what only looks like it."""

from __future__ import annotations

import pytest

from relationdesk.sources.mail_quotes import parted

WHO = "Joe Brown <joe@acme.example>"
HEADS = {
    "en": f"On Mon, Jan 8, 2024 at 10:00 AM {WHO} wrote:", "en in two lines": f"On Mon, Jan 8, 2024 at 10:00 AM {WHO}\nwrote:",
    "de": f"Am Mo., 8. Jan. 2024 um 10:00 Uhr schrieb {WHO}:", "fr": f"Le lun. 8 janv. 2024 à 10:00, {WHO} a écrit :",
    "es": "El lun, 8 ene 2024 a las 10:00, Joe Brown (<joe@acme.example>) escribió:",
    "it": f"Il giorno lun 8 gen 2024 alle ore 10:00 {WHO} ha scritto:", "it short": "Il 08/01/2024 10:00, Joe Brown ha scritto:",
    "nl": f"Op ma 8 jan. 2024 om 10:00 schreef {WHO}:", "pt": f"Em seg., 8 de jan. de 2024 às 10:00, {WHO} escreveu:",
    "sv": f"Den mån 8 jan. 2024 kl 10:00 skrev {WHO}:", "nb": f"man. 8. jan. 2024 kl. 10:00 skrev {WHO}:",
    "fi": "ma 8. tammik. 2024 klo 10.00 Joe Brown (joe@acme.example) kirjoitti:",
    "pl": f"pon., 8 sty 2024 o 10:00 {WHO} napisał(a):", "pl short": "W dniu 08.01.2024 o 10:00, Joe Brown pisze:",
    "cs": f"po 8. 1. 2024 v 10:00 odesílatel {WHO} napsal:", "ru": f"пн, 8 янв. 2024 г. в 10:00, {WHO}:",
    "ru short": "08.01.2024 10:00, Joe Brown пишет:", "uk": f"пн, 8 січ. 2024 р. о 10:00 {WHO} пише:",
    "hu": f"{WHO} ezt írta (időpont: 2024. jan. 8., H, 10:00):", "tr": f"{WHO}, 8 Oca 2024 Pzt, 10:00 tarihinde şunu yazdı:",
    "ro": f"În lun., 8 ian. 2024 la 10:00, {WHO} a scris:", "el": f"Στις Δευ 8 Ιαν 2024 στις 10:00 π.μ., ο χρήστης {WHO} έγραψε:",
    "ja": f"2024年1月8日(月) 10:00 {WHO}:", "zh": f"{WHO} 于2024年1月8日周一 10:00写道：", "ko": f"2024년 1월 8일 (월) 오전 10:00, {WHO}님이 작성:",
    "ca, whose words are not known": f"Missatge de {WHO} del dia dl., 8 de gen. 2024 a les 10:00:",
}  # fmt: skip
BLOCKS = {
    "en": ("From", "Sent", "To", "Subject"), "en bold": ("*From", "*Sent", "*To", "*Subject"), "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De ", "Envoyé ", "À ", "Objet "), "es": ("De", "Enviado el", "Para", "Asunto"), "it": ("Da", "Inviato", "A", "Oggetto"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp"), "pt": ("De", "Enviada", "Para", "Assunto"), "sv": ("Från", "Skickat", "Till", "Ämne"),
    "da": ("Fra", "Sendt", "Til", "Emne"), "fi": ("Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"), "pl": ("Od", "Wysłano", "Do", "Temat"),
    "cs": ("Od", "Odesláno", "Komu", "Předmět"), "ru": ("От", "Отправлено", "Кому", "Тема"), "hu": ("Feladó", "Elküldve", "Címzett", "Tárgy"),
    "tr": ("Kimden", "Gönderildi", "Kime", "Konu"), "ja": ("差出人", "送信日時", "宛先", "件名"), "zh": ("发件人", "发送时间", "收件人", "主题"),
    "ko": ("보낸 사람", "보낸 날짜", "받는 사람", "제목"),
}  # fmt: skip


@pytest.mark.parametrize("language", HEADS)
@pytest.mark.parametrize("history", ["> old words\n> more", "old words\nmore"], ids=["marked", "bare"])
def test_heads_of_many_languages(language: str, history: str) -> None:
    own, quoted = parted(f"New words\n\n{HEADS[language]}\n\n{history}")
    assert own == "New words"
    assert quoted.startswith(HEADS[language])
    assert quoted.endswith("more")


@pytest.mark.parametrize("language", BLOCKS)
def test_blocks_of_many_languages(language: str) -> None:
    block = "\n".join(f"{label}: x{number}" for number, label in enumerate(BLOCKS[language]))
    own, quoted = parted(f"New words\n\n{block}\n\nold words")
    assert own == "New words"
    assert quoted == f"{block}\n\nold words"


@pytest.mark.parametrize("line", [
    "-----Original Message-----", "-----Messaggio originale-----", "-----Oorspronkelijk bericht-----", "---Исходное сообщение---", "------------------ 原始邮件 ------------------",
])  # fmt: skip
def test_lines_above_an_original(line: str) -> None:
    assert parted(f"New words\n\n{line}\nold words") == ("New words", f"{line}\nold words")


@pytest.mark.parametrize("text", [
    "We meet on 8.1.2024 at 10:00:\n\nbring the paper", "Agenda for 2024-01-08 10:00:\none\ntwo", "Call at 10:00 (call@acme.example).\nThanks",
    "Da: no\nnothing else", "---------- Messaggio inoltrato ---------\nDa: Ann\nA: Joe\nOggetto: s\n\nplease read",
    "-------- Пересылаемое сообщение --------\nОт: Ann\nКому: Joe\nТема: s\n\nplease read",
])  # fmt: skip
def test_prose_and_what_was_forwarded_stay(text: str) -> None:
    assert parted(text) == (text, "")


def test_a_mail_that_passes_another_on_keeps_it() -> None:
    text = "Please see below\n\nFrom: Ann\nSent: Monday\nTo: Joe\nSubject: s\n\nthe offer"
    assert parted(text, forwarded=True) == (text, "")
    assert parted(text)[0] == "Please see below"
