command-plan = your plan: what it gives, what you use, until when
command-subscribe = choose a plan and pay for it
command-cancel_subscription = let the subscription end
button-plan = 💎 Plan
button-to-plan = ‹ Plan

plan = 💎 <b>{ $company }</b>: plan “{ $plan }”
plan-free = It costs nothing and does not end.
plan-trial = On trial until { $until }. Then the free plan follows, unless you choose another one. Nothing is charged by itself.
plan-pending = An invoice is waiting to be paid; the plan begins with the payment.
plan-pending-trial = On trial until { $until }. An invoice is waiting to be paid.
plan-costs = “{ $plan }” costs { $price }.
plan-active = Paid until { $until }.
plan-active-gift = A gift from us until { $until }.
plan-after-trial-paid = On trial until { $at }, then paid until { $until }.
plan-after-trial-gift = On trial until { $at }, then a gift from us until { $until }.
plan-next-invoice = The invoice for the next month comes three days before the end.
plan-open-renewal = The invoice for the next month is here.
plan-open-upgrade = An invoice for a better plan is waiting to be paid; the plan changes with the payment.
plan-then = From { $at }: “{ $plan }”.
plan-then-paid = From { $at }: “{ $plan }”, paid until { $until }.
plan-then-gift = From { $at }: “{ $plan }”, a gift from us until { $until }.
plan-cancels = Cancelled: the subscription runs until { $until }, then the free plan follows.
plan-past_due = ⚠️ The month ended { $until }, and the next one is not paid yet. Everything works until { $grace }; then the free plan follows.
plan-expired = The subscription expired { $until }. What you had is all there; choose a plan to go on with it.
plan-canceled = The subscription ended { $until }. What you had is all there.

plan-seats = 💺 People: { $used } of { $limit }
    { $bar }
plan-projects = 📁 Active projects: { $used } of { $limit }
    { $bar }
plan-storage = 📎 Files: { $used } of { $limit }
    { $bar }
plan-seats-unlimited = 💺 People: { $used }, as many as you like
plan-projects-unlimited = 📁 Active projects: { $used }, as many as you like
plan-storage-unlimited = 📎 Files: { $used }, as much as you like
plan-exceeded = 🔒 You have more than the plan allows. Nothing is deleted: what exceeds can be read, not changed. Make room, or choose a larger plan.

plan-others = <b>Other plans</b>
plan-offer = <b>{ $plan }</b> – { $price }
plan-price = { $stars } or { $money } a month
plan-price-one = { $price } a month
plan-price-free = costs nothing
plan-gives-seats = { $count ->
    [one] 1 person
   *[other] { $count } people
}
plan-gives-seats-unlimited = any number of people
plan-gives-projects = { $count ->
    [one] 1 project
   *[other] { $count } projects
}
plan-gives-projects-unlimited = any number of projects
plan-gives-storage = { $size } for files
plan-gives-storage-unlimited = unlimited room for files

button-plan-take = 💎 Take { $plan }
button-plan-keep = ✅ Keep { $plan }
button-plan-stay = ↩️ Stay on { $plan }
button-plan-upgrade = ⬆️ Upgrade to { $plan }
button-plan-downgrade = ⬇️ Change to { $plan }
button-plan-pay = 💳 To the payment
button-plan-renew = 📅 Pay the next month now
button-plan-resume = ↩️ Don’t cancel after all
button-plan-cancel = 🚫 Cancel the subscription
button-plan-withdraw = ✖️ Withdraw the order
button-plan-invoice = Invoice for { $amount }
button-plan-rest = Invoice, { $amount } left to pay
button-plan-credit = 💰 Pay { $amount } from credit
button-plan-pay-open = 💳 To the payment of { $amount }
button-yes-cancel = Yes, cancel

subscribe = <b>Which plan shall it be?</b>
    You see what it costs before anything is ordered.
