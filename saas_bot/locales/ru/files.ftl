size-b = { $size } Б
size-kb = { $size } КБ
size-mb = { $size } МБ
size-gb = { $size } ГБ
size-tb = { $size } ТБ

button-files = 📎 Файлы
button-files-counted = 📎 Файлы ({ $count })
button-submission-files = 📦 { $number } · 📎 { $count }
button-return-files = ↩️ { $number } · 📎 { $count }
button-add-files = ➕ Добавить
button-find-files = 🔎 Найти по имени
button-all-files = 📎 Все файлы
button-file-get = ⬇️ Скачать
button-file-link = 🔗 Ссылка на { $minutes } минут
button-file-name = ✏️ Переименовать
button-file-hide = 🔒 Только для команды
button-file-show = 🔓 Показать клиенту
button-file-delete = 🗑 Удалить
button-file-open = 🔗 Открыть
task-files = 📎 { $count }
submission-files = 📎 { $count ->
    [one] { $count } файл
    [few] { $count } файла
   *[many] { $count } файлов
}
return-files = 📎 при возврате: { $count ->
    [one] { $count } файл
    [few] { $count } файла
   *[many] { $count } файлов
}
comment-files = 📎 { $count }
delete-project-files = 📎 файлов: { $count }

files-of-task = 📎 <b>Файлы { $ref }</b> { $title }
files-of-review = 📦 <b>Файлы сдачи { $number }</b>, { $ref } { $title }
files-of-return = ↩️ <b>Файлы к возврату сдачи { $number }</b>, { $ref } { $title }
files-of-comment = 💬 <b>Файлы комментария</b> к { $ref } { $title }
files-of-project = 📎 <b>Файлы { $key }</b> – { $name }, вместе с файлами задач
files-found = 🔎 В имени есть «{ $words }»:
files-empty = Здесь пока пусто. Нажмите <b>Добавить</b> и пришлите файл, фото или альбом.
files-empty-archived = Здесь пусто. Проект в архиве, добавить ничего нельзя.
files-empty-part = Здесь файлов нет. Все файлы задачи – по кнопке ниже.
files-none-found = Файлов с таким именем нет. Попробуйте часть имени покороче.
file-name = { $icon } <code>{ $name }</code>
file-facts = { $size } · { $type }
file-sent = Отправитель: { $who }, { $at }
file-in-project = Проект { $project }
file-in-task = Задача { $ref }, проект { $project }
file-in-review = Задача { $ref }, сдача { $number }
file-in-return = Задача { $ref }, возврат сдачи { $number }
file-of-review = сдача { $number }
file-of-return = возврат сдачи { $number }
file-of-comment = 💬 С комментарием: { $who }, { $at }
file-internal = 🔒 Виден только команде.
file-pending = ⏳ Ещё сохраняется в архив.
file-hash = SHA-256: <code>{ $start }…</code>
file-link =
    🔗 <code>{ $name }</code>

    Ссылка действует { $minutes } минут и открывается у любого, у кого она есть. Передавайте её только тем, кому можно видеть файл.
file-from-archive = Минутку, достаю из архива.
file-link-there = Ссылка уже есть: она в сообщении ниже.
file-on-its-way = Файл уже в пути.
file-hidden = Теперь файл видит только команда.
file-shown = Теперь файл видит и клиент.
file-deleted = Удалено.

ask-file-name = Напишите новое имя, до { $limit } знаков. Расширение останется.
ask-file-words = Напишите часть имени.
confirm-file-delete = Удалить этот файл навсегда?
confirm-file-delete-submitted = Удалить этот файл навсегда? Он часть сдачи: показать, что именно было принято, будет нельзя.

error-file-not-found = Не нахожу этот файл. Возможно, его удалили.
error-file-of-submission = Файл – часть сдачи, поэтому остаётся как есть. Удалить его может только админ.
error-file-decided = По сдаче с этим файлом решение уже принято, поэтому его имя не меняется.
error-file-name-refused = Назвать файл «{ $name }» здесь нельзя: такие файлы не принимаются. Напишите другое имя.
error-file-not-stored-yet = Файл ещё сохраняется в архив. Попробуйте через минуту.
error-files-unavailable = 🗄 Файлы сейчас недоступны, остальное работает. Попробуйте ещё раз через несколько минут.
error-file-changed = Файл только что изменился или исчез. Откройте список и посмотрите, как он сейчас.
error-file-search-forgotten = Этот поиск был слишком давно. Откройте файлы и поищите снова.

history-file-added = добавлен файл { $after }
history-file-failed = файл не сохранился: { $after }
history-file-renamed = имя файла: { $before } → { $after }
history-file-hidden = файл { $after } – только для команды
history-file-shown = файл { $after } открыт клиенту
history-file-deleted = удалён файл { $before }
