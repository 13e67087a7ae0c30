import sqlite3
import threading
from dataclasses import replace

import numpy as np
import pytest

import qa.catalogue
from embeddings.encoder import ModelSpec
from qa.catalogue import SCHEMA_VERSION, Catalogue, Clauses, PassageRow
from qa.errors import HomeError, IndexMismatchError
from qa.model import Identity, Paragraph, Region, Report
from qa.passages import passages
from qa.text import bigrams

ABA = Region("513200", "阿坝藏族羌族自治州", "阿坝", "prefecture", "510000")
LIANGSHAN = Region("513400", "凉山彝族自治州", "凉山", "prefecture", "510000")
SPEC = ModelSpec(name="tiny", dimension=8, query_prefix="", passage_prefix="", version="1")
TOURISM = "全年接待游客5300万人次，实现旅游总收入438亿元。"
GRAIN = "粮食总产量达到18.2万吨，比上年增长1.5%。"
GOAL = "今年地区生产总值预期增长6%，力争更好结果。"


def make(id_="r1", region=ABA, year=2024, texts=(TOURISM, GRAIN, GOAL)) -> Report:
    paragraphs = tuple(
        Paragraph(n, text, n * 100, n * 100 + len(text), ("一、回顾", f"第{n}节"), year - 1, "review", ((2, 3),))
        for n, text in enumerate(texts, start=1)
    )
    goal = replace(paragraphs[-1], period=year, stance="plan")
    identity = Identity(region, year, meeting="第十二届第三次会议", date=f"{year}-01-15", speaker="某某")
    return Report(id_, identity, f"{id_}.txt", "\n".join(texts), (*paragraphs[:-1], goal))


