"""What would change of what is known is named field by field, before it is merged."""

from __future__ import annotations

from relationdesk.store import merge
from relationdesk.store.database import open_memory
from relationdesk.store.differences import Difference, differences
from relationdesk.store.staging import Staging
from relationdesk.store.timekey import seconds
from tests.facts import NOW, ago, bring, did, who


def test_fields_of_whom_and_how_they_were() -> None:
    db = open_memory()
    joe, ann = who("Joe Brown", "linkedin", company="Alder"), who("Ann Lee", "linkedin", company="Orrin")
    bring(db, [joe, ann, did(joe, "1", ago(days=1), "Hello")])
    with Staging(db, now=seconds(NOW)) as staging:
        moved = who("Joe Brown", "linkedin", company="Harborline", title="Buyer", mail="joe@h.example")
        staging.add([moved, ann, who("New One", "linkedin"), did(moved, "1", ago(days=1), "Hello all")])
        counts = merge.preview(staging)
        assert (counts.changed_profiles, counts.changed, counts.new_profiles) == (1, 1, 1)
        of_joe = {"whose": "Joe Brown", "place": "linkedin"}
        assert differences(staging) == (
            Difference(**of_joe, field="company", before="Alder", after="Harborline"),
            Difference(**of_joe, field="title", before="", after="Buyer"),
            Difference(**of_joe, field="address", before="", after="joe@h.example"),
            Difference(**of_joe, kind="post", field="text", before="Hello", after="Hello all"),
        )
        assert [one.field for one in differences(staging, 2)] == ["company", "title"]


def test_what_contradicts_comes_before_what_is_only_added() -> None:
    db = open_memory()
    bring(db, [who("A", "linkedin"), who("B", "linkedin", company="Old " * 100)])
    with Staging(db, now=seconds(NOW)) as staging:
        staging.add([who("A", "linkedin", company="Shop"), who("B", "linkedin", company="New")])
        assert merge.preview(staging).changed_profiles == 2
        first, second = differences(staging)
        assert differences(staging, 1) == (first,), "also where not all are shown"
        assert (first.whose, first.after, len(first.before)) == ("B", "New", 200) and (second.whose, second.before) == ("A", "")


def test_the_same_again_and_less_than_is_known_change_nothing() -> None:
    db = open_memory()
    bring(db, [who("Joe Brown", "linkedin", company="Alder", mail="j@x.example")])
    with Staging(db, now=seconds(NOW)) as staging:
        staging.add([who("Joe Brown", "linkedin")])
        assert merge.preview(staging).changed_profiles == 0 and differences(staging) == ()
