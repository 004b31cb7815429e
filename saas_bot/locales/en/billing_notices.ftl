event-billing = Plan and payments

notify-trial_ends = ⏳ The trial of “{ $plan }” ends { $day } at { $clock }.
    Then you go on with the free plan. Nothing is deleted: whatever is too much for it can still be read.
notify-trial_ended = 🌱 The trial of “{ $plan }” is over, and you are on the free plan now.
    Everything is still there. Whatever is too much for the free plan can be read, and changed again once you choose a plan.
notify-renewal_ready = 🧾 Your “{ $plan }” runs until { $day }, { $clock }. The invoice for the next month is ready: pay it by then, and all goes on without a break.
notify-renewal_ready-late = 🧾 The invoice for the next month of “{ $plan }” is ready. Everything still works until { $day }, { $clock }: pay by then, and all goes on.
notify-period_ended = ⏰ Your time on “{ $plan }” is over, and the next month is not paid yet. Everything still works until { $day }, { $clock }: pay by then, and you won’t notice a thing. Else you go on with the free plan.
notify-grace_ends = ⏰ “{ $plan }” is still not paid for. It works until { $day }, { $clock }; then you go on with the free plan.
notify-subscription_expired = 🌱 “{ $plan }” was not paid for, so you are on the free plan now.
    Nothing is deleted. Whatever is too much for the free plan can be read, and changed again once you choose a plan.
notify-subscription_ended = 🌱 “{ $plan }” has ended, as you wished, and you are on the free plan now.
    Nothing is deleted. If you miss it, choose a plan and go on where you were.
notify-subscription_granted = 🎁 A gift from us: “{ $plan }” is yours until { $day }, { $clock }.
notify-subscription_granted-later = 🎁 A gift from us: after “{ $after }” comes “{ $plan }”, from { $starts } until { $ends }.
notify-subscription_granted-more = 🎁 A gift from us: your “{ $plan }” goes on from { $starts } until { $ends }.
notify-subscription_granted-trial = 🎁 A gift from us: you can try “{ $plan }” until { $day }, { $clock }.
notify-paid = ✅ { $amount } for { $number } is here. Thank you!
notify-paid-credit = ✅ { $number } is paid: { $amount } from your credit.
notify-payment_partial = 🌓 { $paid } for { $number } is here, thank you. { $left } is left to pay.
notify-payment_flagged = 💰 { $amount } came for { $number }, though { $why ->
        [void_invoice] that invoice is void
        [paid_invoice] that invoice is paid already
       *[other] it doesn’t fit
    }. It is your credit now: it pays for the plan you choose next, or for the month that comes.
notify-payment_flagged-anew = 💰 { $amount } came for { $number } after its time was over. It went towards { $anew } instead: the same plan, at today’s price.
notify-payment_flagged-back = ↩️ { $amount } came for { $number }, though { $why ->
        [void_invoice] that invoice is void
        [paid_invoice] that invoice is paid already
       *[other] it doesn’t fit
    }. The money goes back to whoever paid.
notify-refunded = ↩️ { $amount } for { $number } goes back to whoever paid.
notify-refunded-credit = ↩️ { $amount } goes back to whoever paid.
billing-over-projects = 🔒 On the free plan { $over } of { $all } projects could only be read.
billing-over-seats = 🔒 On the free plan { $over } of { $all } people could only read.
billing-to-pay = { $number }: <b>{ $amount }</b>
billing-to-pay-upgrade = You asked for “{ $plan }”. { $number }: <b>{ $amount }</b>
billing-has = Your plan now: “{ $plan }”.
billing-has-until = Your plan: “{ $plan }”, until { $day }, { $clock }.
button-pay-now = 💳 Pay { $amount }
button-invoice = 🧾 { $number }
button-my-plan = 💎 My plan

error-billing-changed-meanwhile = Your plan has changed meanwhile. Please look again: /plan
error-billing-nothing-runs = There is no paid plan right now. You can choose one here: /plan
error-billing-nothing-canceled = There is nothing to take back: no plan is cancelled, or it has ended. See /plan
error-renewed-already = The next month is paid for already. You can pay for another one once it has begun.
error-plan-not-offered = This plan is not on offer. See which ones are: /plan
error-grant-days = Give a number of days from 1 to { $most }.
error-grant-trial-subscribed = This company has a paid plan, so a longer trial would change nothing. Give it days of a plan instead.
