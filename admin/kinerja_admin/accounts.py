"""The bridge between Flask-Security and the store: accounts read and written as peewee rows, found by account name or NIP."""

from __future__ import annotations

from typing import Any

from flask_security import RoleMixin, UserDatastore, UserMixin

from kinerja.store.models import Person, Role, User, UserRole


class Account(User, UserMixin):  # type: ignore[misc]
    """A row of the store's own `user` table, with what Flask-Security asks of a user."""

    class Meta:
        table_name = User._meta.table_name
        only_save_dirty = True  # a new password must not write back roles' version or anything else read earlier

    def get_id(self) -> str:
        """peewee and Flask-Login both know a `get_id`; the session must carry the one that a changed password makes void."""
        return str(self.fs_uniquifier)

    @property
    def roles(self) -> list[AccountRole]:  # type: ignore[override]
        """Read once a request: Flask-Login loads a fresh row each time, so a revoked role is gone at the next request."""
        known: list[AccountRole] | None = self.__dict__.get("_roles")
        if known is None:
            held = UserRole.select(UserRole.role).where(UserRole.user == self.id)
            known = self.__dict__["_roles"] = list(AccountRole.select().where(AccountRole.id.in_(held)))
        return known


class AccountRole(Role, RoleMixin):  # type: ignore[misc]
    class Meta:
        table_name = Role._meta.table_name


class AccountStore(UserDatastore):
    """What Flask-Security needs to find people and to keep a new password; roles are given by the services, not here."""

    def __init__(self) -> None:
        super().__init__(Account, AccountRole)

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Account | None:
        ((name, value),) = wanted.items()
        if name == "username":
            return self._by_name(str(value))
        found: Account | None = Account.get_or_none(getattr(Account, name) == value)
        return found

    def find_role(self, role: str) -> AccountRole | None:
        found: AccountRole | None = AccountRole.get_or_none(AccountRole.name == role)
        return found

    def put(self, model: Any) -> Any:
        model.save()
        return model

    def delete(self, model: Any) -> None:
        raise NotImplementedError("accounts are closed, never deleted")

    def commit(self) -> None:
        """peewee commits each statement, or the transaction around it."""

    @staticmethod
    def _by_name(name: str) -> Account | None:
        found: Account | None = Account.get_or_none(Account.username == name)
        if found is None and name.isdigit():
            found = Account.select().join(Person, on=(Account.person == Person.id)).where(Person.nip == name).first()
        return found
