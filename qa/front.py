"""Questions about the report itself: who gave it, when, and at which meeting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.model import Paragraph, ReportInfo
from qa.understand import Query

_WHO = re.compile(
    r"报告.{0,4}(?:谁|哪位)(?:作|做|宣读)|(?:谁|哪位|哪个人?).{0,8}(?:(?<![合运工操制动])作|做|宣读|当|任).{0,16}(?:报告|[州省市县区]长|主席|总理)|报告人|"
    r"(?:[州省市县区旗]长|自治区主席|总理)(?:是|叫|姓)?(?:谁|哪位|什么|啥)|谁是.{0,10}(?:[州省市县区旗]长|主席|总理)|"
    r"\bwho (?:gave|delivered|presented)\b.{0,60}\breport|\bwho (?:is|was) the (?:governor|mayor|premier|chairman)\b",
    re.I,
)
_WHEN = re.compile(
    r"报告[^，。？?说提讲写中里]{0,10}(?:哪(?:一)?天|几月几[号日]|什么时候|何时|几[号日]|日期)"
    r"(?=[？?。，]|$|在|的|是|作|做|发布|公布|宣读|审议|通过|出)|"
    r"(?:哪(?:一)?天|几月几[号日]|什么时候|何时)[^，。？?]{0,16}(?<![运工合操制动])(?:作|做|发布|宣读|听取|审议)[^，。？?]{0,20}报告|"
    r"\bwhen was .{0,60}report\s+(?:delivered|given|presented|made|published|released)|"
    r"\b(?:when|(?:what|which) (?:date|day)) .{0,60}\b(?:delivere?d?|gave|give|present(?:ed)?) .{0,60}report",
    re.I,
)
_WHERE = re.compile(
    r"(?:哪(?:一)?次|什么|哪个|哪届|第几次).{0,4}(?:会议|大会|人代会|人大).{0,12}|\bat which (?:meeting|"
    r"session|congress)",
    re.I,
)
_IN_ENGLISH = {
    "《{title}》由{fact}所作。": "{title} was delivered by {fact}.",
    "《{title}》于{fact}作出。": "{title} was delivered on {fact}.",
    "《{title}》在{fact}上作出。": "{title} was delivered at {fact}.",
}
FRONT = 8  # paragraphs; title, source, meeting, speaker and salutation take up to seven


@dataclass(frozen=True, slots=True)
class Front:
    """A fact of a report's head: what is said, and the paragraph it stands in."""

    text: str
    paragraph: Paragraph


def asks_about_report(query: Query) -> bool:
    """Whether the question is about the report itself."""
    asked = _asked(query)
    return bool(_WHO.search(asked) or _WHEN.search(asked) or (_WHERE.search(asked) and re.search("报告|report", asked)))


def _asked(query: Query) -> str:
    """The question in its own language."""
    return query.said or query.text


def read_front(query: Query, info: ReportInfo, paragraphs: Sequence[Paragraph]) -> Front | None:
    """The fact asked about and where the report's head states it; None when it does not."""
    identity = info.identity
    asked = _asked(query)
    if _WHO.search(asked):
        fact, sought, said = identity.speaker, identity.speaker, "《{title}》由{fact}所作。"
    elif _WHEN.search(asked):
        day = "{}年{}月{}日".format(*(int(n) for n in identity.date.split("-"))) if identity.date else None
        fact, sought, said = day, day, "《{title}》于{fact}作出。"
    else:
        fact, sought, said = identity.meeting, identity.meeting, "《{title}》在{fact}上作出。"
    if not fact or not sought:
        return None
    letters = re.sub(r"\s", "", sought)
    for paragraph in paragraphs[:FRONT]:
        if letters in re.sub(r"\s", "", paragraph.text):
            said = _IN_ENGLISH.get(said, said) if query.english else said
            return Front(said.format(title=identity.title, fact=fact), paragraph)
    return None
