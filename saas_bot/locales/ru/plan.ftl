command-plan = ваш тариф: что он даёт, сколько занято, до какого дня
command-subscribe = выбрать тариф и оплатить
command-cancel_subscription = отменить подписку
button-plan = 💎 Тариф
button-to-plan = ‹ Тариф

plan = 💎 <b>{ $company }</b>: тариф «{ $plan }»
plan-free = Он бесплатный и не кончается.
plan-trial = Пробный период до { $until }. Потом будет бесплатный тариф, если не выбрать другой. Само ничего не спишется.
plan-pending = Счёт ждёт оплаты; тариф начнётся, как только он оплачен.
plan-pending-trial = Пробный период до { $until }. Счёт ждёт оплаты.
plan-costs = «{ $plan }»: { $price }.
plan-active = Оплачено до { $until }.
plan-active-gift = Подарок от нас: действует до { $until }.
plan-after-trial-paid = Пробный период до { $at }, дальше оплачено до { $until }.
plan-after-trial-gift = Пробный период до { $at }, дальше подарок от нас до { $until }.
plan-next-invoice = Счёт за следующий месяц придёт за три дня до конца.
plan-open-renewal = Счёт за следующий месяц уже здесь.
plan-open-upgrade = Счёт за тариф побольше ждёт оплаты; тариф сменится, как только он оплачен.
plan-then = Потом «{ $plan }»: начнётся { $at }.
plan-then-paid = Потом «{ $plan }»: начнётся { $at }, оплачено до { $until }.
plan-then-gift = Потом «{ $plan }» в подарок от нас: начнётся { $at }, закончится { $until }.
plan-cancels = Подписка отменена: действует до { $until }, потом бесплатный тариф.
plan-past_due = ⚠️ Месяц кончился { $until }, а следующий ещё не оплачен. Всё работает до { $grace }, потом будет бесплатный тариф.
plan-expired = Подписка истекла { $until }. Всё ваше на месте; выберите тариф, чтобы продолжить.
plan-canceled = Подписка закончилась { $until }. Всё ваше на месте.

plan-seats = 💺 Люди: { $used } из { $limit }
    { $bar }
plan-projects = 📁 Активные проекты: { $used } из { $limit }
    { $bar }
plan-storage = 📎 Файлы: { $used } из { $limit }
    { $bar }
plan-seats-unlimited = 💺 Люди: { $used }, без ограничений
plan-projects-unlimited = 📁 Активные проекты: { $used }, без ограничений
plan-storage-unlimited = 📎 Файлы: { $used }, без ограничений
plan-exceeded = 🔒 У вас больше, чем вмещает тариф. Ничего не удалено: лишнее можно читать, но не менять. Освободите место или выберите тариф побольше.

plan-others = <b>Другие тарифы</b>
plan-offer = <b>{ $plan }</b> – { $price }
plan-price = { $stars } или { $money } в месяц
plan-price-one = { $price } в месяц
plan-price-free = бесплатно
plan-gives-seats = { $count ->
    [one] { $count } человек
    [few] { $count } человека
   *[many] { $count } человек
}
plan-gives-seats-unlimited = сколько угодно людей
plan-gives-projects = { $count ->
    [one] { $count } проект
    [few] { $count } проекта
   *[many] { $count } проектов
}
plan-gives-projects-unlimited = сколько угодно проектов
plan-gives-storage = { $size } для файлов
plan-gives-storage-unlimited = сколько угодно места для файлов

button-plan-take = 💎 Взять { $plan }
button-plan-keep = ✅ Оставить { $plan }
button-plan-stay = ↩️ Остаться на { $plan }
button-plan-upgrade = ⬆️ Перейти на { $plan }
button-plan-downgrade = ⬇️ Перейти на { $plan }
button-plan-pay = 💳 К оплате
button-plan-renew = 📅 Оплатить следующий месяц
button-plan-resume = ↩️ Не отменять
button-plan-cancel = 🚫 Отменить подписку
button-plan-withdraw = ✖️ Отозвать заказ
button-plan-invoice = Счёт на { $amount }
button-plan-rest = Счёт, к оплате { $amount }
button-plan-credit = 💰 Оплатить { $amount } с баланса
button-plan-pay-open = 💳 К оплате { $amount }
button-yes-cancel = Да, отменить

subscribe = <b>Какой тариф выбрать?</b>
    Цену увидите раньше, чем что-либо закажете.
