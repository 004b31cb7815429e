digest =
    ☀️ <b>{ $company }</b>
    { $day }
digest-overdue = ⏰ <b>Overdue: { $count }</b>
digest-today = 📅 <b>Due today: { $count }</b>
digest-new = 🆕 <b>New for you: { $count }</b>
digest-review = 🟣 <b>Waiting for acceptance: { $count }</b>
digest-unassigned = 👤 Without an assignee: { $count }
digest-others_overdue = ⏳ Overdue with others: { $count }

button-digest = ☀️ Daily digest
digest-settings =
    ☀️ <b>Daily digest</b>
    One message a day: what is overdue, due today, new for you or waiting for acceptance. Admins and managers also hear what nobody has and what others are late with. On a day without any of it nothing comes.
digest-off = It is off. Pick an hour to get it.
digest-comes =
    It comes { $days } at { $hour } ({ $zone }).
    Next: { $next }
digest-on-every-day = every day
digest-on-weekdays = Monday to Friday
digest-quiet = 🌙 That hour is within your quiet hours, so it comes when they end.
button-digest-every-day = Every day
button-digest-weekdays = Monday to Friday
button-digest-off = Don’t send it
