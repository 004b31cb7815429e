command-report = как идёт работа: создано, готово, просрочено
button-report = 📊 Отчёт
report = 📊 <b>{ $about }</b>, { $first } – { $last }
report-created = ➕ Создано: { $count }
report-created-theirs = ➕ Новых задач на этом человеке: { $count }
report-created-yours = ➕ Новых задач на вас: { $count }
report-done = ✅ Готово: { $count }
report-cancelled = ✖️ Отменено: { $count }
report-open = ⏳ Сейчас открыто: { $count }
report-overdue = ⏰ Просрочено: { $count }
report-review = 🟣 На приёмке: { $count }
report-in-time = Готово в срок: { $count } из { $of }
report-sums =
    { $overdue ->
        [0] Создано { $created }, готово { $done }, открыто сейчас { $open }
       *[other] Создано { $created }, готово { $done }, открыто сейчас { $open }, просрочено { $overdue }
    }
report-lead-one = От создания до готовности: { $took }
report-lead-few = От создания до готовности: обычно { $took }
report-lead = От создания до готовности: половина за { $half }, девять из десяти за { $most }
report-load = { $who }: открыто { $open }, готово { $done }
report-load-overdue = { $who }: открыто { $open } (⏰ { $overdue }), готово { $done }
report-others =
    { $count ->
        [one] ещё { $count } человек
        [few] ещё { $count } человека
       *[many] ещё { $count } человек
    }
report-nobody = 👻 Без исполнителя: открыто { $count }
report-unknown = 🤔 Не понимаю: { $words }. Напишите проект, 7, 30 или 90 дней и @кого, например <code>/report WEB 30 @anna</code>.
report-your-projects = { $company }, ваше участие: { $keys }
report-empty = За эти дни ничего не создано и не закрыто, и открытых задач нет.
report-empty-longer = Возьмите период подлиннее кнопками ниже.
report-empty-write = Создайте задачу, и она попадёт в отчёт.
report-empty-create = 📁 Отчёт считает задачи, задаче нужен проект, а активных проектов нет. Создайте: <b>Новый проект</b>
report-empty-join = 📁 Отчёт считает задачи ваших проектов, а активных проектов у вас нет. Попросите менеджера добавить вас в проект.
report-empty-wait = Как только в ваших проектах появятся задачи, они попадут в отчёт.
span-moment = меньше минуты
span-days = { $days } дн. { $hours } ч
span-hours =
    { $hours ->
        [0] { $minutes } мин
       *[other] { $hours } ч { $minutes } мин
    }
period-week = 7 дней
period-month = 30 дней
period-quarter = 90 дней
ask-report-project = Отчёт по какому проекту?
ask-report-user = Чья работа?
button-report-company = 🏢 Вся компания
button-report-mine = 📊 Всё моё
button-report-project = 📁 По проекту
button-report-user = 👤 По человеку
button-back-to-report = ‹ Отчёт
chart-flow-week = Задачи по дням
chart-flow-month = Задачи за каждые пять дней
chart-flow-quarter = Задачи за каждые 15 дней
chart-created = создано: { $count }
chart-new = новых: { $count }
chart-done = готово: { $count }
chart-flow-nothing = За эти дни ничего не создано и не сделано.
chart-open =
    { $overdue ->
        [0] Открыто: сейчас { $count }
       *[other] Открыто: сейчас { $count }, просрочено { $overdue }
    }
chart-open-nothing = За эти дни открытых задач не было.
chart-people = Открытые задачи по людям
chart-overdue = просрочено
chart-not-overdue = не просрочено
chart-others = Остальные
chart-nobody = Без исполнителя
chart-people-nothing = Открытых задач ни у кого нет.
chart-time-days = Дней до готовности
chart-time-hours = Часов до готовности
chart-time-minutes = Минут до готовности
chart-time-usual = { $heading }: обычно { $took }
chart-time-nothing = За эти дни ничего не сделано.
