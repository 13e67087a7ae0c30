"""What a report means by a name it gives: its glossary, and the things behind a name that counts them (“六稳”)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from qa.enumerated import NUMERALS, enumerated
from qa.kind_of_words import WHEN
from qa.model import Paragraph
from qa.passages import split_sentences
from qa.telling import clip
from qa.text import bigrams, fold
from qa.understand import Query

LONGEST_ENTRY = 420  # characters of an entry of a glossary that are told
HEADLINE = 30  # characters of a run-in headline at most
LONGEST_TERM = 40  # characters before the colon of an entry
SURE_WITHOUT_NAME = 4  # as many things alike side by side are what the name counts, though the report never says it
FEWEST_ALIKE = 3  # things that have but one character in common; two of them may be so by chance
MANY_ALIKE = 5  # that begin alike and stand side by side are no chance, however long each is

_N = "两三四五六七八九十"
_MEASURE = "(?:个|大|项|条|种|类|场|张)"
_QUOTES = "“”\"'‘’「」『』"
# “两个稳居”, “六稳”, 三大科创引领高地, 三场攻坚战: as many things as it says, and what they have in common
_COUNTING = re.compile(
    rf"[“\"](?P<n>[{_N}]){_MEASURE}?(?P<word>[\u4e00-\u9fff]{{1,6}})[”\"]|"
    rf"(?P<m>[{_N}]){_MEASURE}(?P<what>[\u4e00-\u9fff]{{2,10}}?)(?=具体|分别|都|各|是|指|包括|包含|有哪|为哪)"
)
_AFTER = (
    rf"[{_QUOTES}]?(?:目标|工作|行动|任务|政策|战略|原则|要求|学科|工程|计划|举措|建设|格局|布局|体系)?(?:的)?(?:具体|分别|都|各|究竟|到底|主要|又)*"
    rf"(?:(?:是指|指的是|指|包括|包含|涵盖|代表)(?:哪|什么|啥)[^，。？?]{{0,8}}|(?:是|有|为|含|\w(?=哪))?的?(?:哪|什么|啥)[{_N}几些]?"
    rf"{_MEASURE}?(?:方面|内容|意思|含义|东西|件|块|座|方)?|(?:是|指)?哪[{_N}][^，。？?]{{0,6}})(?:[？?，,（(。！!]|$)|"
    rf"[{_QUOTES}]?的?(?:具体)?(?:含义|意思|内容|定义)|[{_QUOTES}]?(?:该|要)?(?:怎么|如何|怎样)(?:解释|理解)"
)
_BEFORE = rf"(?:(?:什么叫|什么是|何谓|何为|啥叫|啥是|解释(?:一下)?)[{_QUOTES}]?|哪[{_QUOTES}])"
_LISTING = re.compile(r"列(?:一下|举|出)|有哪些|是哪些|包括哪")  # all that is behind it, not one thing of it
_GLOSSARY = re.compile(r"名词|注释|术语|用语说明")
_ENTRY = re.compile(
    rf"[（(【\[［]?\d{{1,3}}[)）】\]］.．、:：]?\s*(?P<term>[^：:。；]{{2,{LONGEST_TERM}}})[：:]\s*(?=\S)"
)
# “两新一重”, “一核两翼”: the numbers add up
_ADDED_UP = re.compile(rf"[“\"]((?:[一{_N}][^一{_N}“”\"，。]{{1,3}}){{2,}})[”\"]")
_ASKS_SO_MANY = re.compile(rf"[“\"]([^“”\"]{{2,8}})[”\"][^，。？?]{{0,8}}哪([{_N}])")
_MARK = re.compile("[、，；]")
_AMOUNT = re.compile(r"\d\s*[万亿]?\s*[户个人家亩元]")
_TOLD_AFTER = re.compile(r"[^，。；：]{0,6}[：:（(]|[^，。；：]{0,4}[，,]?(?:即|就是|是指|指的是)")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is meant by a name. start, end: whole sentences of the paragraph that tell it; text: what is said of it;
    defined: it stands in a glossary; further: other places that tell the rest (paragraph, start, end)."""

    paragraph: Paragraph
    start: int
    end: int
    text: str
    defined: bool = False
    further: tuple[tuple[Paragraph, int, int], ...] = ()


