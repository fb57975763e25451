"""What WhatsApp itself writes into an exported chat, by the language of the phone. Data only; `chat_words` makes patterns of it.

LEFT_OUT: what stands for a picture, a film or a file that is not in the export, as the part of the words that all kinds of them share.
DELETED, DELETED_BY_ME: whole messages, without a full stop. EDITED: a part of what stands behind a message that was changed.
MISSED, CALLS: a call that nobody took, and one that somebody did, before a comma and how long it was. Words of several years of one language stand beside each other.
"""

from __future__ import annotations

LEFT_OUT = {
    "en": "omitted", "de": "weggelassen|ausgeschlossen|ausgelassen", "fr": r"omise?s?|absente?s?|retiré|manquante?", "es": r"omitid[oa]s?", "pt": r"ocult[oa]|ocultad[oa]|omitid[oa]|não revelad[oa]",
    "it": r"omess[aeio]|esclusa|non inclus[oa]", "nl": "weggelaten", "ru": r"отсутству\w+|пропущен\w*|без медиафайлов|не добавлен\w*", "uk": r"відсутн\w+|пропущен\w*|не додано", "pl": r"pominięt\w+",
    "sv": r"utelämna[td]\w*|utesluten|utelslutet|uteslutet", "da": "udeladt", "nb": r"utelatt|ikke inkludert|sløyfet|uten vedlegg", "fi": r"jätet\w+ pois|ei sisällytet\w+|ei kuvaa", "cs": r"vynechán\w*", "sk": r"vynechan\w*",
    "hu": r"kihagy\w+|elhagyva|hiányzó médiafájl|küldése sikertelen", "ro": r"omis[ăe]?|fără audio", "bg": "без файл", "mk": "без фајл", "sr": r"изостављен\w*", "hr": r"izostavljen\w*", "sl": r"izpuščen\w*", "sq": "media (?:u hoq|hequr)",
    "el": r"παρα?λ[είή]+φθηκε|παράληψη|εξαίρεση πολυμέσων", "tr": r"dahil edilmedi|atlanmış", "az": r"buraxıldı|çıxarılmışdır", "kk": r"қосыл\w+(?: жоқ)?", "uz": "o‘tkazib yuborildi", "ca": r"omès|omes[oae]s?", "et": r"jäetud",
    "lv": "bez multivides|nav iekļauta", "lt": r"praleist\w+", "he": r"הושמט\w*|לא נכללה|הוסרה", "ar": r"لم يتم إدراج|استبعاد الوسائط|تم استبعاد|تم حذف", "fa": "حذف شد", "ur": r"چھوڑ دیا گیا|ہٹا دیا گیا|نظر ?انداز|نکال دی گئی",
    "hi": r"छोड़ा गया|हटा[ईय]\w* ?ग[ईय]\w*|के बिना", "mr": r"वगळ\w+", "gu": r"છોડી મૂકાયું|અવગણ\w+|પડત\w+ મ\w+", "bn": "বাদ দেওয়া হয়েছে", "pa": "ਛੱ?ਡਿਆ", "ta": r"விடப்பட்டன|நீக்கப்பட்டது", "te": r"విస్మరించబడింది", "ml": "ഒഴിവാക്കി",
    "id": r"(?:tidak|tak) disertakan", "ms": r"disingkirkan|dikecualikan|tidak dimasukkan", "tl": "walang kalakip", "sw": r"imerukwa|hazijajumuishwa", "af": "weggelaat", "vi": r"(?:đã )?bỏ (?:qua|video|sticker)",
    "th": r"ถูกลบ|ไม่มี\w+|ละเว้น", "ja": "含まれていません|省略|メディアなし", "ko": r"생략\S*(?: 대화내용)?|제외\S*", "zh": "省略|略去|忽略",
}  # fmt: skip

