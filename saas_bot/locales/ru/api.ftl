# HTTP API: `api-status-…` — заголовки ошибок по статусам. `api-error-…` говорится вместо
# `error-…` из чата там, где тот говорит о кнопках или командах.
api-status-400 = Запрос не удаётся прочитать
api-status-401 = Нужен вход
api-status-403 = Нельзя
api-status-404 = Не найдено
api-status-405 = Так нельзя
api-status-406 = Такого формата нет
api-status-408 = Слишком медленно
api-status-409 = Всё уже иначе
api-status-413 = Слишком большой запрос
api-status-415 = Не в таком виде
api-status-422 = В запросе ошибка
api-status-429 = Слишком часто
api-status-500 = Ошибка у нас
api-status-503 = Сейчас не получится

error-idempotency-key-reused = Этот Idempotency-Key уже использован для другого запроса. Возьмите новый.
api-error-idempotency-key-shape = Idempotency-Key — от 1 до 255 видимых символов ASCII, например UUID.
api-error-request-malformed = Запрос не удаётся прочитать. Проверьте, как он записан.
api-error-body-malformed = Тело запроса не читается как JSON. Проверьте запятые, кавычки и скобки; кодировка — UTF-8.
api-error-body-too-large = Тело запроса слишком большое: читается не больше { $limit } байт.
api-error-body-not-json = Отправьте тело как JSON, с заголовком Content-Type: application/json.
api-error-body-encoded = Присылайте тело как есть: Content-Encoding здесь не принимается.
api-error-body-too-slow = Уже { $seconds } секунд ничего не приходит. Отправьте тело ещё раз.
api-error-not-acceptable = Ответ приходит как { $produces }, а заголовок Accept запроса этого не допускает.
api-error-not-signed-in = Сначала войдите и передавайте токен доступа: Authorization: Bearer …
api-error-no-such-route = По этому адресу ничего нет. Документация: /api/docs
api-error-method-not-allowed = Этот адрес не принимает такой метод. Какие принимает, говорит заголовок Allow.
api-error-not-valid = В запросе есть ошибки: каждая названа в errors.
api-error-cursor-not-valid = Это не курсор такого списка. Берите next или previous страницы как есть или не передавайте его, чтобы начать сначала.
api-error-too-many-requests = Слишком много запросов. Подождите { $seconds ->
    [one] { $seconds } секунду
    [few] { $seconds } секунды
   *[many] { $seconds } секунд
}, как сказано в Retry-After.
api-error-unexpected = У нас что-то пошло не так. Если повторится, пришлите нам request_id.
api-error-unavailable = Часть системы сейчас недоступна. Попробуйте через несколько секунд.
api-error-took-too-long = Это заняло слишком много времени и было прервано. Попробуйте снова; с Idempotency-Key ничего не создастся дважды.
api-error-not-allowed = Этого вам делать нельзя. Ваши права перечисляет GET /me.
api-error-task-already-moved = С задачей в её нынешнем состоянии этого сделать нельзя. Что можно, говорит actions в GET /tasks/…
api-error-task-not-yours = Исполнитель этой задачи не вы. Если она должна быть вашей, попросите менеджера.
api-error-task-closed = Задача закрыта. Чтобы изменить её, откройте её снова: POST /tasks/…/reopen.
api-error-comment-not-found = Такого комментария нет, или его удалили.
api-error-item-not-found = Такого пункта нет, или его убрали.
api-error-invite-not-found = Такого приглашения нет, или оно больше не действует. Действующие перечисляет GET /invites.
api-error-text-too-long = Получилось { $length ->
    [one] { $length } знак
    [few] { $length } знака
   *[many] { $length } знаков
}, а помещается { $limit }. Сократите текст.
api-error-tag-shape = «{ $tag }» не может быть меткой. В метке до { $limit } букв, цифр, _ и -, и хотя бы одна буква, например насос.
api-error-tags-too-many = У задачи может быть не больше { $limit } меток, а вышло бы { $count }. Уберите лишние.
api-error-no-company = Вы не состоите ни в одной компании. Создайте её или вступите в неё в боте.
api-error-task-not-found = Такой задачи нет, или она вам не видна.
api-error-project-not-found = Такого проекта нет, он в архиве или вам не виден.
api-error-member-not-found = Такого человека здесь нет, или он не может работать в этом проекте.
api-error-newer-submission = Есть более новая сдача: сначала посмотрите её.
api-error-text-empty = В тексте нечего читать. Напишите несколько слов.
api-error-project-key-shape = Ключ — от 2 до 10 латинских букв и цифр, сначала буква, например WEB.
api-error-project-key-taken = Ключ { $key } занят. Выберите другой.
api-error-timezone-unknown = Нет такого часового пояса или города. Назовите пояс, например Europe/Berlin, или большой город.

api-error-project-key-differs = Это не ключ проекта. Чтобы удалить его, передайте key={ $key }.
error-hand-over-to-self = Вы уже администратор. Выберите, кому передать это право.
api-error-last-admin = Компании нужен администратор. Сначала назначьте другого.
error-file-lost = Содержимого этого файла больше нет в хранилище. Попросите того, кто его присылал, прислать ещё раз.
error-file-content-differs = Пришло не то, о чём было сказано: другой размер или SHA-256. Отправьте файл ещё раз.
error-file-not-uploaded = Содержимое ещё не пришло. Отправьте его, как сказано в upload, и завершите загрузку.
api-error-file-empty = Файл «{ $name }» пустой. Проверьте его и отправьте ещё раз.
api-error-file-too-large = «{ $name }» занимает { $size }, а принимается до { $limit }. Уменьшите файл или отправьте его частями.
api-error-file-type = Такие файлы, как «{ $name }», здесь не принимаются. Отправьте в другом формате, например PDF.
api-error-file-name-refused = Назвать файл «{ $name }» здесь нельзя: такие файлы не принимаются. Выберите другое имя.
api-error-file-not-found = Такого файла нет, или его удалили.
api-error-file-not-stored-yet = Содержимое файла ещё не сохранено. Если вы объявили этот файл, отправьте содержимое и завершите загрузку; иначе попробуйте чуть позже.
api-error-file-changed = Файл только что изменился или пропал. Посмотрите на него ещё раз.

api-field-missing = не хватает
api-field-unknown = здесь такого нет
api-field-too-long = не больше { $limit } символов
api-field-too-short = не меньше { $limit } символов
api-field-too-many = не больше { $limit }
api-field-too-small = не меньше { $limit }
api-field-too-large = не больше { $limit }
api-field-no-number = должно быть целым числом
api-field-no-boolean = должно быть true или false
api-field-no-text = должно быть текстом
api-field-wrong-shape = есть недопустимый символ, или не та форма
api-field-no-choice = должно быть одним из: { $expected }
api-field-no-time = должно быть временем со смещением, например 2026-12-31T15:00:00Z
api-field-out-of-years = должно быть в пределах { $expected } годов
api-field-wrong = не удаётся прочитать
