op-ledger = 📒 <b>Account of { $company }</b>
    + is what it owes more, − what it owes less. Below 0 is credit.
op-ledger-none = 📒 Nothing was ever charged or paid by { $company }.
op-ledger-line = { $kind ->
    [charge] 🧾 Invoice
    [void] ✖️ Invoice void
    [credit_note] ↩️ Credit note
    [payment] 💳 Payment
    [annulled] ✏️ Noted wrongly, taken out
   *[refund] ↩️ Given back
} { $document } · { $at }
    <b>{ $amount }</b> → { $balance }
button-op-ledger = 📒 Account
button-op-ledger-payment = 💳 #{ $id }

op-void-ask = ✖️ { $number } over { $amount } will be void. { $some ->
    [yes] The { $paid } that are paid of it become the company’s credit.
   *[no] Nothing is paid of it yet.
    }
    Write why, in a line: the company’s admins will read it.
op-voided = ✖️ Void. The company is told why.
button-op-void = ✖️ Void it
error-invoice-not-open = This invoice is not open any more: nothing was done.

op-annul-ask = ✏️ Was { $amount } with the reference <code>{ $reference }</code> noted wrongly for { $number }? It will be taken out as if it had never come: what it paid for ends, a credit note corrects the invoice, and the company’s admins are told. No money goes back. You can then note the same reference at the right invoice.
button-op-payment-annul = ✏️ Noted wrongly
button-op-annul-sure = ✏️ Take it out
op-payment-annulled = ✏️ Noted wrongly, and taken out
op-annulled = Taken out. Its reference is free again.
error-payment-not-to-annul = Only a transfer that has not gone back can be taken out.
error-refund-better-plan-first = What is unused of this was taken off { $number }, for a better plan. Give back the payment of { $number } first: then this one can go back too.

notify-annulled = ✏️ { $amount } for { $number } were noted by mistake: that transfer was meant for something else. We are sorry. What it paid for has ended; please choose the plan again if you want it.
notify-invoice_voided = ✖️ { $number } over { $amount } is void: there is nothing to pay for it.
    Why: { $reason }
