op-companies = 🏢 <b>Компании</b>
    Поиск по названию или номеру: <code>/op_companies acme</code>
op-companies-found = 🏢 <b>Компании</b>, найденные по «{ $words }»
op-companies-none = Такой компании нет. Попробуйте другую часть названия или номер: <code>/op_companies acme</code>
op-company = <b>{ $name }</b> · #{ $id }
op-state-trial = 💎 { $plan }: пробный период до { $until }
op-state-active = 💎 { $plan }: оплачен до { $until }
op-state-ahead = 💎 { $ahead }
op-stretch = { $plan }: { $granted ->
    [yes] подарен
   *[no] оплачен
} до { $until }
op-state-cancels = 💎 { $plan }: отменён, действует до { $until }
op-state-past_due = ⚠️ { $plan }: не оплачен с { $until }
op-state-free = 💎 { $plan }
op-state-deleted = 🗑 Удалена; данные сотрутся: { $until }
op-company-taken = 👥 { $people } · 📁 { $projects } · 📎 { $storage }
op-company-seen = Последнее действие: { $seen } · создана { $since }
op-company-debt = 🧾 К оплате: { $amount }
op-never = не было
button-op-companies = ⬅️ Компании
button-op-all-companies = 🏢 Все компании
button-op-company = ⬅️ Компания
button-op-paid = 💳 Платежи
button-op-open = 🧾 Открытый счёт
button-op-trial = 🎁 Дни пробного
button-op-period = 🎁 Дни тарифа
error-op-no-company = Такой компании нет, или она удалена. Найти компанию: /op_companies

op-grant-how = 🎁 Какой компании? Выберите её в списке или напишите номер: <code>/op_grant 12</code>
    Сразу: <code>/op_grant 12 team 30</code> – дни тарифа, <code>/op_grant 12 trial 7</code> – пробный период длиннее
op-grant-which = 🎁 Какой тариф дать <b>{ $company }</b> бесплатно?
op-grant-trial-ask = 🎁 На сколько дней продлить пробный период <b>{ $company }</b>?
op-grant-period-ask = 🎁 На сколько дней дать <b>{ $company }</b> тариф «{ $plan }» бесплатно?
op-grant-other-days = Другое число: <code>{ $command }</code>
op-grant-trial-sure = 🎁 Продлить пробный период <b>{ $company }</b> на { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
}. Если он закончился, начнётся снова сегодня. Администраторы компании узнают об этом. Всё верно?
op-grant-period-sure = 🎁 Дать <b>{ $company }</b> бесплатно { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
} тарифа «{ $plan }» после всего оплаченного. Администраторы компании узнают об этом. Всё верно?
button-op-days = { $count ->
    [one] { $count } день
    [few] { $count } дня
   *[many] { $count } дней
}
button-op-give = 🎁 { $count ->
    [one] Дать { $count } день
    [few] Дать { $count } дня
   *[many] Дать { $count } дней
}
op-given = Готово. Теперь действует до { $until }.
error-op-grant-shape = Напишите так: <code>/op_grant 12 team 30</code> или <code>/op_grant 12 trial 7</code>, номер компании – первым. Номера: /op_companies
error-op-no-plan = Такого тарифа дать нельзя. Коды тарифов: /op_plans

op-payments = 🏦 <b>Ждут перевода</b>
op-payments-none = ✅ Ни один счёт не ждёт перевода.
op-payments-search = Найти счёт: <code>/op_payments INV-2026-000001</code>
op-bill = <b>{ $number }</b> · { $company }
op-bill-issued = 🕓 { $amount }, оплатить до { $day }
op-bill-part = 🌓 оплачено { $paid } из { $amount }, осталось { $left } до { $day }
op-bill-paid = ✅ { $amount }, оплачен
op-bill-void = ✖️ { $amount }, аннулирован
op-bill-gone = 🗑 Компания удалена
op-bill-buyer = Выставлен на { $buyer }
op-bill-note = { $number } – корректировочный счёт: по нему ничего не платят.
op-no-name = (без компании)
op-no-invoice = без счёта
button-op-bill = { $number } · { $left }
button-op-bill-back = ⬅️ Счёт
button-op-payments = ⬅️ Платежи
button-op-flagged = ⚠️ Не сходятся: { $count }
button-op-refunds = ↩️ Возвраты: { $count }
button-op-note = 🏦 Отметить перевод
button-op-note-sure = ✅ Отметить
error-op-no-invoice = Счёта с таким номером нет. Номер выглядит так: <code>INV-2026-000001</code>

