from django.apps import AppConfig

_CHECKS = ("check_nightly", "publish_roots", "publish_roots_of", "seal_trail")
CHECKS = [f"scoring.tasks.{name}" for name in _CHECKS]
SHARES = [f"scoring.tasks.{name}" for name in ("advance_county", "freeze_share", "lapse_points_of")]


class ScoringConfig(AppConfig):
    """Scores, months, rankings, points."""

    name = "scoring"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say to the house what this room brings: it waits until the models stand."""
        from households.audit_log import words  # noqa: PLC0415
        from households.borders import rooms as borders  # noqa: PLC0415
        from households.changes import rooms  # noqa: PLC0415
        from households.clock import doubts as clock  # noqa: PLC0415
        from households.contacts import news  # noqa: PLC0415
        from households.house import checks, home, navigation  # noqa: PLC0415
        from households.imports import kinds  # noqa: PLC0415
        from households.jobs import checking  # noqa: PLC0415
        from households.opening import steps  # noqa: PLC0415
        from households.own_data import registry  # noqa: PLC0415
        from households.retention import registry as retention  # noqa: PLC0415
        from households.trail import tables  # noqa: PLC0415
        from scoring.cockpit import waits  # noqa: PLC0415
        from scoring.house import audit_words, own_data  # noqa: PLC0415
        from scoring.house import border_changes as own_borders  # noqa: PLC0415
        from scoring.house import checks as own_checks  # noqa: PLC0415
        from scoring.house import contacts as own_contacts  # noqa: PLC0415
        from scoring.house import days as own_days  # noqa: PLC0415
        from scoring.house import held_back as own_held_back  # noqa: PLC0415
        from scoring.house import home as own_home  # noqa: PLC0415
        from scoring.house import household_changes as own_changes  # noqa: PLC0415
        from scoring.house import imports as own_imports  # noqa: PLC0415
        from scoring.house import navigation as own_navigation  # noqa: PLC0415
        from scoring.house import opening as own_opening  # noqa: PLC0415
        from scoring.house import retention as own_retention  # noqa: PLC0415
        from scoring.house import trail as own_trail  # noqa: PLC0415
        from scoring.house import waiting as own_waiting  # noqa: PLC0415
        from scoring.linkages import checks as linkage_checks  # noqa: PLC0415
        from scoring.objections.holding import most_urgent  # noqa: PLC0415

        rooms.register(
            rooms.Room(
                own_changes.AT, own_changes.foresee, own_changes.follow, bound=own_changes.bound, lock=own_changes.lock
            )
        )
        borders.register(
            borders.BorderRoom(own_borders.AT, own_borders.foresee, own_borders.follow, own_borders.hinders)
        )
        own_days.register()
        tables.register(own_trail.TABLES, own_trail.FREE)
        words.register(audit_words.ACTIONS, audit_words.KEYS, audit_words.SUBJECTS, untold=audit_words.UNTOLD)
        checks.register(own_checks.checked)
        checks.register(linkage_checks.checked)
        kinds.register(*own_imports.KINDS)
        steps.register(own_opening.steps)
        steps.register_end(own_opening.is_over)
        home.register(own_home.blocks)
        news.register(own_contacts.news)
        navigation.register(own_navigation.entries)
        own_waiting.speak()
        waits.register(most_urgent)
        clock.register(own_held_back.held_back)
        checking.register(*CHECKS, shares=SHARES)
        registry.register(own_data.kept, own_data.LOOKS)
        retention.register_eraser(own_retention.erase)
        retention.register_hold(own_retention.held)