DELETED = {
    "en": "This message was deleted(?: by (?:an )?admin.{0,80})?", "de": "Diese Nachricht wurde gelöscht(?: vom Admin.{0,80})?", "fr": "Ce message a été supprimé", "es": "Se eliminó este mensaje|Este mensaje fue eliminado",
    "pt": "(?:Esta|Essa) mensagem foi apagada(?: pelo remetente)?|Mensagem apagada", "it": "Questo messaggio è stato eliminato", "nl": "Dit bericht is verwijderd", "ru": "Данное сообщение удалено|Это сообщение (?:было )?удалено",
    "uk": "Це повідомлення було видалено|Повідомлення видалено", "pl": "Ta wiadomość została usunięta", "sv": "(?:Det här meddelandet|Detta meddelande) (?:raderades|togs bort)", "da": "Denne besked (?:blev|er blevet) slettet",
    "nb": "Denne meldingen ble slettet", "fi": "Tämä viesti poistettiin", "cs": "Tato zpráva byla (?:smazána|odstraněna)", "sk": "Táto správa bola odstránená", "hu": "Ez az üzenet törlésre került|Ezt az üzenetet törölték",
    "ro": "Acest mesaj a fost șters", "bg": "Съобщението беше изтрито|Това съобщение беше изтрито", "mk": "Оваа порака беше избришана", "sr": "Ова порука је обрисана", "hr": "Ova (?:je poruka|poruka je) izbrisana", "sl": "To sporočilo je bilo izbrisano",
    "el": "Αυτό το μήνυμα διαγράφηκε", "tr": "Bu mesaj silindi", "az": "Bu (?:ismarıc|mesaj) silindi", "kk": "Бұл хат жойылды", "uz": "Ushbu xabar o‘chirildi", "ca": "Aquest missatge (?:s'ha suprimit|està esborrat)", "et": "See sõnum on kustutatud",
    "lv": "Šī ziņa tika izdzēsta", "lt": "Ši žinutė buvo ištrinta", "he": "הודעה זו נמחקה", "ar": "تم حذف هذه الرسالة", "fa": "این پیام حذف شد(?:ه است)?", "ur": "یہ (?:میسج|پیغام) حذف ک(?:ر دیا|یا) گیا(?: ہے)?", "hi": "यह (?:मैसेज|संदेश) (?:डिलीट कर दिया|मिटाया|हटा दिया) गया(?: है| था)?",
    "mr": "हा (?:मेसेज|संदेश) (?:हटवण्यात|हटविण्यात) आला(?: होता)?", "gu": "આ (?:મેસેજ|સંદેશ) (?:ડિલીટ|રદ્દ) કરાયો", "bn": "এই (?:মেসেজটি|বার্তাটি) (?:বাদ দেওয়া|মুছে ফেলা) হয়েছে", "id": "Pesan ini (?:telah )?dihapus", "ms": "Mesej ini telah dipadam",
    "sw": "Ujumbe huu ulifutwa", "af": "Hierdie boodskap was uitgevee", "vi": "Tin nhắn này đã bị x[óo][aá]", "th": "ข้อความนี้(?:ได้)?ถูกลบ(?:แล้ว)?", "ja": "このメッセージは削除されました", "ko": "이 메시지는 삭제되었습니다|삭제된 메시지입니다", "zh": "此訊息已刪除|[这這]條?条?消息已被?[删刪]除|此?消息已删除|信息已删除",
}  # fmt: skip

DELETED_BY_ME = {
    "en": "You deleted this message(?: as admin)?", "de": "Du hast diese Nachricht gelöscht", "fr": "Vous avez supprimé ce message", "es": "Eliminaste este mensaje", "pt": "(?:Você apagou|Apagou) esta mensagem", "it": "Hai eliminato questo messaggio",
    "nl": "(?:U hebt|Je hebt) dit bericht verwijderd", "ru": "Вы удалили (?:данное|это) сообщение", "uk": "Ви видалили це повідомлення", "pl": "Usunął?[eę]ś ?\\(-?[ęe]?ł?aś\\) tę wiadomość|Usunąłeś(?:\\(aś\\)|\\(-ęłaś\\))? tę wiadomość|Usunięto tę wiadomość",
    "sv": "Du (?:har tagit bort|raderade) (?:meddelandet|det här meddelandet|detta meddelande)", "da": "Du (?:har slettet|slettede) denne besked", "nb": "Du slettet denne meldingen", "fi": "Poistit tämän viestin", "cs": "Tuto zprávu jste (?:smazal|odstranil)[ai/]*",
    "sk": "Túto správu ste odstránili", "hu": "(?:Törölted ezt az üzenetet|Ezt az üzenetet törölted)", "ro": "A[ți]i? șters acest mesaj", "bg": "Изтрихте това съобщение", "sr": "Обрисао/ла си ову поруку", "hr": "Izbrisali ste ovu poruku", "sl": "To sporočilo ste izbrisali",
    "el": "Διαγράψατε (?:αυτό )?το μήνυμα", "tr": "Bu mesajı sildiniz", "ca": "Has (?:suprimit|esborrat) aquest missatge", "et": "Kustutasid selle sõnumi", "lv": "Jūs izdzēsāt šo ziņu", "lt": "Jūs ištrynėte šią žinutę", "he": "מחקת (?:את ה)?הודעה (?:הזו|זו)",
    "ar": "(?:لقد حذ[َ]?فت|أنت حذفت) هذه الرسالة", "fa": "شما این پیام را حذف کردید", "ur": "آپ نے (?:یہ میسج حذف کر دیا ہے|اس پیغام کو حذف کیا)", "hi": "आपने यह (?:मैसेज|संदेश) (?:डिलीट किया|मिटाया)", "id": "Anda (?:telah )?menghapus pesan ini", "ms": "Anda telah memadamkan mesej ini",
    "vi": "Bạn đã x[óo][aá] tin nhắn này", "th": "คุณ(?:ได้)?ลบข้อความนี้(?:แล้ว)?", "ja": "このメッセージを削除しました", "ko": "삭제한 메시지입니다|이 메시지를 삭제했습니다|회원님이 삭제한 메시지입니다", "zh": "您已刪除此訊息|您已删除这条消息|您删除这个信息|[你您]已[删刪]除此[消訊]息",
}  # fmt: skip

