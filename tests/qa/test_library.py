import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from embeddings.encoder import ModelSpec
from qa.config import Config
from qa.errors import HomeError, IndexMismatchError, UsageError
from qa.library import CATALOGUE_FILE, INDEX_FILE, Library
from qa.passages import clauses
from qa.text import bigrams

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS = sorted((REPOSITORY / "seeds").glob("*.txt"))
PLACES = ("阿坝藏族羌族自治州", "凉山彝族自治州", "甘孜藏族自治州")


class HashingEncoder:
    """A real encoder, only small: bigrams hashed into a vector."""

    def __init__(self, name: str = "hashing", dimension: int = 64):
        self.spec = ModelSpec(name, dimension, "", "", "1")

    def encode_queries(self, texts):
        return self.encode_passages(texts)

    def encode_passages(self, texts, progress=None):
        rows = np.zeros((len(texts), self.spec.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for token in bigrams(text):
                row[sum(token.encode()) % self.spec.dimension] += 1
            if progress:
                progress(1)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def open_library(home: Path, encoder=None) -> Library:
    return Library.open(Config(home), encoder or HashingEncoder())


def write_report(path: Path, place: str = PLACES[0], year: int = 2024, income: int = 438, facts: int = 12) -> Path:
    sentences = "".join(f"第{n}个重点项目完成投资{income + n}亿元，比上年增长{n}.5%。\n" for n in range(1, facts))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"{year}年{place}人民政府工作报告\n"
        f"——{year}年1月15日在{place}第十二届人民代表大会第三次会议上\n州人民政府州长 罗某某\n各位代表：\n"
        "现在，我代表州人民政府，向大会报告工作，请予审议，并请州政协委员提出意见。\n"
        f"一、{year - 1}年工作回顾\n过去一年，在州委的坚强领导下，全州经济社会发展稳中有进。\n"
        f"全年接待游客5300万人次，实现旅游总收入{income}亿元。\n{sentences}"
        f"二、{year}年工作安排\n{year}年地区生产总值预期增长6%，城镇新增就业1.2万人。\n"
        "各位代表，让我们坚定信心，真抓实干，为建设现代化新家园而努力奋斗！\n",
        "utf-8",
    )
    return path


def assert_in_step(library: Library) -> None:
    """Catalogue, lexical index and vector index hold the same passages, and each is found by its vector."""
    catalogue = library.catalogue
    assert catalogue._rows("PRAGMA integrity_check") == [("ok",)]
    assert catalogue._rows("PRAGMA foreign_key_check") == []
    ids, vectors = catalogue.vectors()
    assert sum(info.passages for info in library.reports()) == len(ids)
    assert sorted(library.index.ids.tolist()) == ids.tolist()
    assert [row[0] for row in catalogue._rows("SELECT id FROM lexical_docsize ORDER BY id")] == ids.tolist()
    for info in library.reports():
        assert len(catalogue.passage_ids([info.id])) == info.passages > 0
        assert len(catalogue.paragraphs(info.id)) == info.paragraphs
        assert catalogue.report_text(info.id)
    if len(ids):
        assert np.allclose(library.index.reconstruct(ids), vectors, atol=2e-3)


class Recorder:
    def __init__(self):
        self.seen_files, self.seen_passages = [], []

    def files(self, done, total, name):
        self.seen_files.append((done, total, name))

    def passages(self, done, total):
        self.seen_passages.append((done, total))


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def library(home):
    with open_library(home) as opened:
        yield opened


def outcomes(results) -> list[str]:
    for result in results:
        assert "\n" not in result.message
    return [result.outcome for result in results]


# ---- adding and removing


def test_add_and_search(library, tmp_path):
    (result,) = library.add([write_report(tmp_path / "a.txt")])
    assert result.outcome == "added"
    assert result.report.identity.year == 2024
    assert result.report.identity.region.name == PLACES[0]
    assert_in_step(library)
    vector = library.encoder.encode_queries(["全年接待游客5300万人次，实现旅游总收入438亿元。"])[0]
    ids, _ = library.index.search(vector, 1)
    (row,) = library.catalogue.passage_rows(ids)
    assert "438亿元" in library.catalogue.paragraph(row.report, row.paragraph).text[row.start : row.end]


def test_the_same_content_twice_is_skipped(library, tmp_path):
    first = write_report(tmp_path / "a.txt")
    copy = write_report(tmp_path / "b.txt")
    results = library.add([first, copy])
    assert outcomes(results) == ["added", "skipped"]
    assert results[1].report == results[0].report
    assert "跳过" in results[1].message
    generation = library.catalogue.generation
    assert outcomes(library.add([first])) == ["skipped"]
    assert library.catalogue.generation == generation


def test_new_content_under_the_same_identity_replaces(library, tmp_path):
    library.add([write_report(tmp_path / "a.txt", income=438)])
    (result,) = library.add([write_report(tmp_path / "b.txt", income=500)])
    assert result.outcome == "replaced"
    assert "a.txt" in result.message
    assert [info.source for info in library.reports()] == ["b.txt"]
    assert library.catalogue.lexical(["438"], 5) == []
    assert_in_step(library)


def test_region_and_year_can_be_told(library, tmp_path):
    path = write_report(tmp_path / "a.txt")
    library.add([path])
    (result,) = library.add([path], year=2025)
    assert result.report.identity.year == 2025
    assert len(library.reports()) == 1
    assert_in_step(library)


@pytest.mark.parametrize("asked", [lambda id_: id_, lambda id_: id_[:6], lambda id_: f" {id_.upper()} "])
def test_remove_by_id_or_its_beginning(library, tmp_path, asked):
    library.add([write_report(tmp_path / "a.txt"), write_report(tmp_path / "b.txt", PLACES[1])])
    gone = library.reports()[0]
    assert library.remove(asked(gone.id)) == gone
    assert gone not in library.reports()
    assert_in_step(library)


@pytest.mark.parametrize("asked", ["", "zzzz", "%"])
def test_remove_what_is_not_there(library, tmp_path, asked):
    library.add([write_report(tmp_path / "a.txt")])
    with pytest.raises(UsageError, match="没有编号"):
        library.remove(asked)
    assert len(library.reports()) == 1


def test_remove_an_ambiguous_beginning(library, tmp_path):
    for n in range(17):  # more reports than there are hexadecimal digits
        library.add([write_report(tmp_path / f"{n}.txt", year=2000 + n, facts=2)])
    ids = [info.id for info in library.reports()]
    shared = next(id_[0] for id_ in ids if sum(other[0] == id_[0] for other in ids) > 1)
    with pytest.raises(UsageError, match="请多写几位"):
        library.remove(shared)


def test_correct_the_year_moves_what_the_paragraphs_speak_of(library, tmp_path):
    path = write_report(tmp_path / "a.txt")
    path.write_text(path.read_text("utf-8").replace("一、2023年工作回顾", "一、过去一年工作回顾"), "utf-8")
    library.add([path])
    (before,) = library.reports()
    year = before.identity.year + 1
    result = library.correct(before.id, year=year)
    (after,) = library.reports()
    assert (result.outcome, after.identity.year, after.id) == ("replaced", year, before.id)
    told = next(p for p in library.catalogue.paragraphs(after.id) if "旅游总收入" in p.text)
    assert (told.period, told.stance) == (year - 1, "review")
    assert_in_step(library)


def test_correct_to_what_it_is_already(library, tmp_path):
    library.add([write_report(tmp_path / "a.txt")])
    (info,) = library.reports()
    assert library.correct(info.id, year=info.identity.year).outcome == "skipped"
    assert library.reports() == [info]


def test_correct_never_pushes_another_report_out(library, tmp_path):
    library.add([write_report(tmp_path / "a.txt"), write_report(tmp_path / "b.txt", PLACES[1])])
    one, other = library.reports()
    with pytest.raises(UsageError, match="已有"):
        library.correct(one.id, region=other.identity.region)
    assert library.reports() == [one, other]


def test_status(library, tmp_path, home):
    library.add([write_report(tmp_path / "a.txt")])
    status = library.status()
    (info,) = library.reports()
    assert (status.home, status.model, status.reports) == (home, "hashing", 1)
    assert (status.paragraphs, status.passages) == (info.paragraphs, info.passages)
    assert status.index_bytes == (home / INDEX_FILE).stat().st_size > 0
    assert status.catalogue_bytes > 0
    assert status.generation == library.catalogue.generation


def test_progress(library, tmp_path):
    seen = Recorder()
    library.add([write_report(tmp_path / "a.txt"), write_report(tmp_path / "b.txt", PLACES[1])], progress=seen)
    assert seen.seen_files == [(0, 2, "a.txt"), (1, 2, "b.txt"), (2, 2, "")]
    info = library.reports()[0]
    first = info.passages + len(clauses(library.catalogue.report(info.id)))
    assert seen.seen_passages[:first] == [(n, first) for n in range(1, first + 1)]


def test_clauses_an_earlier_version_did_not_store_are_made_up_for(library, tmp_path):
    library.add([write_report(tmp_path / "a.txt")])
    info = library.reports()[0]
    paragraphs = [(info.id, number) for number in range(1, info.paragraphs + 1)]
    before = library.catalogue.clause_vectors(paragraphs)
    with sqlite3.connect(library.catalogue.path) as connection:
        connection.execute("DELETE FROM clauses")
        connection.execute("UPDATE reports SET cutting = 0")
    library.catch_up()
    after = library.catalogue.clause_vectors(paragraphs)
    assert list(after) == list(before) != []
    assert all(np.allclose(after[key], before[key], atol=2e-3) for key in before)


# ---- bad input


def test_a_folder_is_walked_and_bad_files_do_not_stop_it(library, tmp_path):
    folder = tmp_path / "folder"
    write_report(folder / "deep" / "good.txt")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "poem.txt").write_text("床前明月光，疑是地上霜。", "utf-8")
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 no archive")
    for ignored in ("picture.png", ".hidden.txt", "~$open.docx"):
        (folder / ignored).write_bytes(b"x")
    results = library.add([folder])
    assert {r.path.name: r.outcome for r in results} == {
        "good.txt": "added", "empty.txt": "refused", "binary.txt": "refused", "poem.txt": "refused",
        "broken.docx": "refused",
    }  # fmt: skip
    assert all(r.path.name in r.message and "\n" not in r.message for r in results if r.outcome == "refused")
    assert_in_step(library)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: None, "找不到"),
        (lambda path: path.mkdir(), "没有可读的文件"),
        (lambda path: path.write_bytes(b"GIF89a"), "格式"),
        (lambda path: path.symlink_to(path), "x.gif"),
    ],
)
def test_paths_that_hold_no_report(library, tmp_path, make, said):
    path = tmp_path / "x.gif"
    make(path)
    good = write_report(tmp_path / "a.txt")
    results = library.add([path, good])
    assert outcomes(results) == ["refused", "added"]
    assert said in results[0].message


