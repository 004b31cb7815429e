op-companies = 🏢 <b>Companies</b>
    Search by name or number: <code>/op_companies acme</code>
op-companies-found = 🏢 <b>Companies</b> found by “{ $words }”
op-companies-none = There is no such company. Try another part of its name, or its number: <code>/op_companies acme</code>
op-company = <b>{ $name }</b> · #{ $id }
op-state-trial = 💎 { $plan }: on trial until { $until }
op-state-active = 💎 { $plan }: paid until { $until }
op-state-ahead = 💎 { $ahead }
op-stretch = { $plan }: { $granted ->
    [yes] granted
   *[no] paid
} until { $until }
op-state-cancels = 💎 { $plan }: cancelled, runs until { $until }
op-state-past_due = ⚠️ { $plan }: past due since { $until }
op-state-free = 💎 { $plan }
op-state-deleted = 🗑 Deleted; it will be purged: { $until }
op-company-taken = 👥 { $people } · 📁 { $projects } · 📎 { $storage }
op-company-seen = Last activity: { $seen } · since { $since }
op-company-debt = 🧾 To be paid: { $amount }
op-never = never
button-op-companies = ⬅️ Companies
button-op-all-companies = 🏢 All companies
button-op-company = ⬅️ Company
button-op-paid = 💳 Payments
button-op-open = 🧾 Open invoice
button-op-trial = 🎁 Longer trial
button-op-period = 🎁 Days of a plan
error-op-no-company = There is no such company, or it is deleted. Look for it: /op_companies

op-grant-how = 🎁 Which company? Choose it from the list, or write its number: <code>/op_grant 12</code>
    At once: <code>/op_grant 12 team 30</code> for days of a plan, <code>/op_grant 12 trial 7</code> for a longer trial
op-grant-which = 🎁 Which plan shall <b>{ $company }</b> have for nothing?
op-grant-trial-ask = 🎁 By how many days shall the trial of <b>{ $company }</b> be longer?
op-grant-period-ask = 🎁 For how many days shall <b>{ $company }</b> have “{ $plan }” for nothing?
op-grant-other-days = Another number: <code>{ $command }</code>
op-grant-trial-sure = 🎁 { $count ->
    [one] One day more of the trial
   *[other] { $count } days more of the trial
} for <b>{ $company }</b>. If it is over, it begins again today. Its admins are told. Is that right?
op-grant-period-sure = 🎁 { $count ->
    [one] One day
   *[other] { $count } days
} of “{ $plan }” for <b>{ $company }</b>, for nothing, after all that is paid for. Its admins are told. Is that right?
button-op-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
button-op-give = 🎁 { $count ->
    [one] Give 1 day
   *[other] Give { $count } days
}
op-given = Given. It now runs until { $until }.
error-op-grant-shape = Write it like this: <code>/op_grant 12 team 30</code> or <code>/op_grant 12 trial 7</code>, the company’s number first. Numbers: /op_companies
error-op-no-plan = There is no such plan to give. See /op_plans for their codes.

op-payments = 🏦 <b>Waiting for a transfer</b>
op-payments-none = ✅ No invoice waits for a transfer.
op-payments-search = Look up an invoice: <code>/op_payments INV-2026-000001</code>
op-bill = <b>{ $number }</b> · { $company }
op-bill-issued = 🕓 { $amount }, to be paid by { $day }
op-bill-part = 🌓 { $paid } of { $amount } paid, { $left } to come by { $day }
op-bill-paid = ✅ { $amount }, paid
op-bill-void = ✖️ { $amount }, void
op-bill-gone = 🗑 The company is deleted
op-bill-buyer = Made out to { $buyer }
op-bill-note = { $number } is a credit note: nothing is paid for it.
op-no-name = (no company)
op-no-invoice = no invoice
button-op-bill = { $number } · { $left }
button-op-bill-back = ⬅️ Invoice
button-op-payments = ⬅️ Payments
button-op-flagged = ⚠️ That don’t fit: { $count }
button-op-refunds = ↩️ Going back: { $count }
button-op-note = 🏦 Note a transfer
button-op-note-sure = ✅ Note it
error-op-no-invoice = There is no invoice of that number. It looks like this: <code>INV-2026-000001</code>

