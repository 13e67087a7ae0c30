"""Answers, citations and reports as HTML: what stands out, what the buttons carry, and that text stays text."""

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from qa.model import Answer, Citation, Identity, Paragraph, Region, ReportInfo
from ui.markup import Bit, answer_bits, answer_card, marked, missing_report_page, proof, report_page

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> [x](javascript:alert(3)) <!-- c --> \"'{{ 7*7 }}"
REGION = Region("513200", "阿坝藏族羌族自治州", "阿坝", "prefecture", "510000")
QUOTE = "实现旅游总收入438 亿元。"
FIRST = "全州经济平稳。" + QUOTE + "另据预计，" + QUOTE


def paragraph(number: int, text: str, start: int = 0, cuts=()) -> Paragraph:
    return Paragraph(number, text, start, start + len(text), ("工作回顾", "一、经济"), 2023, "review", cuts)


def citation(quote: str = QUOTE, start: int = 107, number: int = 2) -> Citation:
    return Citation(
        1, "abc123", "2024年阿坝藏族羌族自治州政府工作报告", REGION.name, 2024, 2023, "review",
        ("工作回顾", "一、经济"), number, quote, start, start + len(quote), "a.txt",
    )  # fmt: skip


class Shelf:
    """A report of three paragraphs, held in memory: what a service is asked for when a card is made."""

    def __init__(self, *texts: str, identity: Identity | None = None, cuts=()) -> None:
        self.held = [paragraph(n, text, 100, cuts if n == 2 else ()) for n, text in enumerate(texts, 1)]
        identity = identity or Identity(REGION, 2024, "第三次会议", "2024-01-10", "罗振华")
        self.info = ReportInfo("abc123", identity, "a.txt", "2024-02-01", len(texts), len(texts))

    def reports(self) -> list[ReportInfo]:
        return [self.info]

    def paragraphs(self, report_id: str, around: int | None = None) -> list[Paragraph]:
        if report_id != self.info.id:
            return []
        return [p for p in self.held if around is None or abs(p.number - around) <= 1]


