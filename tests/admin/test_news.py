"""“Kabar”: one's own notices, unread first, marked by the menu's count until they are read."""

from __future__ import annotations

from kinerja.store import models as db


def tell(console, account: str, text: str, case: int | None = None) -> int:
    person = db.Person.get(db.Person.nip == console.small.PEOPLE[account][0])
    at = console.city.clock.now()
    link = f"case:{case}" if case else ""
    return int(db.Notice.insert(person=person, text=text, text_en="In English.", link=link, created_at=at).execute())


def test_one_reads_ones_own_notices_and_they_are_counted_until_then(own_console):
    case = own_console.small.case_of("operator")
    first, second = tell(own_console, "operator", "Hasil terbit <b>.", case), tell(own_console, "operator", "Lama.")
    theirs = tell(own_console, "rekan", "Rahasia rekan.")
    person = own_console.sign_in("operator")
    page = person.get("/kabar/").text
    assert "Hasil terbit &lt;b&gt;." in page
    assert "Rahasia rekan" not in page
    assert 'Kabar <span class="count">2' in page
    read = person.post("/kabar/baca", kabar=str(first))
    assert (read.status_code, read.headers["Location"]) == (302, f"/kasus/{case}")
    assert 'Kabar <span class="count">1' in person.get("/kabar/").text
    assert person.post("/kabar/baca", kabar=str(theirs)).status_code == 403
    assert person.post("/kabar/baca", kabar="999999").status_code == 404
    assert person.post("/kabar/baca").status_code == 302
    unread = {row.id for row in db.Notice.select().where(db.Notice.read_at.is_null())}
    assert theirs in unread
    assert not unread & {first, second}
    person.client.set_cookie("bahasa", "en")
    assert "In English." in person.get("/kabar/").text
