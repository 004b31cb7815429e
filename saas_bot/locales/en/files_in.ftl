ask-files-task = 📎 Send the files for <b>{ $ref }</b> { $title }: documents, photos, video, audio, singly or as albums. Words with a file become a comment.
ask-files-project = 📎 Send the files for the project <b>{ $key }</b> – { $name }: documents, photos, video, audio, singly or as albums.
files-internal = 🔒 Clients will not see them.
button-files-done = ✅ Done

ask-file-place = 📎 { $count ->
    [one] Where does <b>{ $name }</b> go?
   *[other] Where do these { $count } files go?
} Pick a task, or write its number.
button-files-project = 📁 A project…
ask-files-which-project = 📁 Which project do the files go to?
files-no-project = 📁 There is no active project to send files to. Create one: <b>New project</b>
files-no-project-member = 📁 You are in no active project that could take the files. Ask your manager to add you to one.
files-words = 💬 With it: <i>{ $text }</i>
file-on-the-way = 📎 { $count ->
    [one] <b>{ $name }</b> is on its way to <b>{ $place }</b>.
   *[other] { $count } files are on their way to <b>{ $place }</b>.
} I’ll write when all is safe.
album-on-the-way = 📎 The files of the album are on their way to <b>{ $place }</b>. I’ll write when all is safe.
files-caption-dropped = A project has no comments, so the words with the file were not kept.
files-caption-lost = A project has no comments: the words with the file will not be kept. With a task they become a comment.
files-still-wait = 📎 { $count ->
    [one] <b>{ $name }</b> still waits: say where it goes.
   *[other] { $count } files still wait: say where they go.
}
button-place-files = 📎 { $count ->
    [one] Say where { $name } goes
   *[other] Say where the { $count } files go
}
error-files-wait-no-more = 📎 No file waits here any more: it has found its place, was cancelled, or a day has passed. Send it again if you still need it.
files-task-missing = I can’t find { $ref }.

files-so-far = 📎 { $count ->
    [one] One file so far.
   *[other] { $count } files so far.
}
files-welcome = 📎 You can send files, too.
button-submit-files = 📦 Submit
button-submit-words = 📦 Submit with these words
button-return-words = ↩️ Return with these words
files-stay = The files you sent stay.

draft-files = 📎 { $count ->
    [one] One file goes with it.
   *[other] { $count } files go with it.
}
button-no-files = ✖️ Without files
file-waits = 📎 { $count ->
    [one] The file goes with the new task.
   *[other] { $count } files go with the new task.
} Now the question above, please.
dropped-files = ✖️ { $count ->
    [one] The file was not kept.
   *[other] The { $count } files were not kept.
} Send again what you still need.
file-not-kept = 📎 The file was not kept: I had not asked for one here. Send it again afterwards, and I’ll ask where it goes.

error-files-wanted = 📎 I am waiting for files here. Send them, or press “Done”.
error-file-place-wanted = 📎 Where do the files go? Pick a task above, or write its number.
error-files-too-many = 📎 That is more than { $most } files at once; the last one was not kept. First say where these go, then send the rest.
error-file-too-large = 📎 “{ $name }” has { $size }; I can take up to { $limit }. Make it smaller or send it in parts.
error-file-empty = 📎 “{ $name }” is empty. Check the file and send it again.
error-file-type = 📎 Files such as “{ $name }” are not taken here. Send it in another format, for example as PDF.
album-file-too-large = 📎 More than the { $limit } I can take: { $names }. Make them smaller or send them in parts.
album-file-empty = 📎 These files are empty: { $names }. Check them and send them again.
album-file-type = 📎 Files of this type are not taken here: { $names }. Send them in another format, for example as PDF.
album-files-too-many = 📎 That is more than { $most } files at once; not kept: { $names }. First say where the others go, then send the rest.
album-limit-storage = 📎 There is no room for { $names } ({ $size }): { $who ->
    [client] the company’s storage is too full. Please ask the company to make room, or send less.
    [admin] { $free } of the { $limit } of the plan “{ $plan }” are free. Delete files that are no longer needed, or choose a larger plan.
   *[other] { $free } of the { $limit } of the plan “{ $plan }” are free. Delete files of yours that are no longer needed, or ask an admin for more room.
}
album-taken = ✅ Received of the album: { $names }.
error-album-elsewhere = 📎 This album has gone to another place already. Send this file by itself.
error-caption-too-long = 📎 The words with the file have { $length } characters; { $limit } fit. Nothing was kept: send it again with fewer words.
error-limit-storage = 📎 There is no room for “{ $name }” ({ $size }): { $who ->
    [client] the company’s storage is too full. Please ask the company to make room, or send less.
    [admin] { $free } of the { $limit } of the plan “{ $plan }” are free. Delete files that are no longer needed, or choose a larger plan.
   *[other] { $free } of the { $limit } of the plan “{ $plan }” are free. Delete files of yours that are no longer needed, or ask an admin for more room.
}
