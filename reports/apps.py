from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from core.navigation import NavigationItem, register_navigation
        from core.sweeps import register_sweep

        from . import emails  # noqa: F401  (registers the mail)
        from .domain.quarterly import draft_due_reports

        register_navigation(
            NavigationItem("Today", "reports:today", "manage.today", 50, also=("/manage/ready/",)),
            NavigationItem("Reports", "reports:index", "reports.read", 700),
        )
        register_sweep("quarterly_reports", "{n} quarterly reports drafted", draft_due_reports, order=400)
