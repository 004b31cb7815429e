command-report = how the work goes: created, done, overdue
button-report = 📊 Report
report = 📊 <b>{ $about }</b>, { $first } – { $last }
report-created = ➕ Created: { $count }
report-created-theirs = ➕ New, assigned to them: { $count }
report-created-yours = ➕ New, assigned to you: { $count }
report-done = ✅ Done: { $count }
report-cancelled = ✖️ Cancelled: { $count }
report-open = ⏳ Open now: { $count }
report-overdue = ⏰ Overdue: { $count }
report-review = 🟣 In review: { $count }
report-in-time = Done in time: { $count } of { $of } that were due
report-sums =
    { $overdue ->
        [0] Created { $created }, done { $done }, open now { $open }
       *[other] Created { $created }, done { $done }, open now { $open }, overdue { $overdue }
    }
report-lead-one = From created to done: { $took }
report-lead-few = From created to done: { $took } typically
report-lead = From created to done: half within { $half }, nine of ten within { $most }
report-load = { $who }: open { $open }, done { $done }
report-load-overdue = { $who }: open { $open } (⏰ { $overdue }), done { $done }
report-others =
    { $count ->
        [one] one more person
       *[other] { $count } more people
    }
report-nobody = 👻 Nobody: open { $count }
report-unknown = 🤔 I didn’t understand: { $words }. Write a project, 7, 30 or 90 days, and @who, as in <code>/report WEB 30 @anna</code>.
report-your-projects = { $company }, your projects { $keys }
report-empty = Nothing was created or closed in these days, and nothing is open now.
report-empty-longer = Take a longer period with the buttons below.
report-empty-write = Write a task, and it is counted here.
report-empty-create = 📁 A report counts tasks, a task needs a project, and there is no active one. Create one: <b>New project</b>
report-empty-join = 📁 A report counts the tasks of your projects, and you are in no active one. Ask your manager to add you to one.
report-empty-wait = The tasks of your projects are counted here as soon as there are any.
span-moment = less than a minute
span-days = { $days } d { $hours } h
span-hours =
    { $hours ->
        [0] { $minutes } min
       *[other] { $hours } h { $minutes } min
    }
period-week = 7 days
period-month = 30 days
period-quarter = 90 days
ask-report-project = A report of which project?
ask-report-user = Whose work?
button-report-company = 🏢 The whole company
button-report-mine = 📊 All of mine
button-report-project = 📁 By project
button-report-user = 👤 By person
button-back-to-report = ‹ Report
chart-flow-week = Tasks by day
chart-flow-month = Tasks by five days
chart-flow-quarter = Tasks by 15 days
chart-created = created: { $count }
chart-new = new: { $count }
chart-done = done: { $count }
chart-flow-nothing = Nothing was created or done in these days.
chart-open =
    { $overdue ->
        [0] Open: { $count } now
       *[other] Open: { $count } now, { $overdue } overdue
    }
chart-open-nothing = Nothing was open in these days.
chart-people = Open tasks by person
chart-overdue = overdue
chart-not-overdue = not overdue
chart-others = Others
chart-nobody = Nobody
chart-people-nothing = Nobody has an open task.
chart-time-days = Days to done
chart-time-hours = Hours to done
chart-time-minutes = Minutes to done
chart-time-usual = { $heading }: { $took } typically
chart-time-nothing = Nothing was done in these days.
