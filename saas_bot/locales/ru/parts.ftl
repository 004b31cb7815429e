button-tags = 🏷 Метки
button-checklist = ☑ Чек-лист
button-copy = 📄 Копия
button-items-add = ➕ Добавить пункты
button-items-edit = ✏️ Изменить пункты
button-items-done = ☑ Отмечать пункты
button-item-top = ⏫ В начало
button-item-up = ⬆️ Выше
button-item-down = ⬇️ Ниже
button-item-remove = 🗑 Убрать
button-to-task = 📋 Задача

task-tags = 🏷 { $tags }
task-tags-none = 🏷 Меток пока нет.
task-checklist = ☑ Чек-лист: { $done }/{ $items }
task-copied = { $ref } – копия этой задачи.
copied = 📄 Копия { $source }: текст, приоритет, метки и чек-лист без отметок. Комментарии и сдачи остались там.
copied-no-due = Срок ({ $due }) не скопирован: задайте его кнопкой <b>Срок</b>.
copied-told = Исполнитель – { $name }, уже оповещён.
copied-nobody = { $name } больше не может работать в этом проекте, поэтому исполнителя пока нет.

checklist = ☑ <b>{ $ref }</b> { $title }: { $done }/{ $items }
checklist-empty =
    ☑ <b>{ $ref }</b> { $title }

    Чек-лист пуст. Запишите по шагам, что нужно сделать.
checklist-line = { $box } { $text }
checklist-item =
    ☑ <b>{ $ref }</b> · { $place } из { $items }

    { $text }

ask-tags = Нажмите на метку, чтобы добавить или снять её, или напишите: <code>#насос #срочно -#старое</code>.
ask-items = Напишите пункты, каждый с новой строки.
ask-item = Напишите пункт заново, до 200 знаков, или нажмите кнопку.
done-tags = Сохранено.
done-items = ➕ Добавлено.
done-item = Сохранено.
item-removed = Пункт убран.

draft-line = ⌨️ Одной строкой: <code>/task { $line }</code>
draft-known = 📝 Уже записано: { $parts }
draft-line-but-description = ⌨️ Одной строкой, без описания: <code>/task { $line }</code>
draft-kept = 📝 Задача «{ $title }» сохранена. Когда появится проект, нажмите <b>Новая задача</b> и продолжите её.
button-go-on = ↩️ Вернуться к «{ $title }»
error-draft-gone = Этого черновика больше нет. Начните заново: /newtask
remark-assignee-unknown = ⚠️ Не нахожу { $about } в этом проекте. Выберите через кнопку <b>Исполнитель</b>.
remark-assignee-several = ⚠️ { $about } – так зовут нескольких людей. Выберите одного через кнопку <b>Исполнитель</b>.
remark-assignee-client = ⚠️ { $about } – клиент. Клиенты принимают работу, но не выполняют её: выберите через кнопку <b>Исполнитель</b>.
remark-assignee-outside = ⚠️ { $about } – не в этом проекте. Сначала добавьте в проект или выберите через кнопку <b>Исполнитель</b>.
remark-passed-over = ⚠️ У задачи один исполнитель – тот, кто назван последним. Пропущено: { $about }
remark-unknown-priority = ⚠️ { $about } – нет такого приоритета, слово осталось в названии. Есть !низкий, !обычный, !высокий и !срочно.
remark-unknown-tag = ⚠️ { $about } осталось в названии: в метке бывают только буквы, цифры, - и _, не больше 32.
remark-tags-left-out = ⚠️ У задачи может быть 10 меток, остальные пропущены: { $about }
remark-unknown-key = ⚠️ Проекта { $about } у вас нет, слово осталось в названии.
remark-date-past = ⚠️ «{ $about }» уже в прошлом, поэтому осталось в названии. Срок можно задать кнопкой <b>Срок</b>.
remark-date-unknown = ⚠️ «{ $about }» – такой даты не знаю, осталось в названии. Срок можно задать кнопкой <b>Срок</b>.
remark-date-within = 📅 Оставил «{ $about }» в названии. Если это срок, напишите его в конце или нажмите <b>Срок</b>.
remark-date-time = 🕘 Оставил «{ $about }» в названии. Если это время срока, назовите один час от 0 до 23 кнопкой <b>Срок</b>.
remark-date-second = 📅 Здесь две даты: срок показан выше, а «{ $about }» осталось в названии.
remark-date-vague = ⚠️ «{ $about }» не называет дня, поэтому осталось в названии. Срок можно задать кнопкой <b>Срок</b>.
remark-date-repeated = 🔁 Повторять задачи я пока не умею: задача будет одна, а «{ $about }» осталось в названии.
remark-date-number = 📅 «{ $about }» – похоже, это число, а не дата. Если это срок, нажмите <b>Срок</b>.
remark-title-long = ⚠️ В названии { $about } знаков, а помещается 200. Напишите короче, остальное записано.