class Page(HTMLParser):
    """The elements of some HTML as (tag, attributes, text right in it)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[list] = []
        self.open: list[int] = []
        self.comments: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append([tag, dict(attrs), ""])
        if tag not in ("meta", "link", "img", "path", "br"):
            self.open.append(len(self.elements) - 1)

    def handle_endtag(self, tag):
        if tag not in ("meta", "link", "img", "path", "br"):
            assert self.elements[self.open.pop()][0] == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        if self.open:
            self.elements[self.open[-1]][2] += data

    def handle_comment(self, data):
        self.comments.append(data)

    def texts(self, tag: str, name: str | None = None) -> list[str]:
        return [e[2] for e in self.elements if e[0] == tag and (name is None or name in e[1])]

    def values(self, name: str) -> list[str]:
        return [e[1][name] for e in self.elements if name in e[1]]


def answered(**changes) -> Answer:
    text = "2023年，阿坝州旅游总收入438亿元，见[2]号文件。[1]"
    return replace(Answer("旅游收入？", text, True, None, (citation(),), marks=("438亿元",)), **changes)


@pytest.mark.parametrize(
    ("text", "marks", "figures"),
    [
        ("总收入438亿元，增长35.2%", ("438亿元",), ["438亿元"]),
        ("总收入 438 亿 元，增长", ("438亿元",), ["438 亿 元"]),  # blanks as printed
        ("1438亿元和3.438亿元", ("438亿元",), []),  # the end of another number
        ("5.2%，5.2%左右", ("5.2%左右", "5.2%"), ["5.2%", "5.2%左右"]),  # the longer one first
        ("增长(a+b)*", ("(a+b)*",), ["(a+b)*"]),  # no pattern
        ("什么也没有", (), []),
        ("", ("1",), []),
    ],
)
def test_figures_are_marked_as_printed(text, marks, figures):
    bits = marked(text, marks)
    assert [bit.text for bit in bits if bit.figure] == figures
    assert "".join(bit.text for bit in bits) == text


def test_only_numbers_of_citations_become_buttons():
    bits = answer_bits(answered())
    assert [bit for bit in bits if bit.cite] == [Bit("[1]", cite=1)]
    assert "".join(bit.text for bit in bits) == answered().answer


def test_a_figure_said_again_in_arithmetic_does_not_stand_out_twice():
    bits = answer_bits(answered(answer="甲438亿元。[1]差8亿元（438亿元 − 430亿元 = 8亿元）。"))
    assert [bit.text for bit in bits if bit.figure] == ["438亿元"]


def test_every_citation_button_opens_a_panel_on_the_page():
    two = (citation(), replace(citation("全州经济平稳。", 100), n=2))
    page = Page(answer_card(Shelf("序", FIRST, "后"), answered(citations=two), "a7", "zh"))
    panels = page.values("data-proof")
    assert panels == ["a7-1", "a7-2"]
    assert set(filter(None, page.values("data-cite"))) == set(panels)
    assert [e[1]["data-cite"] for e in page.elements if "disabled" in e[1]] == ["", ""]  # none before, none after


def test_the_panel_marks_the_quote_that_is_meant_and_the_figure_in_it():
    second = 100 + FIRST.rindex(QUOTE)
    html = proof(Shelf("上文", FIRST, "下文"), citation(start=second), "k", "zh", ("438亿元",))
    page = Page(html)
    classes = [(e[1].get("class"), e[2]) for e in page.elements if e[0] in ("span", "mark", "p")]
    assert ("wb-quote", "438 亿元") in classes and ("wb-quote", "实现旅游总收入") in classes
    assert page.texts("mark") == ["438 亿元"]
    assert html.index("另据预计") < html.index("<mark")  # the second of two equal sentences
    assert [e[2].strip() for e in page.elements if e[1].get("class") == "wb-beside"] == ["上文", "下文"]
    assert page.values("href") == [f"/report/abc123?from={second}&to={second + len(QUOTE)}#p2"]
    assert [e[2] for e in page.elements if e[0] == "span"][:2] == ["工作回顾", "一、经济"]


def test_a_quote_beyond_a_mended_page_break_is_found():
    shelf = Shelf("上文", FIRST, "下文", cuts=((3, 40),))  # 40 characters of the source were left out
    page = Page(proof(shelf, citation(start=100 + FIRST.index(QUOTE) + 40), "k", "zh", ("438亿元",)))
    assert page.texts("mark") == ["438 亿元"]


@pytest.mark.parametrize("report_id", ["abc123", "gone"])
def test_a_removed_report_leaves_the_quote(report_id):
    html = proof(Shelf("上文", FIRST, "下文"), replace(citation(), report_id=report_id), "k", "zh")
    assert ("已被移除" in html) == (report_id == "gone")
    assert "实现旅游总收入" in html
    assert ("/report/" in html) == (report_id == "abc123")


def test_buttons_carry_what_the_briefing_needs():
    html = answer_card(
        Shelf("上文", FIRST, "下文"), answered(), "a1", "zh", history=["旅游"], region="513200", year=2023, link="?q=1"
    )
    page = Page(html)
    items = {e[1]["data-verdict"]: json.loads(e[1]["data-item"]) for e in page.elements if "data-verdict" in e[1]}
    assert set(items) == {"right", "wrong"}
    item = items["right"]
    assert (item["kind"], item["question"], item["history"]) == ("answer", "旅游收入？", ["旅游"])
    assert (item["region"], item["year"], item["text"]) == ("513200", 2023, answered().answer)
    briefed = [json.loads(e[1]["data-item"]) for e in page.elements if "data-brief" in e[1]]
    assert [one["kind"] for one in briefed] == ["quote", "answer", "quote"]  # below the answer, of it, in the panel
    cited = briefed[0]["citations"][0]
    assert "2024年阿坝藏族羌族自治州政府工作报告" in cited["references"]["plain"]
    assert (briefed[0]["text"], cited["quote"], cited["paragraph"]) == (QUOTE, QUOTE, 2)
    assert page.values("data-copy-link") == ["?q=1"]


@pytest.mark.parametrize("reason", ["no_report", "no_period", "no_indicator", "not_about_reports"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_abstention_is_a_notice_with_its_reason_and_near_facts_named_as_such(reason, lang):
    said = "已载入的报告中没有2023年成都的政府工作报告，无法回答；可用 wenbao add 添加。"
    answer = Answer("成都？", said, False, reason, near=(citation(),), marks=("438亿元",))
    html = answer_card(Shelf("上文", FIRST, "下文"), answer, "a1", lang)
    page = Page(html)
    assert "wb-notice" in page.values("class") and "wb-answer" not in page.values("class")
    assert page.texts("mark") == []  # a near fact is not the answer
    assert ("不是答案" if lang == "zh" else "not the answer") in html
    assert "wenbao add" not in "".join(page.texts("p"))
    assert [e[1]["data-cite"] for e in page.elements if "data-cite" in e[1]] == ["a1-1"]


def test_hostile_text_stays_text_in_card_panel_and_report():
    identity = Identity(replace(REGION, name=HOSTILE), 2024, HOSTILE, HOSTILE, HOSTILE)
    shelf = Shelf(HOSTILE, HOSTILE, HOSTILE, identity=identity)
    shelf.held = [replace(p, section=(HOSTILE, HOSTILE)) for p in shelf.held]
    bad = replace(citation(HOSTILE, 100), report=HOSTILE, section=(HOSTILE,), source=HOSTILE, report_id="abc123")
    answer = Answer(HOSTILE, HOSTILE + "[1]", True, None, (bad,), marks=(HOSTILE[:9],))
    pages = [
        answer_card(shelf, answer, "a1", "zh", history=[HOSTILE], scope=HOSTILE, region=HOSTILE, link=HOSTILE),
        answer_card(shelf, replace(answer, answered=False, reason="no_report", near=(bad,)), "a1", "en"),
        report_page(shelf.info, shelf.held, "zh"),
    ]
    for html in pages:
        page = Page(html)
        scripts = [e for e in page.elements if e[0] == "script"]
        assert all(e[1]["src"].startswith("/static/") and not e[2] for e in scripts)
        assert page.comments == []
        assert not any(e[0] in ("img", "iframe", "object", "style") for e in page.elements)
        assert not any(name.startswith("on") for e in page.elements for name in e[1])
        assert all(href.startswith(("/", "#")) for href in page.values("href"))
        assert "onerror=alert(2)" in "".join(e[2] for e in page.elements) or "onerror" in html  # shown, as text


def test_text_that_turns_its_direction_is_shown_without_it():
    html = answer_card(Shelf("a", FIRST, "c"), answered(question="收入\u202e多少\u2066"), "a1", "zh")
    assert "收入多少" in html and not {"\u202e", "\u2066"} & set(html)


def test_report_page_has_every_paragraph_under_its_headings():
    shelf = Shelf("第一", "第二", "第三")
    shelf.held = [
        replace(p, section=section)
        for p, section in zip(shelf.held, [("回顾", "一、甲"), ("回顾", "二、乙"), ("安排",)], strict=True)
    ]
    page = Page(report_page(shelf.info, shelf.held, "zh"))
    headings = [e[2] for e in page.elements if e[0] in ("h2", "h3")]
    assert headings == ["回顾", "一、甲", "二、乙", "安排"]
    assert [e[1]["id"] for e in page.elements if e[1].get("class") == "wb-paragraph"] == ["p1", "p2", "p3"]
    ids = set(page.values("id"))
    assert {href[1:] for href in page.values("href") if href.startswith("#")} <= ids


@pytest.mark.parametrize(
    ("cited", "cuts", "marked_text"),
    [
        ((107, 107 + len(QUOTE)), (), [QUOTE]),
        ((107, 107 + len(QUOTE) + 3), ((10, 3),), [QUOTE]),  # a page break within the quote was mended
        ((107, 107), (), []),
        ((0, 50), (), []),
        ((10**8, 10**9), (), []),
        (None, (), []),
    ],
)
def test_report_page_shows_the_quote_that_is_cited(cited, cuts, marked_text):
    shelf = Shelf(FIRST, "另一段", "第三", identity=None)
    shelf.held = [replace(shelf.held[0], cuts=cuts, end=shelf.held[0].end + sum(n for _, n in cuts))]
    page = Page(report_page(shelf.info, shelf.held, "zh", cited))
    assert [e[2] for e in page.elements if e[1].get("class") == "wb-quote"] == marked_text


@pytest.mark.parametrize(("lang", "said"), [("zh", "没有这份报告"), ("en", "no such report")])
def test_a_missing_report_is_said_to_be_missing(lang, said):
    assert said in missing_report_page(lang)