def vectors_for(report: Report) -> np.ndarray:
    seed = np.random.default_rng(len(report.text))
    matrix = seed.normal(size=(len(passages(report)), SPEC.dimension)).astype(np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def put(catalogue: Catalogue, report: Report) -> str:
    return catalogue.add(report, passages(report), vectors_for(report), SPEC)


def search(catalogue: Catalogue, text: str, **filters) -> list[int]:
    return [id_ for id_, _ in catalogue.lexical(bigrams(text), 10, **filters)]


def lexical_size(catalogue: Catalogue) -> int:
    return catalogue._rows("SELECT count(*) FROM lexical_docsize")[0][0]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "catalogue.db"


@pytest.fixture
def catalogue(path):
    opened = Catalogue(path, SPEC)
    yield opened
    opened.close()


def test_a_report_comes_back_as_it_was_added(catalogue, path):
    report = make()
    assert put(catalogue, report) == "added"
    again = Catalogue(path)
    assert again.report("r1") == report
    assert again.report_text("r1") == report.text
    assert again.paragraph("r1", 2) == report.paragraphs[1]
    (info,) = again.reports()
    assert (info.id, info.identity, info.source) == ("r1", report.identity, "r1.txt")
    assert (info.paragraphs, info.passages) == (3, 3)
    assert again.counts() == (1, 3, 3)
    assert again.spec == SPEC


def test_vectors_come_back_normalised_and_close(catalogue):
    report = make()
    put(catalogue, report)
    ids, matrix = catalogue.vectors()
    assert ids.dtype == np.int64
    assert matrix.dtype == np.float32
    assert np.allclose(np.linalg.norm(matrix, axis=1), 1, atol=1e-6)
    assert np.allclose(matrix, vectors_for(report), atol=1e-3)


def test_an_empty_catalogue(catalogue):
    assert catalogue.reports() == []
    assert catalogue.generation == 0
    assert len(catalogue.vectors()[0]) == len(catalogue.passage_ids()) == 0
    assert catalogue.lexical(["旅游"], 5) == []
    assert catalogue.remove("none") is False
    for missing in (lambda: catalogue.report("none"), lambda: catalogue.paragraph("none", 1)):
        with pytest.raises(KeyError):
            missing()


def test_the_same_again_is_skipped_and_changes_nothing(catalogue):
    put(catalogue, make())
    before = (catalogue.generation, catalogue.reports())
    assert put(catalogue, make()) == "skipped"
    assert (catalogue.generation, catalogue.reports()) == before


def test_new_content_under_the_same_identity_replaces(catalogue):
    put(catalogue, make())
    old = set(catalogue.passage_ids().tolist())
    generation = catalogue.generation
    assert put(catalogue, make("r2", texts=(GRAIN, GOAL))) == "replaced"
    assert [info.id for info in catalogue.reports()] == ["r2"]
    assert catalogue.generation not in (0, generation)
    assert old.isdisjoint(catalogue.passage_ids().tolist())
    assert search(catalogue, "旅游总收入") == []
    assert lexical_size(catalogue) == 2


def test_the_same_content_under_a_corrected_identity_replaces(catalogue):
    put(catalogue, make())
    put(catalogue, make("r2", region=LIANGSHAN))
    assert put(catalogue, make("r1", region=LIANGSHAN)) == "replaced"
    assert [(info.id, info.identity.region) for info in catalogue.reports()] == [("r1", LIANGSHAN)]
    assert len(catalogue.passage_ids()) == lexical_size(catalogue) == 3


def test_removing_leaves_nothing_behind_and_ids_are_not_used_again(catalogue):
    put(catalogue, make())
    put(catalogue, make("r2", year=2023))
    gone = catalogue.passage_ids(["r2"]).tolist()
    assert catalogue.remove("r2") is True
    assert catalogue.passage_rows(gone) == []
    assert len(catalogue.vectors()[0]) == lexical_size(catalogue) == 3
    assert catalogue._rows("SELECT count(*) FROM paragraphs")[0][0] == 3
    assert search(catalogue, "旅游总收入") == catalogue.passage_ids(["r1"])[:1].tolist()
    put(catalogue, make("r3", year=2022))
    assert min(catalogue.passage_ids(["r3"])) > max(gone)


def test_lexical_scores_match_after_removal_those_of_a_fresh_catalogue(catalogue, tmp_path):
    put(catalogue, make())
    put(catalogue, make("r2", year=2023, texts=(TOURISM + TOURISM, GOAL)))
    catalogue.remove("r2")
    fresh = Catalogue(tmp_path / "fresh.db", SPEC)
    put(fresh, make())
    tokens = bigrams("旅游总收入增长")
    assert catalogue.lexical(tokens, 5) == fresh.lexical(tokens, 5)


def test_lexical_order_and_positive_scores(catalogue):
    put(catalogue, make())
    found = catalogue.lexical(bigrams("粮食总产量增长"), 10)
    assert found[0][0] == catalogue.passage_ids()[1]
    assert all(score > 0 for _, score in found)
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert len(catalogue.lexical(bigrams("粮食总产量增长"), 1)) == 1


@pytest.mark.parametrize("tokens", [["18.2"], ["18.2", '"', "'", "*"], ["NEAR", "18.2", "OR"], ["粮食", "粮食"]])
def test_any_token_can_be_asked_for(catalogue, tokens):
    put(catalogue, make())
    assert [id_ for id_, _ in catalogue.lexical(tokens, 5)] == [catalogue.passage_ids()[1]]


def test_part_of_a_number_is_not_that_number(catalogue):
    put(catalogue, make())
    assert search(catalogue, "43") == search(catalogue, "18") == []
    assert len(search(catalogue, "438")) == 1


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, 6),
        ({"report_ids": ["r1"]}, 3),
        ({"report_ids": []}, 0),
        ({"stance": "plan"}, 2),
        ({"periods": [2023]}, 3),
        ({"report_ids": ["r2"], "stance": "review", "periods": (2022, 2023)}, 2),
        ({"report_ids": ["r1"], "stance": "plan", "periods": {2023}}, 0),
    ],
)
def test_filters(catalogue, filters, expected):
    put(catalogue, make())
    put(catalogue, make("r2", year=2023))
    ids = catalogue.passage_ids(**filters)
    assert ids.dtype == np.int64
    assert len(ids) == expected
    tokens = bigrams(TOURISM + GRAIN + GOAL)
    assert {id_ for id_, _ in catalogue.lexical(tokens, 99, **filters)} == set(ids.tolist())


