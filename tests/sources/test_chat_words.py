"""What a phone itself writes into a chat, in the languages of WhatsApp, and what people write that only looks so."""

from __future__ import annotations

import pytest

from relationdesk.sources import chat_word_table as table
from relationdesk.sources.chat_words import call_in, is_deleted, is_deleted_by_me, media_in, title_in, without_edit_mark


@pytest.mark.parametrize(
    "words",
    """Media omitted|Medien ausgeschlossen|Médias omis|Fichier omis|Multimedia omitido|Archivo omitido|Media omessi|Mídia oculta|Ficheiro não revelado|Media weggelaten|Без медиафайлов|Файл пропущен|Медіа пропущено|pominięto multimedia|
    Pliki pominięto|media utelämnat|Media har utelämnats|Medier udeladt|Mediefil udeladt|media utelatt|Uten vedlegg|media jätettiin pois|Media jätetty pois|média vynechány| Média vynechána |Médiá vynechané|média elhagyva|Hiányzó médiafájl|
    conținut media omis|Без файл|αρχείο παραλήφθηκε|Εξαίρεση πολυμέσων|medya dahil edilmedi|Medya atlanmış|メディアは含まれていません|メディアなし|미디어 파일 제외됨|미디어 파일을 생략한 대화내용|省略多媒体文件|忽略多媒體檔|تم استبعاد الوسائط|המדיה לא נכללה|
    media tidak disertakan|Media disingkirkan|मीडिया के बिना|bỏ qua tệp phương tiện|ไฟล์สื่อถูกลบ|Mitjans omesos|meedia välja jäetud|medija praleista|Bez multivides|medijski zapis izostavljen|datoteke izpuščene|медији су изостављени""".split("|"),
)  # fmt: skip
def test_left_out_on_android(words: str) -> None:
    assert media_in(f"<{words.strip(chr(10) + ' ')}>", marked=False) == "media"


@pytest.mark.parametrize(
    "words",
    """image omitted|Bild weggelassen|image absente|immagine omessa|imagen omitida|imagem ocultada|afbeelding weggelaten|изображение отсутствует|obraz pominięty|bild utesluten|billede udeladt|bilde ikke inkludert|ei kuvaa|videota ei sisällytetä|
    obrázek vynechán|kép küldése sikertelen|εικόνα παραλείφθηκε|görüntü dahil edilmedi|画像は含まれていません|이미지 생략됨|图片已忽略|圖片已略去|התמונה הושמטה|لم يتم إدراج الصورة|gambar tidak disertakan|đã bỏ qua hình ảnh|ไม่มีรูปภาพ|GIF retiré|Kontaktkarte ausgelassen""".split("|"),
)  # fmt: skip
def test_left_out_on_ios_needs_the_mark_of_the_phone(words: str) -> None:
    said = words.strip()
    assert media_in(said, marked=True) == "media" and media_in(said, marked=False) is None


@pytest.mark.parametrize(
    ("line", "file"),
    [
        ("IMG-20240314-WA0001.jpg (bifogad fil)", "IMG-20240314-WA0001.jpg"), ("PTT-20240314-WA0012.opus (words of any language)", "PTT-20240314-WA0012.opus"),
        ("Offer.pdf (załączony plik)", "Offer.pdf"), ("Offer.pdf (and a remark)", None), ("<liitteenä: 00000012-PHOTO-2024-03-14-09-05-33.jpg>", "00000012-PHOTO-2024-03-14-09-05-33.jpg"),
        ("<附件：00000012-PHOTO-2024-03-14-09-05-33.jpg>", "00000012-PHOTO-2024-03-14-09-05-33.jpg"), ("<see: picture.jpg>", None),
    ],
)  # fmt: skip
def test_names_of_files(line: str, file: str | None) -> None:
    assert media_in(line, marked=False) == file