def explained(query: Query, paragraphs: Sequence[Paragraph]) -> Meaning | None:
    """What a name in a question means by the report, or when it was, where the glossary says so; None where the
    question does not ask that or the report does not tell."""
    question = re.sub("[（(][^（()）]*[)）]", "", query.text)
    asked = asks_meaning(question)
    whole = bool(_LISTING.search(question))
    entry = entry_named(question, paragraphs) if asked or whole or query.wants[0] == "date" else None
    if entry and query.wants[0] == "date":
        return _dated(entry, query)
    if entry and (asked or "、" in entry.text):
        return entry
    return _counted(question, paragraphs)


def _dated(entry: Meaning, query: Query) -> Meaning | None:
    """The part of an entry that tells when; None where it tells no time, or nothing else that is asked."""
    term, _, body = entry.text.partition("：")
    asked = set(bigrams(fold(_plain(query.text)))) - set(bigrams(fold(_plain(term))))
    told = clip(body, lambda run: len(asked & set(bigrams(fold(run)))) / max(len(asked), 1), "date")
    happened = set(bigrams(fold(re.sub(r"\d+年?", " ", told)))) & asked
    return replace(entry, text=f"{term}：{told}") if WHEN.search(told) and len(happened) > 1 else None


def names_a_term(query: Query) -> bool:
    """Whether a question may ask what a name means; what it costs to look is only spent on such."""
    text = query.text
    return not query.english and bool(asks_meaning(text) or _LISTING.search(text) or query.wants[0] == "date")


def asks_meaning(question: str) -> bool:
    """Whether a question asks what a quoted or counting name stands for (“两重”是指什么, 三大高地是哪三个)."""
    names = [m.group() for m in re.finditer(rf"[“\"][^“”\"]{{1,20}}[”\"]|{_COUNTING.pattern}", question)]
    return any(_asked(question, re.escape(name.strip(_QUOTES))) for name in names)


def _asked(question: str, name: str) -> bool:
    return bool(re.search(rf"{name}(?:{_AFTER})|{_BEFORE}{name}", question))


def leaves_unexplained(query: Query, told: str) -> bool:
    """Whether a question asks what a counting name stands for (“两个屏障”) and an answer only repeats that name."""
    question = re.sub("[（(][^（()）]*[)）]", "", query.text)
    around = re.sub('[“"][^“”"]*[”"](?![：:])', "", told)
    for name, named, number, word in _counting_names(question):
        repeated = re.search(named, told)
        behind = re.split("[，；：]", told[repeated.end() :])[1:] if repeated else []
        many = number > 2 and (number in enumerated(around) or len(behind) >= number)
        there = many or not word or around.count(word) >= (number if number > 2 else 1)
        if repeated and number > 1 and not there and _asked(question, re.escape(name)):
            return True
    return False


def entry_named(question: str, paragraphs: Iterable[Paragraph]) -> Meaning | None:
    """The entry of a report's glossary whose term the question names, the longest such; None without one."""
    plain = _plain(question)
    best: tuple[int, Meaning] | None = None
    for paragraph in paragraphs:
        if not any(_GLOSSARY.search(heading) for heading in paragraph.section[-1:]):
            continue
        found = _ENTRY.match(paragraph.text)
        named = max((len(name) for name in _names(found["term"]) if name in plain), default=0) if found else 0
        if found and named and (best is None or named > best[0]):
            best = named, _entry(paragraph, found.start("term"))
    return best[1] if best else None


def _names(term: str) -> list[str]:
    """What an entry may be named by: the term, each of several it joins, and it from its quoted part on."""
    dated = re.sub(r"^(?:19|20)\d\d年", "", term)  # 2025年10件民生实事
    whole = [_plain(part) for part in (term, dated, *re.split("[、和与及]", term))]
    tails = [_plain(term[m.start() :]) for m in re.finditer('[“"]', term)]
    quoted = [_plain(m.group()) for m in re.finditer('[“"][^“”"]{2,}[”"]', term)]
    return [name for name in (*whole, *tails) if len(name) > 2] + [name for name in quoted if len(name) > 1]


def _plain(text: str) -> str:
    return re.sub(rf"[\s{_QUOTES}]", "", text)


def _entry(paragraph: Paragraph, begins: int) -> Meaning:
    """An entry as far as an answer goes: its first sentence, and those after it that still find room."""
    spans = split_sentences(paragraph.text)
    last = max((end for _, end in spans if end <= LONGEST_ENTRY), default=spans[0][1])
    return Meaning(paragraph, spans[0][0], last, paragraph.text[begins:last], defined=True)