def test_passage_rows_keep_the_order_asked(catalogue):
    put(catalogue, make())
    first, second, third = catalogue.passage_ids().tolist()
    rows = catalogue.passage_rows(np.array([third, 999, first]))
    assert rows == [PassageRow(third, "r1", 3, 0, len(GOAL)), PassageRow(first, "r1", 1, 0, len(TOURISM))]


def test_another_model_is_refused_once_there_are_vectors(catalogue, path):
    other = replace(SPEC, name="other")
    catalogue.claim(other)
    catalogue.claim(SPEC)
    put(catalogue, make())
    with pytest.raises(IndexMismatchError, match="name=tiny.*name=other.*wenbao rebuild"):
        Catalogue(path, other)
    report = make("r2", year=2023)
    with pytest.raises(IndexMismatchError):
        catalogue.add(report, passages(report), vectors_for(report), other)
    assert [info.id for info in catalogue.reports()] == ["r1"]


def test_replace_passages_needs_every_report(catalogue):
    report, other = make(), replace(SPEC, dimension=4, name="other")
    put(catalogue, report)
    clauses = Clauses(((1, 0, 3),), np.eye(4, dtype=np.float32)[:1])
    made = {
        "r1": (passages(report)[:2], np.eye(4, dtype=np.float32)[:2], clauses),
        "gone": ([], np.zeros((0, 4)), None),
    }
    put(catalogue, make("r2", year=2023))
    assert catalogue.replace_passages(other, made) is False
    assert catalogue.spec == SPEC
    catalogue.remove("r2")
    assert catalogue.replace_passages(other, made) is True
    assert catalogue.spec == other
    assert catalogue.vectors()[1].shape == (2, 4)
    assert catalogue.counts() == (1, 3, 2)
    assert lexical_size(catalogue) == 2
    assert list(catalogue.clause_vectors([("r1", 1), ("r1", 2)])) == [("r1", 1, 0, 3)]


def test_clauses_go_with_their_report(catalogue):
    clauses = Clauses(((1, 0, 3), (2, 1, 4)), np.eye(8, dtype=np.float32)[:2])
    put(catalogue, make())
    assert catalogue.without_clauses() == ["r1"]
    catalogue.add_clauses("r1", clauses)
    catalogue.add_clauses("gone", clauses)
    found = catalogue.clause_vectors([("r1", 2), ("r1", 9), ("gone", 1)])
    assert list(found) == [("r1", 2, 1, 4)]
    assert np.array_equal(found["r1", 2, 1, 4], np.eye(8)[1])
    assert catalogue.without_clauses() == []
    catalogue.remove("r1")
    assert catalogue.clause_vectors([("r1", 1), ("r1", 2)]) == {}


@pytest.mark.parametrize("schema", ["1", "2", "3"])
def test_a_file_of_an_earlier_schema_is_brought_up_to_date(tmp_path, schema):
    path = tmp_path / "catalogue.db"
    put(Catalogue(path, SPEC), make(texts=(f"过去五年，{GRAIN}", GOAL)))
    with sqlite3.connect(path) as connection:
        if schema == "1":
            connection.execute("DROP TABLE clauses")
        if schema < "3":
            connection.execute("ALTER TABLE reports DROP COLUMN cutting")
        connection.execute("ALTER TABLE paragraphs DROP COLUMN run")
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (schema,))
    opened = Catalogue(path, SPEC)
    assert opened.counts()[0] == 1
    assert opened.without_clauses() == ["r1"]
    assert opened.paragraph("r1", 1).run
    opened.add_clauses("r1", Clauses(((1, 0, 3),), np.eye(8, dtype=np.float32)[:1]))
    again = Catalogue(path, SPEC)
    assert again.meta("schema") == str(SCHEMA_VERSION)
    assert again.without_clauses() == []


