projects = 📁 <b>Projects</b>
projects-empty = 📁 There are no projects yet. Create the first one: tasks and people belong to a project.
projects-empty-member = 📁 You are not attached to any project yet. Ask your manager to add you to one.
projects-all-archived = 📁 All projects are archived. Create a new one, or restore one from the archive.
projects-all-archived-member = 📁 All your projects are archived. If you need another one, ask your manager.
projects-archived = 🗄 <b>Archived projects</b>
projects-archived-empty = 🗄 No project is archived. A finished one is put here by a button on its page; the others are under <b>Active</b>.
project-line = { $key } – { $name } · { $open } open
project = 📁 <b>{ $key }</b> – { $name }
project-archived = 🗄 <b>{ $key }</b> – { $name } (archived, read only)
project-people = { $role }: { $names }
project-nobody = No worker or client is attached.
project-no-tasks = There are no tasks.
project-attach = Who works on this project, and which client follows it? Press a name to attach or detach.
project-attach-nobody = The company has no workers or clients yet. Invite them to this project.
project-created = 🎉 Project <b>{ $key }</b> – { $name } is created.
project-archived-toast = Archived.
project-restored-toast = Restored.
ask-project-name = What is the project called?
ask-project-key = Pick a short key for <b>{ $name }</b>: tasks will be numbered with it, as in WEB-42. Press the suggestion, or write 2 to 10 Latin letters and digits. It can’t be changed later.
ask-project-rename = What should <b>{ $key }</b> – { $name } be called?
confirm-archive = Archive <b>{ $key }</b> – { $name }? Its tasks stay, but leave the lists. You can restore it any time.

button-new-project = ➕ New project
button-archived-projects = 🗄 Archive
button-active-projects = 📁 Active
button-project-tasks = 📋 Tasks
button-back-to-project = ‹ Project
button-people = 👥 People
button-rename = ✏️ Rename
button-archive = 🗄 Archive
button-restore = ↩️ Restore

status-new = new
status-in_progress = in progress
status-review = in review
status-done = done
status-cancelled = cancelled
statuses-new = new
statuses-in_progress = in progress
statuses-review = in review
statuses-done = done
statuses-cancelled = cancelled
priority-low = low
priority-normal = normal
priority-high = high
priority-urgent = urgent
nobody = nobody
due-not-set = not set
due-today = Today
due-tomorrow = Tomorrow
due-3days = In 3 days
due-week = In a week
due-none = No date

view-mine = Mine
view-open = All open
view-overdue = Overdue
view-review = To accept
view-closed = Closed
tasks-mine = 📋 <b>My tasks</b>
tasks-mine-empty = 📋 You have no open tasks. Look at all open ones, or write a new task.
tasks-open = 📋 <b>Open tasks</b>
tasks-open-empty = 📋 There are no open tasks here. What is done is under <b>Closed</b>.
tasks-overdue = ⏰ <b>Overdue tasks</b>
tasks-overdue-empty = 🎉 Nothing is overdue. See what <b>Today</b> and <b>This week</b> bring.
tasks-review = ✅ <b>Waiting for acceptance</b>
tasks-review-empty = 🎉 Nothing waits for acceptance. You will hear from me when work is submitted.
tasks-closed = 🏁 <b>Closed tasks</b>
tasks-closed-empty = 🏁 Nothing is closed yet. Tasks come here when they are accepted or cancelled; the others are under <b>All open</b>.

task-heading = <b>{ $ref }</b> { $title }
task-about = <b>{ $ref }</b> · { $title }
task-facts =
    📁 { $project } · { $status }
    👤 { $assignee } (from { $author })
    📅 Due: { $due }
    ⚡ Priority: { $priority }
task-facts-overdue =
    📁 { $project } · { $status }
    👤 { $assignee } (from { $author })
    ⏰ <b>Overdue: { $due }</b>
    ⚡ Priority: { $priority }