@pytest.mark.parametrize("name", ["x" * 300 + ".txt", "a\0b.txt", ""])
def test_impossible_paths(library, tmp_path, name):
    assert outcomes(library.add([tmp_path / "none" / name])) == ["refused"]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere file names are text")
def test_file_names_that_are_not_utf8(library, tmp_path):
    good, bad = (tmp_path / os.fsdecode(name.encode("gb18030")) for name in ("阿坝报告.txt", "坏.txt"))
    write_report(good)
    bad.write_bytes(b"")
    results = library.add([bad, good])
    assert outcomes(results) == ["refused", "added"]
    assert "坏.txt" in results[0].message
    assert results[1].report.source == "阿坝报告.txt"


# ---- the home


def file_as_home(home):
    home.write_text("")
    return home


def home_below_a_file(home):
    home.write_text("")
    return home / "below"


def folder_as_catalogue(home):
    (home / CATALOGUE_FILE).mkdir(parents=True)
    return home


def damaged_catalogue(home):
    home.mkdir()
    (home / CATALOGUE_FILE).write_bytes(b"not a database " * 1000)
    return home


@pytest.mark.parametrize("make", [file_as_home, home_below_a_file, folder_as_catalogue, damaged_catalogue])
def test_a_home_that_cannot_be_opened_gets_one_line(home, make):
    with pytest.raises(HomeError) as caught:
        open_library(make(home))
    assert str(home) in str(caught.value)
    assert "\n" not in str(caught.value)


