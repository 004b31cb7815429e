digest =
    ☀️ <b>{ $company }</b>
    { $day }
digest-overdue = ⏰ <b>Просрочено: { $count }</b>
digest-today = 📅 <b>Срок сегодня: { $count }</b>
digest-new = 🆕 <b>Новое для вас: { $count }</b>
digest-review = 🟣 <b>Ждёт приёмки: { $count }</b>
digest-unassigned = 👤 Без исполнителя: { $count }
digest-others_overdue = ⏳ Просрочено у других: { $count }

button-digest = ☀️ Сводка дня
digest-settings =
    ☀️ <b>Сводка дня</b>
    Одно сообщение в день: что просрочено, что сегодня, что нового для вас и что ждёт приёмки. Администраторам и менеджерам ещё и то, что никому не поручено и что просрочили другие. Если ничего такого нет, ничего и не приходит.
digest-off = Сейчас выключена. Чтобы получать её, выберите час.
digest-comes =
    Приходит { $days } в { $hour } ({ $zone }).
    Следующая: { $next }
digest-on-every-day = каждый день
digest-on-weekdays = с понедельника по пятницу
digest-quiet = 🌙 Это ваши тихие часы, поэтому она придёт, когда они кончатся.
button-digest-every-day = Каждый день
button-digest-weekdays = По будням
button-digest-off = Не присылать
