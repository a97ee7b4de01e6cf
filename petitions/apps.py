from django.apps import AppConfig


class PetitionsConfig(AppConfig):
    """The three direct lines."""

    name = "petitions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say to the house what this room brings: it waits until the models stand."""
        from households.audit_log import words  # noqa: PLC0415
        from households.borders import rooms as borders  # noqa: PLC0415
        from households.changes import rooms  # noqa: PLC0415
        from households.clock import doubts as clock  # noqa: PLC0415
        from households.house import checks, home, navigation, waiting  # noqa: PLC0415
        from households.imports import kinds  # noqa: PLC0415
        from households.jobs import checking  # noqa: PLC0415
        from households.own_data import registry  # noqa: PLC0415
        from households.retention import registry as retention  # noqa: PLC0415
        from households.trail import tables  # noqa: PLC0415
        from households.workdays import moves  # noqa: PLC0415
        from petitions.house import audit_words, own_data  # noqa: PLC0415
        from petitions.house import border_changes as own_borders  # noqa: PLC0415
        from petitions.house import checks as own_checks  # noqa: PLC0415
        from petitions.house import held_back as own_held_back  # noqa: PLC0415
        from petitions.house import home as own_home  # noqa: PLC0415
        from petitions.house import household_changes as own_changes  # noqa: PLC0415
        from petitions.house import imports as own_imports  # noqa: PLC0415
        from petitions.house import navigation as own_navigation  # noqa: PLC0415
        from petitions.house import outbox as own_outbox  # noqa: PLC0415
        from petitions.house import retention as own_retention  # noqa: PLC0415
        from petitions.house import trail as own_trail  # noqa: PLC0415
        from petitions.house import waiting as own_waiting  # noqa: PLC0415
        from petitions.steps import rearranging  # noqa: PLC0415

        own_outbox.speak()
        moves.register(rearranging.due_days, rearranging.count_anew)
        rooms.register(rooms.Room(own_changes.AT, own_changes.foresee))
        borders.register(borders.BorderRoom(own_borders.AT, own_borders.foresee))
        tables.register(own_trail.TABLES)
        words.register(audit_words.ACTIONS, audit_words.KEYS, audit_words.SUBJECTS, audit_words.CHOSEN)
        checks.register(own_checks.checked)
        kinds.register(own_imports.KIND)
        home.register(own_home.blocks)
        navigation.register(own_navigation.entries)
        waiting.register(own_waiting.waiting)
        waiting.register(own_waiting.turns, at_home=False)
        clock.register(own_held_back.held_back)
        checking.register("petitions.tasks.check_clocks")
        registry.register(own_data.kept)
        retention.register_hold(own_retention.held)
