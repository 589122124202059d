"""Users and rights: one address one user, always an admin, and what each role may do."""

import threading

import pytest

from tests import builders as make
from woodpecker_api.db.session import Database
from woodpecker_api.errors import NotFoundError, ValidationFailedError
from woodpecker_api.system.audit.service import SYSTEM
from woodpecker_api.system.auth.errors import LastAdminError, UserExistsError
from woodpecker_api.system.auth.permissions import PERMISSIONS, Permission, Role, may
from woodpecker_api.system.auth.users import (
    change_user,
    create_user,
    disable_user,
    enable_user,
    find_user,
    list_users,
    names_of,
    user_by_email,
)


def test_one_address_is_one_user_however_it_is_written(either_database: Database) -> None:
    with either_database.writing() as db:
        create_user(db, SYSTEM, email=" Olga@Team.example ", role=Role.REP, password=None)
        with pytest.raises(UserExistsError):
            create_user(db, SYSTEM, email="olga@team.EXAMPLE", role=Role.REP, password=None)
        assert user_by_email(db, "OLGA@team.example").email == "Olga@Team.example"


@pytest.mark.parametrize("email", ["", "olga", "olga@", "@team.example", "o lga@team.example"])
def test_what_is_no_address_makes_no_user(database: Database, email: str) -> None:
    with pytest.raises(ValidationFailedError) as refusal, database.writing() as db:
        create_user(db, SYSTEM, email=email, role=Role.REP, password=None)
    assert refusal.value.errors[0].field == "email"


def test_a_short_password_is_refused(database: Database) -> None:
    with pytest.raises(ValidationFailedError) as refusal, database.writing() as db:
        create_user(db, SYSTEM, email="olga@team.example", role=Role.REP, password="elevenchars")
    assert refusal.value.errors[0].field == "password"


def test_the_last_admin_can_neither_be_disabled_nor_made_less(either_database: Database) -> None:
    with either_database.writing() as db:
        ada, former = make.a_user(db, role=Role.ADMIN), make.a_user(db, role=Role.ADMIN)
        disable_user(db, SYSTEM, former, make.NOON)
        with pytest.raises(LastAdminError):
            disable_user(db, SYSTEM, ada, make.NOON)
        with pytest.raises(LastAdminError):
            change_user(db, SYSTEM, ada, role=Role.MANAGER, name=None)
        change_user(db, SYSTEM, ada, role=Role.ADMIN, name="Ada")
        enable_user(db, SYSTEM, former)
        change_user(db, SYSTEM, ada, role=Role.MANAGER, name=None)
        assert ada.role == Role.MANAGER


def test_two_admins_who_remove_each_other_at_the_same_time_leave_one(either_database: Database) -> None:
    with either_database.writing() as db:
        ids = [make.a_user(db, role=Role.ADMIN).id for _ in range(2)]
    both_looked, refused = threading.Barrier(2), []

    def remove(user_id: str) -> None:
        try:
            with either_database.reading() as db:
                find_user(db, user_id)
            both_looked.wait(10)
            with either_database.writing() as db:
                disable_user(db, SYSTEM, find_user(db, user_id), make.NOON)
        except LastAdminError:
            refused.append(user_id)

    threads = [threading.Thread(target=remove, args=(user_id,)) for user_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with either_database.reading() as db:
        assert len([user for user in list_users(db) if user.disabled_at is None]) == 1
    assert len(refused) == 1


def test_each_role_may_all_that_the_one_below_it_may() -> None:
    viewer, rep, manager, admin = (PERMISSIONS[role] for role in (Role.VIEWER, Role.REP, Role.MANAGER, Role.ADMIN))
    assert viewer < rep < manager < admin == set(Permission)


def test_only_admins_administer_and_viewers_only_read() -> None:
    assert [role for role in Role if may(role, Permission.ADMINISTER)] == [Role.ADMIN]
    assert PERMISSIONS[Role.VIEWER] == {Permission.READ}
    assert not may(Role.REP, Permission.AUDIT)


def test_people_are_shown_by_name_else_by_address(database: Database) -> None:
    with database.writing() as db:
        olga, nameless = make.a_user(db, name="Olga"), make.a_user(db, email="stan@team.example")
        nameless.name = ""
        db.flush()
        names = names_of(db, {olga.id, nameless.id, None, "gone"})
    assert names == {olga.id: "Olga", nameless.id: "stan@team.example"}


def test_an_unknown_user_is_not_found(database: Database) -> None:
    with database.reading() as db:
        with pytest.raises(NotFoundError):
            find_user(db, "nobody")
        with pytest.raises(NotFoundError):
            user_by_email(db, "nobody@team.example")
