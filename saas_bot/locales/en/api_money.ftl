# What the HTTP API says of plans, invoices and payments, in place of the chat’s words.
api-error-currency-not-taken = Nothing can be paid in { $currency } here. GET /plan/quote names the currencies.
error-export-under-way = You wait for that file already. See in your list of files how far it has come.
error-export-not-found = There is no such file of yours. Files are listed for 30 days.
error-export-not-ready = The file is still being prepared. Ask again in a few seconds.
error-export-gone = This file is not kept any more, or tells of what you may not see any more. Ask for the report again.
api-error-billing-nothing-runs = There is no paid plan right now. POST /subscription takes one.
api-error-billing-nothing-canceled = There is nothing to take back: no plan is cancelled, or it has ended.
api-error-plan-not-offered = This plan is not on offer. GET /plan names those that are.
api-error-details-missing = The legal name and the address are needed first: PUT /billing/details.
api-error-email-shape = That doesn’t look like an email address. Give one such as books@example.com, or null.
api-error-invoice-not-found = There is no such invoice. GET /invoices lists those of your company.
api-error-changed-since-asked = This stands differently by now, so nothing was done. Look again and decide anew.
api-error-plan-value = A value must be a whole number from { $least } to { $most }.
api-error-op-no-company = There is no such company, or it is deleted. GET /operators/companies lists them.
api-error-op-no-plan = There is no such plan. GET /operators/plans lists them.
api-error-op-no-invoice = There is no such invoice. Name its id, or its number such as INV-2026-000001.
api-error-dead-letter-gone = It is not among those given up any more.
api-error-billing-changed-meanwhile = This has changed meanwhile. Look again and decide anew.
api-error-payment-not-found = There is no such payment. GET /operators/payments lists them.
api-error-plan-currency = There is no such currency. Name its three letters, for example EUR or USD.
api-error-export-sent = That file is in the chat with the bot already, so there is nothing to cancel.
api-error-exports-enough = { $most } files are being prepared for you already. Ask again when one is ready.
api-error-limit-seats = { $used } of { $limit } seats of the plan “{ $plan }” are taken. { $who ->
    [admin] Deactivate somebody, or choose a larger plan: POST /subscription.
   *[other] Ask an admin to make room.
}
api-error-limit-no-seat = The plan of { $company } has no seat for you, so you can read but not change anything. { $who ->
    [admin] Free a seat, or choose a larger plan: POST /subscription.
   *[other] Ask an admin for a seat.
}
api-error-limit-project = { $project } is beyond the plan’s limit of projects, so it can only be read. { $who ->
    [admin] Archive another project, or choose a larger plan: POST /subscription.
   *[other] Ask an admin for a larger plan.
}
api-error-limit-projects = The plan “{ $plan }” allows { $limit ->
    [one] one project
   *[other] { $limit } projects
} at a time, and { $used ->
    [one] there is one
   *[other] there are { $used }
}. { $who ->
    [admin] Archive one, or choose a larger plan: POST /subscription.
   *[other] Archive one, or ask an admin for a larger plan.
}
api-error-limit-storage = There is no room for “{ $name }” ({ $size }): { $who ->
    [client] the company’s storage is too full. Ask the company to make room, or send less.
    [admin] { $free } of the { $limit } of the plan “{ $plan }” are free. Delete files that are no longer needed, or choose a larger plan.
   *[other] { $free } of the { $limit } of the plan “{ $plan }” are free. Delete files of yours that are no longer needed, or ask an admin for more room.
}
