"""Who is the same human: where two people are needed, two logins of one are not two."""

from uuid import UUID

from .models import User


def same_person(one_id: UUID, other_id: UUID) -> bool:
    """Whether two accounts belong to one human.

    Where the clinic has said which human an account belongs to, that decides. Where it has not
    said so of both, the same name within one organization counts as the same human: a second
    person with that name is named in the accounts, and a slip does not pass.
    """
    if one_id == other_id:
        return True
    people = {user.id: user for user in User.objects.filter(id__in=(one_id, other_id))}
    one, other = people.get(one_id), people.get(other_id)
    if one is None or other is None:
        return False
    if one.person is not None and other.person is not None:
        return one.person == other.person
    same_house = one.organization_id == other.organization_id
    return same_house and _plain(one.name) == _plain(other.name)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())
