op-outbox = 📮 <b>Исходящие</b>
    Ждут: { $waiting } · на потом: { $later } · не доставлено: { $dead }
op-outbox-oldest = Самое старое ждёт { $age }
op-outbox-empty = Ничего не ждёт, и за последние 24 часа ничего не отправлялось.
op-outbox-kind = <code>{ $kind }</code>: ждут { $waiting }, на потом { $later }; за 24 ч отправлено { $sent }, заблокировано { $blocked }; не доставлено { $dead }
op-dead = 🪦 <b>Не доставлено</b>
    Сюда попадает то, что не ушло за десять попыток. Сначала устраните причину, потом отправьте снова.
op-dead-none = ✅ Недоставленных нет.
op-dead-letter = #{ $id } <code>{ $kind }</code> · { $company } · { $age } назад
    <code>{ $reason }</code>
op-seconds = { $count } с
op-minutes = { $count } мин
op-hours = { $count } ч
op-days = { $count } дн.
op-retried-all = Снова в очереди: { $count }
op-done-retry = Снова в очереди.
op-done-drop = Убрано.
error-dead-letter-gone = Среди недоставленных этого уже нет. Откройте /op_outbox, чтобы увидеть, как сейчас.
button-op-dead = 🪦 Не доставлено: { $count }
button-op-refresh = 🔄 Обновить
button-op-outbox = ⬅️ Исходящие
button-op-retry = 🔁 Отправить #{ $id }
button-op-drop = 🗑 Убрать #{ $id }
button-op-retry-all = 🔁 Отправить все снова
