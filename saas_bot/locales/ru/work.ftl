projects = 📁 <b>Проекты</b>
projects-empty = 📁 Проектов пока нет. Создайте первый: задачи и люди относятся к проекту.
projects-empty-member = 📁 Вас пока не добавили ни в один проект. Попросите об этом менеджера.
projects-all-archived = 📁 Все проекты в архиве. Создайте новый или верните один из архива.
projects-all-archived-member = 📁 Все ваши проекты в архиве. Если нужен новый, попросите об этом менеджера.
projects-archived = 🗄 <b>Архив проектов</b>
projects-archived-empty = 🗄 В архиве пусто. Законченный проект отправляют сюда кнопкой на его странице, остальные – под кнопкой <b>Активные</b>.
project-line = { $key } – { $name } · открыто { $open }
project = 📁 <b>{ $key }</b> – { $name }
project-archived = 🗄 <b>{ $key }</b> – { $name } (в архиве, только чтение)
project-people = { $role }: { $names }
project-nobody = Исполнителей и клиентов в проекте нет.
project-no-tasks = Задач нет.
project-attach = Кто работает над проектом и какой клиент за ним следит? Нажмите на имя, чтобы добавить или убрать.
project-attach-nobody = В компании пока нет исполнителей и клиентов. Пригласите их в этот проект.
project-created = 🎉 Проект <b>{ $key }</b> – { $name } создан.
project-archived-toast = Теперь в архиве.
project-restored-toast = Возвращён из архива.
ask-project-name = Как называется проект?
ask-project-key = Выберите короткий ключ проекта <b>{ $name }</b>: с ним нумеруются задачи, например WEB-42. Нажмите на предложенный или напишите от 2 до 10 латинских букв и цифр. Потом изменить его нельзя.
ask-project-rename = Как теперь назвать <b>{ $key }</b> – { $name }?
confirm-archive = Убрать <b>{ $key }</b> – { $name } в архив? Задачи останутся, но уйдут из списков. Вернуть можно в любой момент.

button-new-project = ➕ Новый проект
button-archived-projects = 🗄 Архив
button-active-projects = 📁 Активные
button-project-tasks = 📋 Задачи
button-back-to-project = ‹ Проект
button-people = 👥 Люди
button-rename = ✏️ Название
button-archive = 🗄 В архив
button-restore = ↩️ Вернуть

status-new = новая
status-in_progress = в работе
status-review = на приёмке
status-done = готово
status-cancelled = отменена
statuses-new = новые
statuses-in_progress = в работе
statuses-review = на приёмке
statuses-done = готовые
statuses-cancelled = отменённые
priority-low = низкий
priority-normal = обычный
priority-high = высокий
priority-urgent = срочно
nobody = не назначен
due-not-set = не задан
due-today = Сегодня
due-tomorrow = Завтра
due-3days = Через 3 дня
due-week = Через неделю
due-none = Без срока

view-mine = Мои
view-open = Все открытые
view-overdue = Срок вышел
view-review = На приёмке
view-closed = Закрытые
tasks-mine = 📋 <b>Мои задачи</b>
tasks-mine-empty = 📋 У вас нет открытых задач. Посмотрите все открытые или создайте новую.
tasks-open = 📋 <b>Открытые задачи</b>
tasks-open-empty = 📋 Открытых задач здесь нет. Сделанное – под кнопкой <b>Закрытые</b>.
tasks-overdue = ⏰ <b>Просроченные задачи</b>
tasks-overdue-empty = 🎉 Ничего не просрочено. Что дальше, покажут <b>Сегодня</b> и <b>Неделя</b>.
tasks-review = ✅ <b>Ждут приёмки</b>
tasks-review-empty = 🎉 Ничего не ждёт приёмки. Я напишу, когда работу сдадут.
tasks-closed = 🏁 <b>Закрытые задачи</b>
tasks-closed-empty = 🏁 Закрытых задач пока нет. Сюда попадают принятые и отменённые, остальные – под кнопкой <b>Все открытые</b>.

task-heading = <b>{ $ref }</b> { $title }
task-about = <b>{ $ref }</b> · { $title }
task-facts =
    📁 { $project } · { $status }
    👤 { $assignee } (автор: { $author })
    📅 Срок: { $due }
    ⚡ Приоритет: { $priority }
task-facts-overdue =
    📁 { $project } · { $status }
    👤 { $assignee } (автор: { $author })
    ⏰ <b>Просрочено: { $due }</b>
    ⚡ Приоритет: { $priority }
