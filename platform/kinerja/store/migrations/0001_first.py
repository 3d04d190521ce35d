"""All tables as the first version has them: frozen copies, independent of today's models."""

from __future__ import annotations

from typing import Any

import peewee


def tables(db: Any) -> list[type[peewee.Model]]:
    class Unit(peewee.Model):
        version = peewee.IntegerField()
        code = peewee.CharField(unique=True, max_length=40)
        name = peewee.CharField(max_length=200)
        short_name = peewee.CharField(max_length=60)
        kind = peewee.CharField(max_length=20)
        parent = peewee.ForeignKeyField("self", null=True, on_delete="RESTRICT")
        head_title = peewee.CharField(max_length=200)
        address = peewee.CharField(max_length=300)
        contact = peewee.CharField(max_length=200)
        active = peewee.BooleanField()

        class Meta:
            database = db
            table_name = "unit"

    class Position(peewee.Model):
        version = peewee.IntegerField()
        code = peewee.CharField(index=True, max_length=80)
        title = peewee.CharField(max_length=200)
        unit = peewee.ForeignKeyField(Unit, on_delete="RESTRICT")
        job_class = peewee.IntegerField(constraints=[peewee.Check("job_class BETWEEN 1 AND 17")])
        kind = peewee.CharField(max_length=20)
        level = peewee.CharField(null=True, max_length=40)
        leads_unit = peewee.BooleanField()
        formation = peewee.IntegerField()

        class Meta:
            database = db
            table_name = "position"
            indexes = ((("unit", "code", "job_class"), True),)

    class Person(peewee.Model):
        version = peewee.IntegerField()
        nip = peewee.CharField(unique=True, max_length=18)
        name = peewee.CharField(max_length=200)
        status = peewee.CharField(max_length=20)
        rank = peewee.CharField(max_length=80)
        email = peewee.CharField(max_length=200)
        active = peewee.BooleanField()

        class Meta:
            database = db
            table_name = "person"

    class Assignment(peewee.Model):
        version = peewee.IntegerField()
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        position = peewee.ForeignKeyField(Position, on_delete="RESTRICT")
        first = peewee.DateField()
        last = peewee.DateField(null=True)
        kind = peewee.CharField(max_length=20)

        class Meta:
            database = db
            table_name = "assignment"
            indexes = ((("position", "first"), False), (("person", "first"), False))

    class Absence(peewee.Model):
        version = peewee.IntegerField()
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        first = peewee.DateField()
        last = peewee.DateField()
        kind = peewee.CharField(max_length=40)
        note = peewee.CharField(max_length=300)

        class Meta:
            database = db
            table_name = "absence"

    class ConflictOfInterest(peewee.Model):
        version = peewee.IntegerField()
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        other = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=40)
        note = peewee.CharField(max_length=300)
        first = peewee.DateField()
        last = peewee.DateField(null=True)

        class Meta:
            database = db
            table_name = "conflict_of_interest"

    class Notice(peewee.Model):
        person = peewee.ForeignKeyField(Person, on_delete="CASCADE")
        text = peewee.TextField()
        link = peewee.CharField(max_length=200)
        created_at = peewee.TextField()
        read_at = peewee.TextField(null=True)

        class Meta:
            database = db
            table_name = "notice"

    class ProcessVersion(peewee.Model):
        process = peewee.CharField(max_length=80)
        version = peewee.CharField(max_length=64)
        title = peewee.CharField(max_length=200)
        files = peewee.TextField()
        loaded_at = peewee.TextField()

        class Meta:
            database = db
            table_name = "process_version"
            indexes = ((("process", "version"), True),)

    class Cycle(peewee.Model):
        version = peewee.IntegerField()
        code = peewee.CharField(unique=True, max_length=40)
        title = peewee.CharField(max_length=200)
        template = peewee.CharField(max_length=20)
        first = peewee.DateField()
        last = peewee.DateField()
        state = peewee.CharField(max_length=20)
        release = peewee.CharField(max_length=64)
        opened_at = peewee.TextField()
        closed_at = peewee.TextField(null=True)

        class Meta:
            database = db
            table_name = "cycle"

    class Case(peewee.Model):
        version = peewee.IntegerField()
        cycle = peewee.ForeignKeyField(Cycle, on_delete="RESTRICT")
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        position = peewee.ForeignKeyField(Position, on_delete="RESTRICT")
        unit = peewee.ForeignKeyField(Unit, on_delete="RESTRICT")
        agency = peewee.ForeignKeyField(Unit, on_delete="RESTRICT")
        first = peewee.DateField()
        last = peewee.DateField()
        appraiser = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        superior = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        chain_note = peewee.TextField()
        process = peewee.ForeignKeyField(ProcessVersion, on_delete="RESTRICT")
        process_state = peewee.TextField()
        stage = peewee.CharField(index=True, max_length=20)
        state = peewee.CharField(index=True, max_length=20)
        assumptions = peewee.TextField()
        rating = peewee.CharField(null=True, max_length=40)
        next_timer = peewee.TextField(index=True, null=True)
        opened_at = peewee.TextField()
        closed_at = peewee.TextField(null=True)

        class Meta:
            database = db
            table_name = "case"
            indexes = ((("cycle", "person", "position", "first"), True),)

    class PlanItem(peewee.Model):
        version = peewee.IntegerField()
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        ordinal = peewee.IntegerField()
        code = peewee.CharField(max_length=40)
        label_id = peewee.TextField()
        label_en = peewee.TextField()
        polarity = peewee.CharField(max_length=40)
        target = peewee.BigIntegerField()
        target_high = peewee.BigIntegerField(null=True)
        weight = peewee.BigIntegerField()
        unit = peewee.CharField(max_length=40)
        source = peewee.CharField(max_length=40)
        statistic = peewee.CharField(max_length=40)
        service = peewee.CharField(max_length=80)
        standard = peewee.CharField(max_length=80)
        place = peewee.CharField(max_length=300)

        class Meta:
            database = db
            table_name = "plan_item"
            indexes = ((("case", "code"), True),)

    class Task(peewee.Model):
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        engine_id = peewee.CharField(max_length=64)
        task = peewee.CharField(max_length=80)
        title = peewee.CharField(max_length=200)
        role = peewee.CharField(max_length=40)
        assignee = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        form = peewee.CharField(max_length=80)
        stage = peewee.CharField(max_length=20)
        state = peewee.CharField(index=True, max_length=20)
        ready_at = peewee.TextField()
        due = peewee.TextField(null=True)
        done_by = peewee.CharField(null=True, max_length=80)
        done_at = peewee.TextField(null=True)
        answers = peewee.TextField(null=True)
        key = peewee.CharField(null=True, max_length=120)

        class Meta:
            database = db
            table_name = "task"
            indexes = ((("case", "engine_id"), True), (("role", "state"), False), (("assignee", "state"), False))

    class Import(peewee.Model):
        kind = peewee.CharField(max_length=40)
        file = peewee.CharField(max_length=300)
        sha256 = peewee.CharField(max_length=64)
        map = peewee.CharField(max_length=300)
        map_sha256 = peewee.CharField(max_length=64)
        first = peewee.DateField(null=True)
        last = peewee.DateField(null=True)
        accepted = peewee.IntegerField()
        rejected = peewee.TextField()
        warnings = peewee.TextField()
        imported_by = peewee.CharField(max_length=80)
        imported_at = peewee.TextField()

        class Meta:
            database = db
            table_name = "import"
            indexes = ((("kind", "sha256", "map_sha256"), True),)

    class ServiceEvent(peewee.Model):
        service = peewee.CharField(max_length=80)
        request = peewee.CharField(max_length=120)
        officer = peewee.CharField(max_length=80)
        person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        started = peewee.TextField()
        finished = peewee.TextField(null=True)
        due = peewee.TextField(null=True)
        source = peewee.ForeignKeyField(Import, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "service_event"
            indexes = ((("service", "request"), True), (("person", "service"), False))

    class Attendance(peewee.Model):
        version = peewee.IntegerField()
        person = peewee.ForeignKeyField(Person, on_delete="RESTRICT")
        day = peewee.DateField()
        minutes_late = peewee.IntegerField(null=True)
        absent = peewee.BooleanField()
        excused = peewee.BooleanField()
        source = peewee.ForeignKeyField(Import, null=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "attendance"
            indexes = ((("person", "day"), True),)

    class Measurement(peewee.Model):
        plan_item = peewee.ForeignKeyField(PlanItem, on_delete="CASCADE")
        value = peewee.BigIntegerField()
        evidence = peewee.TextField()
        recorded_by = peewee.CharField(max_length=80)
        recorded_at = peewee.TextField()
        held = peewee.BooleanField()

        class Meta:
            database = db
            table_name = "measurement"

    class Judgement(peewee.Model):
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        task = peewee.ForeignKeyField(Task, null=True, on_delete="CASCADE")
        role = peewee.CharField(max_length=40)
        aspect = peewee.CharField(max_length=80)
        value = peewee.TextField()
        reason = peewee.TextField()
        evidence = peewee.TextField()
        author = peewee.CharField(max_length=80)
        author_name = peewee.CharField(max_length=200)
        judged_at = peewee.TextField()

        class Meta:
            database = db
            table_name = "judgement"

    class Release(peewee.Model):
        fingerprint = peewee.CharField(unique=True, max_length=64)
        title = peewee.CharField(max_length=200)
        files = peewee.TextField()
        state = peewee.CharField(max_length=20)
        author = peewee.CharField(max_length=80)
        approver = peewee.CharField(null=True, max_length=80)
        adopted = peewee.BooleanField()
        note = peewee.TextField()
        submitted_at = peewee.TextField()
        published_at = peewee.TextField(null=True)

        class Meta:
            database = db
            table_name = "release"

    class Evaluation(peewee.Model):
        case = peewee.ForeignKeyField(Case, on_delete="CASCADE")
        on_day = peewee.DateField()
        release = peewee.ForeignKeyField(Release, on_delete="RESTRICT")
        facts = peewee.TextField()
        finding = peewee.TextField()
        evidence = peewee.TextField()
        evaluated_at = peewee.TextField()

        class Meta:
            database = db
            table_name = "evaluation"

    class Incident(peewee.Model):
        case = peewee.ForeignKeyField(Case, null=True, on_delete="CASCADE")
        task = peewee.ForeignKeyField(Task, null=True, on_delete="CASCADE")
        code = peewee.CharField(max_length=80)
        text_id = peewee.TextField()
        text_en = peewee.TextField()
        particulars = peewee.TextField()
        state = peewee.CharField(index=True, max_length=20)
        occurred_at = peewee.TextField()
        settled_at = peewee.TextField(null=True)
        settled_by = peewee.CharField(null=True, max_length=80)

        class Meta:
            database = db
            table_name = "incident"

    class NumberRegister(peewee.Model):
        register = peewee.CharField(max_length=40)
        year = peewee.IntegerField()
        unit = peewee.ForeignKeyField(Unit, on_delete="RESTRICT")
        kind = peewee.CharField(max_length=40)
        last = peewee.IntegerField()

        class Meta:
            database = db
            table_name = "number_register"
            indexes = ((("register", "year", "unit", "kind"), True),)

    class Letter(peewee.Model):
        kind = peewee.CharField(max_length=40)
        number = peewee.CharField(max_length=120)
        register = peewee.CharField(max_length=40)
        ordinal = peewee.IntegerField(null=True)
        year = peewee.IntegerField()
        unit = peewee.ForeignKeyField(Unit, on_delete="RESTRICT")
        cycle = peewee.ForeignKeyField(Cycle, null=True, on_delete="RESTRICT")
        case = peewee.ForeignKeyField(Case, null=True, on_delete="RESTRICT")
        title = peewee.CharField(max_length=300)
        template = peewee.CharField(max_length=120)
        template_version = peewee.CharField(max_length=64)
        content = peewee.TextField()
        token = peewee.CharField(unique=True, max_length=64)
        sample = peewee.BooleanField()
        issued_by = peewee.CharField(max_length=80)
        issued_at = peewee.TextField()
        pdf = peewee.CharField(max_length=300)
        sha256 = peewee.CharField(max_length=64)

        class Meta:
            database = db
            table_name = "letter"
            indexes = ((("register", "year", "unit", "kind", "ordinal"), True),)

    class LetterCase(peewee.Model):
        letter = peewee.ForeignKeyField(Letter, on_delete="CASCADE")
        case = peewee.ForeignKeyField(Case, on_delete="RESTRICT")
        evaluation = peewee.ForeignKeyField(Evaluation, null=True, on_delete="RESTRICT")
        ordinal = peewee.IntegerField()

        class Meta:
            database = db
            table_name = "letter_case"
            indexes = ((("letter", "case"), True),)

    class Role(peewee.Model):
        name = peewee.CharField(unique=True, max_length=40)
        description = peewee.CharField(max_length=200)
        permissions = peewee.TextField(null=True)

        class Meta:
            database = db
            table_name = "role"

    class User(peewee.Model):
        version = peewee.IntegerField()
        email = peewee.CharField(unique=True, max_length=200)
        username = peewee.CharField(unique=True, max_length=80)
        password = peewee.CharField(null=True)
        active = peewee.BooleanField()
        fs_uniquifier = peewee.CharField(unique=True, max_length=64)
        confirmed_at = peewee.DateTimeField(null=True)
        person = peewee.ForeignKeyField(Person, null=True, on_delete="RESTRICT")
        language = peewee.CharField(max_length=5)
        tf_primary_method = peewee.CharField(null=True, max_length=64)
        tf_totp_secret = peewee.CharField(null=True)
        tf_phone_number = peewee.CharField(null=True, max_length=128)
        mf_recovery_codes = peewee.TextField(null=True)
        totp_counter = peewee.BigIntegerField(null=True)
        failed_logins = peewee.IntegerField()
        locked_until = peewee.TextField(null=True)

        class Meta:
            database = db
            table_name = "user"

    class UserRole(peewee.Model):
        user = peewee.ForeignKeyField(User, on_delete="CASCADE")
        role = peewee.ForeignKeyField(Role, on_delete="CASCADE")
        unit = peewee.ForeignKeyField(Unit, null=True, on_delete="RESTRICT")

        class Meta:
            database = db
            table_name = "user_role"

    class Receipt(peewee.Model):
        key = peewee.CharField(unique=True, max_length=120)
        act = peewee.CharField(max_length=80)
        actor = peewee.CharField(max_length=80)
        answer = peewee.TextField()
        issued_at = peewee.TextField()

        class Meta:
            database = db
            table_name = "receipt"

    class LedgerEntry(peewee.Model):
        seq = peewee.IntegerField(primary_key=True)
        at = peewee.TextField()
        actor = peewee.CharField(max_length=80)
        act = peewee.CharField(index=True, max_length=80)
        subject = peewee.CharField(index=True, max_length=120)
        payload = peewee.TextField()
        previous = peewee.CharField(max_length=64)
        hash = peewee.CharField(unique=True, max_length=64)

        class Meta:
            database = db
            table_name = "ledger_entry"

    return [
        Unit,
        Position,
        Person,
        Assignment,
        Absence,
        ConflictOfInterest,
        Notice,
        ProcessVersion,
        Cycle,
        Case,
        PlanItem,
        Task,
        Import,
        ServiceEvent,
        Attendance,
        Measurement,
        Judgement,
        Release,
        Evaluation,
        Incident,
        NumberRegister,
        Letter,
        LetterCase,
        Role,
        User,
        UserRole,
        Receipt,
        LedgerEntry,
    ]


def up(migrator: Any, db: Any) -> None:
    db.create_tables(tables(db))


def down(migrator: Any, db: Any) -> None:
    db.drop_tables(tables(db))
