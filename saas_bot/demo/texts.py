"""What the demo says, in the languages of `DEMO_LANG`."""

from typing import Literal

Language = Literal["en", "ru"]

TEXTS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "SaaS Bot demo",
        "start": "Starting {name}",
        "database": "Preparing the database",
        "company": "Setting up the demo company",
        "sandbox": "the sandbox",
        "bot": "the bot",
        "worker": "the worker",
        "seconds": "{seconds:.1f} s",
        "failed": "failed",
        "ready": "Ready in {seconds:.1f} s. Open the web chat and play all the parts:",
        "other_language": (
            "The example company is in Russian, from an earlier start. "
            "To have it in English: make demo-reset, then make demo."
        ),
        "api": "The admin API, with its documentation: {url}",
        "health": "The bot's health: {url}",
        "logs": "Logs: {path}",
        "how_to_stop": "Ctrl-C stops everything; the data stays (make demo-reset clears it).",
        "stopping": "Stopping ...",
        "stopped": "Stopped in {seconds:.1f} s.",
        "port_taken": (
            "Port {port} for {service} is taken by another program. Stop that program, or choose "
            "another port: make demo {variable}={other}"
        ),
        "busy": "A demo is running on {path} already{owner}. Stop it first.",
        "owner": " (process {pid})",
        "started_again": "{name} ended unexpectedly (exit code {code}) and was started again.",
        "service_started_again": "{name} ended unexpectedly and was started again.",
        "died": "{name} ended unexpectedly (exit code {code}). The end of {log}:",
        "not_ready": "{name} was not ready within {seconds:.0f} s. The end of {log}:",
        "no_data": "There is no demo data.",
        "removed": "Removed {path}; the next make demo starts afresh.",
        "foreign": "{path} was not made by the demo; remove it yourself.",
    },
    "ru": {
        "title": "Демонстрация SaaS Bot",
        "start": "Запуск: {name}",
        "database": "Подготовка базы данных",
        "company": "Заполнение демонстрационной компании",
        "sandbox": "песочница",
        "bot": "бот",
        "worker": "обработчик очередей",
        "seconds": "{seconds:.1f} с",
        "failed": "ошибка",
        "ready": "Готово за {seconds:.1f} с. Откройте веб-чат и играйте за всех сразу:",
        "other_language": (
            "Пример компании остался английским с прошлого раза. "
            "Чтобы начать по-русски: make demo-reset, затем make demo DEMO_LANG=ru."
        ),
        "api": "Административный API с документацией: {url}",
        "health": "Состояние бота: {url}",
        "logs": "Журналы: {path}",
        "how_to_stop": "Ctrl-C остановит всё; данные сохранятся (make demo-reset их удалит).",
        "stopping": "Остановка ...",
        "stopped": "Остановлено за {seconds:.1f} с.",
        "port_taken": (
            "Порт {port} ({service}) занят другой программой. Остановите её или выберите другой "
            "порт: make demo {variable}={other}"
        ),
        "busy": "Демонстрация на {path} уже запущена{owner}. Сначала остановите её.",
        "owner": " (процесс {pid})",
        "started_again": ("Процесс «{name}» неожиданно завершился (код {code}) и запущен снова."),
        "service_started_again": "{name}: неожиданный конец, сервис запущен снова.",
        "died": "Процесс «{name}» неожиданно завершился (код {code}). Конец журнала {log}:",
        "not_ready": "Процесс «{name}» не готов за {seconds:.0f} с. Конец журнала {log}:",
        "no_data": "Данных демонстрации нет.",
        "removed": "Каталог {path} удалён: следующий make demo начнёт с чистого листа.",
        "foreign": "Каталог {path} создан не демонстрацией; удалите его сами.",
    },
}


class Words:
    """The texts of one language."""

    def __init__(self, language: Language) -> None:
        self._texts = TEXTS[language]

    def __call__(self, key: str, **values: object) -> str:
        """A text with its blanks filled in."""
        return self._texts[key].format(**values)
