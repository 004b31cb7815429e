op-outbox = 📮 <b>Outbox</b>
    Waiting: { $waiting } · for later: { $later } · given up: { $dead }
op-outbox-oldest = Oldest one due for { $age }
op-outbox-empty = Nothing waits, and nothing was sent in the last 24 hours.
op-outbox-kind = <code>{ $kind }</code>: waiting { $waiting }, later { $later }; in 24 h sent { $sent }, blocked { $blocked }; given up { $dead }
op-dead = 🪦 <b>Given up</b>
    What can’t be sent after ten attempts ends here. Mend the cause first, then send it again.
op-dead-none = ✅ Nothing was given up.
op-dead-letter = #{ $id } <code>{ $kind }</code> · { $company } · { $age } ago
    <code>{ $reason }</code>
op-seconds = { $count } s
op-minutes = { $count } min
op-hours = { $count } h
op-days = { $count } d
op-retried-all = Queued again: { $count }
op-done-retry = Queued again.
op-done-drop = Dropped.
error-dead-letter-gone = It is not among those given up any more. Open /op_outbox for the present state.
button-op-dead = 🪦 Given up: { $count }
button-op-refresh = 🔄 Refresh
button-op-outbox = ⬅️ Outbox
button-op-retry = 🔁 Send #{ $id }
button-op-drop = 🗑 Drop #{ $id }
button-op-retry-all = 🔁 Send all again