@pytest.mark.parametrize(
    ("words", "mine"),
    [
        ("This message was deleted by an admin.", False), ("You deleted this message.", True), ("Diese Nachricht wurde gelöscht.", False), ("Usunąłeś(aś) tę wiadomość", True), ("Usunąłeś(-ęłaś) tę wiadomość", True),
        ("Ta wiadomość została usunięta", False), ("Du raderade detta meddelande", True), ("このメッセージは削除されました。", False), ("このメッセージを削除しました", True), ("삭제된 메시지입니다.", False), ("삭제한 메시지입니다", True),
        ("此訊息已刪除。", False), ("这条消息已被删除。", False), ("您已删除这条消息。", True), ("消息已删除", False), ("הודעה זו נמחקה", False), ("מחקת הודעה זו", True), ("تم حذف هذه الرسالة", False), ("لقد حذَفت هذه الرسالة", True),
        ("Tin nhắn này đã bị xóa", False), ("ข้อความนี้ถูกลบแล้ว", False), ("यह मैसेज डिलीट कर दिया गया है.", False), ("Anda telah menghapus pesan ini", True), ("Tuto zprávu jste odstranil/a", True), ("Ви видалили це повідомлення", True),
    ],
)  # fmt: skip
def test_what_was_taken_back(words: str, mine: bool) -> None:
    assert is_deleted(words) and is_deleted_by_me(words) is mine


@pytest.mark.parametrize(
    ("words", "long"),
    [
        ("Missed group video call", ""), ("Verpasster Sprachanruf", ""), ("Llamada perdida", ""), ("Appel vocal manqué", ""), ("Chiamata vocale persa", ""), ("Пропущенный аудиозвонок", ""), ("Nieodebrane poł. głosowe", ""),
        ("Missat röstsamtal", ""), ("不在着信", ""), ("부재중 전화", ""), ("未接语音通话", ""), ("مكالمة صوتية فائتة", ""), ("Cevapsız sesli arama", ""), ("Missed voice call, Tap to call back", ""), ("Voice call, No answer", ""),
        ("Voice call, 5 min", "5 min"), ("Videollamada, 5 min", "5 min"), ("Videoanruf, 2 Std.", "2 Std"), ("ビデオ通話、3 分", "3 分"),
    ],
)  # fmt: skip
def test_calls(words: str, long: str) -> None:
    assert call_in(words) == long


@pytest.mark.parametrize(
    "words",
    ["Missed you", "missed the voice call yesterday", "llamada mañana?", "Llamada a las 5", "appel moi", "samtal", "hovor", "<3>", "<joke>", "<edited>", "omitted", "Voice calls are nice", "I deleted this message", "video call tomorrow?"],
)  # fmt: skip
def test_words_of_people(words: str) -> None:
    assert call_in(words) is None and not is_deleted(words) and media_in(words, marked=False) is None and without_edit_mark(words) == (words, False)


@pytest.mark.parametrize(
    "mark",
    ["This message was edited", "Diese Nachricht wurde bearbeitet.", "Ta wiadomość została zmieniona", "このメッセージは編集されました", "此消息已被编辑", "Det här meddelandet har redigerats", "Se editó este mensaje.", "Mensagem editada", "הודעה זו נערכה"],
)  # fmt: skip
def test_what_was_changed(mark: str) -> None:
    assert without_edit_mark(f"Hi \u200e<{mark}>") == ("Hi", True)


@pytest.mark.parametrize(
    "name",
    ["WhatsApp Chat with Ida.txt", "WhatsApp Chat - Ida.zip", "WhatsApp-Chat mit Ida.txt", "Chat de WhatsApp con Ida.txt", "Discussion WhatsApp avec Ida.txt", "Conversa do WhatsApp com Ida.txt", "Чат WhatsApp с Ida.txt", "Czat WhatsApp z Ida.txt",
     "WhatsApp-chatt med Ida.txt", "IdaとのWhatsAppトーク.txt", "與Ida的WhatsApp對話.txt", "Chat WhatsApp dengan Ida.txt",
     "WhatsApp-keskustelu henkilön Ida kanssa.txt", "WhatsApp-keskustelu Ida kanssa.txt"],
)  # fmt: skip
def test_whose_chat_it_is(name: str) -> None:
    assert title_in(name) == "Ida"


def test_every_language_has_its_words() -> None:
    assert len(table.LEFT_OUT) >= 45 and len(table.DELETED) >= 40 and len(table.DELETED_BY_ME) >= 35
