from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    """The ground floor; the registries of the house are its own."""

    name = "households"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say to the house what this room brings: it waits until the models stand."""
        from households.house import fault_words  # noqa: PLC0415

        fault_words.speak()  # before any form is read: it keeps the words that stand when it is made
        from django.contrib.auth import user_logged_in  # noqa: PLC0415

        from households.accounts import bulk  # noqa: PLC0415
        from households.accounts import checks as account_checks  # noqa: PLC0415
        from households.alarms import reads as alarms  # noqa: PLC0415
        from households.borders import house as borders  # noqa: PLC0415
        from households.changes import house as changes  # noqa: PLC0415
        from households.clock import doubts  # noqa: PLC0415
        from households.confirming import own_password  # noqa: PLC0415
        from households.contacts import checks as contact_checks  # noqa: PLC0415
        from households.contacts import house as contacts  # noqa: PLC0415
        from households.contacts.kind import CONTACTS  # noqa: PLC0415
        from households.house import checks, home, navigation, trail, waiting  # noqa: PLC0415
        from households.imports import kinds  # noqa: PLC0415
        from households.opening import own_steps, steps  # noqa: PLC0415
        from households.own_data import registry, sections  # noqa: PLC0415
        from households.own_data import waiting as corrections  # noqa: PLC0415
        from households.register import checks as own_checks  # noqa: PLC0415
        from households.retention import checks as retention_checks  # noqa: PLC0415
        from households.retention import waiting as retention_waiting  # noqa: PLC0415
        from households.sms import house as sms  # noqa: PLC0415
        from households.workdays import entered, workdays  # noqa: PLC0415

        user_logged_in.connect(own_password.begin, dispatch_uid="households.confirming")
        checks.register(own_checks.checked)
        checks.register(own_checks.found_by)
        checks.register(contact_checks.checked)
        checks.register(account_checks.checked)
        checks.register(retention_checks.checked)
        kinds.register(bulk.KIND)
        checks.register(trail.checked)
        home.register(waiting.blocks)
        home.register(home.own_account)
        contacts.join()
        waiting.register(waiting.account_requests)
        waiting.register(corrections.waiting)
        doubts.register(retention_waiting.held_back)
        registry.register(sections.kept)
        navigation.register(navigation.own_entries)
        navigation.register(alarms.entries)
        waiting.register(alarms.waiting)
        navigation.register(own_steps.entries)
        steps.register(own_steps.steps)
        sms.speak()
        changes.speak()
        borders.speak()
        kinds.register(CONTACTS)
        workdays.take_from(entered.now)
