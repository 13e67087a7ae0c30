import copy
import html
import io
import shutil
import subprocess
import zipfile
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn
from markdown_it import MarkdownIt

from qa.briefing import FORMATS, MAX_ITEMS, MAX_TEXT, MEDIA_TYPES, TITLE, Item, Source, export, from_json
from qa.errors import UsageError
from qa.reference import STYLES

ABA = Source(
    1, "《2024年阿坝州政府工作报告》第10段", "2024年阿坝州政府工作报告[R]. 2024: 第10段.", "旅游总收入438亿元。"
)
LIANGSHAN = Source(
    2, "《2020年凉山州政府工作报告》第12段", "苏嘎尔布. 2020年凉山州政府工作报告[R]. 2020-06-08: 第12段.", "增长5.6%。"
)
ITEMS = (
    Item("quote", "全州“三大攻坚战”成效明显。", (LIANGSHAN,), comment="可用于第一部分。\n\n再核一次。"),
    Item("answer", "阿坝438亿元[1]，凉山增长5.6%[2]，\n阿坝更高[1]，另见[7]。", (ABA, LIANGSHAN), question="比一比"),
)
HOSTILE = (
    '<script>alert(1)</script> & ]]> "x" <!-- --> [点](javascript:alert(1)) ![a](http://a.invalid/x.png) '
    "\x00\x0b\ud800\ufffe"
)
REQUEST = {
    "title": "摘编",
    "format": "docx",
    "style": "plain",
    "items": [
        {
            "kind": "answer",
            "text": "438亿元。[1]",
            "question": "阿坝旅游收入",
            "comment": None,
            "sources": [
                {"n": 1, "references": {"plain": "《甲》第1段", "gbt7714": "甲[R]. 2024: 第1段."}, "quote": "438亿元。"}
            ],
        }
    ],
}


def _parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def _notes(file: bytes) -> dict[int, str]:
    """The text of each footnote by its number, separators left out."""
    root = ElementTree.fromstring(_parts(file)["word/footnotes.xml"])
    return {
        int(note.get(qn("w:id"))): "".join(text.text for text in note.iter(qn("w:t"))).strip()
        for note in root
        if note.get(qn("w:type")) is None
    }


def _lines(file: bytes) -> list[str]:
    """The document's paragraphs, a footnote's number in ⟨⟩ where it is called."""
    root = ElementTree.fromstring(_parts(file)["word/document.xml"])
    return [
        "".join(e.text or f"⟨{e.get(qn('w:id'))}⟩" for e in p.iter() if e.tag in (qn("w:t"), qn("w:footnoteReference")))
        for p in root.iter(qn("w:p"))
    ]


def test_docx_has_a_real_footnote_for_every_source():
    file = export(ITEMS, "州情摘编", "docx", "plain")
    assert _lines(file) == [
        "州情摘编",
        "“全州‘三大攻坚战’成效明显。”⟨1⟩",
        "按：可用于第一部分。",
        "再核一次。",
        "比一比",
        "阿坝438亿元⟨2⟩，凉山增长5.6%⟨3⟩，",
        "阿坝更高⟨4⟩，另见[7]。",  # a mark without a source is text
    ]
    assert _notes(file) == {
        1: "《2020年凉山州政府工作报告》第12段",
        2: "《2024年阿坝州政府工作报告》第10段：“旅游总收入438亿元。”",
        3: "《2020年凉山州政府工作报告》第12段：“增长5.6%。”",
        4: "《2024年阿坝州政府工作报告》第10段",  # what was read is given once
    }


def test_footnotes_by_the_standard_and_without_what_was_read():
    assert _notes(export(ITEMS[1:], "", "docx", "gbt7714", quotes=False)) == {
        1: ABA.gbt7714,
        2: LIANGSHAN.gbt7714,
        3: ABA.gbt7714,
    }
    with_quotes = _notes(export(ITEMS[1:], "", "docx", "gbt7714"))
    assert with_quotes[1] == "2024年阿坝州政府工作报告[R]. 2024: 第10段. “旅游总收入438亿元。”"


def test_a_source_without_a_mark_is_cited_at_the_end():
    file = export([Item("answer", "一\n二", (ABA, LIANGSHAN))], "", "docx", "plain")
    assert _lines(file) == [TITLE, "一", "二⟨1⟩⟨2⟩"]


def test_python_docx_opens_the_file():
    document = Document(io.BytesIO(export(ITEMS, "州情摘编", "docx", "plain")))
    assert [(p.style.name, p.text) for p in document.paragraphs][:3] == [
        ("Title", "州情摘编"),
        ("Quote", "“全州‘三大攻坚战’成效明显。”"),
        ("Comment", "按：可用于第一部分。"),
    ]
    assert document.core_properties.title == "州情摘编"
    assert not document.core_properties.author
    fonts = document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:rFonts')}")
    assert fonts.get(qn("w:eastAsia")) == "仿宋"


