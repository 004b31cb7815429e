seats = 💺 { $used } of { $limit } seats ({ $plan })
seats-unlimited = 💺 { $used } { $used ->
    [one] seat
   *[other] seats
} taken, there is no limit
storage = 📎 { $used } of { $limit } for files
storage-unlimited = 📎 Files take { $used }, there is no limit
seats-full = All seats are taken. To let someone in, deactivate someone or choose a larger plan.
seats-full-manager = All seats are taken. To let someone in, deactivate someone, or ask an admin for a larger plan.

member-username = <a href="https://t.me/{ $username }">@{ $username }</a>
member-write-to = <a href="tg://user?id={ $id }">none, write here</a> (in a task’s line or a comment: @{ $number })
member-projects = 📁 { $names }{ $more }
member-no-projects = 📁 In no active project yet
member-workload = 📋 Open: { $open } · ⏰ overdue: { $overdue } · 🟣 in review: { $review }
member-last-done = ✅ Last done: <b>{ $ref }</b> { $title }, { $at }
member-attach = Which projects is <b>{ $name }</b> in? Press one to attach or detach.
deactivated-already = { $name } has no access already.
member-attach-all = { $name } has all projects already: their role is { $role }.
member-attach-nothing = There are no active projects yet. Create one: /projects
button-member-projects = 📁 Projects
button-admin-rights = 👑 Hand over admin rights
handover-confirm-handadmin = Hand your admin rights over to <b>{ $name }</b>? They become an admin, and you a manager, at once. Only an admin can give them back to you.
admin-handed-over = { $name } is an admin now, and you are a manager.

handover-stake =
    { $count ->
        [one] <b>{ $name }</b> has one open task that someone else has to take:
       *[other] <b>{ $name }</b> has { $count } open tasks that someone else has to take:
    } { $refs }
handover-stake-own =
    { $count ->
        [one] You have one open task:
       *[other] You have { $count } open tasks:
    } { $refs }
handover-ask = Who takes over? Nothing has changed yet.
handover-ask-nobody = Nobody else can take over. What is open can stay without an assignee.
handover-heir = { $name } – { $role } · { $takes } of { $count }
handover-nobody = Nobody for now
handover-keep = Keep them, attach to their projects
handover-confirm-deactivate = Shut <b>{ $name }</b> out of the company? Access ends at once; their work stays.
handover-confirm-client = Make <b>{ $name }</b> a client? Clients do no tasks.
handover-confirm-worker = Make <b>{ $name }</b> a worker? Workers do tasks of their projects only.
handover-to = 👤 What is open goes to <b>{ $heir }</b>.
handover-kept = 📁 They stay in the projects of their open tasks, and keep them.
handover-left =
    ⚠️ { $count ->
        [one] One task will have no assignee:
       *[other] { $count } tasks will have no assignee:
    } { $refs }
handover-own =
    ⚠️ { $count ->
        [one] You have one open task. It will have no assignee, and your managers will be told:
       *[other] You have { $count } open tasks. They will have no assignee, and your managers will be told:
    } { $refs }
handover-given = 👤 { $count ->
    [one] One task went
   *[other] { $count } tasks went
} to <b>{ $heir }</b>.
handover-left-now = ⚠️ { $count ->
    [one] One task has no assignee now:
   *[other] { $count } tasks have no assignee now:
} { $refs }
notify-handed_over = 👤 { $by } gave you { $count ->
    [one] one task
   *[other] { $count } tasks
} of <b>{ $name }</b>.
notify-member_left = 🚪 <b>{ $name }</b> has left the company.
notify-member_left-tasks = 🚪 <b>{ $name }</b> has left the company. { $count ->
    [one] One open task has
   *[other] { $count } open tasks have
} no assignee now.

button-about = 📝 Description
button-no-description = No description
button-delete-project = 🗑 Delete
ask-project-about = What is <b>{ $key }</b> – { $name } about? Write up to 4,000 characters; everyone in the project sees them.
ask-delete-project =
    🗑 Delete <b>{ $key }</b> – { $name } for good? { $goes }

    This can’t be undone. Archiving keeps everything. To delete, write the key: <b>{ $key }</b>
