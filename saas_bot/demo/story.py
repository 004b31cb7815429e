"""What the demo company does, told in both languages."""

from dataclasses import dataclass

Act = tuple[str, str, str | None]
"""Who (by role), what (a step of the flow, or `comment`), and the words that go with it."""


@dataclass(frozen=True, slots=True)
class TaskStory:
    """One task and what has happened to it."""

    title: str
    assignee: str = ""
    priority: str = "normal"
    due_in_hours: int = 0
    description: str = ""
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectStory:
    """One project."""

    key: str
    name: str
    description: str
    tasks: tuple[TaskStory, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One company. The people are, in this order, the admin, manager, worker and client."""

    company: str
    timezone: str
    office_key: str
    office: str
    people: tuple[tuple[str, str | None, str], ...]
    projects: tuple[ProjectStory, ...]


_ENGLISH = Story(
    company="Harbour Studio",
    timezone="Europe/London",
    office_key="OFF",
    office="Office",
    people=(
        ("Alice Morgan", "alice_morgan", "admin"),
        ("Mark Evans", "mark_evans", "manager"),
        ("Will Turner", "will_turner", "worker"),
        ("Clara Bennett", None, "client"),
    ),
    projects=(
        ProjectStory(
            "WEB",
            "Website for Bennett Bakery",
            "A new website with online orders. Goes live before the holidays.",
            (
                TaskStory(
                    "Draw the home page",
                    "worker",
                    "high",
                    description="Hero picture, opening hours, the order button above the fold.",
                    acts=(
                        ("worker", "start", None),
                        ("worker", "submit", "Two versions are in the shared folder."),
                        ("client", "return", "The order button is too small on a phone."),
                        ("worker", "submit", "The button is larger, and it stays in view."),
                        ("client", "accept", None),
                    ),
                ),
                TaskStory(
                    "Write the texts of the menu",
                    "worker",
                    due_in_hours=26,
                    acts=(
                        ("worker", "start", None),
                        ("worker", "submit", "All 24 dishes, with allergens."),
                    ),
                ),
                TaskStory(
                    "Connect the payment form",
                    "worker",
                    "urgent",
                    due_in_hours=50,
                    description="Cards and Apple Pay; the bakery's bank gave us the keys.",
                    acts=(
                        ("worker", "start", None),
                        ("manager", "comment", "The test keys work since this morning."),
                    ),
                ),
                TaskStory("Photograph the new cakes", "worker", due_in_hours=-20),
                TaskStory("Set up the domain and mail", "manager", due_in_hours=120),
                TaskStory("Check the site with a screen reader", priority="low"),
            ),
        ),
        ProjectStory(
            "APP",
            "Loyalty app",
            "A stamp card in the phone: the tenth coffee is free.",
            (
                TaskStory("Choose the colours", "worker", acts=(("worker", "start", None),)),
                TaskStory("Interview five regular guests", "manager", due_in_hours=72),
                TaskStory("Estimate the push messages", "worker", "low", 200),
            ),
        ),
    ),
)

_RUSSIAN = Story(
    company="Студия «Гавань»",
    timezone="Europe/Moscow",
    office_key="OFF",
    office="Офис",
    people=(
        ("Алина Морозова", "alina_morozova", "администратор"),
        ("Максим Егоров", "maxim_egorov", "менеджер"),
        ("Виктор Тихонов", "viktor_tikhonov", "исполнитель"),
        ("Ксения Белова", None, "клиент"),
    ),
    projects=(
        ProjectStory(
            "WEB",
            "Сайт пекарни «Белова»",
            "Новый сайт с заказами. Запуск до праздников.",
            (
                TaskStory(
                    "Нарисовать главную страницу",
                    "worker",
                    "high",
                    description="Большое фото, часы работы, кнопка заказа на первом экране.",
                    acts=(
                        ("worker", "start", None),
                        ("worker", "submit", "Два варианта в общей папке."),
                        ("client", "return", "На телефоне кнопка заказа слишком мелкая."),
                        ("worker", "submit", "Кнопка крупнее и всегда на виду."),
                        ("client", "accept", None),
                    ),
                ),
                TaskStory(
                    "Написать тексты меню",
                    "worker",
                    due_in_hours=26,
                    acts=(
                        ("worker", "start", None),
                        ("worker", "submit", "Все 24 позиции, с аллергенами."),
                    ),
                ),
                TaskStory(
                    "Подключить оплату",
                    "worker",
                    "urgent",
                    due_in_hours=50,
                    description="Карты и СБП; ключи от банка у нас есть.",
                    acts=(
                        ("worker", "start", None),
                        ("manager", "comment", "Тестовые ключи работают с утра."),
                    ),
                ),
                TaskStory("Сфотографировать новые торты", "worker", due_in_hours=-20),
                TaskStory("Настроить домен и почту", "manager", due_in_hours=120),
                TaskStory("Проверить сайт с экранным диктором", priority="low"),
            ),
        ),
        ProjectStory(
            "APP",
            "Карта лояльности",
            "Штампы в телефоне: десятый кофе бесплатно.",
            (
                TaskStory("Выбрать цвета", "worker", acts=(("worker", "start", None),)),
                TaskStory("Поговорить с пятью постоянными гостями", "manager", due_in_hours=72),
                TaskStory("Оценить пуш-уведомления", "worker", "low", 200),
            ),
        ),
    ),
)

STORIES: dict[str, Story] = {"en": _ENGLISH, "ru": _RUSSIAN}
