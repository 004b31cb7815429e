command-board = all tasks by status, at a glance
command-search = search titles, texts and comments
button-board = 🗂 Board
button-search = 🔎 Search
button-lists = 📋 Lists
button-filter = 🎛 Filter
button-clear = ✖️ Clear the filter
button-show-list = 📋 Show the list
button-search-again = 🔎 Another search

view-today = Today
view-week = This week
view-created = By me
view-unassigned = Unassigned
tasks-today = 📅 <b>Due today</b>
tasks-today-empty = 📅 Nothing is due today. See what the week brings, or all open tasks.
tasks-week = 🗓 <b>Due this week</b>
tasks-week-empty = 🗓 Nothing is due this week, Monday to Sunday. Look at all open tasks.
tasks-created = ✍️ <b>Created by me</b>
tasks-created-empty = ✍️ You have not created any task yet. Write the first one with /task.
tasks-unassigned = 👤 <b>Nobody has these</b>
tasks-unassigned-empty = 👤 No open task is without an assignee. <b>All open</b> shows them all.
tasks-new = ⚪ <b>New</b>
tasks-new-empty = ⚪ No task is waiting to be started. Look at <b>All open</b>.
tasks-in_progress = 🔵 <b>In progress</b>
tasks-in_progress-empty = 🔵 Nothing is being worked on here. A task comes here when <b>Start</b> is pressed on it.
tasks-in_review = 🟣 <b>In review</b>
tasks-in_review-empty = 🟣 Nothing is in review. Tasks come here when they are submitted.
tasks-done = ✅ <b>Done</b>
tasks-done-empty = ✅ Nothing is done yet. Tasks come here when they are accepted.
tasks-cancelled = ✖️ <b>Cancelled</b>
tasks-cancelled-empty = ✖️ No task was cancelled. What is done is under <b>Closed</b>.

board = 🗂 <b>Board</b>
board-empty = There are no tasks here yet. Write the first one: /task
board-column = { $icon } <b>{ $status } · { $count }</b>
board-line = { $ref } { $title }{ $facts }
board-more = … and { $count } more

filter =
    🎛 <b>Filter</b>
    It applies to all lists and the board until you clear it. Press a part to change it.
filter-applied = 🎛 { $parts }
filter-nothing = Nothing here fits the filter. Clear it, or look into another list.
filter-cleared = Showing everything again.
filter-cleared-but-order = Showing everything again. The order stays as you chose it.
filter-any = any
filter-me = Me
filter-project = Project
filter-assignee = Assignee
filter-priority = Priority
filter-tag = Tag
filter-sort = Order
filter-choose-project = 📁 Tasks of which project?
filter-choose-assignee = 👤 Whose tasks?
filter-choose-priority = ⚡ How urgent?
filter-choose-tag = 🏷 With which tag? These are used most.
filter-no-tags = 🏷 No task has a tag yet. Put one on a task, and it appears here.
filter-choose-sort = In which order? It holds for lists of open tasks. <b>By me</b> and closed tasks always begin with the newest.
sort-due = nearest due date first
sort-priority = most urgent first
sort-newest = newest first

ask-search =
    🔎 What are you looking for? Write a word or two: I look in titles, descriptions and comments.

    <i>"new pump"</i> finds words in a row, <i>pump or valve</i> either of them, <i>pump -old</i> leaves something out.
search-found = 🔎 <b>{ $words }</b>
search-empty = 🔎 I found nothing for <b>{ $words }</b>. All the words must stand in one text: the task’s own, or one comment. Try fewer words: the rarest one is often enough.
search-empty-one = 🔎 I found nothing for <b>{ $words }</b>. I look for whole words in most of their forms, not for parts of them. Check the spelling, or try another form or word.
search-tags = 🏷 I look in the texts of tasks. By their tags, <b>Filter</b> finds them.
search-title = { $icon } { $ref } · { $title }
search-text = 📝 { $text }
search-comment = 💬 { $text }
search-comment-internal = 🔒 { $text }
error-search-no-word = There is no word in that to look for. Write what it is about, for example <i>pump</i>.
error-search-too-long = Too much to search for: { $length } characters, and { $limit } is the most. Keep the words that matter.
error-search-nothing = Such words are in nearly every text, so I can’t search for them. Write what it is about, for example <i>pump</i>.
error-search-forgotten = That search was too long ago. Start it again: /search