error-tag-shape = «{ $tag }» не может быть меткой. В метке до { $limit } букв, цифр, _ и -, и хотя бы одна буква: #насос
error-tags-too-many = У задачи может быть не больше { $limit } меток, а вышло бы { $count }. { $there ->
    [0] Напишите меньше.
   *[other] Снимите лишние (-#старое) или добавьте меньше.
 }
error-items-too-many = В чек-листе помещается { $limit } пунктов, сейчас их { $there }. Добавьте меньше или уберите лишние.
error-item-not-found = Не нахожу этот пункт. Возможно, его уже убрали.
comment-shared = 👥 { $word } – это несколько человек, узнают все: { $people }. Чтобы позвать одного, напишите то, что в скобках.
comment-shared-few = 👥 { $word } – это несколько человек с таким именем, узнают все.
comment-unreached = 🔕 Не узнают: { $names }. Им этот комментарий не виден, или таких людей здесь нет.

notify-mentioned = 📣 { $by } упоминает вас в <b>{ $ref }</b> { $title }

history-copied-unseen = новая задача, копия другой
history-copied = новая задача, копия { $after }
history-tags = метки: { $before } → { $after }
history-item-added = в чек-лист: { $after }
history-item-ticked = готово: «{ $after }»
history-item-unticked = снова не готово: «{ $after }»
history-item-renamed = пункт: { $before } → { $after }
history-item-moved = пункт чек-листа на другом месте: { $after }
history-item-removed = из чек-листа убрано: { $before }

comment-edited = изменено
ask-edit = Напишите комментарий заново или удалите его.
done-edit = Сохранено.
button-comment-delete = 🗑 Удалить
confirm-comment = Удалить этот комментарий? Автор – { $name }. Вернуть его будет нельзя.
comment-deleted = Удалено.
error-comment-not-found = Не нахожу этот комментарий. Возможно, его уже удалили.
offer-comment = 💬 Сохранить ваше сообщение как комментарий к <b>{ $ref }</b> { $title }?
error-words-gone = Этого текста у меня больше нет. Пришлите его ещё раз.

doubt-number = { $ref } – номер задачи. Пока ничего не сохранено: открыть её или это ваш ответ?
doubt-number-unknown = Задачу { $ref } не нахожу. Пока ничего не сохранено: это ваш ответ?
doubt-forwarded = Вы переслали сообщение. Пока ничего не сохранено: что с ним сделать?
button-answer-comment = 💬 Сохранить комментарий
button-answer-save = ✍️ Записать сюда
button-answer-task = ➕ Новая задача из него
changed-meanwhile = ⚠️ Вас опередили. Сейчас здесь:
changed-yours = У вас:
button-save-mine = ✍️ Всё равно сохранить моё
button-keep-theirs = Оставить как есть
error-changed-meanwhile = Это уже изменил кто-то другой.

confirm-copy = 📄 Сделать копию <b>{ $ref }</b> { $title }? В неё перейдут текст, приоритет, метки и чек-лист без отметок. Срок, комментарии и сдачи останутся здесь.
copy-told = 👤 Исполнитель – { $name }, сразу получит уведомление.
copy-yours = 👤 Исполнителем будете вы.
copied-free = Исполнителя пока нет.
button-copy-now = 📄 Сделать копию
button-copy-free = 📄 Пока без исполнителя
error-copied-already = Эта копия уже сделана. Чтобы сделать ещё одну, нажмите «Копия» у задачи.

history-comment-edited = комментарий изменён: { $before } → { $after }
history-comment-reworded = комментарий изменён
history-comment-deleted = комментарий удалён, автор { $before }
history-before = 🕓 <b>{ $ref }</b> · до изменения ({ $at }):
history-after = 🕓 <b>{ $ref }</b> · после изменения ({ $at }):
button-history-before = ‹ До
button-history-after = После ›