EDITED = (
    r"edited|bearbeitet|editó|editado|modifié|editada|modificato|bewerkt|изменено|düzenlendi|zmieniona|edytowan\w+|redigera[dt]\w*|redigeret|redigert|muoka\w+|upraven\w+|szerkeszt\w+|editat|επεξεργ\w+|змінено|відредаговано|"
    r"редактиран\w*|izmijenjena|נערכה|تعديل|ویرایش|संपादित|एडिट|diedit|chỉnh sửa|แก้ไข|編集|编辑|編輯|수정"
)

MISSED = (
    r"(?:silenced )?missed (?:group )?(?:voice|video) call|verpasster (?:gruppen-?)?(?:sprach|video)anruf|llamada(?: de voz| grupal)? perdida|(?:llamada de vídeo|videollamada)(?: grupal)? perdida|appel (?:vocal|vidéo)(?: de groupe)? manqué|"
    r"chiamata vocale(?: di gruppo)? persa|videochiamata(?: di gruppo)? persa|(?:chamada|ligação) de (?:voz|vídeo)(?: em grupo)? perdida|videochamada perdida|gemiste? (?:spraakoproep|spraakgesprek|video-?oproep|videogesprek)|"
    r"пропущенный (?:аудио|видео|голосовой )(?:звонок|вызов)|пропущений (?:аудіо|відео)дзвінок|nieodebrane (?:poł\.? ?(?:głosowe|wideo)|połączenie(?: głosowe| wideo)?)|miss(?:at|ade) (?:röst|video)?samtal|(?:ubesvaret|mistet) (?:tale|video)?opkald|"
    r"tapt (?:taleanrop|videoanrop|videosamtale)|vastaamaton (?:ääni|video)puhelu|zmeškaný (?:hlasový |video)?hovor|nem fogadott (?:hang|vide[oó])hívás|apel (?:vocal|video) (?:nepreluat|ratat)|αναπάντητη (?:φωνητική κλήση|βιντεοκλήση|κλήση)|"
    r"cevapsız (?:sesli|görüntülü) arama|пропуснато (?:гласово|видео) обаждане|propušten[i]? (?:glasovni |video )?poziv|trucada de (?:veu|vídeo) perduda|videotrucada perduda|(?:שיחה קולית|שיחת וידאו) שלא נענתה|مكالمة (?:صوتية|فيديو) فائتة|"
    r"تماس (?:صوتی|تصویری) (?:پاسخ داده نشده|بی‌?پاسخ)|(?:मिस्ड|छूटी हुई) (?:व्हॉइस|वॉइस|वीडियो|व्हिडिओ|ध्वनि|विडियो) कॉल|panggilan (?:suara|video) (?:tak terjawab|terlepas)|cuộc gọi(?: video| thoại)? nhỡ(?: video)?|สาย(?:โทรวิดีโอ)?ที่ไม่ได้รับ|วิดีโอคอลที่ไม่ได้รับ|"
    r"(?:ビデオ通話|音声通話)?の?不在着信|(?:ビデオ|音声)通話不在着信|부재중 (?:음성 |영상 ?)?(?:전화|통화)|未接(?:语音|語音|视频|視像|視訊)通[话話]"
)

CALLS = (
    r"(?:group )?(?:voice|video) call|(?:gruppen-?)?(?:sprach|video)anruf|llamada de (?:voz|vídeo)|videollamada|appel (?:vocal|vidéo)|chiamata vocale|videochiamata|chamada de (?:voz|vídeo)|videochamada|spraakoproep|video-?oproep|аудиозвонок|видеозвонок|"
    r"аудіодзвінок|відеодзвінок|połączenie (?:głosowe|wideo)|röstsamtal|videosamtal|taleopkald|videoopkald|taleanrop|videoanrop|äänipuhelu|videopuhelu|hlasový hovor|videohovor|hanghívás|videohívás|apel (?:vocal|video)|φωνητική κλήση|βιντεοκλήση|"
    r"sesli arama|görüntülü arama|trucada de veu|videotrucada|שיחה קולית|שיחת וידאו|مكالمة (?:صوتية|فيديو)|(?:वॉइस|वीडियो) कॉल|panggilan (?:suara|video)|cuộc gọi (?:thoại|video)|音声通話|ビデオ通話|음성 ?통화|영상 ?통화|语音通话|語音通話|视频通话|視像通話|視訊通話"
)
