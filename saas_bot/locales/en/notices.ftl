button-notifications = 🔔 Notifications
notifications =
    🔔 <b>Notifications</b>
    What I tell you of, and when.
notifications-all-on = All kinds of news are on.
notifications-some-off =
    { $count ->
        [one] You have switched off one kind of news.
       *[other] You have switched off { $count } kinds of news.
    }
button-events = What to tell me
button-muted = 🔕 Muted
button-quiet-hours = 🌙 Quiet hours

events =
    🔔 <b>What to tell me</b>
    Tap to switch on or off. It counts for all your companies.

    What changes your access or your work, such as a new role or tasks handed over to you, always comes.
event-assigned = Given to me, taken
event-submitted = Submitted work
event-waits = Work still waiting
event-returned = Returned work
event-accepted = Accepted work
event-stopped = Stopped, resumed
event-commented = Comments
event-mentioned = Calls by name
event-files = New files
event-due = Due soon
event-overdue = Overdue
event-projects = Projects
event-people = People

quiet-hours =
    🌙 <b>Quiet hours</b>
    I write nothing by myself then. What happens meanwhile comes when they end, in order. What you ask me for is answered at any hour.
quiet-hours-none = No quiet hours: news comes at any hour.
quiet-hours-set = Quiet from <b>{ $start }</b> to <b>{ $end }</b> ({ $zone }).
button-quiet-other = Other hours
button-quiet-off = No quiet hours
ask-quiet-start = 🌙 From what time should it be quiet?
ask-quiet-end = 🌙 Quiet from <b>{ $start }</b> until what time?

muted =
    🔕 <b>Muted</b>
    Of these you hear only when someone calls you by name; of a muted project also of your own work in it. Tap one to hear all of it again.
muted-empty = 🔕 Nothing is muted. Too much news of one thing? Open a task, then ⋯ More, or a project, and press 🔕 Mute.
button-mute = 🔕 Mute
button-unmute = 🔔 Unmute
button-muted-project = 🔕 Project muted
muted-now = Muted. You hear of it only when someone calls you by name.
muted-project-now = Muted. You hear only of your own work in it, and when someone calls you by name.
unmuted = You hear of it again.
task-muted-task = 🔕 You have muted this task.
task-muted-project = 🔕 You have muted its project.
project-muted = 🔕 You have muted this project.

button-snooze-hour = ⏰ In an hour
button-snooze-morning = 🌅 In the morning
button-unsnooze = ↩️ No need
snoozed = ⏰ I’ll remind you { $day } at { $clock }.
snooze-over = ⏰ You asked me to remind you:
unsnoozed = I won’t remind you.
error-snooze-over = I am reminding you of it right now, or have done so.
error-notification-gone = This message is too old for that. Open /tasks to see where things stand.
error-nothing-to-tell = This is settled, or no longer concerns you. Open /tasks to see where things stand.

lesson-hear = 🔔 <b>Hear what matters.</b> /settings, then <b>Notifications</b>: what I tell you of, and when I keep quiet.

tip-mute = 💡 Too much news of one task? Press ⋯ More, then 🔕 Mute: you hear of it only when someone calls you by name.
task-elsewhere = 🏢 This task is in <b>{ $company }</b>, and you are in <b>{ $here }</b> now.
notify-from = 🏢 { $company }
