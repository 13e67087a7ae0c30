"""A briefing as .docx with real footnotes, laid out like an official document (GB/T 9704: A4, 三号仿宋, 28 pt lines).

The parts are written here, not with python-docx, which knows no footnotes: this way the file holds nothing but
what a briefing needs, and the same briefing gives the same bytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

BlockKind = Literal["question", "quote", "text", "comment"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DC = "http://purl.org/dc/elements/1.1/"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STYLES = {"question": "Heading1", "quote": "Quote", "text": "BodyText", "comment": "Comment"}


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote, at the place in a text where it is called."""

    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: pieces of text and the footnotes called between them."""

    kind: BlockKind
    parts: tuple[str | Note, ...]


def docx(title: str, blocks: Sequence[Block]) -> bytes:
    """The file. Texts must be free of characters that XML refuses (``qa.reference.clean``)."""
    notes = [part for block in blocks for part in block.parts if isinstance(part, Note)]
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _CONTENT_TYPES,
        "_rels/.rels": _PACKAGE_RELATIONS,
        "word/document.xml": _document(title, blocks),
        "word/_rels/document.xml.rels": _DOCUMENT_RELATIONS,
        "word/styles.xml": _STYLE_SHEET,
        "word/settings.xml": _SETTINGS,
        "word/footnotes.xml": _footnotes(notes),
        "word/footer1.xml": _FOOTER,
        "word/fontTable.xml": _FONTS,
        "docProps/core.xml": _core(title),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name)  # with the earliest date there is: no clock in the file
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, part)
    return file.getvalue()


def _document(title: str, blocks: Sequence[Block]) -> bytes:
    root = _element("document")
    body = _child(root, "body")
    _run(_paragraph(body, "Title"), title)
    number = 0
    for block in blocks:
        paragraph = _paragraph(body, _STYLES[block.kind])
        for part in block.parts:
            if isinstance(part, Note):
                number += 1
                _child(_footnote_run(paragraph), "footnoteReference", id=str(number))
            else:
                _run(paragraph, part)
    section = _child(body, "sectPr")
    _child(section, "footerReference", type="default").set(f"{{{_R}}}id", "rId5")
    _child(section, "pgSz", w="11906", h="16838")
    _child(
        section, "pgMar",
        top="2098", right="1474", bottom="1984", left="1588", header="851", footer="1587", gutter="0",
    )  # fmt: skip
    return _bytes(root)


def _footnotes(notes: Sequence[Note]) -> bytes:
    """Word takes the file for damaged without the two separators, whose numbers stand in the settings too."""
    root = _element("footnotes")
    for number, kind in (("-1", "separator"), ("0", "continuationSeparator")):
        _child(_run(_child(_child(root, "footnote", type=kind, id=number), "p")), kind)
    for i, note in enumerate(notes, 1):
        paragraph = _paragraph(_child(root, "footnote", id=str(i)), "FootnoteText")
        _child(_footnote_run(paragraph), "footnoteRef")
        _run(paragraph, f" {note.text}")
    return _bytes(root)


def _core(title: str) -> bytes:
    root = Element(f"{{{_CORE}}}coreProperties")
    SubElement(root, f"{{{_DC}}}title").text = title
    return _bytes(root)


def _paragraph(parent: Element, style: str) -> Element:
    paragraph = _child(parent, "p")
    _child(_child(paragraph, "pPr"), "pStyle", val=style)
    return paragraph


def _footnote_run(paragraph: Element) -> Element:
    run = _run(paragraph)
    _child(_child(run, "rPr"), "rStyle", val="FootnoteReference")
    return run


def _run(paragraph: Element, words: str = "") -> Element:
    run = _child(paragraph, "r")
    if words:
        # The hint makes “ ” — … come out of the Chinese font, as wide as they are in Chinese
        _child(_child(run, "rPr"), "rFonts", hint="eastAsia")
        text = _child(run, "t")
        text.text = words
        text.set(_XML_SPACE, "preserve")
    return run


def _element(name: str) -> Element:
    return Element(f"{{{_W}}}{name}")


def _child(parent: Element, name: str, **attributes: str) -> Element:
    return SubElement(parent, f"{{{_W}}}{name}", {f"{{{_W}}}{key}": value for key, value in attributes.items()})


def _bytes(root: Element) -> bytes:
    return _HEAD.encode() + tostring(root, encoding="utf-8")


for _prefix, _namespace in (("w", _W), ("r", _R), ("dc", _DC), ("cp", _CORE)):
    register_namespace(_prefix, _namespace)

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"

_CONTENT_TYPES = f"""{_HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml" ContentType="{_OFFICE}.document.main+xml"/>
<Override PartName="/word/styles.xml" ContentType="{_OFFICE}.styles+xml"/>
<Override PartName="/word/settings.xml" ContentType="{_OFFICE}.settings+xml"/>
<Override PartName="/word/footnotes.xml" ContentType="{_OFFICE}.footnotes+xml"/>
<Override PartName="/word/footer1.xml" ContentType="{_OFFICE}.footer+xml"/>
<Override PartName="/word/fontTable.xml" ContentType="{_OFFICE}.fontTable+xml"/>
<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>
</Types>"""

_PACKAGE_RELATIONS = f"""{_HEAD}<Relationships xmlns="{_RELATIONS}">
<Relationship Id="rId1" Type="{_R}/officeDocument" Target="word/document.xml"/>
<Relationship Id="rId2" Type="{_RELATIONS}/metadata/core-properties" Target="docProps/core.xml"/>
</Relationships>"""

_DOCUMENT_RELATIONS = f"""{_HEAD}<Relationships xmlns="{_RELATIONS}">
<Relationship Id="rId1" Type="{_R}/styles" Target="styles.xml"/>
<Relationship Id="rId2" Type="{_R}/settings" Target="settings.xml"/>
<Relationship Id="rId3" Type="{_R}/footnotes" Target="footnotes.xml"/>
<Relationship Id="rId4" Type="{_R}/fontTable" Target="fontTable.xml"/>
<Relationship Id="rId5" Type="{_R}/footer" Target="footer1.xml"/>
</Relationships>"""

_SETTINGS = f"""{_HEAD}<w:settings xmlns:w="{_W}">
<w:zoom w:percent="100"/>
<w:defaultTabStop w:val="420"/>
<w:characterSpacingControl w:val="compressPunctuation"/>
<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>
<w:compat>
<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>
</w:compat>
</w:settings>"""


def _fonts(east_asia: str) -> str:
    latin = "Times New Roman"
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east_asia}" w:cs="{latin}"/>'


def _style(id: str, name: str, paragraph: str = "", run: str = "", after: str = "") -> str:
    return (
        f'<w:style w:type="paragraph" w:styleId="{id}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/>'
        f"{after}<w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>"
    )


_INDENT = '<w:ind w:firstLineChars="200" w:firstLine="640"/>'  # two characters of 16 pt
_STYLE_SHEET = (
    f'{_HEAD}<w:styles xmlns:w="{_W}">'
    f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts('仿宋')}"
    '<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
    '<w:pPr><w:jc w:val="both"/></w:pPr></w:style>'
    '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
    '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
    + _style(
        "Title", "Title",
        '<w:spacing w:before="0" w:after="560" w:line="640" w:lineRule="exact"/><w:jc w:val="center"/>',
        _fonts("宋体") + '<w:b/><w:bCs/><w:sz w:val="44"/><w:szCs w:val="44"/>',
        '<w:next w:val="BodyText"/>',
    )
    + _style(
        "Heading1", "heading 1",
        f'<w:keepNext/><w:spacing w:before="280" w:line="560" w:lineRule="exact"/>{_INDENT}<w:outlineLvl w:val="0"/>',
        _fonts("黑体"),
        '<w:next w:val="BodyText"/>',
    )
    + _style("BodyText", "Body Text", f'<w:spacing w:line="560" w:lineRule="exact"/>{_INDENT}')
    + _style("Quote", "Quote", f'<w:spacing w:line="560" w:lineRule="exact"/>{_INDENT}')
    + _style("Comment", "Comment", f'<w:spacing w:line="560" w:lineRule="exact"/>{_INDENT}', _fonts("楷体"))
    + _style(
        "FootnoteText", "footnote text", '<w:snapToGrid w:val="0"/><w:jc w:val="left"/>',
        _fonts("宋体") + '<w:sz w:val="18"/><w:szCs w:val="18"/>',
    )
    + _style("Footer", "footer", '<w:jc w:val="center"/>', _fonts("宋体") + '<w:sz w:val="28"/><w:szCs w:val="28"/>')
    + '<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>'
    '<w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:vertAlign w:val="superscript"/></w:rPr></w:style>'
    "</w:styles>"
)  # fmt: skip

_FOOTER = f"""{_HEAD}<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>\
<w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>\
<w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>\
<w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>\
<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>"""

_FONTS = (
    f'{_HEAD}<w:fonts xmlns:w="{_W}">'
    + "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, other in (("仿宋", "FangSong"), ("宋体", "SimSun"), ("黑体", "SimHei"), ("楷体", "KaiTi"))
    )
    + '<w:font w:name="Times New Roman"><w:charset w:val="00"/><w:family w:val="roman"/></w:font></w:fonts>'
)