def test_every_part_is_known_and_every_reference_has_its_end():
    parts = _parts(export(ITEMS, "州情摘编", "docx", "plain"))
    roots = {name: ElementTree.fromstring(part) for name, part in parts.items()}
    typed = {e.get("PartName") for e in roots["[Content_Types].xml"] if "PartName" in e.attrib}
    assert typed == {f"/{name}" for name in parts if not name.endswith((".rels", "[Content_Types].xml"))}
    targets = {e.get("Target") for e in roots["word/_rels/document.xml.rels"]}
    assert {f"word/{target}" for target in targets} <= set(parts)
    assert all(e.get("TargetMode") is None for name in roots if name.endswith(".rels") for e in roots[name])
    styles = {e.get(qn("w:styleId")) for e in roots["word/styles.xml"].iter(qn("w:style"))}
    named = {"w:pStyle", "w:rStyle", "w:basedOn", "w:next"}
    assert {
        e.get(qn("w:val")) for root in roots.values() for e in root.iter() if e.tag in set(map(qn, named))
    } <= styles
    # the separators that Word asks for, and their numbers in the settings
    separators = {e.get(qn("w:type")): e.get(qn("w:id")) for e in roots["word/footnotes.xml"] if e.get(qn("w:type"))}
    assert separators == {"separator": "-1", "continuationSeparator": "0"}
    assert [e.get(qn("w:id")) for e in roots["word/settings.xml"].iter(qn("w:footnote"))] == ["-1", "0"]
    called = [e.get(qn("w:id")) for e in roots["word/document.xml"].iter(qn("w:footnoteReference"))]
    assert called == ["1", "2", "3", "4"]


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_the_footnotes(tmp_path):
    (tmp_path / "a.docx").write_bytes(export(ITEMS, "州情摘编", "docx", "plain"))
    command = ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to"]
    subprocess.run(
        [*command, "fodt", "--outdir", tmp_path, tmp_path / "a.docx"], check=True, capture_output=True, timeout=180
    )
    root = ElementTree.parse(tmp_path / "a.fodt")
    text = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
    notes = ["".join(note.find(f"{text}note-body").itertext()).strip() for note in root.iter(f"{text}note")]
    assert len(notes) == 4
    assert notes[1] == "《2024年阿坝州政府工作报告》第10段：“旅游总收入438亿元。”"


def test_markdown():
    assert export(ITEMS, "州情 *摘编*", "md", "plain").decode() == (
        "# 州情 \\*摘编\\*\n\n"
        "> “全州‘三大攻坚战’成效明显。”[^1]\n\n按：可用于第一部分。\n\n再核一次。\n\n"
        "## 比一比\n\n阿坝438亿元[^2]，凉山增长5.6%[^3]，\n\n阿坝更高[^4]，另见\\[7\\]。\n\n"
        "[^1]: 《2020年凉山州政府工作报告》第12段\n\n"
        "[^2]: 《2024年阿坝州政府工作报告》第10段：“旅游总收入438亿元。”\n\n"
        "[^3]: 《2020年凉山州政府工作报告》第12段：“增长5.6%。”\n\n"
        "[^4]: 《2024年阿坝州政府工作报告》第10段\n"
    )


def test_plain_text_for_an_old_notepad():
    file = export(ITEMS[:1], "州情摘编", "txt", "gbt7714")
    assert file.startswith(b"\xef\xbb\xbf")
    assert file.decode("utf-8-sig").split("\r\n") == [
        "州情摘编", "", "“全州‘三大攻坚战’成效明显。”[1]", "", "按：可用于第一部分。", "", "再核一次。", "",
        "注释", "[1] 苏嘎尔布. 2020年凉山州政府工作报告[R]. 2020-06-08: 第12段.", "",
    ]  # fmt: skip


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("style", STYLES)
def test_hostile_texts_come_out_as_text(format, style):
    source = Source(1, HOSTILE, HOSTILE, HOSTILE)
    file = export(
        [Item("answer", HOSTILE + "[1]", (source,), HOSTILE, HOSTILE), Item("quote", HOSTILE)], HOSTILE, format, style
    )
    shown = "<script>alert(1)</script> & ]]>"
    if format == "docx":
        assert all(shown in line for line in _lines(file))
        assert shown in _notes(file)[1]
        assert Document(io.BytesIO(file)).paragraphs[0].text.startswith(shown)
        assert not any(b"TargetMode" in part for part in _parts(file).values())
    elif format == "md":
        page = MarkdownIt("commonmark").render(file.decode())
        assert not any(tag in page for tag in ("<script", "<a ", "<img", "<!--"))
        assert html.unescape(page).count(shown) == 7  # title, question, answer, comment, quote, and the footnote's two
    else:
        assert file.decode("utf-8-sig").count(shown) == 7
    assert b"\x00" not in b"".join(_parts(file).values()) if format == "docx" else b"\x00" not in file


def test_the_same_briefing_gives_the_same_file():
    for format in FORMATS:
        assert export(ITEMS, "州情摘编", format, "plain") == export(ITEMS, "州情摘编", format, "plain")


