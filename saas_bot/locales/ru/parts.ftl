button-tags = 🏷 Метки
button-checklist = ☑ Чек-лист
button-copy = 📄 Копия
button-items-add = ➕ Добавить пункты
button-items-edit = ✏️ Изменить пункты
button-items-done = ☑ Отмечать пункты
button-item-rename = ✏️ Изменить
button-item-remove = 🗑 Убрать
button-to-task = 📋 Задача

task-tags = 🏷 { $tags }
task-tags-none = 🏷 Меток пока нет.
task-checklist = ☑ Чек-лист: { $done }/{ $items }
task-copied = { $ref } – копия этой задачи.

checklist = ☑ <b>{ $ref }</b> { $title }: { $done }/{ $items }
checklist-empty =
    ☑ <b>{ $ref }</b> { $title }

    Чек-лист пуст. Запишите по шагам, что нужно сделать.
checklist-line = { $box } { $text }
checklist-item =
    ☑ <b>{ $ref }</b>

    { $text }

ask-tags = Нажмите на метку, чтобы добавить или снять её, или напишите: <code>#насос #срочно -#старое</code>.
ask-items = Напишите пункты, каждый с новой строки.
ask-item = Напишите пункт заново, до 200 знаков.
done-tags = Сохранено.
done-items = ➕ Добавлено.
done-item = Сохранено.
item-removed = Пункт убран.

draft-line = ⌨️ Одной строкой: <code>/task { $line }</code>

error-tag-shape = «{ $tag }» не может быть меткой. В метке до { $limit } букв, цифр, _ и -, и хотя бы одна буква: #насос
error-tags-too-many = У задачи может быть не больше { $limit } меток. Сначала снимите одну: <code>-#старое</code>
error-items-too-many = В чек-листе помещается { $limit } пунктов, сейчас их { $there }. Добавьте меньше или уберите лишние.
error-item-not-found = Не нахожу этот пункт. Возможно, его уже убрали.

notify-mentioned = 📣 { $by } упоминает вас в <b>{ $ref }</b> { $title }

history-copied = новая задача, копия { $after }
history-tags = метки: { $before } → { $after }
history-item-added = в чек-лист: { $after }
history-item-ticked = готово: «{ $after }»
history-item-unticked = снова не готово: «{ $after }»
history-item-renamed = пункт: { $before } → { $after }
history-item-removed = из чек-листа убрано: { $before }
