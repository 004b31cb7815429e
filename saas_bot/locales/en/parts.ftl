button-tags = 🏷 Tags
button-checklist = ☑ Checklist
button-copy = 📄 Copy
button-items-add = ➕ Add items
button-items-edit = ✏️ Change items
button-items-done = ☑ Tick items
button-item-top = ⏫ To the top
button-item-up = ⬆️ Up
button-item-down = ⬇️ Down
button-item-remove = 🗑 Remove
button-to-task = 📋 Task

task-tags = 🏷 { $tags }
task-tags-none = 🏷 No tags yet.
task-checklist = ☑ Checklist: { $done }/{ $items }
task-copied = { $ref } is a copy of it.
copied = 📄 A copy of { $source }: its text, priority, tags and checklist, with nothing ticked. Comments and submissions stay there.
copied-no-due = The due date ({ $due }) is not copied: set one with <b>Due</b>.
copied-told = { $name } has it and is told.
copied-nobody = { $name } can’t work on this project any more, so nobody has it yet.

checklist = ☑ <b>{ $ref }</b> { $title }: { $done }/{ $items }
checklist-empty =
    ☑ <b>{ $ref }</b> { $title }

    The checklist is empty. List what has to be done, step by step.
checklist-line = { $box } { $text }
checklist-item =
    ☑ <b>{ $ref }</b> · { $place } of { $items }

    { $text }

ask-tags = Press a tag to add it or take it off, or write: <code>#pump #urgent -#old</code>.
ask-items = Write the items, one on each line.
ask-item = Write it anew, up to 200 characters, or press a button.
done-tags = Saved.
done-items = ➕ Added.
done-item = Saved.
item-removed = Removed.

draft-line = ⌨️ In one line: <code>/task { $line }</code>
draft-known = 📝 Noted so far: { $parts }
draft-line-but-description = ⌨️ In one line, all but the description: <code>/task { $line }</code>
draft-kept = 📝 I keep the task “{ $title }”. Once there is a project, press <b>New task</b> to go on with it.
button-go-on = ↩️ Go on with “{ $title }”
error-draft-gone = That draft is not there any more. Begin anew: /newtask
remark-assignee-unknown = ⚠️ I can’t find { $about } in this project. Pick someone with <b>Assignee</b>.
remark-assignee-several = ⚠️ Several people are called { $about }. Pick one with <b>Assignee</b>.
remark-assignee-client = ⚠️ { $about } is a client. Clients accept work, they are not given any: pick someone with <b>Assignee</b>.
remark-assignee-outside = ⚠️ { $about } is not in this project. Add them to it, or pick someone with <b>Assignee</b>.
remark-passed-over = ⚠️ A task has one assignee, the last one named. Left out: { $about }
remark-unknown-priority = ⚠️ { $about } is no priority, so it stays in the title. There are !low, !normal, !high and !urgent.
remark-unknown-tag = ⚠️ { $about } stays in the title: a tag has letters, digits, - and _ only, 32 at most.
remark-tags-left-out = ⚠️ A task can have 10 tags, so the rest is left out: { $about }
remark-unknown-key = ⚠️ You have no project { $about }, so that word stays in the title.
remark-date-past = ⚠️ “{ $about }” is in the past, so it stays in the title. Set a due date with <b>Due</b>.
remark-date-unknown = ⚠️ “{ $about }” is no date I know, so it stays in the title. Set a due date with <b>Due</b>.
remark-date-within = 📅 I left “{ $about }” in the title. If it is the due date, put it at the end or press <b>Due</b>.
remark-date-time = 🕘 I left “{ $about }” in the title. If it is the due time, give one hour from 0 to 23 with <b>Due</b>.
remark-date-second = 📅 Two dates: the due date is the one shown above, “{ $about }” stays in the title.
remark-date-vague = ⚠️ “{ $about }” names no day, so it stays in the title. Set a due date with <b>Due</b>.
remark-date-repeated = 🔁 I can’t repeat tasks yet: this will be one task, and “{ $about }” stays in its title.
remark-date-number = 📅 I took “{ $about }” for a number, not for a day. If it is the due date, press <b>Due</b>.
remark-title-long = ⚠️ That title has { $about } characters, and 200 fit. Write a shorter one; the rest is noted.

error-tag-shape = “{ $tag }” can’t be a tag. A tag has up to { $limit } letters, digits, _ and -, and at least one letter: #pump
error-tags-too-many = A task can have { $limit } tags, and this would make { $count }. { $there ->
    [0] Write fewer.
   *[other] Take some off (-#old), or add fewer.
 }
error-items-too-many = A checklist has room for { $limit } items, and { $there } are there. Add fewer, or remove some.
error-item-not-found = I can’t find that item. Someone may have removed it.
comment-shared = 👥 { $word } reached several people: { $people }. To call just one, write what is in brackets.
comment-shared-few = 👥 { $word } reached several people of that name.
comment-unreached = 🔕 Not told: { $names }. They may not see this comment, or I know nobody by that name here.

notify-mentioned = 📣 { $by } mentions you on <b>{ $ref }</b> { $title }

history-copied-unseen = created the task as a copy of another one
history-copied = created the task as a copy of { $after }
history-tags = changed the tags: { $before } → { $after }
history-item-added = added to the checklist: { $after }
history-item-ticked = ticked “{ $after }”
history-item-unticked = unticked “{ $after }”
history-item-renamed = changed an item: { $before } → { $after }
history-item-moved = moved in the checklist: { $after }
history-item-removed = removed from the checklist: { $before }

comment-edited = edited
ask-edit = Write it anew, or delete it.
done-edit = Saved.
button-comment-delete = 🗑 Delete
confirm-comment = Delete this comment by { $name }? It can’t be brought back.
comment-deleted = Deleted.
error-comment-not-found = I can’t find that comment. Someone may have deleted it.
offer-comment = 💬 Save your message as a comment on <b>{ $ref }</b> { $title }?
error-words-gone = I don’t have those words any more. Send them once again.

doubt-number = { $ref } is a task. Nothing is saved yet: open it, or was that your answer?
doubt-number-unknown = I can’t find a task { $ref }. Nothing is saved yet: was that your answer?
doubt-forwarded = You have forwarded a message. Nothing is saved yet: what should become of it?
button-answer-comment = 💬 Save as comment
button-answer-save = ✍️ Save it here
button-answer-task = ➕ New task from it
changed-meanwhile = ⚠️ Someone was faster. By now it is:
changed-yours = Yours:
button-save-mine = ✍️ Save mine anyway
button-keep-theirs = Keep it as it is
error-changed-meanwhile = Someone has changed this meanwhile.

confirm-copy = 📄 Copy <b>{ $ref }</b> { $title }? The text, priority, tags and checklist come along, with nothing ticked. The due date, comments and submissions stay here.
copy-told = 👤 { $name } gets the copy and is told at once.
copy-yours = 👤 The copy will be yours.
copied-free = Nobody has it yet.
button-copy-now = 📄 Make a copy
button-copy-free = 📄 For nobody yet
error-copied-already = That copy is made. To make another one, press Copy on the task.

history-comment-edited = changed a comment: { $before } → { $after }
history-comment-reworded = changed a comment
history-comment-deleted = deleted a comment by { $before }
history-before = 🕓 <b>{ $ref }</b> · before the change ({ $at }):
history-after = 🕓 <b>{ $ref }</b> · after the change ({ $at }):
button-history-before = ‹ Before
button-history-after = After ›
