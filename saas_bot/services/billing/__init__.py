"""What companies pay for, and how: periods, invoices, payments, the ledger."""