op-ask-transfer = Сколько пришло и какой у перевода номер в банке? В { $currency }, например: <code>1500,00 RF18 5390 0754</code>
op-transfer = 🏦 <b>{ $amount }</b> по счёту { $number }, номер перевода <code>{ $reference }</code>
op-transfer-whole = Счёт будет оплачен. Всё верно?
op-transfer-part = Это часть: останется доплатить { $rest }. Всё верно?
op-transfer-more = Счёт будет оплачен, а лишнее, { $rest }, останется на балансе компании. Всё верно?
op-transfer-credit = ⚠️ Счёт уже { $status ->
    [paid] оплачен
   *[void] аннулирован
}: сумма останется на балансе компании{ $status ->
    [paid] {""}
   *[void] {" "}или, если там ничего больше не выбрано, пойдёт в новый такой же счёт
}. Всё верно?
op-transfer-gone = ⚠️ Компания удалена: сумма ничего не оплатит и попадёт в список несходящихся. Всё верно?
op-noted-paid = Отмечено. Счёт оплачен.
op-noted-part = Отмечено. Остаток ещё не пришёл.
op-noted-anew = Отмечено. Вместо аннулированного выставлен новый счёт, деньги пошли в него.
op-noted-kept = Отмечено на баланс; платёж – среди несходящихся.
op-noted-gone = Отмечено; платёж – среди несходящихся.
error-op-transfer = Напишите сумму в { $currency }, затем номер перевода в банке, например: 1500,00 RF18 5390 0754
error-op-transfer-reference = Не хватает номера перевода в банке. Напишите его после суммы, например: <code>{ $amount } RF18 5390 0754</code>
error-op-money = Это не сумма в { $currency }. Напишите, например, <code>1500</code> или <code>29,90</code>.

op-flagged = ⚠️ <b>Платежи, которые не сходятся</b>
op-flagged-none = ✅ Все платежи сходятся или просмотрены.
op-refunds = ↩️ <b>Возвраты</b>
op-refunds-none = ✅ Сейчас ничего не возвращается.
op-paid = 💳 <b>Платежи { $company }</b>
op-paid-none = { $company } пока ничего не платила.
op-payment = <b>{ $amount }</b> · { $method ->
    [stars] Stars
    [provider] карта
   *[bank] банк
} · { $at } · #{ $id }
op-payment-of = { $company } · { $number }
op-payment-reference = <code>{ $reference }</code>
op-payment-flag = { $flag ->
    [unknown_invoice] ⚠️ Не по нашему счёту
    [company_deleted] ⚠️ Компания удалена
    [void_invoice] ⚠️ Счёт был аннулирован
    [paid_invoice] ⚠️ Счёт уже был оплачен
    [wrong_currency] ⚠️ Не в той валюте
    [wrong_amount] ⚠️ Не та сумма
    [part] 🌓 Часть суммы счёта
    [credited] ⚠️ Telegram вернул его, хотя неиспользованная часть зачтена за тариф повыше
   *[more] ➕ Больше, чем в счёте
}
op-payment-credit = 💰 На балансе из него: { $amount }
op-refund = { $state ->
    [pending] { $hand ->
        [yes] ↩️ Верните деньги вручную
       *[no] ↩️ Возвращается
    }
    [failed] ⛔ Telegram отказывается вернуть
   *[confirmed] ↩️ Возвращено
}
op-refund-error = <code>{ $error }</code>
op-refund-ask = ↩️ Вернуть весь платёж? Если оплаченное им ещё действует, оно закончится сразу, а счёт исправит корректировочный. Администраторы компании узнают об этом. { $hand ->
    [yes] Деньги вы отправите вручную и отметите это здесь.
   *[no] Stars вернутся сами.
}
button-op-payment = #{ $id } · { $amount }
button-op-payment-refund = ↩️ Вернуть
button-op-payment-again = 🔁 Попробовать ещё раз
button-op-payment-sent = ✅ Деньги отправлены
button-op-payment-credit = 💰 Оставить на балансе
button-op-payment-seen = 👁 Просмотрено
button-op-refund-sure = ↩️ Вернуть { $amount }
op-payment-sure = Возвращаем.
op-payment-seen = Оставлено как есть.
op-payment-sent = Отмечено: деньги возвращены.

op-plans = 💎 <b>Тарифы</b>
op-plan = <b>{ $name }</b> · <code>{ $code }</code>{ $retired ->
    [yes] { " " }· 🚫 не предлагается
   *[no] { "" }
}
op-plan-limits = 💺 { $seats } · 📁 { $projects } · 📎 { $storage_bytes }
op-plan-prices = { $stars } или { $money } в месяц
op-plan-free = Бесплатный
op-plan-companies = 🏢 { $count ->
    [0] Ни у одной компании
    [one] У { $count } компании
    [few] У { $count } компаний
   *[many] У { $count } компаний
}
op-plan-settling = ⏳ Новые лимиты дойдут до компаний за несколько минут
op-plan-unlimited = ∞
op-ask-plan-code = Какой код у нового тарифа? Одно слово из латинских букв и цифр и валюта, если это не EUR: <code>studio USD</code>
    Он не предлагается, пока вы этого не скажете.