def truncated(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def of_another_state(path):
    from embeddings.index import VectorIndex

    VectorIndex.create(HashingEncoder().spec).save(path, generation=1)


@pytest.mark.parametrize(
    "spoil",
    [
        Path.unlink,
        truncated,
        of_another_state,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\x00\xff" * 3000),
        lambda path: (path.unlink(), path.mkdir()),
    ],
)
def test_a_spoilt_index_is_made_again(home, tmp_path, spoil):
    with open_library(home) as library:
        library.add([write_report(tmp_path / "a.txt")])
    spoil(home / INDEX_FILE)
    with open_library(home) as library:
        assert_in_step(library)


def test_the_index_is_read_not_made_again_when_nothing_changed(home, tmp_path):
    with open_library(home) as library:
        library.add([write_report(tmp_path / "a.txt")])
    written = (home / INDEX_FILE).stat().st_mtime_ns
    with open_library(home) as library:
        assert_in_step(library)
    assert (home / INDEX_FILE).stat().st_mtime_ns == written


def test_an_index_of_a_catalogue_restored_from_a_backup_is_made_again(home, tmp_path):
    with open_library(home) as library:
        library.add([write_report(tmp_path / "a.txt")])
    shutil.copy(home / CATALOGUE_FILE, tmp_path / "backup")
    with open_library(home) as library:
        library.add([write_report(tmp_path / "b.txt", PLACES[1])])
    shutil.copy(tmp_path / "backup", home / CATALOGUE_FILE)
    with open_library(home) as library:
        library.add([write_report(tmp_path / "c.txt", PLACES[2], facts=30)])
        assert_in_step(library)


def test_leftovers_of_killed_writers_are_cleared(library, home, tmp_path):
    old, young = home / f"{INDEX_FILE}.a.tmp", home / f"{INDEX_FILE}.b.tmp"
    for left in (old, young):
        left.write_bytes(b"x")
    os.utime(old, (time.time() - 7200,) * 2)
    library.add([write_report(tmp_path / "a.txt")])
    assert not old.exists()
    assert young.exists()


# ---- models


def test_another_model_is_refused_until_rebuilt(home, tmp_path):
    with open_library(home) as library:
        library.add([write_report(tmp_path / "a.txt"), write_report(tmp_path / "b.txt", PLACES[1])])
    with open_library(home, HashingEncoder("other", 32)) as library:
        assert len(library.reports()) == 2  # what needs no vectors still works
        for forbidden in (lambda: library.encoder, lambda: library.index, lambda: library.add([tmp_path / "a.txt"])):
            with pytest.raises(IndexMismatchError, match="wenbao rebuild"):
                forbidden()
        seen = Recorder()
        library.rebuild(seen)
        assert seen.seen_files[-1] == (2, 2, "")
        assert library.status().model == "other"
        assert_in_step(library)
    with open_library(home) as library, pytest.raises(IndexMismatchError):
        _ = library.index


def test_a_rebuild_elsewhere_is_noticed(home, tmp_path):
    with open_library(home) as library, open_library(home, HashingEncoder("other", 32)) as elsewhere:
        library.add([write_report(tmp_path / "a.txt")])
        elsewhere.rebuild()
        with pytest.raises(IndexMismatchError):
            _ = library.index


def test_an_empty_home_takes_any_model(home):
    open_library(home).index  # noqa: B018
    with open_library(home, HashingEncoder("other", 32)) as library:
        assert len(library.index) == 0


# ---- seeds


@pytest.mark.skipif(not SEEDS, reason="no seed reports here")
def test_an_empty_home_is_filled_once(library):
    assert outcomes(library.ensure_seeds()) == ["added"] * len(SEEDS)
    assert sorted(info.source for info in library.reports()) == [path.name for path in SEEDS]
    assert library.ensure_seeds() == []
    for info in library.reports():
        library.remove(info.id)
    assert library.ensure_seeds() == []
    assert library.reports() == []
    assert_in_step(library)


def test_a_home_with_other_reports_is_not_filled(library, tmp_path):
    library.add([write_report(tmp_path / "a.txt")])
    assert library.ensure_seeds() == []
    library.remove(library.reports()[0].id)
    assert library.ensure_seeds() == []


@pytest.mark.skipif(not SEEDS, reason="no seed reports here")
def test_a_filling_cut_off_is_resumed(library):
    library.catalogue.remember("seeds", "started")
    library.add(SEEDS[:1])
    assert outcomes(library.ensure_seeds()) == ["skipped"] + ["added"] * (len(SEEDS) - 1)


# ---- several at once


def test_a_reader_follows_a_writer(home, tmp_path):
    with open_library(home) as reader, open_library(home) as writer:
        assert len(reader.index) == 0
        writer.add([write_report(tmp_path / "a.txt")])
        assert_in_step(reader)
        writer.remove(writer.reports()[0].id)
        assert len(reader.index) == 0


def test_threads_add_and_search_in_one_library(library, tmp_path):
    paths = [write_report(tmp_path / f"{year}.txt", year=year) for year in range(2016, 2024)]
    failures = []

    def work(path):
        try:
            library.add([path])
            ids, _ = library.index.search(library.encoder.encode_queries(["旅游"])[0], 5)
            library.catalogue.passage_rows(ids)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(path,)) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(library.reports()) == len(paths)
    assert_in_step(library)


