bot-short-description = Проекты, задачи и приёмка работ вашей компании прямо в Telegram.
bot-description =
    Вся работа компании в Telegram: проекты, задачи, люди и приёмка работ клиентом.

    Нажмите «Запустить», чтобы создать компанию, или откройте присланное приглашение.

role-admin = администратор
role-manager = менеджер
role-worker = исполнитель
role-client = клиент
role-plural-admin = Администраторы
role-plural-manager = Менеджеры
role-plural-worker = Исполнители
role-plural-client = Клиенты

welcome =
    Здравствуйте, { $name }! 👋

    Я держу в порядке проекты и задачи компании: кто что делает, к какому сроку и что уже принял клиент.

    Создайте компанию или войдите по приглашению.
menu =
    <b>{ $company }</b>
    { $name }, { $role }

button-create-company = 🏢 Создать компанию
button-have-invite = ✉️ У меня приглашение
button-settings = ⚙️ Настройки
button-tasks = 📋 Задачи
button-newtask = ➕ Новая задача
button-approvals = ✅ На приёмке
button-projects = 📁 Проекты
button-members = 👥 Люди
button-invite = ✉️ Пригласить
button-help = ❓ Помощь
button-menu = 🏠 Меню
button-cancel = Отмена
button-back = ‹ Назад
button-previous = ‹ Предыдущие
button-next = Следующие ›
button-yes = Да
button-no = Нет
button-done = Готово
button-timezone = 🕓 Часовой пояс
button-switch = 🏢 Компании
button-leave = 🚪 Выйти: { $company }
button-invites = 📨 Приглашения
button-invite-multi = 🔁 Многоразовая ссылка
button-revoke = 🗑 Отозвать { $number }
button-change-role = 🎭 Сменить роль
button-deactivate = 🚫 Отключить
button-reactivate = ↩️ Вернуть

command-tasks = задачи: мои, открытые, просроченные
command-newtask = новая задача, шаг за шагом
command-task = задача в одну строку
command-approvals = что ждёт приёмки
command-projects = проекты, их люди и задачи
command-members = люди компании и их роли
command-invite = пригласить человека по ссылке
command-menu = главное меню
command-switch = перейти в другую компанию
command-settings = язык, часовой пояс, уведомления
command-leave = выйти из компании
command-help = что я умею
command-cancel = отменить начатое
command-start = начать

ask-company-name = Как называется ваша компания?
ask-company-timezone = Где находится компания? Выберите город или напишите свой, например <i>Омск</i>.
ask-timezone = Где вы находитесь? Выберите город или напишите свой, например <i>Омск</i>.
ask-invite = Вставьте ссылку-приглашение, которую вам прислали.
company-created =
    🎉 Компания <b>{ $company }</b> готова. { $days ->
        [one] { $days } день
        [few] { $days } дня
       *[many] { $days } дней
    } тарифа Team – бесплатно.

    Дальше: создайте проект и пригласите в него людей.
joined = 🎉 Добро пожаловать! Вы теперь в компании <b>{ $company }</b>. Ваша роль: { $role }.
joined-project = 🎉 Добро пожаловать! Вы теперь в компании <b>{ $company }</b>. Ваша роль: { $role }. Ваш проект: <b>{ $project }</b>.
cancelled = Отменено.
nothing-to-cancel = Отменять нечего.
dropped = ✖️ Начатое отменено.
dropped-draft = ✖️ Задача «{ $title }» не создана.
saved = Сохранено.

settings =
    ⚙️ <b>Настройки</b>
    Язык: { $language }
    Часовой пояс: { $timezone }

switch = В какой компании вы сейчас работаете?
switched = Теперь вы в компании { $company }.
left = Вы вышли из компании { $company }.
confirm-leave = Выйти из компании <b>{ $company }</b>? Доступ пропадёт сразу. Вернуться можно будет только по новому приглашению.

members = 👥 <b>Люди компании { $company }</b>
member =
    👤 <b>{ $name }</b>
    Имя пользователя: { $username }
    Роль: { $role }
member-deactivated =
    🚫 <b>{ $name }</b>
    Имя пользователя: { $username }
    Роль: { $role }
    Доступа сейчас нет.
member-deaf = 📵 Сообщения сейчас не доходят: бот заблокирован.
choice-deaf = 📵 Сообщения сейчас не доходят: бот заблокирован. Сообщите другим способом.
choose-role = Какую роль дать: <b>{ $name }</b>?
deactivated = { $name }: доступ закрыт.
reactivated = { $name } снова в компании.

invite-role = Кого пригласить?
invite-role-project = Кого пригласить в проект <b>{ $project }</b>?
invite-project = В какой проект пригласить? Роль: { $role }.
invite-no-project = Для роли «{ $role }» нужен проект, а активных проектов нет. Создайте новый или верните один из архива.
invite-made-already = Приглашение уже создано: ссылка здесь, в чате.
invite-link =
    ✉️ Отправьте эту ссылку. Роль по ней: { $role }. Она сработает один раз в течение 7 дней:

    { $link }
invite-link-project =
    ✉️ Отправьте эту ссылку. Роль по ней: { $role }, проект: <b>{ $project }</b>. Она сработает один раз в течение 7 дней:

    { $link }
invite-link-multi =
    🔁 Каждый, кто откроет эту ссылку, получит роль: { $role }, проект: <b>{ $project }</b>. Она работает 7 дней сколько угодно раз:

    { $link }

    Одноразовая ссылка, сделанная перед этой, тоже действует. Отозвать можно любую: <b>Приглашения</b>.
invites = 📨 <b>Открытые приглашения</b>
invites-empty = 📨 Открытых приглашений нет. Пригласите кого-нибудь, и ссылка появится здесь.
invite-line = { $role }, проект { $project }, до { $until }
invite-line-multi = 🔁 { $role }, проект { $project }, до { $until }
invite-line-used = 🔁 { $role }, проект { $project }, до { $until }, использовано { $uses ->
    [one] { $uses } раз
    [few] { $uses } раза
   *[many] { $uses } раз
}
invite-revoked = Отозвано. Ссылка больше не работает.

day-today = сегодня
day-tomorrow = завтра
day-yesterday = вчера