op-ask-plan-name = Как он будет называться?
op-ask-plan-seats = Сколько людей может быть в компании? Если сколько угодно, напишите <code>-</code>.
op-ask-plan-projects = Сколько активных проектов? Если сколько угодно, напишите <code>-</code>.
op-ask-plan-storage_bytes = Сколько места для файлов, например <code>200 ГБ</code>? Если сколько угодно, напишите <code>-</code>.
op-ask-plan-price_stars = Сколько Stars в месяц?
op-ask-plan-price_minor = Сколько стоит месяц в { $currency }, например <code>29,90</code>?
op-touches-limit = Для всего нового действует сразу{ $count ->
    [0] ; тарифа пока ни у кого нет.
    [one] . Лишнее у { $count } компании с этим тарифом через минуту-другую станет доступно только для чтения.
    [few] . Лишнее у { $count } компаний с этим тарифом через несколько минут станет доступно только для чтения.
   *[many] . Лишнее у { $count } компаний с этим тарифом через несколько минут станет доступно только для чтения.
}
op-touches-price = Действует со следующего счёта{ $count ->
    [0] .
    [one] , и для { $count } компании с этим тарифом. Оплаченное не меняется.
    [few] , и для { $count } компаний с этим тарифом. Оплаченное не меняется.
   *[many] , и для { $count } компаний с этим тарифом. Оплаченное не меняется.
}
op-plan-sure = <b>{ $name }</b> · { $what }: { $before } → <b>{ $after }</b>. Всё верно?
op-plan-beyond = { $count ->
    [0] ✅ Больше этого нет ни у одной компании с этим тарифом.
    [1000] ⚠️ Больше этого уже есть как минимум у { $most } компаний. Всё останется у них, но лишнее через несколько минут станет доступно только для чтения.
    [one] ⚠️ Больше этого уже есть у { $count } компании. Всё останется, но лишнее через минуту-другую станет доступно только для чтения.
    [few] ⚠️ Больше этого уже есть у { $count } компаний. Всё останется у них, но лишнее через несколько минут станет доступно только для чтения.
   *[many] ⚠️ Больше этого уже есть у { $count } компаний. Всё останется у них, но лишнее через несколько минут станет доступно только для чтения.
}
op-touches-name = В выставленных счетах останется прежнее название.
op-plan-begun = ✅ Тариф создан и пока не предлагается. Сначала задайте лимиты и цены.
op-plan-done-retire = Больше не предлагается. У кого есть – остаётся.
op-plan-done-offer = Теперь его может взять каждый.
button-op-plan-sure = ✅ Изменить
button-op-plan-back = ⬅️ Тариф
button-op-plan-new = ➕ Новый тариф
button-op-plan-name = ✏️ Название
button-op-plan-seats = 💺 Люди
button-op-plan-projects = 📁 Проекты
button-op-plan-storage_bytes = 📎 Файлы
button-op-plan-price_stars = ⭐ Stars
button-op-plan-price_minor = 💶 Цена
button-op-plan-retire = 🚫 Больше не предлагать
button-op-plan-offer = ✅ Предлагать
button-op-plans = ⬅️ Тарифы
error-op-size = Это не размер. Напишите, например, <code>500 МБ</code> или <code>200 ГБ</code>, а без ограничения – <code>-</code>.
error-op-number = Это не целое число. Напишите, например, <code>25</code>.

op-stats = 📊 <b>Как идут дела</b>
op-stats-companies = 🏢 Компаний: <b>{ $count }</b>
    пробных { $trial } · оплачено { $active } · не оплачено в срок { $late } · бесплатных { $free }
op-stats-plan = · { $plan }{ $state ->
    [past_due] { " " }(не оплачено в срок)
   *[active] { "" }
}: { $count }
op-stats-revenue = 💶 Выручка за месяц: <b>{ $amounts }</b>
op-stats-people = 👥 Активных: { $d1 } за день · { $d7 } за 7 дней · { $d30 } за 30 дней
op-stats-tasks = 📌 Создано задач: { $created1 } за день · { $created7 } за 7 дней
    ✅ Выполнено: { $done1 } за день · { $done7 } за 7 дней
op-stats-outbox = 📮 Уведомлений к отправке: { $count }
op-stats-storage = 📎 Файлы: { $size }
op-stats-since = «≥» – учтено только то, что было после { $at }.