def test_clauses_of_an_earlier_cutting_stay_until_new_ones_are_made(catalogue):
    put(catalogue, make())
    catalogue.add_clauses("r1", Clauses(((1, 0, 3),), np.eye(8, dtype=np.float32)[:1]))
    with sqlite3.connect(catalogue.path) as connection:
        connection.execute("UPDATE reports SET cutting = 0")
    assert catalogue.without_clauses() == ["r1"]
    assert len(catalogue.clause_vectors([("r1", 1)])) == 1


def test_a_failed_add_leaves_the_old_report(catalogue):
    put(catalogue, make())
    new = make("r2", texts=(GRAIN, GOAL))
    twice = replace(new, paragraphs=new.paragraphs + new.paragraphs[:1])
    with pytest.raises(HomeError):
        catalogue.add(twice, passages(new), vectors_for(new), SPEC)
    assert catalogue.report("r1") == make()
    assert lexical_size(catalogue) == 3


@pytest.mark.parametrize("shape", [(2, 8), (3,)])
def test_wrong_shapes(catalogue, shape):
    with pytest.raises(ValueError, match="shape"):
        catalogue.add(make(), passages(make()), np.zeros(shape, np.float32), SPEC)


def test_the_lexical_index_is_renewed_when_tokens_are_cut_otherwise(catalogue, path, monkeypatch):
    put(catalogue, make())
    monkeypatch.setattr(qa.catalogue, "TOKENS_VERSION", 99)
    monkeypatch.setattr(qa.catalogue, "bigrams", lambda text: ["same"])
    again = Catalogue(path)
    assert len(again.lexical(["same"], 9)) == 3
    assert again.lexical(["旅游"], 9) == []
    again.remove("r1")
    assert lexical_size(again) == 0


def test_a_snapshot_sees_one_state(catalogue, path):
    put(catalogue, make())
    writer = Catalogue(path)
    with catalogue.snapshot():
        before = catalogue.generation
        writer.remove("r1")
        assert catalogue.generation == before
        assert len(catalogue.vectors()[0]) == 3
    assert len(catalogue.vectors()[0]) == 0


def test_threads_share_a_catalogue(catalogue):
    outcomes: list[str] = []
    reports = [make(f"r{n}", year=2000 + n) for n in range(8)]
    threads = [threading.Thread(target=lambda r=r: outcomes.append(put(catalogue, r))) for r in reports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == ["added"] * 8
    assert catalogue.counts() == (8, 24, 24)


def damaged_header(path):
    path.write_bytes(b"no database at all, whatever its name says" * 200)


def damaged_middle(path):
    data = bytearray(path.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("damage", [damaged_header, damaged_middle])
def test_a_damaged_file_gets_one_line(path, damage):
    first = Catalogue(path, SPEC)
    put(first, make())
    first.close()
    damage(path)
    with pytest.raises(HomeError, match="目录文件已损坏") as caught:
        Catalogue(path, SPEC).report("r1")
    assert "\n" not in str(caught.value)


def test_a_database_of_another_program_is_left_alone(path):
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE meta (key, value)")
    before = path.read_bytes()
    with pytest.raises(HomeError, match="不是问报的目录文件"):
        Catalogue(path)
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("meta",)]
    assert before[:16] == path.read_bytes()[:16]


def test_a_newer_schema_is_refused(catalogue, path):
    catalogue.remember("schema", "99")
    with pytest.raises(HomeError, match="另一版本"):
        Catalogue(path)


def test_a_folder_in_the_place_of_the_file(tmp_path):
    with pytest.raises(HomeError, match="打不开"):
        Catalogue(tmp_path)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("database is locked", "占用"),
        ("database or disk is full", "磁盘已满"),
        ("attempt to write a readonly database", "权限"),
        ("no such module: fts5", "FTS5"),
        ("database disk image is malformed", "损坏"),
    ],
)
def test_failures_of_sqlite_are_translated(catalogue, said, message):
    with pytest.raises(HomeError, match=message), catalogue._translated():
        raise sqlite3.OperationalError(said)