op-ask-transfer = How much came, and by which reference of the bank? In { $currency }, for example: <code>1500.00 RF18 5390 0754</code>
op-transfer = 🏦 <b>{ $amount }</b> for { $number }, reference <code>{ $reference }</code>
op-transfer-whole = That pays the invoice. Is it right?
op-transfer-part = That is a part: { $rest } will still be to come. Is it right?
op-transfer-more = That pays the invoice; { $rest } more than asked stays as the company’s credit. Is it right?
op-transfer-credit = ⚠️ The invoice is { $status ->
    [paid] paid
   *[void] void
} already: the sum becomes the company’s credit{ $status ->
    [paid] {""}
   *[void] , and begins what it was sent for if nothing else has taken its place
}. Is it right?
op-transfer-gone = ⚠️ The company is deleted: the sum pays nothing, and is listed among what does not fit. Is it right?
op-noted-paid = Noted. The invoice is paid.
op-noted-part = Noted. The rest is still to come.
op-noted-anew = Noted. A new invoice is written in place of the void one, and paid from this.
op-noted-kept = Noted as credit; it is among what does not fit.
op-noted-gone = Noted; it is among what does not fit.
error-op-transfer = Write the amount in { $currency }, then the bank’s reference, for example: 1500.00 RF18 5390 0754
error-op-transfer-reference = The bank’s reference is missing. Write it behind the amount, for example: <code>{ $amount } RF18 5390 0754</code>
error-op-money = That is no amount in { $currency }. Write one such as <code>1500</code> or <code>29.90</code>.

op-flagged = ⚠️ <b>Payments that don’t fit</b>
op-flagged-none = ✅ Every payment fits, or was seen to.
op-refunds = ↩️ <b>Going back</b>
op-refunds-none = ✅ Nothing is on its way back.
op-paid = 💳 <b>Payments of { $company }</b>
op-paid-none = { $company } has paid nothing yet.
op-payment = <b>{ $amount }</b> · { $method ->
    [stars] Stars
    [provider] card
   *[bank] bank
} · { $at } · #{ $id }
op-payment-of = { $company } · { $number }
op-payment-reference = <code>{ $reference }</code>
op-payment-flag = { $flag ->
    [unknown_invoice] ⚠️ For no invoice of ours
    [company_deleted] ⚠️ The company is deleted
    [void_invoice] ⚠️ The invoice was void
    [paid_invoice] ⚠️ The invoice was paid already
    [wrong_currency] ⚠️ In another currency than asked
    [wrong_amount] ⚠️ Another amount than asked
    [part] 🌓 A part of the invoice
    [credited] ⚠️ Telegram gave it back, though what was unused of it paid for a better plan
   *[more] ➕ More than the invoice asks for
}
op-payment-credit = 💰 { $amount } of it is credit
op-refund = { $state ->
    [pending] { $hand ->
        [yes] ↩️ To be sent back by you
       *[no] ↩️ On its way back
    }
    [failed] ⛔ Telegram refuses to give it back
   *[confirmed] ↩️ It has gone back
}
op-refund-error = <code>{ $error }</code>
op-refund-ask = ↩️ Give the whole payment back? What it paid for ends now, if it still runs, and a credit note corrects the invoice. The company’s admins are told. { $hand ->
    [yes] You then send the money by hand, and say so here.
   *[no] The Stars go back by themselves.
}
button-op-payment = #{ $id } · { $amount }
button-op-payment-refund = ↩️ Give it back
button-op-payment-again = 🔁 Try again
button-op-payment-sent = ✅ I have sent it back
button-op-payment-credit = 💰 Leave it as credit
button-op-payment-seen = 👁 Seen, leave it
button-op-refund-sure = ↩️ Give { $amount } back
op-payment-sure = It goes back.
op-payment-seen = Left as it is.
op-payment-sent = Noted: it is back.

