"""Registers the adapters when Django starts."""

from django.apps import AppConfig


class LeewardConfig(AppConfig):
    name = "leeward.config"
    label = "leeward_config"

    def ready(self) -> None:
        from .wiring import wire

        wire()
