size-b = { $size } B
size-kb = { $size } KB
size-mb = { $size } MB
size-gb = { $size } GB
size-tb = { $size } TB

button-files = 📎 Files
button-files-counted = 📎 Files ({ $count })
button-submission-files = 📦 { $number } · 📎 { $count }
button-return-files = ↩️ { $number } · 📎 { $count }
button-add-files = ➕ Add
button-find-files = 🔎 Find by name
button-all-files = 📎 All files
button-file-get = ⬇️ Download
button-file-link = 🔗 Link for { $minutes } minutes
button-file-name = ✏️ Rename
button-file-hide = 🔒 Team only
button-file-show = 🔓 Show to the client
button-file-delete = 🗑 Delete
button-file-open = 🔗 Open
task-files = 📎 { $count }
submission-files = 📎 { $count ->
    [one] one file
   *[other] { $count } files
}
return-files = 📎 { $count ->
    [one] one file
   *[other] { $count } files
} with the return
comment-files = 📎 { $count }
delete-project-files = 📎 files: { $count }

files-of-task = 📎 <b>Files of { $ref }</b> { $title }
files-of-review = 📦 <b>Files of submission { $number }</b>, { $ref } { $title }
files-of-return = ↩️ <b>Files of the return of submission { $number }</b>, { $ref } { $title }
files-of-comment = 💬 <b>Files of a comment</b> on { $ref } { $title }
files-of-project = 📎 <b>Files of { $key }</b> – { $name }, those of its tasks too
files-found = 🔎 With “{ $words }” in the name:
files-empty = Nothing here yet. Press <b>Add</b> and send a file, a photo or an album.
files-empty-archived = Nothing here. The project is archived, so nothing can be added.
files-empty-part = There are no files here. Those of the whole task are behind the button below.
files-none-found = No file is called like that. Try a shorter part of the name.
file-name = { $icon } <code>{ $name }</code>
file-facts = { $size } · { $type }
file-sent = Sent by { $who }, { $at }
file-in-project = Project { $project }
file-in-task = Task { $ref }, project { $project }
file-in-review = Task { $ref }, submission { $number }
file-in-return = Task { $ref }, return of submission { $number }
file-of-review = submission { $number }
file-of-return = return of submission { $number }
file-of-comment = 💬 With the comment by { $who }, { $at }
file-internal = 🔒 Only the team sees it.
file-pending = ⏳ On its way into the archive.
file-hash = SHA-256: <code>{ $start }…</code>
file-link =
    🔗 <code>{ $name }</code>

    This link works for { $minutes } minutes, for anybody who has it. Pass it on to those who may see the file only.
file-from-archive = One moment, it comes from the archive.
file-link-there = The link is there already: see the message below.
file-on-its-way = It’s on its way already.
file-hidden = Only the team sees it now.
file-shown = The client sees it now.
file-deleted = Deleted.

ask-file-name = Write another name, up to { $limit } characters. The extension stays.
ask-file-words = Write a part of the name.
confirm-file-delete = Delete this file for good?
confirm-file-delete-submitted = Delete this file for good? It is part of a submission: what was accepted could no longer be shown.

error-file-not-found = I can’t find that file. It may have been deleted.
error-file-of-submission = The file is part of a submission, so it stays as it is. Only an admin can delete it.
error-file-decided = The submission with this file is decided, so the file keeps its name.
error-file-name-refused = A file can’t be called “{ $name }” here: files of that kind are not taken. Write another name.
error-file-not-stored-yet = The file is still on its way into the archive. Try again in a moment.
error-files-unavailable = 🗄 Files are unavailable right now; everything else works. Please try again in a few minutes.
error-file-changed = The file has changed or gone just now. Open the list to see how it stands.
error-file-search-forgotten = That search was too long ago. Open the files and search again.

history-file-added = attached { $after }
history-file-failed = could not attach { $after }
history-file-renamed = renamed a file: { $before } → { $after }
history-file-hidden = kept { $after } within the team
history-file-shown = showed { $after } to the client
history-file-deleted = deleted the file { $before }