@pytest.mark.parametrize(("format", "style"), [("pdf", "plain"), ("", "plain"), ("docx", "apa"), ("md", "")])
def test_unknown_formats_and_styles_are_refused(format, style):
    with pytest.raises(UsageError, match="可选"):
        export(ITEMS, "", format, style)


def test_what_the_browser_sends():
    briefing = from_json(REQUEST)
    source = Source(1, "《甲》第1段", "甲[R]. 2024: 第1段.", "438亿元。")
    assert briefing.items == (Item("answer", "438亿元。[1]", (source,), "阿坝旅游收入", ""),)
    assert (briefing.title, briefing.format, briefing.style, briefing.quotes) == ("摘编", "docx", "plain", True)
    assert _notes(briefing.export()) == {1: "《甲》第1段：“438亿元。”"}
    assert briefing.format in MEDIA_TYPES
    numbered = from_json(_changed(["items", 0, "sources", 0, "n"], None, drop=True))
    assert numbered.items[0].sources[0].n == 1


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("州情摘编", "州情摘编.docx"),
        ("../../etc/passwd", "etc passwd.docx"),
        ('a/b\\c:d*e?"f<g>h|i%j\n', "a b c d e f g h i j.docx"),
        ("...", f"{TITLE}.docx"),
        ("", f"{TITLE}.docx"),
        ("长" * 200, "长" * 80 + ".docx"),
    ],
)
def test_file_names(title, name):
    assert from_json({**REQUEST, "title": title}).file_name == name


def _changed(path, value, drop=False):
    """REQUEST with another value at one place, or without it."""
    request = copy.deepcopy(REQUEST)
    *way, last = path
    place = request
    for step in way:
        place = place[step]
    if drop:
        del place[last]
    else:
        place[last] = value
    return request


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (None, "简报应为一个 JSON 对象"),
        ([], "简报应为一个 JSON 对象"),
        ({}, "简报的条目应为一个列表"),
        (_changed(["items"], {}), "应为一个列表"),
        (_changed(["items"], []), "简报是空的"),
        (_changed(["items"], REQUEST["items"] * (MAX_ITEMS + 1)), "简报的条目太多：201，最多200"),
        (_changed(["items", 0], "x"), "第1条应为一个 JSON 对象"),
        (_changed(["items", 0, "kind"], "note"), "第1条的“kind”应为以下之一：quote、answer"),
        (_changed(["items", 0, "kind"], ["quote"]), "第1条的“kind”"),
        (_changed(["items", 0, "text"], 438), "第1条的“text”应为文字"),
        (_changed(["items", 0, "text"], "长" * (MAX_TEXT + 1)), "第1条的“text”太长：2001字，最多2000字"),
        (_changed(["items", 0, "text"], " \x00 "), "第1条没有正文"),
        (_changed(["items", 0, "text"], "", drop=True), "第1条没有正文"),
        (_changed(["items", 0, "comment"], "长" * (MAX_TEXT + 1)), "第1条的“comment”太长"),
        (_changed(["items", 0, "question"], {}), "第1条的“question”应为文字"),
        (_changed(["items", 0, "sources"], "x"), "第1条的来源应为一个列表"),
        (_changed(["items", 0, "sources"], [{}] * 51), "第1条的来源太多：51，最多50"),
        (_changed(["items", 0, "sources", 0, "n"], True), "第1条的来源1的编号应为正整数"),
        (_changed(["items", 0, "sources", 0, "n"], 0), "编号应为正整数"),
        (_changed(["items", 0, "sources", 0, "n"], "1"), "编号应为正整数"),
        (_changed(["items", 0, "sources", 0, "references"], None), "第1条的来源1的引用应为一个 JSON 对象"),
        (_changed(["items", 0, "sources", 0, "references", "gbt7714"], ""), "第1条的来源1没有引用文字"),
        (_changed(["items", 0, "sources", 0, "quote"], "长" * (MAX_TEXT + 1)), "第1条的来源1的“quote”太长"),
        (_changed(["title"], "长" * 201), "简报的“title”太长：201字，最多200字"),
        (_changed(["title"], 1), "简报的“title”应为文字"),
        (_changed(["format"], "pdf"), "简报的“format”应为以下之一：docx、md、txt"),
        (_changed(["format"], None, drop=True), "简报的“format”"),
        (_changed(["style"], "apa"), "简报的“style”应为以下之一：plain、gbt7714、markdown"),
        (_changed(["quotes"], 1), "简报的“quotes”应为 true 或 false"),
    ],
)
def test_anything_else_is_refused_in_one_line(request_, message):
    with pytest.raises(UsageError, match=message) as refused:
        from_json(request_)
    assert "\n" not in str(refused.value)


def test_as_much_as_is_allowed_is_exported():
    item = {**REQUEST["items"][0], "text": "长" * MAX_TEXT, "comment": "长" * MAX_TEXT}
    file = from_json({**REQUEST, "items": [item] * MAX_ITEMS}).export()
    assert len(_notes(file)) == MAX_ITEMS
