"""What the demo company does, told in both languages."""

from dataclasses import dataclass

When = tuple[int, str]
"""A working day counted from today (-1 is the one before), and the time on the company's clock."""

Act = tuple[When, str, str, str | None]
"""When, who (by role), what (a step of the flow, or `comment`), and the words that go with it."""


@dataclass(frozen=True, slots=True)
class TaskStory:
    """One task and what has happened to it."""

    created: When
    title: str
    assignee: str = ""
    priority: str = "normal"
    due: When | None = None
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
    people: tuple[tuple[str, str | None, str], ...]
    projects: tuple[ProjectStory, ...]


_ENGLISH = Story(
    company="Harbour Studio",
    timezone="Europe/London",
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
                    (-8, "10:05"),
                    "Draw the home page",
                    "worker",
                    "high",
                    description="Hero picture, opening hours, the order button above the fold.",
                    acts=(
                        ((-8, "11:20"), "worker", "start", None),
                        (
                            (-6, "16:40"),
                            "worker",
                            "submit",
                            "Two versions are in the shared folder.",
                        ),
                        (
                            (-5, "10:30"),
                            "client",
                            "return",
                            "The order button is too small on a phone.",
                        ),
                        (
                            (-4, "15:10"),
                            "worker",
                            "submit",
                            "The button is larger, and it stays in view.",
                        ),
                        ((-3, "12:05"), "client", "accept", None),
                    ),
                ),
                TaskStory(
                    (-6, "09:40"),
                    "Write the texts of the menu",
                    "worker",
                    due=(1, "15:00"),
                    acts=(
                        ((-4, "10:15"), "worker", "start", None),
                        ((-1, "17:20"), "worker", "submit", "All 24 dishes, with allergens."),
                    ),
                ),
                TaskStory(
                    (-5, "14:00"),
                    "Connect the payment form",
                    "worker",
                    "urgent",
                    due=(2, "18:00"),
                    description="Cards and Apple Pay; the bakery's bank gave us the keys.",
                    acts=(
                        ((-2, "09:50"), "worker", "start", None),
                        ((-1, "11:30"), "manager", "comment", "The test keys work now."),
                    ),
                ),
                TaskStory((-7, "16:30"), "Photograph the new cakes", "worker", due=(-1, "18:00")),
                TaskStory((-3, "13:15"), "Set up the domain and mail", "manager", due=(5, "12:00")),
                TaskStory((-2, "16:05"), "Check the site with a screen reader", priority="low"),
            ),
        ),
        ProjectStory(
            "APP",
            "Loyalty app",
            "A stamp card in the phone: the tenth coffee is free.",
            (
                TaskStory(
                    (-4, "11:00"),
                    "Choose the colours",
                    "worker",
                    acts=(((-1, "10:10"), "worker", "start", None),),
                ),
                TaskStory(
                    (-3, "15:30"), "Interview five regular guests", "manager", due=(3, "16:00")
                ),
                TaskStory(
                    (-1, "15:45"), "Estimate the push messages", "worker", "low", (8, "18:00")
                ),
            ),
        ),
    ),
)

_RUSSIAN = Story(
    company="Студия «Гавань»",
    timezone="Europe/Moscow",
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
                    (-8, "10:05"),
                    "Нарисовать главную страницу",
                    "worker",
                    "high",
                    description="Большое фото, часы работы, кнопка заказа на первом экране.",
                    acts=(
                        ((-8, "11:20"), "worker", "start", None),
                        ((-6, "16:40"), "worker", "submit", "Два варианта в общей папке."),
                        (
                            (-5, "10:30"),
                            "client",
                            "return",
                            "На телефоне кнопка заказа слишком мелкая.",
                        ),
                        ((-4, "15:10"), "worker", "submit", "Кнопка крупнее и всегда на виду."),
                        ((-3, "12:05"), "client", "accept", None),
                    ),
                ),
                TaskStory(
                    (-6, "09:40"),
                    "Написать тексты меню",
                    "worker",
                    due=(1, "15:00"),
                    acts=(
                        ((-4, "10:15"), "worker", "start", None),
                        ((-1, "17:20"), "worker", "submit", "Все 24 позиции, с аллергенами."),
                    ),
                ),
                TaskStory(
                    (-5, "14:00"),
                    "Подключить оплату",
                    "worker",
                    "urgent",
                    due=(2, "18:00"),
                    description="Карты и СБП; ключи от банка у нас есть.",
                    acts=(
                        ((-2, "09:50"), "worker", "start", None),
                        ((-1, "11:30"), "manager", "comment", "Тестовые ключи уже работают."),
                    ),
                ),
                TaskStory(
                    (-7, "16:30"), "Сфотографировать новые торты", "worker", due=(-1, "18:00")
                ),
                TaskStory((-3, "13:15"), "Настроить домен и почту", "manager", due=(5, "12:00")),
                TaskStory((-2, "16:05"), "Проверить сайт с экранным диктором", priority="low"),
            ),
        ),
        ProjectStory(
            "APP",
            "Карта лояльности",
            "Штампы в телефоне: десятый кофе бесплатно.",
            (
                TaskStory(
                    (-4, "11:00"),
                    "Выбрать цвета",
                    "worker",
                    acts=(((-1, "10:10"), "worker", "start", None),),
                ),
                TaskStory(
                    (-3, "15:30"),
                    "Поговорить с пятью постоянными гостями",
                    "manager",
                    due=(3, "16:00"),
                ),
                TaskStory((-1, "15:45"), "Оценить пуш-уведомления", "worker", "low", (8, "18:00")),
            ),
        ),
    ),
)

STORIES: dict[str, Story] = {"en": _ENGLISH, "ru": _RUSSIAN}
