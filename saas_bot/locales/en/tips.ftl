button-more = ⋯ More
task-more =
    <b>{ $ref }</b> { $title }

    What else would you like to do with it?

help-admin =
    <b>What I do for you</b>
    You run the company: start projects, bring people in, give out work and see how it goes. Work that is submitted goes to the client, who accepts it or returns it with a reason.
help-manager =
    <b>What I do for you</b>
    You lead the work: start projects, bring in workers and clients, give out tasks and see how it goes. Work that is submitted goes to the client, who accepts it or returns it with a reason.
help-worker =
    <b>What I do for you</b>
    Your tasks come to you here. Do them, submit them, and hear from me when they are accepted or returned.
help-client =
    <b>What I do for you</b>
    Follow your projects, say what you think, and accept the work that is done for you.
help-outside =
    <b>What I do for you</b>
    I keep a company’s projects and tasks: who does what, by when, and what the client has accepted. Create a company, or open an invite link from your colleagues: /start
help-commands = <b>All commands</b>
button-tips = 💡 Tips

lesson-work = ▶️ <b>Do a task.</b> Open it from /tasks or write its number, <code>WEB-42</code>. Press <b>Start</b>, and <b>Submit</b> when it is done.
lesson-create = ➕ <b>Write a task in one line.</b> <code>/task WEB Fix the pump @anna !high #pump tomorrow 15:00</code>
lesson-accept = ✅ <b>Accept work.</b> /approvals shows what waits. <b>Accept</b> it, or <b>Return</b> it and say why: <i>The valve still leaks</i>
lesson-discuss = 💬 <b>Talk about a task.</b> Press <b>Comment</b> on it and write: <i>@anna which size?</i> Anna hears of it.
lesson-files = 📎 <b>Send files.</b> Send me a document, photo, video or album at any time, and I ask where it goes. With <code>WEB-42</code> as its caption it goes there at once; they are behind <b>Files</b> on the task.
lesson-find = 🔎 <b>Find anything.</b> <code>/search new pump</code>
lesson-project = 📁 <b>Start a project.</b> /projects, then <b>New project</b>: a name and a short key, <i>Website</i> and <i>WEB</i>
lesson-invite = ✉️ <b>Bring someone in.</b> /invite, pick a role, and send them the link.
lesson-roles = 🎭 <b>Give someone another role.</b> /members, press their name, then <b>Change role</b>. <b>Hand over admin rights</b> puts them in your place.
lesson-people = 👥 <b>Let someone go.</b> /members, press their name, then <b>Deactivate</b>. I ask who takes over their open tasks.
lesson-report = 📊 <b>See how it goes.</b> /report tells what was created, done and late in the last 7, 30 or 90 days.

tips =
    <b>Tips</b>
    I show each of these once, where it helps.
button-tips-again = 🔄 Show tips again as I go
tips-again = I’ll show you each tip once more.

tip-one-line = 💡 Next time one line will do: <code>/task WEB Fix the pump @anna !high tomorrow 15:00</code>
tip-forward = 💡 Forward me any message, or answer one with /task, and it becomes a task.
tip-submit = 💡 <b>Start</b> shows the team that the task is being worked on. Then <b>Submit</b> comes in its place and hands it over, with a comment if you like.
tip-evidence = 💡 Every <b>Accept</b> and <b>Return</b> is kept with its time and reason: press <b>More</b> on a task, then <b>Submissions</b>.
tip-mention = 💡 Write @ and a name in a comment, and that person hears of it at once.
tip-copy = 💡 Does a task come back every month? Press <b>More</b>, then <b>Copy</b>.
tip-files = 💡 Send me a file with a task’s number in its caption, such as <code>WEB-42 the new plan</code>: it goes to that task, and the words become a comment.
tip-checklist = 💡 Press an item to tick it off. The task shows how many are done.
tip-number = 💡 Write a task’s number, such as <code>WEB-42</code>, and I open it.
tip-filter = 💡 <b>Filter</b> leaves only one project, person, priority or tag. I remember it for all your lists.
tip-board = 💡 /board shows all tasks by status in one message.
tip-search = 💡 <code>"new pump"</code> finds words in a row, <code>pump or valve</code> either of them, <code>pump -old</code> leaves something out.
tip-project = 💡 Workers and clients see the projects they are attached to: press <b>People</b>. Where there is a client, the client accepts the work.
tip-report = 💡 The buttons below a report change its period, and whose work it is about.
tip-timezone = 💡 All times are in your timezone: “tomorrow 15:00” means your 15:00, wherever your colleagues are.

board-empty-member = There are no tasks here yet. You will see them as soon as your team writes them.
history-empty = Nothing has happened here yet. Every change will be told here, with who made it and when.
filter-no-projects = 📁 There are no projects to choose from yet. They come here as soon as you see any: /projects
report-no-projects = 📁 There are no projects to report on yet. They come here as soon as you see any: /projects
