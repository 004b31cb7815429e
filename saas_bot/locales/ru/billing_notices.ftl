event-billing = Тариф и оплата

notify-trial_ends = ⏳ Пробный период тарифа «{ $plan }» закончится { $day } в { $clock }.
    Потом вы перейдёте на бесплатный. Ничего не удалится: что в него не войдёт, можно будет читать.
notify-trial_ended = 🌱 Пробный период тарифа «{ $plan }» закончился, теперь у вас бесплатный.
    Всё на месте. Что не вошло в бесплатный тариф, можно читать, а менять — когда выберете тариф.
notify-renewal_ready = 🧾 Тариф «{ $plan }» действует до { $day }, { $clock }. Счёт на следующий месяц готов: оплатите его к этому времени, и всё пойдёт дальше без перерыва.
notify-renewal_ready-late = 🧾 Счёт на следующий месяц тарифа «{ $plan }» готов. До { $day }, { $clock } всё ещё работает: оплатите к этому времени, и всё пойдёт дальше.
notify-period_ended = ⏰ Время тарифа «{ $plan }» вышло, а следующий месяц ещё не оплачен. До { $day }, { $clock } всё ещё работает: оплатите к этому времени, и ничего не изменится. Иначе вы перейдёте на бесплатный тариф.
notify-grace_ends = ⏰ Тариф «{ $plan }» всё ещё не оплачен. Он работает до { $day }, { $clock }, потом вы перейдёте на бесплатный.
notify-subscription_expired = 🌱 Тариф «{ $plan }» не оплатили, поэтому теперь у вас бесплатный.
    Ничего не удалено. Что не вошло в бесплатный тариф, можно читать, а менять — когда выберете тариф.
notify-subscription_ended = 🌱 Тариф «{ $plan }» закончился, как вы и хотели, теперь у вас бесплатный.
    Ничего не удалено. Если захотите вернуться, выберите тариф и продолжайте с того же места.
notify-subscription_granted = 🎁 Подарок от нас: тариф «{ $plan }» ваш до { $day }, { $clock }.
notify-subscription_granted-later = 🎁 Подарок от нас: после «{ $after }» будет «{ $plan }», начнётся { $starts }, закончится { $ends }.
notify-subscription_granted-more = 🎁 Подарок от нас: тариф «{ $plan }» продлится; подарок начнётся { $starts }, закончится { $ends }.
notify-subscription_granted-trial = 🎁 Подарок от нас: пробуйте тариф «{ $plan }» до { $day }, { $clock }.
notify-paid = ✅ { $amount } по счёту { $number } получены. Спасибо!
notify-paid-credit = ✅ Счёт { $number } оплачен: { $amount } списаны с вашего баланса.
notify-payment_partial = 🌓 { $paid } по счёту { $number } получены, спасибо. Осталось оплатить { $left }.
notify-payment_flagged = 💰 Пришли { $amount } по счёту { $number }, но { $why ->
        [void_invoice] он аннулирован
        [paid_invoice] он уже оплачен
       *[other] сумма не подошла
    }. Теперь эта сумма на вашем балансе: из неё оплатится тариф, который вы выберете, или следующий месяц.
notify-payment_flagged-anew = 💰 Пришли { $amount } по счёту { $number }, когда его срок уже вышел. Деньги пошли в новый счёт { $anew }: тот же тариф по сегодняшней цене.
notify-payment_flagged-back = ↩️ Пришли { $amount } по счёту { $number }, но { $why ->
        [void_invoice] он аннулирован
        [paid_invoice] он уже оплачен
       *[other] сумма не подошла
    }. Деньги вернутся тому, кто заплатил.
notify-refunded = ↩️ { $amount } по счёту { $number } возвращаются тому, кто заплатил.
notify-refunded-credit = ↩️ { $amount } возвращаются тому, кто заплатил.
billing-over-projects = 🔒 На бесплатном тарифе только для чтения будут { $over } из { $all } { $all ->
    [one] проекта
    [few] проектов
   *[many] проектов
}.
billing-over-seats = 🔒 На бесплатном тарифе только читать смогут { $over } из { $all } { $all ->
    [one] человека
    [few] человек
   *[many] человек
}.
billing-to-pay = { $number }: <b>{ $amount }</b>
billing-to-pay-upgrade = Вы выбрали тариф «{ $plan }». { $number }: <b>{ $amount }</b>
billing-has = Ваш тариф теперь: «{ $plan }».
billing-has-until = Ваш тариф: «{ $plan }», до { $day }, { $clock }.
button-pay-now = 💳 Оплатить { $amount }
button-invoice = 🧾 { $number }
button-my-plan = 💎 Мой тариф

error-billing-changed-meanwhile = Тариф тем временем изменился. Посмотрите ещё раз: /plan
error-billing-nothing-runs = Сейчас нет платного тарифа. Выбрать его можно здесь: /plan
error-billing-nothing-canceled = Возвращать нечего: тариф не отменён или уже закончился. Смотрите /plan
error-renewed-already = Следующий месяц уже оплачен. Ещё один можно будет оплатить, когда он начнётся.
error-plan-not-offered = Этот тариф не предлагается. Какие есть, видно здесь: /plan
error-grant-days = Назовите число дней от 1 до { $most }.
error-grant-trial-subscribed = У этой компании платный тариф, пробный период ничего не изменит. Дайте ей дни тарифа.
