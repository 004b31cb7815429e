# Что HTTP API говорит о тарифах, счетах и платежах вместо слов из чата.
api-error-currency-not-taken = Платить в { $currency } здесь нельзя. Валюты называет GET /plan/quote.
error-export-under-way = Этот файл уже готовится. Он придёт сообщением от бота.
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
