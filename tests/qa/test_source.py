import io
import random
import struct
import zipfile
import zlib

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from qa.errors import FormatError
from qa.reading import source as module
from qa.reading.source import READERS, decode, read_source

TEXT = (
    "2024年阿坝藏族羌族自治州人民政府工作报告\n\n一、2023年工作回顾\n\n"
    "一年来，全州实现地区生产总值503亿元、增长6%，一般公共预算收入增长一成以上。\n"
)
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be")
BOMS = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def write(tmp_path, data, name="a.txt"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def png(side: int) -> bytes:
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = random.Random(side).randbytes(side * (side + 1))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def zipped(members: dict) -> bytes:
    with zipfile.ZipFile(buffer := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return buffer.getvalue()


def refused(path) -> str:
    with pytest.raises(FormatError) as caught:
        read_source(path)
    message = str(caught.value)
    assert message and "\n" not in message
    return message


# ---- text files


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_and_line_ends(tmp_path, encoding, end):
    assert read_source(write(tmp_path, TEXT.replace("\n", end).encode(encoding))) == TEXT


@pytest.mark.parametrize("encoding", BOMS)
def test_utf16_with_a_mark(tmp_path, encoding):
    assert read_source(write(tmp_path, BOMS[encoding] + TEXT.encode(encoding))) == TEXT


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_and_without_ascii(encoding):
    text = "一、回顾，全州上下的工作取得新成效。二、部署，坚持一张蓝图绘到底。" * 9  # its only NULs stand in 一
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("name", ["a.txt", "a.TXT", "报告.md"])
def test_suffixes(tmp_path, name):
    assert read_source(write(tmp_path, TEXT.encode(), name)) == TEXT


def test_rare_characters_of_gb18030(tmp_path):
    text = "㑇𠮷镇" + TEXT
    assert read_source(write(tmp_path, text.encode("gb18030"))) == text


def test_a_stray_control_character_does_no_harm(tmp_path):
    text = TEXT * 20 + "\x00末"
    assert read_source(write(tmp_path, text.encode())) == text


@pytest.mark.parametrize(
    "data", [b"", b"\n\n", b" \t\r\n", "\u3000\n".encode(), b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\n\x00"]
)
def test_nothing_to_read(tmp_path, data):
    assert "空" in refused(write(tmp_path, data))


BINARY = {
    "png": png(64),
    "small png": png(2),
    "zip": zipped({"a.txt": TEXT}),
    "zeros": bytes(5000),
    "utf-32": TEXT.encode("utf-32"),
    "odd utf-16": TEXT.encode("utf-16")[:-1],
    **{f"random {seed}": random.Random(seed).randbytes(40 * 4**seed) for seed in range(6)},
}


@pytest.mark.parametrize("name", BINARY)
def test_binary_data_is_no_text(tmp_path, name):
    message = refused(write(tmp_path, BINARY[name]))
    assert "a.txt" in message
    assert "UTF-8" in message


@pytest.mark.parametrize("name", ["a.pages", "a.doc", "noext", "a.txt.exe", ".txt"])
def test_unknown_suffix(tmp_path, name):
    message = refused(write(tmp_path, TEXT.encode(), name))
    assert all(suffix in message for suffix in READERS)


@pytest.mark.parametrize("name", ["missing.txt", "folder.txt", "x" * 300 + ".txt", "nul\0.txt"])
def test_no_file(tmp_path, name):
    (tmp_path / "folder.txt").mkdir()
    refused(tmp_path / name)


def test_a_file_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_BYTES", 1 << 20)
    assert "1 MB" in refused(write(tmp_path, b"a" * (1 + (1 << 20))))


# ---- Word


@pytest.fixture
def document():
    return docx.Document()


def saved(document, tmp_path) -> str:
    document.save(tmp_path / "a.docx")
    return read_source(tmp_path / "a.docx")


def test_paragraphs_headings_and_soft_breaks(document, tmp_path):
    document.add_paragraph("政府工作报告", style="Title")
    document.add_heading("一、2023年工作回顾", 1)
    document.add_heading("", 2)
    paragraph = document.add_paragraph("全年接待游客5300万人次，")
    paragraph.add_run().add_break()
    paragraph.add_run("旅游总收入")
    paragraph.add_run("438").bold = True
    paragraph.add_run("\t亿元。")
    assert saved(document, tmp_path).split("\n") == [
        "政府工作报告", "# 一、2023年工作回顾", "", "全年接待游客5300万人次，", "旅游总收入438\t亿元。"
    ]  # fmt: skip


def test_tables_stand_where_they_stand(document, tmp_path):
    document.add_paragraph("主要指标如下：")
    table = document.add_table(rows=3, cols=3)
    cells = ("指标", "2022年", "2023年"), ("地区生产总值", "462", "503"), ("旅游收入", "324", "438\n亿元")
    for row, values in zip(table.rows, cells, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    document.add_paragraph("以上。")
    assert saved(document, tmp_path).split("\n") == [
        "主要指标如下：", "指标　2022年　2023年。", "地区生产总值　462　503。", "旅游收入　324　438 亿元。", "以上。"
    ]  # fmt: skip


def test_merged_cells_are_read_once(document, tmp_path):
    table = document.add_table(rows=2, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "旅游收入438亿元"
    table.cell(0, 2).merge(table.cell(1, 2)).text = "增长35.2%"
    text = saved(document, tmp_path)
    assert (text.count("438"), text.count("35.2%")) == (1, 1)


RUN = "<w:r><w:t>{}</w:t></w:r>"
WRAPPED = {
    "smart tag": '<w:smartTag w:uri="u" w:element="chmetcnv">{}</w:smartTag>',
    "tracked insertion": '<w:ins w:id="1" w:author="a">{}</w:ins>',
    "hyperlink": "<w:hyperlink>{}</w:hyperlink>",
    "field": '<w:fldSimple w:instr="x">{}</w:fldSimple>',
    "content control": "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
}


@pytest.mark.parametrize("name", WRAPPED)
def test_wrapped_figures_are_not_lost(document, tmp_path, name):
    inside = RUN.format("新增收入") + WRAPPED[name].format(RUN.format("438亿元")) + RUN.format("。")
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{inside}</w:p>"))
    assert saved(document, tmp_path).startswith("新增收入438亿元。")


def test_content_controls_around_paragraphs_are_read(document, tmp_path):
    inner = f"<w:p>{RUN.format('收入438亿元。')}</w:p>"
    document.element.body.insert(0, parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent>{inner}</w:sdtContent></w:sdt>"))
    assert saved(document, tmp_path) == "收入438亿元。"


@pytest.mark.parametrize(
    "hidden",
    [
        '<w:del w:id="1" w:author="a"><w:r><w:delText>400</w:delText></w:r></w:del>',
        '<w:moveFrom w:id="1" w:author="a"><w:r><w:t>400</w:t></w:r></w:moveFrom>',
    ],
)
def test_deleted_words_are_not_read(document, tmp_path, hidden):
    inside = RUN.format("收入") + hidden + RUN.format("438亿元。")
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{inside}</w:p>"))
    assert saved(document, tmp_path) == "收入438亿元。"


def test_an_empty_document(document, tmp_path):
    document.save(tmp_path / "a.docx")
    assert "空" in refused(tmp_path / "a.docx")


@pytest.mark.parametrize("size", [0, 3, 200, 5000, -30])
def test_a_truncated_docx(document, tmp_path, size):
    document.add_paragraph(TEXT)
    document.save(tmp_path / "whole.docx")
    assert "docx" in refused(write(tmp_path, (tmp_path / "whole.docx").read_bytes()[:size], "a.docx"))


DAMAGED = {
    "text": TEXT.encode(),
    "png": png(9),
    "another zip": zipped({"a.txt": TEXT}),
    "bad xml": zipped({"[Content_Types].xml": "<Types>", "word/document.xml": "<w:document>"}),
    "nothing inside": zipped({}),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_no_docx(tmp_path, name):
    assert "docx" in refused(write(tmp_path, DAMAGED[name], "a.docx"))


@pytest.mark.parametrize(("part", "size"), [("media/image1.bin", module.MAX_BYTES), ("document.xml", module.MAX_XML)])
def test_a_zip_bomb_is_not_unpacked(tmp_path, part, size):
    path = write(tmp_path, zipped({f"word/{part}": bytes(size + 1)}), "a.docx")
    assert path.stat().st_size < 1 << 20
    assert "MB" in refused(path)