def start(*arguments: object) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, __file__, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_processes_add_to_a_new_home_at_the_same_time(home, tmp_path):
    for place in PLACES:
        for year in range(2021, 2024):
            write_report(tmp_path / place / f"{place}{year}.txt", place, year)
    running = [start("add", home, tmp_path / place) for place in PLACES]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
    with open_library(home) as library:
        assert len(library.reports()) == 9
        assert_in_step(library)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment_a_report_is_there_or_not(home, tmp_path):
    before = write_report(tmp_path / "before.txt")
    replacing = write_report(tmp_path / "replacing.txt", income=500, facts=20)
    further = write_report(tmp_path / "further.txt", PLACES[1])
    with open_library(home) as library:
        library.add([before])
    process = start("kill", home, tmp_path / "killed", replacing, further)
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    possible = [["before.txt"], ["replacing.txt"], ["replacing.txt", "further.txt"]]
    seen = []
    for n, killed in enumerate(sorted((tmp_path / "killed").iterdir())):
        with open_library(killed) as library:
            sources = [info.source for info in library.reports()]
            assert sources in possible, killed.name
            assert_in_step(library)
            seen.append(sources)
            if n % 6 == 0:  # and work goes on from there
                library.add([replacing, further])
                assert [info.source for info in library.reports()] == possible[-1]
                assert_in_step(library)
    assert len(seen) >= 20
    assert all(state in seen for state in possible)


