button-tags = 🏷 Tags
button-checklist = ☑ Checklist
button-copy = 📄 Copy
button-items-add = ➕ Add items
button-items-edit = ✏️ Change items
button-items-done = ☑ Tick items
button-item-rename = ✏️ Rename
button-item-remove = 🗑 Remove
button-to-task = 📋 Task

task-tags = 🏷 { $tags }
task-tags-none = 🏷 No tags yet.
task-checklist = ☑ Checklist: { $done }/{ $items }
task-copied = { $ref } is a copy of it.

checklist = ☑ <b>{ $ref }</b> { $title }: { $done }/{ $items }
checklist-empty =
    ☑ <b>{ $ref }</b> { $title }

    The checklist is empty. List what has to be done, step by step.
checklist-line = { $box } { $text }
checklist-item =
    ☑ <b>{ $ref }</b>

    { $text }

ask-tags = Press a tag to add it or take it off, or write: <code>#pump #urgent -#old</code>.
ask-items = Write the items, one on each line.
ask-item = Write the item anew, up to 200 characters.
done-tags = Saved.
done-items = ➕ Added.
done-item = Saved.
item-removed = Removed.

draft-line = ⌨️ In one line: <code>/task { $line }</code>

error-tag-shape = “{ $tag }” can’t be a tag. A tag has up to { $limit } letters, digits, _ and -, and at least one letter: #pump
error-tags-too-many = A task can have { $limit } tags. Take one off first: <code>-#old</code>
error-items-too-many = A checklist has room for { $limit } items, and { $there } are there. Add fewer, or remove some.
error-item-not-found = I can’t find that item. Someone may have removed it.

notify-mentioned = 📣 { $by } mentions you on <b>{ $ref }</b> { $title }

history-copied = created the task as a copy of { $after }
history-tags = changed the tags: { $before } → { $after }
history-item-added = added to the checklist: { $after }
history-item-ticked = ticked “{ $after }”
history-item-unticked = unticked “{ $after }”
history-item-renamed = changed an item: { $before } → { $after }
history-item-removed = removed from the checklist: { $before }
