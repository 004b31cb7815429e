seats = 💺 Занято мест: { $used } из { $limit } ({ $plan })
seats-unlimited = 💺 Занято мест: { $used }, без ограничений
storage = 📎 Файлы: { $used } из { $limit }
storage-unlimited = 📎 Файлы занимают { $used }, без ограничений
seats-full = Свободных мест нет. Чтобы кого-то добавить, отключите кого-нибудь или выберите тариф побольше.
seats-full-manager = Свободных мест нет. Чтобы кого-то добавить, отключите кого-нибудь или попросите администратора о тарифе побольше.

member-username = <a href="https://t.me/{ $username }">@{ $username }</a>
member-write-to = <a href="tg://user?id={ $id }">нет, написать</a> (в строке задачи и в комментарии: @{ $number })
member-projects = 📁 { $names }{ $more }
member-no-projects = 📁 Пока не участвует в активных проектах
member-workload = 📋 Открыто: { $open } · ⏰ просрочено: { $overdue } · 🟣 на приёмке: { $review }
member-last-done = ✅ Последнее готовое: <b>{ $ref }</b> { $title }, { $at }
member-attach = В каких проектах участвует <b>{ $name }</b>? Нажмите на проект, чтобы добавить или убрать.
deactivated-already = { $name }: доступ уже закрыт.
member-attach-all = { $name }: роль { $role }, доступны все проекты.
member-attach-nothing = Активных проектов пока нет. Создайте первый: /projects
button-member-projects = 📁 Проекты
button-admin-rights = 👑 Передать права администратора
handover-confirm-handadmin = Передать свои права администратора: <b>{ $name }</b>? Вы сразу станете менеджером. Вернуть права сможет только администратор.
admin-handed-over = { $name } теперь администратор, а вы менеджер.

handover-stake =
    <b>{ $name }</b>: { $count ->
        [one] { $count } открытую задачу
        [few] { $count } открытые задачи
       *[many] { $count } открытых задач
    } нужно передать: { $refs }
handover-stake-own =
    У вас { $count ->
        [one] { $count } открытая задача
        [few] { $count } открытые задачи
       *[many] { $count } открытых задач
    }: { $refs }
handover-ask = Кому передать? Пока ничего не изменилось.
handover-ask-nobody = Передать больше некому. Можно оставить без исполнителя.
handover-heir = { $name } – { $role } · { $takes } из { $count }
handover-nobody = Пока никому
handover-keep = Оставить и добавить в их проекты
handover-confirm-deactivate = Закрыть доступ в компанию: <b>{ $name }</b>? Доступ пропадёт сразу, сделанное останется.
handover-confirm-client = Сделать клиентом: <b>{ $name }</b>? Клиенты не выполняют задач.
handover-confirm-worker = Сделать исполнителем: <b>{ $name }</b>? Исполнители выполняют задачи только своих проектов.
handover-to = 👤 Всё открытое получит <b>{ $heir }</b>.
handover-kept = 📁 Проекты открытых задач и сами задачи останутся.
handover-left =
    ⚠️ Без исполнителя { $count ->
        [one] останется { $count } задача
        [few] останутся { $count } задачи
       *[many] останутся { $count } задач
    }: { $refs }
handover-own =
    ⚠️ У вас { $count ->
        [one] { $count } открытая задача
        [few] { $count } открытые задачи
       *[many] { $count } открытых задач
    }: { $refs }. Они останутся без исполнителя, менеджеры об этом узнают.
handover-given = 👤 <b>{ $heir }</b> получает { $count ->
    [one] { $count } задачу
    [few] { $count } задачи
   *[many] { $count } задач
}.
handover-left-now = ⚠️ Без исполнителя { $count ->
    [one] осталась { $count } задача
    [few] остались { $count } задачи
   *[many] остались { $count } задач
}: { $refs }
notify-handed_over = 👤 { $by } передаёт вам { $count ->
    [one] { $count } задачу
    [few] { $count } задачи
   *[many] { $count } задач
}. Прежний исполнитель: <b>{ $name }</b>.
notify-member_left = 🚪 <b>{ $name }</b> больше не в компании.
notify-member_left-tasks = 🚪 <b>{ $name }</b> больше не в компании. Без исполнителя { $count ->
    [one] осталась { $count } открытая задача
    [few] остались { $count } открытые задачи
   *[many] остались { $count } открытых задач
}.

button-about = 📝 Описание
button-no-description = Без описания
button-delete-project = 🗑 Удалить
ask-project-about = О чём проект <b>{ $key }</b> – { $name }? Напишите до 4000 знаков, их увидят все в проекте.
ask-delete-project =
    🗑 Удалить <b>{ $key }</b> – { $name } навсегда? { $goes }

    Вернуть будет нельзя. В архиве всё сохраняется. Чтобы удалить, напишите ключ: <b>{ $key }</b>
