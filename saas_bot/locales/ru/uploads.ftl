upload-progress = ⏳ Сохраняю <b>{ $name }</b>: { $done } из { $size }
upload-waits-storage = 🗄 Файлы сейчас недоступны, остальное работает. Сохраню ваш, как только они вернутся, и напишу здесь.
upload-waits-telegram = ⏳ Telegram пока не отдаёт мне файл. Попробую ещё и напишу здесь.
upload-cancelled-task = ✖️ Отменено: { $count ->
    [one] <b>{ $name }</b> не сохранён, в <b>{ $where }</b> его нет.
    [few] { $count } файла не сохранены, в <b>{ $where }</b> их нет:
   *[many] { $count } файлов не сохранено, в <b>{ $where }</b> их нет:
}
upload-cancelled-project = ✖️ Отменено: { $count ->
    [one] <b>{ $name }</b> не сохранён, в проекте <b>{ $where }</b> его нет.
    [few] { $count } файла не сохранены, в проекте <b>{ $where }</b> их нет:
   *[many] { $count } файлов не сохранено, в проекте <b>{ $where }</b> их нет:
}
upload-words-stay = 💬 Подпись осталась там комментарием.
upload-dropped = ✖️ Отменено, файл не сохранён.
upload-no-place = ✖️ Файл не сохранён: то, к чему вы его прислали, удалено.
upload-stored-task = 📎 <b>{ $name }</b> теперь в <b>{ $where }</b> · { $size }
upload-stored-project = 📎 <b>{ $name }</b> теперь в проекте <b>{ $where }</b> · { $size }
upload-stored-task-many = 📎 Теперь в <b>{ $where }</b>, файлов: { $count }
upload-stored-project-many = 📎 Теперь в проекте <b>{ $where }</b>, файлов: { $count }
upload-line = • { $name } · { $size }
upload-for-client = 👁 Клиент это видит.
upload-for-team = 🔒 Видит только команда.
upload-failed-too_large = ⚠️ <b>{ $name }</b> не сохранён: он больше, чем Telegram позволяет мне взять. Пришлите по частям или ссылкой.
upload-failed-gone = ⚠️ <b>{ $name }</b> не сохранён: у Telegram его больше нет. Пришлите ещё раз.
upload-failed-empty = ⚠️ <b>{ $name }</b> не сохранён: он пустой. Проверьте его и пришлите ещё раз.
upload-failed-type = ⚠️ <b>{ $name }</b> не сохранён: файлы такого вида здесь не принимаются, как бы они ни назывались.
upload-failed-storage = ⚠️ <b>{ $name }</b> не сохранён: файлы были недоступны целые сутки. Пришлите ещё раз, когда они вернутся.
upload-failed-telegram = ⚠️ <b>{ $name }</b> не сохранён: Telegram не отдавал его целые сутки. Пришлите ещё раз.
upload-failed-ours = ⚠️ <b>{ $name }</b> не сохранён: на нашей стороне что-то сломалось, и мы это видим. Пришлите ещё раз; если повторится, скажите администратору.
upload-failed-lost = ⚠️ <b>{ $name }</b> потерян: в хранилище его больше нет. Пришлите ещё раз.
button-cancel-upload = ✖️ Отменить
notify-files_added = 📎 { $by }: новые файлы в <b>{ $ref }</b> { $title }
notify-file = • { $name }
notify-files-more = { $count ->
    [one] и ещё { $count } файл
    [few] и ещё { $count } файла
   *[many] и ещё { $count } файлов
}
file-sending-storage = 🗄 Файлы сейчас недоступны, остальное работает. Попробуйте скачать через несколько минут.
file-sending-telegram = Telegram сейчас не берёт у меня <b>{ $name }</b>. Попробуйте скачать через несколько минут.
file-sending-pending = ⏳ <b>{ $name }</b> ещё сохраняется. Попробуйте через минуту.
file-sending-gone = Этого файла больше нет, или он вам больше не открыт.
file-sending-lost = ⚠️ В хранилище больше нет <b>{ $name }</b>. Попросите прислать его ещё раз.
file-sending-too_large = 📦 <b>{ $name }</b> занимает { $size }, а Telegram берёт у меня не больше { $limit }. Попросите администратора достать его из хранилища.
error-upload-over = Отменять уже нечего: что стало с файлом, написано выше.
