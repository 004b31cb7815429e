notify-due_soon = ⏳ <b>{ $ref }</b> { $title } is due { $day } at { $clock }
notify-overdue = ⏰ <b>{ $ref }</b> { $title } is overdue: it was due { $day } at { $clock }
notify-review_waits = 🟣 <b>{ $ref }</b> { $title } has been waiting for your decision for more than two days. Submitted by { $by }.
reminder-assignee = 👤 { $name } has it.
reminder-nobody = 👤 Nobody has it yet.
reminder-in-review = 🟣 It is submitted and waits for a decision.