def _counted(question: str, paragraphs: Sequence[Paragraph]) -> Meaning | None:
    """The things behind a counting name: told with it (A、B、C三大高地; “约法三章”：…), or alike (稳就业、稳金融…)."""
    sentences = [(p, start, end) for p in paragraphs for start, end in split_sentences(p.text)]
    for name, named, number, word in _counting_names(question):
        if not _asked(question, re.escape(name)):
            continue
        beside = [Meaning(p, a, b, told) for p, a, b in sentences if (told := _beside(p.text[a:b], named, number))]
        if beside:
            return _nearest(beside, question.replace(name, ""))
        said = any(re.search(named, p.text) for p in paragraphs)
        alike = [Meaning(p, a, b, run) for p, a, b in sentences for run in _alike(p.text[a:b], word, number)]
        if len({_key(m.text) for m in alike}) == 1 and (said or number >= SURE_WITHOUT_NAME):
            return alike[0]
        if headed := _headed(paragraphs, named, number, word):
            return headed
    return None


def _headed(paragraphs: Sequence[Paragraph], named: str, number: int, word: str) -> Meaning | None:
    """The things that head, each, what follows a sentence with their name: paragraphs behind a colon that all begin
    alike (主要是：, 加强…, 加强…), or run-in headlines that all end with what they have in common (打造…产业集群。)."""
    if number < FEWEST_ALIKE:
        return None
    for at, paragraph in enumerate(paragraphs):
        spans = split_sentences(paragraph.text)
        naming = [n for n, (a, b) in enumerate(spans) if re.search(named, paragraph.text[a:b])]
        if not naming:
            continue
        behind = [p for p in paragraphs[at + 1 : at + 2 + number] if p.section == paragraph.section]
        heads = [(p, a, b) for p in behind for a, b in split_sentences(p.text)[:1]]
        if paragraph.text.endswith("：") and naming[-1] == len(spans) - 1:
            openings = [p.text[a : a + 2] for p, a, _ in heads]
            if len(set(openings[:number])) == 1 and openings.count(openings[0]) == number:
                return _several(heads[:number])
        rest = [(paragraph, a, b) for a, b in spans[naming[0] + 1 :]] + heads
        of_it = [(p, a, b) for p, a, b in rest if b - a <= HEADLINE and p.text[a:b].rstrip("。").endswith(word)]
        if len(word) > 1 and len(of_it) == number and not any(re.search(r"\d", p.text[a:b]) for p, a, b in of_it):
            return _several(of_it)
    return None


def _several(heads: Sequence[tuple[Paragraph, int, int]]) -> Meaning:
    """What several sentences begin with, as one meaning."""
    text = "；".join(re.split("[，；：。]", p.text[a:b])[0] for p, a, b in heads)
    (paragraph, start, end), *further = heads
    return Meaning(paragraph, start, end, text, further=tuple(further))


def _nearest(told: Sequence[Meaning], question: str) -> Meaning:
    """The one of several tellings whose sentence says most of the question; a name may be given to several things."""
    asked = set(bigrams(fold(_plain(question))))
    return max(told, key=lambda m: len(asked & set(bigrams(fold(m.paragraph.text[m.start : m.end])))))


def _counting_names(question: str) -> Iterator[tuple[str, str, int, str]]:
    """(name, pattern of it in a report, how many things it stands for, what they have in common or "")."""
    for found in _COUNTING.finditer(question):
        name = found.group().strip(_QUOTES)
        if found["n"]:
            yield name, f'[“"]?{name}[”"]?', NUMERALS[found["n"]], found["word"]
            continue
        number, word = NUMERALS[found["m"]], found["what"]
        bare = rf"|(?<=[\u4e00-\u9fff])[的等]+{word}" if number > 2 and len(word) > 2 else ""
        yield name, rf"[“\"]?{found['m']}{_MEASURE}?{word}[”\"]?{bare}", number, word
    for found in _ADDED_UP.finditer(question):
        yield found[1], f'[“"]{found[1]}[”"]', sum({"一": 1, **NUMERALS}.get(c, 0) for c in found[1]), ""
    for found in _ASKS_SO_MANY.finditer(question):  # “约法三章”是哪三条
        yield found[1], f'[“"]{re.escape(found[1])}[”"]', NUMERALS[found[2]], ""


def _key(run: str) -> frozenset[str]:
    """Things alike whatever stands around them, so that two sentences that name the same ones can be known."""
    pieces = _MARK.split(run)
    return frozenset(pieces[1:-1] or pieces)


