upload-progress = ⏳ Storing <b>{ $name }</b>: { $done } of { $size }
upload-waits-storage = 🗄 Files are unavailable right now; everything else works. I’ll store yours as soon as they are back and tell you here.
upload-waits-telegram = ⏳ Telegram isn’t giving me the file at the moment. I’ll keep trying and tell you here.
upload-cancelled-task = ✖️ Cancelled: { $count ->
    [one] <b>{ $name }</b> is not with <b>{ $where }</b>.
   *[other] these { $count } files are not with <b>{ $where }</b>:
}
upload-cancelled-project = ✖️ Cancelled: { $count ->
    [one] <b>{ $name }</b> is not in the project <b>{ $where }</b>.
   *[other] these { $count } files are not in the project <b>{ $where }</b>:
}
upload-words-stay = 💬 The words you sent along stay there as a comment.
upload-dropped = ✖️ Cancelled: the file was not stored.
upload-no-place = ✖️ The file was not stored: what you sent it to has been deleted.
upload-stored-task = 📎 <b>{ $name }</b> is with <b>{ $where }</b> · { $size }
upload-stored-project = 📎 <b>{ $name }</b> is in the project <b>{ $where }</b> · { $size }
upload-stored-task-many = 📎 With <b>{ $where }</b> now, { $count } files:
upload-stored-project-many = 📎 In the project <b>{ $where }</b> now, { $count } files:
upload-line = • { $name } · { $size }
upload-for-client = 👁 The client sees this.
upload-for-team = 🔒 Only the team sees this.
upload-failed-too_large = ⚠️ <b>{ $name }</b> was not stored: it is larger than Telegram lets me take. Send it in parts, or a link to it.
upload-failed-gone = ⚠️ <b>{ $name }</b> was not stored: Telegram no longer has it. Please send it again.
upload-failed-empty = ⚠️ <b>{ $name }</b> was not stored: there is nothing in it. Please check it and send it again.
upload-failed-type = ⚠️ <b>{ $name }</b> was not stored: files of this kind are not taken here, whatever they are called.
upload-failed-storage = ⚠️ <b>{ $name }</b> was not stored: files have been unavailable for a day. Please send it again when they are back.
upload-failed-telegram = ⚠️ <b>{ $name }</b> was not stored: Telegram hasn’t given it to me for a day. Please send it again.
upload-failed-ours = ⚠️ <b>{ $name }</b> was not stored: something went wrong on our side, and we can see what. Please send it again; if that happens once more, tell an admin.
upload-failed-lost = ⚠️ <b>{ $name }</b> is lost: the storage no longer has it. Please send it again.
button-cancel-upload = ✖️ Cancel
notify-files_added = 📎 { $by } added to <b>{ $ref }</b> { $title }
notify-file = • { $name }
notify-files-more = { $count ->
    [one] and one more file
   *[other] and { $count } more files
}
file-sending-storage = 🗄 Files are unavailable right now; everything else works. Please try the download again in a few minutes.
file-sending-telegram = Telegram doesn’t take <b>{ $name }</b> from me right now. Please try the download again in a few minutes.
file-sending-pending = ⏳ <b>{ $name }</b> is still on its way into storage. Please try again in a minute.
file-sending-gone = This file is no longer there, or not open to you any more.
file-sending-lost = ⚠️ The storage no longer has <b>{ $name }</b>. Ask whoever has it to send it again.
file-sending-too_large = 📦 <b>{ $name }</b> has { $size }, and Telegram takes { $limit } from me at most. Ask an admin to get it out of the storage.
error-upload-over = There is nothing left to cancel: what became of the file is said above.
