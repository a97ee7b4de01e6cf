from django.apps import AppConfig


class RewardsConfig(AppConfig):
    """Shops, projects, awards."""

    name = "rewards"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say to the house what this room brings: it waits until the models stand."""
        from households.audit_log import words  # noqa: PLC0415
        from households.borders import rooms as borders  # noqa: PLC0415
        from households.changes import rooms  # noqa: PLC0415
        from households.clock import doubts as clock  # noqa: PLC0415
        from households.contacts import news  # noqa: PLC0415
        from households.house import home, navigation, waiting  # noqa: PLC0415
        from households.inbox import kinds  # noqa: PLC0415
        from households.own_data import registry  # noqa: PLC0415
        from households.retention import registry as retention  # noqa: PLC0415
        from households.trail import tables  # noqa: PLC0415
        from rewards.awards import checks as award_checks  # noqa: PLC0415
        from rewards.awards.actions import telling  # noqa: PLC0415
        from rewards.house import audit_words, messages, own_data  # noqa: PLC0415
        from rewards.house import consequences as own_consequences  # noqa: PLC0415
        from rewards.house import contacts as own_contacts  # noqa: PLC0415
        from rewards.house import held_back as own_held_back  # noqa: PLC0415
        from rewards.house import home as own_home  # noqa: PLC0415
        from rewards.house import navigation as own_navigation  # noqa: PLC0415
        from rewards.house import outbox as own_outbox  # noqa: PLC0415
        from rewards.house import retention as own_retention  # noqa: PLC0415
        from rewards.house import trail as own_trail  # noqa: PLC0415
        from rewards.house import waiting as own_waiting  # noqa: PLC0415
        from rewards.projects import checks as project_checks  # noqa: PLC0415
        from rewards.shop import borders as own_borders  # noqa: PLC0415
        from rewards.shop import checks as shop_checks  # noqa: PLC0415
        from rewards.shop import leaving as own_changes  # noqa: PLC0415
        from scoring.checks import scores  # noqa: PLC0415
        from scoring.rankings import snapshots  # noqa: PLC0415
        from scoring.restatements import consequences  # noqa: PLC0415

        own_outbox.speak()
        kinds.register(*messages.KINDS)
        snapshots.register(telling.watch)
        rooms.register(rooms.Room(own_changes.AT, own_changes.foresee, own_changes.follow))
        borders.register(
            borders.BorderRoom(own_borders.AT, own_borders.foresee, own_borders.follow, own_borders.hinders),
            borders.BorderRoom(own_borders.AFTER_POINTS, follow=own_borders.follow_points),
        )
        tables.register(own_trail.TABLES, own_trail.FREE)
        words.register(audit_words.ACTIONS, audit_words.KEYS, audit_words.SUBJECTS, audit_words.CHOSEN)
        scores.register(*shop_checks.OF_ALL_TIME, *award_checks.OF_ALL_TIME, *project_checks.OF_ALL_TIME)
        consequences.register(own_consequences.foresee)
        home.register(own_home.blocks)
        news.register(own_contacts.news)
        navigation.register(own_navigation.entries)
        waiting.register(own_waiting.waiting)
        waiting.register(own_waiting.suspended, at_home=False)
        clock.register(own_held_back.held_back)
        registry.register(own_data.kept)
        retention.register_eraser(own_retention.erase)
