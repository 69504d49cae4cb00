"""Whose language a page speaks."""

import pytest
from django.test import Client
from django.urls import reverse

from leeward.records.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("login", "language"), [("bea", "en"), ("cora", "es")])
def test_a_spanish_cookie_changes_the_patients_pages_and_not_the_console(cast, login, language):
    client = Client()
    client.force_login(User.objects.get(login=login))
    client.cookies["django_language"] = "es"
    name = "patients" if login == "bea" else "portal"
    assert f'<html lang="{language}"' in client.get(reverse(name)).content.decode()