delete-project-nothing = There is nothing in it.
delete-project-goes = With it go:
delete-project-tasks = 📋 tasks: { $count }
delete-project-comments = 💬 comments: { $count }
delete-project-submissions = 📦 submissions: { $count }
delete-project-people = 👥 places of people: { $count } (they stay in the company)
project-deleted = 🗑 Project <b>{ $key }</b> – { $name } is deleted.
error-project-key-differs = That is not the key. To delete the project, write { $key }, or cancel.

button-move = 📁 Move
move-where = Which project should <b>{ $ref }</b> { $title } move to?

    It moves at once and gets a new number there; the old one still leads to it. Only the people of that project will see it.
move-where-clients = 👁 This project has clients: they will see the task with all that isn’t internal.
move-nowhere = There is no other active project to move <b>{ $ref }</b> { $title } to. Create one: /projects
button-move-back = ↩️ Back to { $key }
moved = It is { $ref } now.
moved-lost = ⚠️ { $name } is not in this project, so the task has no assignee now.
history-moved-unseen = moved the task from another project
history-moved = moved the task: { $before } → { $after }

history-submit-numbered = handed in submission { $number }
history-accept-numbered = accepted submission { $number }
history-accept-on-behalf = accepted submission { $number } for the client
history-return-numbered = returned submission { $number }
notify-accepted-on_behalf = ✅ { $by } accepted <b>{ $ref }</b> { $title } for the client
review-accepted-on-behalf = ✅ Accepted on the client’s behalf by { $who }
confirm-revoke = Revoke this invite? { $invite }

    Its link stops working at once; those who have joined by it stay.

role-already = { $name } has that role already: { $role }.
handover-confirm-admin = Make <b>{ $name }</b> an admin? Admins decide on roles, billing and everything else.
handover-confirm-manager = Make <b>{ $name }</b> a manager? Managers run all projects and invite workers and clients.
handover-confirm-detach = Take <b>{ $name }</b> out of the project <b>{ $project }</b>?
notify-reactivated = 👋 You are back in <b>{ $company }</b>. Your role: { $role }.
notify-detached = 📁 You are no longer in the project <b>{ $project }</b>.
notify-project_archived = 🗄 { $by } archived the project <b>{ $project }</b>. Its tasks can be read, not changed.
notify-project_restored = 📁 { $by } restored the project <b>{ $project }</b>. Work on it goes on.
notify-project_deleted = 🗑 { $by } deleted the project <b>{ $project }</b> with all its tasks.
notify-cancelled-awaited = ✖️ { $by } cancelled <b>{ $ref }</b> { $title }. It waits for acceptance no more.
invite-closed = That invite does not work any more.
invite-line-company = { $role }, until { $until }
invite-line-archived = 🗄 Its project is archived: nobody can join by it until the project is restored.
error-invite-archived = The project of this invite is archived. Ask for a new link.

button-company = 🏢 Company
command-company = the company: name, timezone, deleting it
company =
    🏢 <b>{ $name }</b>
    Timezone: { $timezone }
company-counts =
    👥 People: { $people }
    📁 Projects: { $projects }
    📋 Tasks: { $tasks }, open: { $open }
    📎 Files: { $files }
ask-company-rename = What should <b>{ $company }</b> be called from now on?
ask-company-zone = Where is the company? Newcomers get this timezone; whoever is here keeps their own. Pick a city, or write yours, for example <i>Madrid</i>.
button-delete-company = 🗑 Delete the company
ask-delete-company =
    🗑 Delete the company <b>{ $company }</b>?

    { $goes }

    Everyone loses access to all of this at once. Until { $until } those who run this bot can bring it back; then it is gone for good. Invoices and payments stay.

    To delete it, write its name: <code>{ $company }</code>
company-deleted = 🗑 The company <b>{ $company }</b> is deleted. Should it have been a mistake: those who run this bot can bring it back until { $until }.
error-company-name-differs = That is not its name. To delete the company, write { $company }, or cancel.
error-other-company = You work in { $company } by now, so nothing was changed. Open /company to go on.
notify-company_deleted = 🗑 { $by } has deleted the company <b>{ $company }</b>. You go on in <b>{ $goes_on }</b>.
notify-company_deleted-last = 🗑 { $by } has deleted the company <b>{ $company }</b>. You can create a company of your own, or join one by an invite: /start
notify-company_restored = 👋 The company <b>{ $company }</b> is back, with everything in it.
button-open-company = 🏢 Open { $company }
