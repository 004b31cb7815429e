bot-short-description = Projects, tasks and client sign-off for your company, right in Telegram.
bot-description =
    Run your company’s work in Telegram: projects, tasks, people and your clients’ sign-off.

    Press START to create a company, or open the invite link you were sent.

role-admin = admin
role-manager = manager
role-worker = worker
role-client = client
role-plural-admin = Admins
role-plural-manager = Managers
role-plural-worker = Workers
role-plural-client = Clients

welcome =
    Hello, { $name }! 👋

    I keep your company’s projects and tasks in order: who does what, by when, and what the client has accepted.

    Create a company to begin, or join one with an invite.
menu =
    <b>{ $company }</b>
    { $name }, { $role }

button-create-company = 🏢 Create a company
button-have-invite = ✉️ I have an invite
button-settings = ⚙️ Settings
button-tasks = 📋 Tasks
button-newtask = ➕ New task
button-approvals = ✅ To accept
button-projects = 📁 Projects
button-members = 👥 People
button-invite = ✉️ Invite
button-help = ❓ Help
button-menu = 🏠 Menu
button-cancel = Cancel
button-back = ‹ Back
button-previous = ‹ Previous
button-next = Next ›
button-yes = Yes
button-no = No
button-done = Done
button-timezone = 🕓 Timezone
button-switch = 🏢 Companies
button-leave = 🚪 Leave { $company }
button-invites = 📨 Open invites
button-invite-multi = 🔁 Make a reusable link
button-revoke = 🗑 Revoke { $number }
button-change-role = 🎭 Change role
button-deactivate = 🚫 Deactivate
button-reactivate = ↩️ Let back in

command-tasks = tasks: mine, open, overdue
command-newtask = a new task, step by step
command-task = a task in one line
command-approvals = what waits for acceptance
command-projects = projects with their people and tasks
command-members = people of the company and their roles
command-invite = invite someone by a link
command-menu = main menu
command-switch = switch to another company
command-settings = language, timezone, notifications
command-leave = leave the company
command-help = what I can do
command-cancel = cancel what was begun
command-start = begin

ask-company-name = What is your company called?
ask-company-timezone = Where is your company? Pick a city, or write yours, for example <i>Madrid</i>.
ask-timezone = Where are you? Pick a city, or write yours, for example <i>Madrid</i>.
ask-invite = Paste the invite link you were sent.
company-created =
    🎉 <b>{ $company }</b> is ready. You have { $days ->
        [one] one day
       *[other] { $days } days
    } of the Team plan for free.

    Next: create a project, then invite your people to it.
joined = 🎉 Welcome to <b>{ $company }</b>! Your role here: { $role }.
joined-project = 🎉 Welcome to <b>{ $company }</b>! Your role here: { $role }. Your project: <b>{ $project }</b>.
cancelled = Cancelled.
nothing-to-cancel = There is nothing to cancel.
dropped = ✖️ What you had begun is cancelled.
dropped-draft = ✖️ The task “{ $title }” was not created.
saved = Saved.

settings =
    ⚙️ <b>Settings</b>
    Language: { $language }
    Timezone: { $timezone }

switch = Which company do you work in now?
switched = You are now in { $company }.
left = You have left { $company }.
confirm-leave = Leave <b>{ $company }</b>? You lose access at once. Only a new invite can bring you back.

members = 👥 <b>People of { $company }</b>
member =
    👤 <b>{ $name }</b>
    Username: { $username }
    Role: { $role }
member-deactivated =
    🚫 <b>{ $name }</b>
    Username: { $username }
    Role: { $role }
    Has no access now.
member-deaf = 📵 Gets no messages now: has blocked the bot.
choice-deaf = 📵 Gets no messages now: has blocked the bot. Tell them in another way.
choose-role = Which role should <b>{ $name }</b> have?
deactivated = { $name } has no access now.
reactivated = { $name } is back.

invite-role = Whom do you want to invite?
invite-role-project = Whom do you want to invite to <b>{ $project }</b>?
invite-project = Which project is the new { $role } for?
invite-no-project = A { $role } is invited to a project, and there is no active one. Create one, or restore one from the archive.
invite-made-already = The invite is made already: its link is here in the chat.
invite-link =
    ✉️ Pass this link on to your new { $role }. It works once, for 7 days:

    { $link }
invite-link-project =
    ✉️ Pass this link on to your new { $role } in <b>{ $project }</b>. It works once, for 7 days:

    { $link }
invite-link-multi =
    🔁 Anyone with this link becomes a { $role } in <b>{ $project }</b>. It works for 7 days, as often as you like:

    { $link }

    The single-use link you made before it works too. You can revoke either under <b>Open invites</b>.
invites = 📨 <b>Open invites</b>
invites-empty = 📨 There are no open invites. Invite someone and the link appears here.
invite-line = { $role }, project { $project }, until { $until }
invite-line-multi = 🔁 { $role }, project { $project }, until { $until }
invite-line-used = 🔁 { $role }, project { $project }, until { $until }, used { $uses ->
    [one] once
   *[other] { $uses } times
}
invite-revoked = Revoked. The link no longer works.

day-today = today
day-tomorrow = tomorrow
day-yesterday = yesterday