task-archived = 🗄 Проект в архиве: задачу можно читать, но не менять.
quoted = <blockquote>{ $text }</blockquote>
review-submitted = 📦 <b>Сдача { $number }</b>: { $name }
review-by = { $name } ({ $role })
review-accepted = ✅ Приёмка: { $who }
review-returned = ↩️ Возврат: { $who }
review-withdrawn = ✖️ Отозвано: { $who }
comment-line = 💬 <b>{ $name }</b>, { $at }: { $text }
comment-internal = 🔒 <b>{ $name }</b>, { $at }: { $text }
comment-head = 💬 <b>{ $name }</b>, { $at }
comment-head-internal = 🔒 <b>{ $name }</b>, { $at }
comments = 💬 <b>{ $ref }</b> { $title }
comments-empty = Комментариев здесь нет. Напишите первый: <b>Комментарий</b>
reviews = 📦 <b>{ $ref }</b> { $title }
submission = 📦 <b>Сдача { $number }</b>: { $name }, { $at }
submission-undecided = ⏳ Решения ещё нет

move-start = ▶️ Начать
move-submit = 📦 Сдать
move-accept = ✅ Принять
move-return = ↩️ Вернуть
move-cancel = ✖️ Отменить
move-reopen = 🔁 Открыть снова
button-assign = 👤 Исполнитель
button-assignee = 👤 Исполнитель
button-due_at = 📅 Срок
button-priority = ⚡ Приоритет
button-title = ✏️ Название
button-description = 📝 Описание
button-project = 📁 Проект
button-comment = 💬 Комментарий
button-history = 🕓 История
button-text = 📝 Полностью
button-comments = 💬 Все комментарии
button-reviews = 📦 Сдачи
button-nobody = Никто
button-create = ✅ Создать
button-submit-silently = Сдать без комментария
button-internal-on = 🔒 Только для команды
button-internal-off = 🔓 И для клиента

choose-priority = Насколько это срочно? <b>{ $ref }</b> { $title }
choose-assignee = Кто это сделает? <b>{ $ref }</b> { $title }
confirm-canceltask = Отменить <b>{ $ref }</b> { $title }? Потом её можно открыть снова.

due-is = 📅 Срок сейчас: <b>{ $due }</b>
ask-due = К какому сроку? Выберите или напишите: <i>завтра 15:00</i>, <i>через 2 дня</i>, <i>31.12</i>.
ask-due_at = К какому сроку? Выберите или напишите: <i>завтра 15:00</i>, <i>через 2 дня</i>, <i>31.12</i>.
ask-title = Напишите новое название, до 200 знаков.
ask-description = Напишите описание, до 4000 знаков.
ask-comment = Напишите комментарий.
ask-comment-internal = Напишите комментарий. 🔒 Клиенты его не увидят.
ask-submit = Что важно знать принимающему? Напишите комментарий или сдайте без него.
ask-return = Что нужно исправить? Причину увидит исполнитель.
ask-project = Для какого проекта задача?
ask-project-empty = 📁 Задаче нужен проект, а активных проектов нет. Создайте: <b>Новый проект</b>
ask-project-empty-member = 📁 Задаче нужен проект, а в активных проектах вас нет. Попросите менеджера добавить вас.
ask-line =
    Новая задача в проекте <b>{ $project }</b>. Что нужно сделать?

    Можно всё в одну строку: <i>Починить насос @anna !высокий #насос завтра 15:00</i>
ask-assignee = Кто это сделает?

draft =
    📝 <b>Новая задача</b>, я понял так:

    <b>{ $title }</b>
    📁 { $project }
    👤 { $assignee }
    📅 { $due }
    ⚡ Приоритет: { $priority }
task-created = Задача { $ref } создана.
task-created-already = Задача { $ref } уже создана.
draft-due = { $due } ({ $timezone })

done-start = Начали.
done-submit = Сдано.
done-accept = Принято.
done-return = Возвращено.
done-cancel = Отменено.
done-reopen = Снова открыта.
done-comment = 💬 Добавлено.
done-title = Сохранено.
done-description = Сохранено.
done-due-at = Сохранено.
not-saved = 📝 Это не сохранилось. Возвращаю ваш текст, чтобы он не пропал:

history = 🕓 <b>{ $ref }</b> { $title }
history-line = { $at } – <b>{ $who }</b>: { $what }
history-created = новая задача
history-start = начало работы
history-submit = сдача
history-accept = приёмка
history-return = возврат
history-cancel = отмена
history-reopen = задача открыта снова
history-assigned = исполнитель: { $before } → { $after }
history-title = название: { $before } → { $after }
history-description = описание: { $before } → { $after }
history-priority = приоритет: { $before } → { $after }
history-due-at = срок: { $before } → { $after }
history-commented = комментарий
