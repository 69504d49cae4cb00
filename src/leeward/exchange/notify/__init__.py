"""Messages that leave the machine, behind the `Notifier` port."""
