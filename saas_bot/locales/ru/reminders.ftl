notify-due_soon = ⏳ <b>{ $ref }</b> { $title }: срок { $day } в { $clock }
notify-overdue = ⏰ <b>{ $ref }</b> { $title } просрочена: срок был { $day } в { $clock }
notify-review_waits = 🟣 <b>{ $ref }</b> { $title } ждёт вашего решения больше двух дней. Кто сдал: { $by }.
reminder-assignee = 👤 Делает { $name }.
reminder-nobody = 👤 Её пока никто не взял.
reminder-in-review = 🟣 Она сдана и ждёт решения.
