command-board = все задачи по статусам
command-search = поиск по названиям, описаниям и комментариям
button-board = 🗂 Доска
button-search = 🔎 Поиск
button-lists = 📋 Списки
button-filter = 🎛 Фильтр
button-clear = ✖️ Сбросить фильтр
button-show-list = 📋 Показать список
button-search-again = 🔎 Искать ещё

view-today = Сегодня
view-week = Неделя
view-created = От меня
view-unassigned = Ничьи
tasks-today = 📅 <b>Срок сегодня</b>
tasks-today-empty = 📅 На сегодня ничего нет. Посмотрите задачи недели или все открытые.
tasks-week = 🗓 <b>Срок на этой неделе</b>
tasks-week-empty = 🗓 На этой неделе, с понедельника по воскресенье, сроков нет. Посмотрите все открытые задачи.
tasks-created = ✍️ <b>Созданные мной</b>
tasks-created-empty = ✍️ Вы ещё не создали ни одной задачи. Напишите первую: /task
tasks-unassigned = 👤 <b>Без исполнителя</b>
tasks-unassigned-empty = 👤 Открытых задач без исполнителя нет. Все они – под кнопкой <b>Все открытые</b>.
tasks-new = ⚪ <b>Новые</b>
tasks-new-empty = ⚪ Ни одна задача не ждёт начала. Посмотрите <b>Все открытые</b>.
tasks-in_progress = 🔵 <b>В работе</b>
tasks-in_progress-empty = 🔵 Сейчас ничего не в работе. Задача попадает сюда, когда в ней нажали <b>Начать</b>.
tasks-in_review = 🟣 <b>На приёмке</b>
tasks-in_review-empty = 🟣 На приёмке ничего нет. Сюда попадают сданные задачи.
tasks-done = ✅ <b>Готовые</b>
tasks-done-empty = ✅ Готовых задач пока нет. Сюда попадают принятые.
tasks-cancelled = ✖️ <b>Отменённые</b>
tasks-cancelled-empty = ✖️ Отменённых задач нет. Сделанное – под кнопкой <b>Закрытые</b>.

board = 🗂 <b>Доска</b>
board-empty = Задач здесь пока нет. Напишите первую: /task
board-column = { $icon } <b>{ $status } · { $count }</b>
board-line = { $ref } { $title }{ $facts }
board-more = … и ещё { $count }

filter =
    🎛 <b>Фильтр</b>
    Действует во всех списках и на доске, пока вы его не сбросите. Нажмите на то, что хотите изменить.
filter-applied = 🎛 { $parts }
filter-nothing = С этим фильтром здесь пусто. Сбросьте его или откройте другой список.
filter-cleared = Снова показываю всё.
filter-cleared-but-order = Снова показываю всё. Порядок остался тем, что вы выбрали.
filter-any = все
filter-me = Я
filter-project = Проект
filter-assignee = Исполнитель
filter-priority = Приоритет
filter-tag = Метка
filter-sort = Порядок
filter-choose-project = 📁 Задачи какого проекта?
filter-choose-assignee = 👤 Чьи задачи?
filter-choose-priority = ⚡ Какой приоритет?
filter-choose-tag = 🏷 С какой меткой? Вот самые частые.
filter-no-tags = 🏷 Меток пока нет ни у одной задачи. Добавьте метку к задаче, и она появится здесь.
filter-choose-sort = В каком порядке? Он действует в списках открытых задач. Список <b>От меня</b> и закрытые задачи всегда идут от новых к старым.
sort-due = сначала близкий срок
sort-priority = сначала срочные
sort-newest = сначала новые

ask-search =
    🔎 Что найти? Напишите слово или два: я ищу в названиях, описаниях и комментариях.

    <i>"новый насос"</i> – слова подряд, <i>насос или клапан</i> – любое из них, <i>насос -старый</i> – без второго слова.
search-found = 🔎 <b>{ $words }</b>
search-empty = 🔎 Ничего не нашлось: <b>{ $words }</b>. Все слова должны стоять в одном тексте: в самой задаче или в одном комментарии. Попробуйте меньше слов: часто хватает одного, самого редкого.
search-empty-one = 🔎 Ничего не нашлось: <b>{ $words }</b>. Я ищу слова целиком, почти в любой форме, но не их части. Проверьте, как слово написано, или попробуйте другую форму или другое слово.
search-tags = 🏷 Я ищу в текстах задач. По меткам их находит <b>Фильтр</b>.
search-title = { $icon } { $ref } · { $title }
search-text = 📝 { $text }
search-comment = 💬 { $text }
search-comment-internal = 🔒 { $text }
error-search-no-word = Здесь нет слова, которое можно искать. Напишите, о чём речь, например <i>насос</i>.
error-search-too-long = Слишком длинный запрос, { $length ->
    [one] { $length } знак
    [few] { $length } знака
   *[many] { $length } знаков
 }; помещается { $limit }. Оставьте главные слова.
error-search-nothing = Такие слова есть почти в любом тексте, по ним искать нельзя. Напишите, о чём речь, например <i>насос</i>.
error-search-forgotten = Этот поиск был слишком давно. Начните снова: /search