op-plans = 💎 <b>Plans</b>
op-plan = <b>{ $name }</b> · <code>{ $code }</code>{ $retired ->
    [yes] { " " }· 🚫 not offered
   *[no] { "" }
}
op-plan-limits = 💺 { $seats } · 📁 { $projects } · 📎 { $storage_bytes }
op-plan-prices = { $stars } or { $money } a month
op-plan-free = It costs nothing
op-plan-companies = 🏢 { $count ->
    [0] No company has it
    [one] One company has it
   *[other] { $count } companies have it
}
op-plan-settling = ⏳ Its new limits reach the companies within minutes
op-plan-unlimited = ∞
op-ask-plan-code = What is the code of the new plan? One word of Latin letters and digits, and its currency if that is not EUR: <code>studio USD</code>
    It is not offered until you say so.
op-ask-plan-name = What shall it be called?
op-ask-plan-seats = How many people may a company have? For as many as it likes write <code>-</code>.
op-ask-plan-projects = How many active projects? For as many as it likes write <code>-</code>.
op-ask-plan-storage_bytes = How much room for files, for example <code>200 GB</code>? For as much as it likes write <code>-</code>.
op-ask-plan-price_stars = How many Stars a month?
op-ask-plan-price_minor = What does a month cost in { $currency }, for example <code>29.90</code>?
op-touches-limit = It holds at once for whatever is added{ $count ->
    [0] ; no company has the plan yet.
    [one] . What exceeds it in the one company that has the plan can only be read, a minute or two later.
   *[other] . What exceeds it in the { $count } companies that have the plan can only be read, a few minutes later.
}
op-touches-price = It holds from the next invoice on{ $count ->
    [0] .
    [one] , also for the one company that has the plan. What is paid for stays as it is.
   *[other] , also for the { $count } companies that have the plan. What is paid for stays as it is.
}
op-plan-sure = <b>{ $name }</b> · { $what }: { $before } → <b>{ $after }</b>. Is that right?
op-plan-beyond = { $count ->
    [0] ✅ No company with this plan has more than that.
    [1000] ⚠️ At least { $most } companies have more than that. They keep all of it, but what is beyond can only be read, a few minutes later.
    [one] ⚠️ One company has more than that. It keeps all of it, but what is beyond can only be read, a minute or two later.
   *[other] ⚠️ { $count } companies have more than that. They keep all of it, but what is beyond can only be read, a few minutes later.
}
op-touches-name = Invoices that are written keep the old name.
op-plan-begun = ✅ It is there, and not offered yet. Give it its limits and prices first.
op-plan-done-retire = Not offered any more. Who has it keeps it.
op-plan-done-offer = Everybody can have it now.
button-op-plan-sure = ✅ Change it
button-op-plan-back = ⬅️ Plan
button-op-plan-new = ➕ New plan
button-op-plan-name = ✏️ Name
button-op-plan-seats = 💺 People
button-op-plan-projects = 📁 Projects
button-op-plan-storage_bytes = 📎 Files
button-op-plan-price_stars = ⭐ Stars
button-op-plan-price_minor = 💶 Price
button-op-plan-retire = 🚫 Offer it no longer
button-op-plan-offer = ✅ Offer it
button-op-plans = ⬅️ Plans
error-op-size = That is no size. Write one such as <code>500 MB</code> or <code>200 GB</code>, or <code>-</code> for no limit.
error-op-number = That is no whole number. Write one such as <code>25</code>.

op-stats = 📊 <b>How it goes</b>
op-stats-companies = 🏢 Companies: <b>{ $count }</b>
    on trial { $trial } · paid { $active } · past due { $late } · free { $free }
op-stats-plan = · { $plan }{ $state ->
    [past_due] { " " }(past due)
   *[active] { "" }
}: { $count }
op-stats-revenue = 💶 A month brings: <b>{ $amounts }</b>
op-stats-people = 👥 Active: { $d1 } in a day · { $d7 } in 7 days · { $d30 } in 30 days
op-stats-tasks = 📌 Tasks created: { $created1 } in a day · { $created7 } in 7 days
    ✅ Tasks done: { $done1 } in a day · { $done7 } in 7 days
op-stats-outbox = 📮 Notifications due: { $count }
op-stats-storage = 📎 Files: { $size }
op-stats-since = “≥”: only what was done since { $at } was looked through.