delete-project-nothing = В нём ничего нет.
delete-project-goes = Вместе с ним пропадёт:
delete-project-tasks = 📋 задач: { $count }
delete-project-comments = 💬 комментариев: { $count }
delete-project-submissions = 📦 сдач: { $count }
delete-project-people = 👥 участников: { $count } (в компании они останутся)
project-deleted = 🗑 Проект <b>{ $key }</b> – { $name } удалён.
error-project-key-differs = Это не тот ключ. Чтобы удалить проект, напишите { $key }, или отмените.

button-move = 📁 Перенести
move-where = В какой проект перенести <b>{ $ref }</b> { $title }?

    Задача перейдёт сразу. Номер там будет новый, старый тоже приведёт к ней. Видеть её будут только люди того проекта.
move-where-clients = 👁 В таком проекте есть клиенты: они увидят задачу и всё, что не для команды.
move-nowhere = Переносить <b>{ $ref }</b> { $title } некуда: других активных проектов нет. Создайте новый: /projects
button-move-back = ↩️ Вернуть в { $key }
moved = Теперь это { $ref }.
moved-lost = ⚠️ { $name } не участвует в этом проекте, и задача осталась без исполнителя.
history-moved-unseen = перенос из другого проекта
history-moved = перенос: { $before } → { $after }

history-submit-numbered = сдача { $number }
history-accept-numbered = приёмка сдачи { $number }
history-accept-on-behalf = приёмка сдачи { $number } за клиента
history-return-numbered = возврат сдачи { $number }
notify-accepted-on_behalf = ✅ { $by }: принята за клиента <b>{ $ref }</b> { $title }
review-accepted-on-behalf = ✅ Приёмка за клиента: { $who }
confirm-revoke = Отозвать приглашение? { $invite }

    Ссылка сразу перестанет работать; кто уже вошёл по ней, останется.

role-already = { $name }: роль уже такая – { $role }.
handover-confirm-admin = Сделать администратором: <b>{ $name }</b>? Администраторы решают всё, в том числе роли и оплату.
handover-confirm-manager = Сделать менеджером: <b>{ $name }</b>? Менеджеры ведут все проекты, приглашают исполнителей и клиентов.
handover-confirm-detach = Убрать из проекта <b>{ $project }</b>: <b>{ $name }</b>?
notify-reactivated = 👋 Вы снова в компании <b>{ $company }</b>. Ваша роль: { $role }.
notify-detached = 📁 Вы больше не участвуете в проекте <b>{ $project }</b>.
notify-project_archived = 🗄 { $by } убирает в архив проект <b>{ $project }</b>. Его задачи можно читать, но не менять.
notify-project_restored = 📁 { $by } возвращает из архива проект <b>{ $project }</b>. Работа продолжается.
notify-project_deleted = 🗑 { $by } удаляет проект <b>{ $project }</b> со всеми задачами.
notify-cancelled-awaited = ✖️ { $by }: отменена <b>{ $ref }</b> { $title }. Приёмки она больше не ждёт.
invite-closed = Это приглашение уже не действует.
invite-line-company = { $role }, до { $until }
invite-line-archived = 🗄 Проект в архиве: пока его не вернут, войти по ссылке нельзя.
error-invite-archived = Проект этого приглашения в архиве. Попросите новую ссылку.

button-company = 🏢 Компания
command-company = компания: название, часовой пояс, удаление
company =
    🏢 <b>{ $name }</b>
    Часовой пояс: { $timezone }
company-counts =
    👥 Людей: { $people }
    📁 Проектов: { $projects }
    📋 Задач: { $tasks }, открыто: { $open }
    📎 Файлы: { $files }
ask-company-rename = Как теперь называть компанию <b>{ $company }</b>?
ask-company-zone = Где находится компания? Этот часовой пояс получат новые люди, у остальных ничего не изменится. Выберите город или напишите свой, например <i>Омск</i>.
button-delete-company = 🗑 Удалить компанию
ask-delete-company =
    🗑 Удалить компанию <b>{ $company }</b>?

    { $goes }

    Доступ ко всему этому сразу пропадёт у всех. До { $until } её могут вернуть те, кто ведёт этого бота; потом она исчезнет навсегда. Счета и платежи сохранятся.

    Чтобы удалить, напишите её название: <code>{ $company }</code>
company-deleted = 🗑 Компания <b>{ $company }</b> удалена. Если это ошибка, до { $until } её могут вернуть те, кто ведёт этого бота.
error-company-name-differs = Это не её название. Чтобы удалить компанию, напишите { $company }, или отмените.
error-other-company = Вы уже в компании { $company }, поэтому ничего не изменилось. Продолжить: /company
notify-company_deleted = 🗑 { $by } удаляет компанию <b>{ $company }</b>. Вы продолжаете в компании <b>{ $goes_on }</b>.
notify-company_deleted-last = 🗑 { $by } удаляет компанию <b>{ $company }</b>. Можно создать свою или войти в другую по приглашению: /start
notify-company_restored = 👋 Компания <b>{ $company }</b> снова работает, всё на месте.
button-open-company = 🏢 Открыть { $company }