task-archived = 🗄 The project is archived: the task can be read, not changed.
quoted = <blockquote>{ $text }</blockquote>
review-submitted = 📦 <b>Submission { $number }</b> by { $name }
review-by = { $name } ({ $role })
review-accepted = ✅ Accepted by { $who }
review-returned = ↩️ Returned by { $who }
review-withdrawn = ✖️ Withdrawn by { $who }
comment-line = 💬 <b>{ $name }</b>, { $at }: { $text }
comment-internal = 🔒 <b>{ $name }</b>, { $at }: { $text }
comment-head = 💬 <b>{ $name }</b>, { $at }
comment-head-internal = 🔒 <b>{ $name }</b>, { $at }
comments = 💬 <b>{ $ref }</b> { $title }
comments-empty = No comments here. Write the first one: <b>Comment</b>
reviews = 📦 <b>{ $ref }</b> { $title }
submission = 📦 <b>Submission { $number }</b> by { $name }, { $at }
submission-undecided = ⏳ Not decided yet

move-start = ▶️ Start
move-submit = 📦 Submit
move-accept = ✅ Accept
move-return = ↩️ Return
move-cancel = ✖️ Cancel task
move-reopen = 🔁 Reopen
button-assign = 👤 Assignee
button-assignee = 👤 Assignee
button-due_at = 📅 Due
button-priority = ⚡ Priority
button-title = ✏️ Title
button-description = 📝 Description
button-project = 📁 Project
button-comment = 💬 Comment
button-history = 🕓 History
button-text = 📝 In full
button-comments = 💬 All comments
button-reviews = 📦 Submissions
button-nobody = Nobody
button-create = ✅ Create
button-submit-silently = Submit without a comment
button-internal-on = 🔒 For the team only
button-internal-off = 🔓 For the client too

choose-priority = How urgent is <b>{ $ref }</b> { $title }?
choose-assignee = Who does <b>{ $ref }</b> { $title }?
confirm-canceltask = Cancel <b>{ $ref }</b> { $title }? It can be reopened later.

due-is = 📅 Due now: <b>{ $due }</b>
ask-due = When should it be done? Pick, or write it: <i>tomorrow 15:00</i>, <i>in 2 days</i>, <i>31.12</i>.
ask-due_at = When should it be done? Pick, or write it: <i>tomorrow 15:00</i>, <i>in 2 days</i>, <i>31.12</i>.
ask-title = Write the new title, up to 200 characters.
ask-description = Write the description, up to 4,000 characters.
ask-comment = Write your comment.
ask-comment-internal = Write your comment. 🔒 Clients will not see it.
ask-submit = What should the reviewer know? Write a comment, or submit without.
ask-return = What should be done differently? The reason goes to the assignee.
ask-project = Which project is the task for?
ask-project-empty = 📁 A task needs a project, and there is no active one. Create one: <b>New project</b>
ask-project-empty-member = 📁 A task needs a project, and you are in no active one. Ask your manager to add you to one.
ask-line =
    A new task in <b>{ $project }</b>. What is to be done?

    One line can say it all: <i>Fix the pump @anna !high #pump tomorrow 15:00</i>
ask-assignee = Who will do it?

draft =
    📝 <b>New task</b>, understood as:

    <b>{ $title }</b>
    📁 { $project }
    👤 { $assignee }
    📅 { $due }
    ⚡ Priority: { $priority }
task-created = { $ref } is created.
task-created-already = { $ref } is created already.
draft-due = { $due } ({ $timezone })

done-start = Started.
done-submit = Submitted.
done-accept = Accepted.
done-return = Returned.
done-cancel = Cancelled.
done-reopen = Reopened.
done-comment = 💬 Added.
done-title = Saved.
done-description = Saved.
done-due-at = Saved.
not-saved = 📝 This was not saved. Here are your words, so that they are not lost:

history = 🕓 <b>{ $ref }</b> { $title }
history-line = { $at } – <b>{ $who }</b> { $what }
history-created = created the task
history-start = started
history-submit = submitted
history-accept = accepted
history-return = returned
history-cancel = cancelled
history-reopen = reopened
history-assigned = changed the assignee: { $before } → { $after }
history-title = changed the title: { $before } → { $after }
history-description = changed the description: { $before } → { $after }
history-priority = changed the priority: { $before } → { $after }
history-due-at = changed the due date: { $before } → { $after }
history-commented = commented
