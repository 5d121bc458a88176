from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    name = "agencies"
    verbose_name = "Agencies and people"

    def ready(self) -> None:
        from core.navigation import NavigationItem, is_signed_in, register_navigation

        from . import receivers, resources  # noqa: F401

        register_navigation(
            NavigationItem("My details", "agencies:my_details", is_signed_in, 900, place="account"),
            NavigationItem(
                "People and agencies",
                "agencies:people",
                "people.manage",
                400,
                also=("/manage/agencies/", "/manage/imports/"),
            ),
            NavigationItem("Who may do what", "agencies:rights", "rights.read", 910, place="account"),
        )
