"""Foreign keys are edges that an import linter cannot see."""

from django.apps import apps

LADDER = {
    "audit": 0, "organizations": 1, "accounts": 2, "people": 3, "charts": 4, "consents": 4,
    "scheduling": 4, "library": 4, "orders": 5, "treatments": 6, "pharmacy": 6, "messaging": 6,
    "overview": 7,
}  # fmt: skip


def relations():
    for model in apps.get_models():
        if model._meta.app_label in LADDER:
            for field in model._meta.get_fields():
                if field.is_relation and field.concrete and field.related_model:
                    yield model, field, field.related_model


def test_every_app_has_a_rung():
    ours = {a.label for a in apps.get_app_configs() if a.name.startswith("leeward.records.")}
    assert ours == set(LADDER)


def test_no_foreign_key_points_up_or_sideways():
    wrong = [
        f"{model.__name__}.{field.name} -> {target.__name__}"
        for model, field, target in relations()
        if target._meta.app_label != model._meta.app_label
        and LADDER[target._meta.app_label] >= LADDER[model._meta.app_label]
    ]
    assert wrong == []
    assert any(target.__name__ == "Patient" for _, _, target in relations())
