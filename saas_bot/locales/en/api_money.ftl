# What the HTTP API says of plans, invoices and payments, in place of the chat’s words.
api-error-currency-not-taken = Nothing can be paid in { $currency } here. GET /plan/quote names the currencies.
error-export-under-way = You wait for that file already. It comes as a message from the bot.
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
