# Что HTTP API говорит о тарифах, счетах и платежах вместо слов из чата.
api-error-currency-not-taken = Платить в { $currency } здесь нельзя. Валюты называет GET /plan/quote.
error-export-under-way = Этот файл вы уже ждёте. В списке файлов видно, сколько готово.
error-export-not-found = Такого файла у вас нет. Файлы видны в списке 30 дней.
error-export-not-ready = Файл ещё готовится. Спросите через несколько секунд.
error-export-gone = Этот файл больше не хранится, или в нём есть то, что вам уже не видно. Закажите отчёт ещё раз.
api-error-billing-nothing-runs = Сейчас нет оплаченного тарифа. Его можно взять через POST /subscription.
api-error-billing-nothing-canceled = Возвращать нечего: тариф не отменён или уже закончился.
api-error-plan-not-offered = Этот тариф не предлагается. Доступные перечисляет GET /plan.
api-error-details-missing = Сначала нужны юридическое название и адрес: PUT /billing/details.
api-error-email-shape = Это не похоже на адрес почты. Укажите адрес вида books@example.com или null.
api-error-invoice-not-found = Такого счёта нет. Счета вашей компании перечисляет GET /invoices.
api-error-changed-since-asked = Всё уже изменилось, поэтому ничего не сделано. Посмотрите ещё раз и решите заново.
api-error-plan-value = Нужно целое число от { $least } до { $most }.
api-error-op-no-company = Такой компании нет, или она удалена. Компании перечисляет GET /operators/companies.
api-error-op-no-plan = Такого тарифа нет. Тарифы перечисляет GET /operators/plans.
api-error-op-no-invoice = Такого счёта нет. Укажите его id или номер, например INV-2026-000001.
api-error-dead-letter-gone = Среди неотправленных его больше нет.
api-error-billing-changed-meanwhile = Тем временем всё изменилось. Посмотрите ещё раз и решите заново.
api-error-payment-not-found = Такого платежа нет. Платежи перечисляет GET /operators/payments.
api-error-plan-currency = Такой валюты нет. Назовите её три буквы, например EUR или USD.
api-error-export-sent = Этот файл уже в чате с ботом: отменять нечего.
api-error-exports-enough = Для вас уже готовятся файлы: { $most }. Попросите ещё, когда будет готов хотя бы один.
api-error-limit-seats = Занято мест: { $used } из { $limit } по тарифу «{ $plan }». { $who ->
    [admin] Отключите кого-нибудь или выберите тариф побольше: POST /subscription.
   *[other] Попросите администратора освободить место.
}
api-error-limit-no-seat = В тарифе компании { $company } нет места для вас: можно читать, но не менять. { $who ->
    [admin] Освободите место или выберите тариф побольше: POST /subscription.
   *[other] Попросите место у администратора.
}
api-error-limit-project = Проект { $project } не помещается в тариф: его можно только читать. { $who ->
    [admin] Уберите другой в архив или выберите тариф побольше: POST /subscription.
   *[other] Попросите администратора о тарифе побольше.
}
api-error-limit-projects = Тариф «{ $plan }» вмещает { $limit ->
    [one] { $limit } проект
    [few] { $limit } проекта
   *[many] { $limit } проектов
}, сейчас их { $used }. { $who ->
    [admin] Уберите один в архив или выберите тариф побольше: POST /subscription.
   *[other] Уберите один в архив или попросите администратора о тарифе побольше.
}
api-error-limit-storage = Для «{ $name }» ({ $size }) нет места: { $who ->
    [client] в хранилище компании его не хватает. Попросите компанию освободить место или отправьте файл поменьше.
    [admin] свободно { $free } из { $limit } по тарифу «{ $plan }». Удалите ненужные файлы или выберите тариф побольше.
   *[other] свободно { $free } из { $limit } по тарифу «{ $plan }». Удалите свои ненужные файлы или попросите администратора добавить места.
}