quote-start = Тариф начнётся сразу после оплаты, на один месяц.
quote-start-trial = Пробный период идёт до { $until }, оплаченный месяц начнётся после него.
quote-start-again = Тариф продолжится с того дня, когда кончился, поэтому начало месяца – { $until }: дни, пока всё ещё работало, входят в него.
quote-upgrade = Тариф начнётся сразу после оплаты, на целый месяц.
quote-off = Из цены вычтем неиспользованное по тарифу «{ $current }»:
quote-credit = { $price } − { $credit } (остаток по «{ $current }») = <b>{ $total }</b>
quote-stay = После { $until } у вас останется «{ $plan }» вместо «{ $instead }».
quote-gives-up = 🎁 Бесплатное время на тарифе «{ $plan }» (до { $until }) на этом закончится.
quote-paid = Уже оплачено { $paid } из { $total }.
quote-credit-part = { $total } − { $used } с вашего баланса = <b>{ $left }</b>
quote-credit-all = 💰 <b>{ $used }</b> сразу спишем с вашего баланса; на нём останется { $rest }.
quote-credit-used-up = 💰 <b>{ $used }</b> сразу спишем с вашего баланса; больше на нём ничего не останется.
quote-next = До { $until } ничего не меняется, дальше будет «{ $plan }» вместо «{ $instead }».
quote-keep = Этот тариф у вас уже есть.
quote-keep-next = «{ $plan }» и так начнётся следующим. Делать ничего не нужно.
quote-cancel = Бесплатный тариф начнётся, когда кончится то, что у вас есть. Для этого отмените подписку.
quote-renew = Это месяц по тарифу «{ $plan }», который начнётся { $until }.
quote-overdue = Это месяц по тарифу «{ $plan }», который начался { $until }.
quote-meanwhile = До этого будет «{ $plan }»: начнётся { $at }.
quote-exceeds = 🔒 У вас больше, чем вмещает «{ $plan }». Ничего не удалится: лишнее можно будет читать, но не менять.
quote-how-credit = Оплатить так?
quote-how = Выберите, чем платить, и я выпишу счёт:
quote-agreed = Договорились?

confirm-plan-cancel-active = Отменить «{ $plan }»? Всё, что у вас есть, действует до { $until }. Потом будет бесплатный тариф. До тех пор можно передумать.
confirm-plan-cancel-past_due = Отменить «{ $plan }»? Месяц кончился { $until }, поэтому бесплатный тариф начнётся сразу. Ничего не удалится.
confirm-plan-cancel-pending = Отозвать заказ? Счёт станет недействительным, платить ничего не нужно.
plan-cancelled = ✅ Отменено. Тариф действует до { $until }; до тех пор можно передумать.
plan-ended = ✅ Отменено. Платить больше ничего не нужно.
plan-resumed = ✅ Хорошо! Подписка продолжится.
plan-agreed = ✅ Договорились!
plan-nothing-to-cancel = Отменять нечего.

member-no-seat = 🔒 Не помещается в тариф: может всё читать, но ничего не менять.
menu-no-seat = 🔒 В тарифе нет места для вас: здесь можно всё читать, но ничего не менять. { $who ->
    [admin] Освободите место или выберите тариф побольше: /plan
   *[other] Попросите место у администратора.
}
project-over-limit = 🔒 Проект не помещается в тариф: его можно читать, но не менять. { $who ->
    [admin] Уберите другой в архив или выберите тариф побольше: /plan
   *[other] Попросите администратора о тарифе побольше.
}

error-limit-no-seat = 🔒 В тарифе компании { $company } нет места для вас: можно читать, но не менять. { $who ->
    [admin] Освободите место или выберите тариф побольше: /plan
   *[other] Попросите место у администратора.
}
error-limit-project = 🔒 Проект { $project } не помещается в тариф: его можно только читать. { $who ->
    [admin] Уберите другой в архив или выберите тариф побольше: /plan
   *[other] Попросите администратора о тарифе побольше.
}
error-plan-without-price = У тарифа «{ $plan }» ещё нет цены. Сначала задайте её: в звёздах, в деньгах или обе.
error-plan-built-in = Тариф «{ $plan }» снять нельзя: с него начинают или на него возвращаются.
error-plan-code = Код – от 1 до 20 латинских букв и цифр, например studio.
error-plan-code-taken = Тариф «{ $taken }» уже есть. Возьмите другой код.
error-plan-currency = Такой валюты я не знаю. Напишите её три буквы, например EUR или USD.
error-plan-value = Напишите целое число от { $least } до { $most }.
