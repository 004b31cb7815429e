# The HTTP API: `api-status-…` are the titles of problems by status. An `api-error-…` is said in
# place of the `error-…` of the chat, where that speaks of buttons or commands.
api-status-400 = The request can’t be read
api-status-401 = Sign in first
api-status-403 = Not allowed
api-status-404 = Not found
api-status-405 = Not this way
api-status-406 = No such form
api-status-408 = Too slow
api-status-409 = It stands differently
api-status-413 = Too large
api-status-415 = Not in this form
api-status-422 = Something in it is wrong
api-status-429 = Too fast
api-status-500 = Our mistake
api-status-503 = Not right now

error-idempotency-key-reused = This Idempotency-Key was used for another request. Take a new one.
api-error-idempotency-key-shape = An Idempotency-Key has 1 to 255 visible ASCII characters, for example a UUID.
api-error-request-malformed = The request can’t be read. Check how it is written.
api-error-body-malformed = The body is no JSON that can be read. Check commas, quotes and brackets; it has to be UTF-8.
api-error-body-too-large = The body is too large: up to { $limit } bytes are read.
api-error-body-not-json = Send the body as JSON, with Content-Type: application/json.
api-error-body-encoded = Send the body as it is: this server takes no Content-Encoding.
api-error-body-too-slow = Nothing more has come for { $seconds } seconds. Send the body again.
api-error-not-acceptable = The answer is { $produces }; the Accept header of the request doesn’t take that.
api-error-not-signed-in = Sign in first, and send the access token as Authorization: Bearer …
api-error-no-such-route = There is nothing at this address. The documentation is at /api/docs.
api-error-method-not-allowed = This address doesn’t take that method. The Allow header says which it takes.
api-error-not-valid = Parts of the request are wrong: each is named in errors.
api-error-cursor-not-valid = This is no cursor of such a list. Take next or previous of a page as it is, or leave it out to begin anew.
api-error-too-many-requests = Too many requests. Wait { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
}, as Retry-After says.
api-error-unexpected = Something went wrong on our side. If it happens again, tell us the request_id.
api-error-unavailable = A part of the system is away. Try again in a few seconds.
api-error-took-too-long = This took too long and was given up. Try again; with an Idempotency-Key nothing is made twice.
api-error-not-allowed = That is not yours to do. GET /me lists your rights.
api-error-task-already-moved = That can’t be done with the task as it stands now. In GET /tasks/… actions says what can be.
api-error-task-not-yours = The task is not yours. If it should be, ask a manager.
api-error-task-closed = The task is closed. Reopen it to change it: POST /tasks/…/reopen.
api-error-comment-not-found = There is no such comment, or it was deleted.
api-error-item-not-found = There is no such item, or it was removed.
api-error-invite-not-found = There is no such invite, or it can’t be used any more. GET /invites lists those that can.
api-error-text-too-long = That is { $length } characters; { $limit } fit. Send a shorter text.
api-error-tag-shape = “{ $tag }” can’t be a tag. A tag has up to { $limit } letters, digits, _ and -, and at least one letter, for example pump.
api-error-tags-too-many = A task can have { $limit } tags, and this would make { $count }. Send fewer.
api-error-no-company = You are in no company. Join or create one in the bot.
api-error-task-not-found = There is no such task, or you don’t see it.
api-error-project-not-found = There is no such project, it is archived, or you don’t see it.
api-error-member-not-found = There is no such person here, or they can’t work on this project.
api-error-newer-submission = There is a newer submission: look at it first.
api-error-text-empty = There is nothing to read in the text. Write a few words.
api-error-project-key-shape = A key has 2 to 10 Latin letters and digits and begins with a letter, for example WEB.
api-error-project-key-taken = The key { $key } is taken. Choose another one.
api-error-timezone-unknown = There is no such timezone or city. Name a zone such as Europe/Berlin, or a large city.

api-error-project-key-differs = That is not the key of the project. To delete it, send key={ $key }.
error-hand-over-to-self = You are an admin already. Choose somebody else to hand over to.
api-error-last-admin = A company needs an admin. Make somebody else an admin first.
error-file-lost = The contents of this file are gone from storage. Ask whoever sent it to send it once more.
error-file-content-differs = What was sent is not what was announced: its size or its SHA-256 differs. Send it again.
error-file-not-uploaded = Nothing has been sent yet. Send the contents as upload says, then complete the file.
api-error-file-empty = “{ $name }” is empty. Check the file and send it again.
api-error-file-too-large = “{ $name }” has { $size }; up to { $limit } are taken. Make it smaller or send it in parts.
api-error-file-type = Files such as “{ $name }” are not taken here. Send it in another format, for example as PDF.
api-error-file-name-refused = A file can’t be called “{ $name }” here: files of that kind are not taken. Choose another name.
api-error-file-not-found = There is no such file, or it was deleted.
api-error-file-not-stored-yet = The contents of this file are not stored yet. If you have announced it, send them and complete it; otherwise try again in a moment.
api-error-file-changed = The file has changed or gone just now. Look at it again.

api-field-missing = is missing
api-field-unknown = is not known here
api-field-too-long = may have { $limit } characters
api-field-too-short = must have { $limit } characters or more
api-field-too-many = may hold { $limit }
api-field-too-small = must be { $limit } or more
api-field-too-large = must be { $limit } or less
api-field-no-number = must be a whole number
api-field-no-boolean = must be true or false
api-field-no-text = must be text
api-field-wrong-shape = has a character or a shape that is not taken
api-field-no-choice = must be one of { $expected }
api-field-no-time = must be a time with its offset, for example 2026-12-31T15:00:00Z
api-field-out-of-years = must be in the years { $expected }
api-field-wrong = can’t be read
