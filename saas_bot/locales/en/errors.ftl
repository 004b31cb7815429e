error-unexpected = 😔 Something went wrong on our side. Please try again in a minute. If it happens again, send us this code: <code>{ $request }</code>
error-done-later = ⏳ I can’t get at my data right now. I’ve got this and will see to it as soon as I can: you needn’t send it again.
error-too-fast = ⏳ That was a bit fast for me. Please wait { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
} and go on.
error-stale-button = This button is out of date. Open /menu to go on.
error-unknown-command = I don’t know that command. Here is what I can do for you.
error-not-understood = I can’t do anything with that yet. Use the buttons, or write a task: /task
error-use-buttons = I can’t do anything with that yet. Please use the buttons.
error-words-wanted = I need words here. Please write your answer as text, or press a button.
error-no-company = You are not in a company right now. Press /start to create one or to join with an invite.
error-not-allowed = Your role doesn’t allow that. If you need it, ask an admin of your company.
error-task-not-yours = { $who ->
    [named] { $ref } is with { $name } now.
   *[nobody] Nobody has { $ref } now.
} If it should be yours, ask a manager.
error-company-not-found = You are not in that company any more.
error-project-not-found = I can’t find that project. It may be archived, or you are no longer attached to it.
error-member-not-found = I can’t find that person here. They may have left, or can’t work on this project.
error-task-not-found = I can’t find that task. Check the number; it may be in a project you are not attached to, or in another company of yours (/switch).
error-task-already-moved = { $who ->
    [you] { $did ->
        [start] You have started it already:
        [submit] You have submitted it already:
        [accept] You have accepted it already:
        [return] You have returned it already:
        [cancel] You have cancelled it already:
       *[reopen] You have reopened it already:
    }
    [named] { $by } was faster:
   *[someone] Someone was faster:
} the task is now “{ $status ->
    [new] new
    [in_progress] in progress
    [review] in review
    [done] done
   *[cancelled] cancelled
}”. This is how it stands.
error-newer-submission = There is a newer submission: look at it first. This is how it stands.
error-task-closed = The task is closed. Reopen it to change it.
error-project-archived = The project is archived, so its tasks can only be read. Restore the project first, or ask a manager to.
error-changed-since-asked = This has changed since you were asked, so nothing was done. Here is how it stands.
error-last-admin = A company needs an admin. Make someone else an admin first: /members
error-already-member = You are in <b>{ $company }</b> already.
error-invite-not-found = This invite is not valid. Ask for a new link.
error-invite-deactivated = Your access to <b>{ $company }</b> was closed. Ask an admin there to let you back in.
error-invite-used = This invite was used already. Ask for a new link.
error-invite-expired = This invite has expired. Ask for a new link.
error-invite-revoked = This invite was revoked. Ask for a new link.
error-limit-seats-newcomer = <b>{ $company }</b> has no free seat right now, so I can’t let you in yet. Ask whoever invited you to make room, then open the same link again.
error-limit-seats = 💺 { $used } of { $limit } seats of the plan “{ $plan }” are taken. { $who ->
    [admin] Deactivate someone, or choose a larger plan: /plan
   *[other] Ask an admin to make room.
}
error-limit-projects = The plan “{ $plan }” allows { $limit ->
    [one] one project
   *[other] { $limit } projects
} at a time, and { $used ->
    [one] there is one
   *[other] there are { $used }
}. { $who ->
    [admin] Archive one, or choose a larger plan: /plan
   *[other] Archive one, or ask an admin for a larger plan.
}
error-project-key-shape = A key has 2 to 10 Latin letters and digits and begins with a letter, for example WEB. Write another one.
error-project-key-taken = The key { $key } is taken. Write another one.
error-text-empty = There is nothing to read in that. Please write a few words.
error-text-too-long = That is { $length } characters; { $limit } fit. Please write it shorter.
error-timezone-unknown = I don’t know that city. Write a large city nearby, or a zone such as Europe/Berlin.
error-date-unclear = I can’t make out a date in that. Try “tomorrow 15:00”, “in 2 days” or “31.12”.
error-date-past = That is in the past. Write a date to come.