def _beside(sentence: str, named: str, number: int) -> str:
    """The things that a sentence tells together with their name, and the name; "" where they are not as many."""
    for found in re.finditer(named, sentence):
        clause = _last_of(re.split("[，；：。]", sentence[: found.start()])[-1].removesuffix("等"), number)
        # Of two the name is mostly itself one of the things; 粮食安全和防止返贫“两条底线” tells both.
        two = re.fullmatch("[^、“]{6,}[和与及][^、“]{6,}", clause) and re.search("两[大条项类种]", found.group())
        several = number > 2 or "大" in found.group() or bool(two)
        whole = not clause.endswith(("、", "实现")) and not _AMOUNT.search(clause)
        if several and whole and (number in _sizes(clause, found.group()) or (two and number == 2)):
            return clause.strip() + found.group()
        after = _TOLD_AFTER.match(sentence, found.end())
        behind = sentence[after.end() :].rstrip("。；") if after else ""
        if after and after.group().endswith(("（", "(")):
            behind = re.split("[）)]", behind)[0]
        if any(behind.count(mark) + 1 == number for mark in "；、，"):
            return behind
    return ""


def _last_of(listed: str, number: int) -> str:
    """The last so many of things side by side, where 和 sets them off from others (改革和评审、评估、评价“三评”)."""
    items = listed.split("、")
    first = re.split("[和与及]", items[-number]) if len(items) > number else []
    return "、".join([first[-1], *items[len(items) - number + 1 :]]) if len(first) > 1 else listed


def _sizes(listed: str, name: str) -> set[int]:
    """How many things stand side by side before their name; the last of them may be joined to the others by 和."""
    marks = listed.count("、") + 1
    joined = bool(re.search("[和与及]", listed.rpartition("、")[2])) and (marks > FEWEST_ALIKE or "大" in name)
    return {marks, marks + joined} if marks > 1 else set()


def _alike(sentence: str, word: str, number: int) -> list[str]:
    """Runs of exactly so many things side by side that all begin with the word, or all end alike from it on. Of a word
    of one character they must be as long as each other too."""
    runs: list[str] = []
    if not word:
        return runs
    for mark, wider in (("、", "[，；：。]"), ("，", "[；：。]"), ("；", "[：。]")):
        for part in re.split(wider, sentence):
            pieces = part.split(mark)
            for ends in (_from(pieces, word), _to(pieces, word)):
                runs += _runs(pieces, ends, word, mark, number)
    return list(dict.fromkeys(runs))


def _from(pieces: Sequence[str], word: str) -> list[str]:
    """The word for each piece that begins with it, and for one that leads up to such (着力稳就业); else ""."""
    begins = [piece.startswith(word) for piece in pieces]
    around = zip(pieces, [False, *begins], begins, [*begins[1:], False], strict=False)
    leads = [not (before or at) and behind and word in piece for piece, before, at, behind in around]
    return [word if at or lead else "" for at, lead in zip(begins, leads, strict=True)]


def _to(pieces: Sequence[str], word: str) -> list[str]:
    """What each piece ends with from the word on; of one that goes on behind those before (…、医药分开的有效形式) the
    word."""
    ends = [piece[piece.find(word) :] for piece in pieces]
    return [word if end.startswith(f"{word}的") and word in ends[:at] else end for at, end in enumerate(ends)]


def _runs(pieces: Sequence[str], ends: Sequence[str], word: str, mark: str, number: int) -> list[str]:
    """The pieces with one and the same end side by side, where they are so many and are of one make."""
    out = []
    at = 0
    for end, group in groupby(ends):
        size = len(list(group))
        run = pieces[at : at + size]
        at += size
        if end.startswith(word) and size == number and len(set(run)) == size and _of_one_make(run, end, word):
            out.append(mark.join(run))
    return out


def _of_one_make(run: Sequence[str], end: str, word: str) -> bool:
    """Whether things side by side that begin or end with a word are what a name counts by it."""
    if len(word) > 1:  # two things of a kind stand in every report, but not two of which the same is said
        return all(len(piece) > len(word) for piece in run) and (len(run) >= FEWEST_ALIKE or end != word)
    first, *others, last = run
    begins = last.startswith(word)
    sizes = {len(piece) for piece in others} | ({len(first[first.find(word) :])} if begins else {len(last)})
    edge = {piece[1:2] for piece in run[1:]} if begins else {piece[-2:-1] for piece in run}
    alike = len(sizes) == 1 and len(last if begins else first) >= max(sizes)
    alike = alike or (begins and len(run) >= MANY_ALIKE)
    return len(run) >= FEWEST_ALIKE and alike and len(edge) > 1  # 保护名城、保护街区: 护 is common to them too