# ---- run as a program by the tests above


def work_and_die(home: Path, paths: list[Path], moment: int) -> int:
    """Add the files; exit at once at the given SQL statement or file operation. Returns the moments passed."""
    passed = 0

    def step(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os._exit(9)

    def traced(*arguments, **options) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(step)
        return connection

    def audit(event: str, arguments: tuple) -> None:
        if event in ("open", "os.rename", "os.remove") and str(home) in str(arguments[0]):
            step()

    connect, sqlite3.connect = sqlite3.connect, traced
    sys.addaudithook(audit)
    with open_library(home) as library:
        library.add(paths)
    return passed


def fork_to_work(home: Path, paths: list[Path], moment: int = -1, tell: int | None = None) -> int:
    """A child that works on the home, and writes how many moments it passed to ``tell``; its process id."""
    child = os.fork()
    if not child:
        try:
            passed = work_and_die(home, paths, moment)
            if tell is not None:
                os.write(tell, str(passed).encode())
        finally:
            os._exit(0)
    return child


def kill_at_many_moments(home: Path, killed: Path, paths: list[Path]) -> None:
    """Copies of the home in which processes died: at chosen moments, the last ones all, and at random times."""
    reading, writing = os.pipe()
    fork_to_work(shutil.copytree(home, killed / "moment-none"), paths, tell=writing)
    os.close(writing)
    total = int(os.read(reading, 20))
    os.wait()
    for moment in sorted({*range(1, total, max(1, total // 16)), *range(max(1, total - 12), total + 1)}):
        fork_to_work(shutil.copytree(home, killed / f"moment-{moment:04}"), paths, moment)
        os.wait()
    for n in range(8):
        child = fork_to_work(shutil.copytree(home, killed / f"random-{n}"), paths)
        time.sleep(random.uniform(0, 0.2))
        os.kill(child, signal.SIGKILL)
        os.wait()


if __name__ == "__main__":
    command, where, *rest = sys.argv[1:]
    if command == "add":
        with open_library(Path(where)) as opened:
            sys.exit(any(result.outcome != "added" for result in opened.add([Path(path) for path in rest])))
    kill_at_many_moments(Path(where), Path(rest[0]), [Path(path) for path in rest[1:]])
