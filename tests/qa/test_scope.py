"""Which report, part and year a question is looked up in; told over made-up catalogues."""

import pytest

from qa import regions
from qa.model import Identity, Region, ReportInfo
from qa.scope import resolve
from qa.understand import understand


def region(name: str) -> Region:
    return regions.find(name)[0].regions[0]


def loaded(*reports: tuple[str, int]) -> list[ReportInfo]:
    """Catalogue entries for (place, year of the report)."""
    return [ReportInfo(f"{p}{y}", Identity(region(p), y), f"{p}{y}.txt", "2024-01-01", 10, 20) for p, y in reports]


def first_places(question: str, *reports: tuple[str, int]) -> list[tuple[str, int, tuple[str, ...]]]:
    """(report, period, parts) of the targets that are looked in first."""
    scope = resolve(understand(question), loaded(*reports))
    return [(t.report.id, t.period, t.stances) for t in scope.targets if t.rank == 0 and not t.literal]


LIANGSHAN = (("凉山州", 2020), ("凉山州", 2021))


@pytest.mark.parametrize(
    ("question", "report", "period", "part"),
    [
        ("2019年凉山GDP", "凉山州2020", 2019, "review"),
        ("凉山2020年GDP多少", "凉山州2021", 2020, "review"),
        ("凉山2020年实际完成的GDP", "凉山州2021", 2020, "review"),
        ("凉山2020年GDP目标", "凉山州2020", 2020, "plan"),
        ("凉山2021年GDP目标", "凉山州2021", 2021, "plan"),
        ("凉山去年GDP", "凉山州2021", 2020, "review"),
        ("凉山今年GDP目标", "凉山州2021", 2021, "plan"),
        ("按2020年报告，凉山去年GDP是多少", "凉山州2020", 2019, "review"),
        ("2020年凉山报告提出的今年GDP目标", "凉山州2020", 2020, "plan"),
        ("凉山GDP目标是多少", "凉山州2021", 2021, "plan"),
        ("凉山GDP实际增长了多少", "凉山州2021", 2020, "review"),
    ],
)
def test_report_and_part(question, report, period, part):
    found = first_places(question, *LIANGSHAN)
    assert [(name, year) for name, year, _ in found] == [(report, period)]
    assert found[0][2][0] == part


def test_a_year_without_a_report_after_it_is_looked_for_in_the_plan():
    assert first_places("凉山2021年GDP多少", *LIANGSHAN)[0] == ("凉山州2021", 2021, ("plan", "review"))


def test_a_result_is_never_looked_for_in_a_plan():
    scope = resolve(understand("凉山2021年实际完成的GDP是多少"), loaded(*LIANGSHAN))
    assert all("plan" not in t.stances or t.literal for t in scope.targets)


@pytest.mark.parametrize("question", ["2010年凉山GDP", "凉山2030年GDP是多少", "凉山2015年旅游收入目标"])
def test_a_year_no_report_speaks_of_counts_only_where_it_is_named(question):
    scope = resolve(understand(question), loaded(*LIANGSHAN))
    assert scope.targets
    assert all(t.literal for t in scope.targets)


@pytest.mark.parametrize(
    ("question", "reports"),
    [
        ("2023年甘孜州旅游收入", [("凉山州", 2020)]), ("2023年成都GDP", [("凉山州", 2024)]), ("凉山2019年GDP", []),
        ("2024年凉山报告里的GDP", [("凉山州", 2020)]), ("2023年四川GDP", [("全国", 2024)]),
        ("2023年四川GDP", [("阿坝州", 2024)]),
        ("2023年全国GDP", [("阿坝州", 2024)]), ("西昌2019年GDP", [("阿坝州", 2020)]),
    ],
)  # fmt: skip
def test_no_report(question, reports):
    scope = resolve(understand(question), loaded(*reports))
    assert (scope.targets, scope.missing) == ((), "no_report")


def test_another_year_of_the_place_is_near():
    scope = resolve(understand("2024年凉山报告里的GDP"), loaded(("凉山州", 2020)))
    assert [info.id for info in scope.nearby] == ["凉山州2020"]


@pytest.mark.parametrize(
    ("question", "reports", "report"),
    [
        ("西昌2019年GDP", [("凉山州", 2020), ("阿坝州", 2020)], "凉山州2020"),
        ("阿坝州若尔盖县2023年湿地面积", [("凉山州", 2024), ("阿坝州", 2024)], "阿坝州2024"),
        ("2023年红原县游客", [("阿坝州", 2024), ("四川省", 2024)], "阿坝州2024"),
        ("2023年红原县游客", [("四川省", 2024)], "四川省2024"),
        ("四川省凉山州2019年GDP", [("四川省", 2020), ("凉山州", 2020)], "凉山州2020"),
        ("四川2019年GDP", [("四川省", 2020), ("凉山州", 2020)], "四川省2020"),
        ("国务院2020年报告里2019年GDP", [("全国", 2020), ("凉山州", 2020)], "全国2020"),
    ],
)  # fmt: skip
def test_the_nearest_division_with_a_report(question, reports, report):
    assert [name for name, _, _ in first_places(question, *reports)] == [report]


TWO = (("凉山州", 2020), ("阿坝州", 2020), ("凉山州", 2024), ("阿坝州", 2024))


def groups(question: str, *reports: tuple[str, int]) -> list[tuple[str, int]]:
    """(report, period) looked in first, one for each part of the question."""
    scope = resolve(understand(question), loaded(*reports))
    best = {t.group: t for t in reversed([t for t in scope.targets if t.rank == 0 and not t.literal])}
    return [(t.report.id, t.period) for _, t in sorted(best.items())]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("凉山和阿坝2023年旅游收入各多少", [("凉山州2024", 2023), ("阿坝州2024", 2023)]),
        ("阿坝和凉山2023年旅游收入谁高", [("阿坝州2024", 2023), ("凉山州2024", 2023)]),
        ("凉山2019年和阿坝2023年旅游收入谁高", [("凉山州2020", 2019), ("阿坝州2024", 2023)]),
        ("阿坝2019年和2023年旅游收入差多少", [("阿坝州2020", 2019), ("阿坝州2024", 2023)]),
        ("凉山2023年旅游收入", [("凉山州2024", 2023)]),
    ],
)  # fmt: skip
def test_places_and_years_side_by_side(question, expected):
    assert groups(question, *TWO) == expected


def test_a_place_without_a_report_is_told():
    scope = resolve(understand("凉山和甘孜2023年旅游收入各多少"), loaded(*TWO))
    assert {t.report.identity.region.short for t in scope.targets} == {"凉山"}
    assert scope.unserved == ("甘孜",)


def test_without_a_place_all_reports_are_looked_in():
    scope = resolve(understand("旅游收入多少"), loaded(*TWO))
    assert {t.report.id for t in scope.targets} == {f"{place}{year}" for place, year in TWO}


def test_without_a_place_the_year_still_counts():
    found = first_places("2023年旅游收入多少", *TWO)
    assert {name for name, _, parts in found if parts == ("review",)} == {"凉山州2024", "阿坝州2024"}