quote-start = It begins as soon as it is paid, for one month.
quote-start-trial = Your trial goes on until { $until }; the paid month begins after it.
quote-start-again = It goes on where it ended, so the month counts from { $until }: the days for which everything still worked are part of it.
quote-upgrade = It begins as soon as it is paid, for a whole month from then on.
quote-off = What is unused of “{ $current }” is taken off the price:
quote-credit = { $price } − { $credit } (unused part of “{ $current }”) = <b>{ $total }</b>
quote-stay = After { $until } you stay on “{ $plan }”, in place of “{ $instead }”.
quote-gives-up = 🎁 Your free “{ $plan }” until { $until } ends with it.
quote-paid = { $paid } of { $total } is paid already.
quote-credit-part = { $total } − { $used } from your credit = <b>{ $left }</b>
quote-credit-all = 💰 <b>{ $used }</b> is paid from your credit at once; { $rest } of credit remain.
quote-credit-used-up = 💰 <b>{ $used }</b> is paid from your credit at once; that uses it up.
quote-next = Nothing changes until { $until }; from then on you have “{ $plan }” in place of “{ $instead }”.
quote-keep = You have this plan already.
quote-keep-next = “{ $plan }” follows already. There is nothing to do.
quote-cancel = The free plan follows when what you have is over. For that, cancel the subscription.
quote-renew = It is for the month of “{ $plan }” that begins { $until }.
quote-overdue = It is for the month of “{ $plan }” that began { $until }.
quote-meanwhile = Before that comes “{ $plan }”, from { $at } on.
quote-exceeds = 🔒 You have more than “{ $plan }” allows. Nothing will be deleted: what exceeds can then be read, not changed.
quote-how-credit = Shall I pay for it so?
quote-how = Choose how to pay; I’ll write the invoice:
quote-agreed = Agreed?

confirm-plan-cancel-active = Cancel “{ $plan }”? What you have runs until { $until }; then the free plan follows. Until then you can think better of it.
confirm-plan-cancel-past_due = Cancel “{ $plan }”? The month is over since { $until }, so it ends at once and the free plan follows. Nothing is deleted.
confirm-plan-cancel-pending = Withdraw the order? The invoice becomes void; nothing is to be paid.
plan-cancelled = ✅ Cancelled. It runs until { $until }; until then you can take that back.
plan-ended = ✅ Cancelled. Nothing is to be paid any more.
plan-resumed = ✅ Good! The subscription goes on.
plan-agreed = ✅ Agreed!
plan-nothing-to-cancel = There is nothing to cancel.

member-no-seat = 🔒 Beyond the seats of the plan: reads everything, changes nothing.
menu-no-seat = 🔒 The plan has no seat for you: you can read everything here, but change nothing. { $who ->
    [admin] Free a seat or choose a larger plan: /plan
   *[other] Ask an admin for a seat.
}
project-over-limit = 🔒 The project is beyond the plan’s limit: it can be read, not changed. { $who ->
    [admin] Archive another one or choose a larger plan: /plan
   *[other] Ask an admin for a larger plan.
}

error-limit-no-seat = 🔒 The plan of { $company } has no seat for you, so you can read but not change anything. { $who ->
    [admin] Free a seat or choose a larger plan: /plan
   *[other] Ask an admin for a seat.
}
error-limit-project = 🔒 { $project } is beyond the plan’s limit of projects, so it can only be read. { $who ->
    [admin] Archive another project or choose a larger plan: /plan
   *[other] Ask an admin for a larger plan.
}
error-plan-without-price = “{ $plan }” has no price yet. Set one first: in Stars, in money, or both.
error-plan-built-in = “{ $plan }” can’t be retired: companies begin with it or fall back on it.
error-plan-code = A code has 1 to 20 Latin letters and digits, for example “studio”.
error-plan-code-taken = There is a plan “{ $taken }” already. Take another code.
error-plan-currency = I don’t know that currency. Write its three letters, for example EUR or USD.
error-plan-value = Write a whole number from { $least } to { $most }.
