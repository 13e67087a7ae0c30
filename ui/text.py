"""What the page says, in Chinese and in English, side by side.

One table a tab, word → (Chinese, English); ``text(lang).ask["send"]`` reads one. A word that holds ``{…}`` is
filled in with ``str.format`` by whoever shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

Lang = Literal["zh", "en"]
Words: TypeAlias = Mapping[str, str]
_Table: TypeAlias = "dict[str, tuple[str, str]]"

APP: _Table = {
    "title": ("问报", "Wenbao"),
    "subtitle": (
        "政府工作报告问答：确切的数字，原文的出处",
        "Exact figures from government work reports",
    ),
    "tab_ask": ("提问", "Ask"),
    "tab_reports": ("报告", "Reports"),
    "tab_compare": ("比较", "Compare"),
    "tab_evaluation": ("评测", "Evaluation"),
    "other_language": ("English", "中文"),
    "theme": ("深色 / 浅色", "Dark / light"),
}

ASK: _Table = {
    "label": ("问题", "Question"),
    "placeholder": ("例如：2023年旅游收入多少", "e.g. What was GDP in 2023?"),
    "send": ("提问", "Ask"),
    "region": ("地区", "Place"),
    "year": ("年份", "Year"),
    "all_regions": ("全部地区", "All places"),
    "all_years": ("全部年份", "All years"),
    "year_name": ("{year}年", "{year}"),
    "new": ("新对话", "New conversation"),
    "welcome": ("向政府工作报告提问", "Ask the government work reports"),
    "welcome_more": (
        "回答给出报告中的确切数字和原文出处；报告没有说明的，不作回答。",
        "Answers give the exact figure and the sentence it was read from. What is not told is not answered.",
    ),
    "loaded": ("已载入 {reports} 份报告：{names}", "{reports} reports are loaded: {names}"),
    "loaded_more": ("{names}等", "{names} and others"),
    "comma": ("、", ", "),
    "none_loaded": ("还没有载入报告，请先在“报告”页添加。", "No report is loaded yet; add one under Reports."),
    "try": ("可以这样问", "Try one of these"),
    "thread": ("问答", "Questions and answers"),
    "asked": ("问", "Q"),
    "only": ("只看 {what}", "Only {what}"),
    "open_cite": ("查看第 {n} 处出处：{report}第{paragraph}段", "Source {n}: {report}, paragraph {paragraph}"),
    "paragraph": ("第{n}段", "paragraph {n}"),
    "abstained": ("报告没有说明", "The reports do not tell"),
    "near": ("相近的内容（仅供参考，不是答案）", "Near to it (not the answer)"),
    "reason_no_report": ("没有载入这个地区的报告", "No report of this place is loaded"),
    "reason_no_period": ("已载入的报告没有说到这一年", "No report that is loaded speaks of this year"),
    "reason_no_indicator": ("报告没有给出这一项", "The reports do not give this"),
    "reason_not_about_reports": ("问题与政府工作报告无关", "Not about government work reports"),
    # The answer names a command where a report is missing; on the page there is a tab for it.
    "command": ("可用 wenbao add 添加", "one can be added with wenbao add"),
    "tab_instead": ("可在“报告”页添加", "one can be added under Reports"),
    "copy_cite": ("复制引用", "Copy citation"),
    "brief_quote": ("加入简报", "Add to briefing"),
    "brief_answer": ("答案加入简报", "Add answer to briefing"),
    "copy_link": ("复制链接", "Copy link"),
    "right": ("答得对", "Right"),
    "wrong": ("答得不对", "Wrong"),
    "copied": ("已复制", "Copied"),
    "link_copied": ("链接已复制，打开即见同样的回答", "Link copied; it opens the same answers"),
    "not_copied": ("浏览器不允许复制，请手动复制", "The browser does not let us copy; please copy by hand"),
    "example_result": ("{year}年{place}{indicator}是多少？", "What was the {indicator} of {place} in {year}?"),
    "example_plan": (
        "{year}年{place}{indicator}的目标是多少？",
        "What is the {year} target for the {indicator} of {place}?",
    ),
    "example_growth": (
        "{year}年{place}{indicator}增长了多少？",
        "How much did the {indicator} of {place} grow in {year}?",
    ),
    "example_compare": (
        "{year}年{place}和{other}的{indicator}哪个多？",
        "Which was higher in {year}, the {indicator} of {place} or of {other}?",
    ),
}

MODEL: _Table = {
    "switch": ("大模型", "Language model"),
    "switch_note": ("问题和有关原文会交给 {model} 处理", "Question and passages go to {model}"),
    "waiting": ("正在等候大模型…", "Waiting for the model…"),
    "worded": ("由 {model} 组织语言，逐句核对：{sentences} 句。", "Worded by {model}; sentences checked: {sentences}."),
    "worded_less": (
        "由 {model} 组织语言，逐句核对：{sentences} 句，其中 {dropped} 句未通过，已删去。",
        "Worded by {model}; sentences checked: {sentences}, {dropped} of them dropped.",
    ),
    "not_used": ("未采用 {model}：{note}", "Not worded by {model}: {note}"),
    "not_used_named": ("未采用大模型：{note}", "Not worded by a model: {note}"),
    "left": ("没有等它答完。", "its answer was not waited for."),
}

PROOF: _Table = {
    "title": ("原文出处", "Source"),
    "hint": ("点答案中的 [1]，在这里查看原文", "Press [1] in an answer to read the source here"),
    "close": ("关闭（Esc）", "Close (Esc)"),
    "previous": ("上一处", "Previous"),
    "next": ("下一处", "Next"),
    "paragraph": ("第{n}段", "Paragraph {n}"),
    "review": ("回顾{year}年", "Looks back on {year}"),
    "plan": ("部署{year}年", "Plans {year}"),
    "whole": ("阅读全文", "Whole report"),
    "gone": ("这份报告已被移除，只剩引用的原句。", "This report has been removed; only the quote is left."),
    "back": ("返回提问", "Back to questions"),
    "outline": ("目录", "Contents"),
    "missing": ("没有这份报告，可能已被移除。", "There is no such report; it may have been removed."),
    "counted": ("共 {n} 段", "{n} paragraphs"),
}

REPORTS: _Table = {
    "upload": ("添加报告", "Add reports"),
    "upload_hint": (
        "拖到这里，或点“选择文件”。可多选：{kinds}；每次最多 {files} 个，每个不超过 {mb} MB。",
        "Drop files here or choose them: {kinds}; at most {files} at a time, {mb} MB each.",
    ),
    "choose": ("选择文件", "Choose files"),
    "adding": ("正在添加第 {n} 个，共 {total} 个：{name}", "Adding {n} of {total}: {name}"),
    "closing": ("正在更新索引", "Updating the index"),
    "too_many": ("一次最多添加 {most} 个文件，请分次上传 (too many files at once)", "At most {most} files at a time"),
    "too_large": ("文件太大，没有上传：", "Too large, not uploaded: "),
    "results": ("添加结果", "What became of the files"),
    "added": ("已添加", "Added"),
    "replaced": ("已替换", "Replaced"),
    "skipped": ("跳过", "Skipped"),
    "refused": ("未添加", "Refused"),
    "loaded": ("已载入 {n} 份报告", "{n} reports loaded"),
    "none": ("还没有载入报告。", "No report is loaded yet."),
    "col_region": ("地区", "Place"),
    "col_year": ("年份", "Year"),
    "col_meeting": ("会议", "Meeting"),
    "col_speaker": ("报告人", "Speaker"),
    "col_date": ("报告日期", "Delivered"),
    "col_paragraphs": ("段落", "Paragraphs"),
    "col_figures": ("数字", "Figures"),
    "col_added": ("添加日期", "Added"),
    "col_source": ("文件", "File"),
    "unknown": ("未写明", "not stated"),
    "open": ("查看、更正或移除：{title}", "Look at, correct or remove: {title}"),
    "back": ("← 返回列表", "← All reports"),
    "whole": ("阅读全文", "Whole report"),
    "region": ("地区", "Place"),
    "region_more": ("名称或六位代码，如 四川省阿坝州", "Name or six-digit code, e.g. 四川省阿坝州"),
    "year": ("年份", "Year"),
    "year_more": ("作报告的那一年", "Year of delivery"),
    "correct": ("保存更正", "Correct"),
    "remove": ("移除报告", "Remove report"),
    "ask_remove": ("确定移除《{title}》？移除后可重新上传。", "Remove {title}? It can be uploaded again."),
    "sure": ("确定移除", "Remove"),
    "cancel": ("取消", "Cancel"),
    "removed": ("已移除：{title}", "Removed: {title}"),
    "gone": ("这份报告已被移除，请刷新页面。", "This report has been removed; please reload the page."),
    "outline": ("识别出的目录", "Outline as detected"),
    "outline_more": (
        "点标题或段落号，在全文中打开。",
        "Press a heading or a paragraph number to open it in the whole report.",
    ),
    "untitled": ("（标题之前）", "(before the first heading)"),
    "span": ("第{first}–{last}段", "paragraphs {first}–{last}"),
    "span_one": ("第{first}段", "paragraph {first}"),
    "review": ("回顾{year}年", "looks back on {year}"),
    "plan": ("部署{year}年", "plans {year}"),
}

COMPARE: _Table = {
    "indicator": ("指标", "Indicator"),
    "indicator_more": ("可选，也可自己填写", "Choose one, or type your own (in Chinese)"),
    "regions": ("地区", "Places"),
    "years": ("年份", "Years"),
    "several": ("可多选", "One or more"),
    "show": ("比较", "Compare"),
    "region": ("地区", "Place"),
    "col_review": ("{year}年结果", "{year} result"),
    "col_plan": ("{year}年目标", "{year} target"),
    "not_stated": ("未说明", "not stated"),
    "no_report": ("未载入该报告", "report not loaded"),
    "report_of": ("{year}年的报告", "the report of {year}"),
    "download": ("下载 {kind}", "Download {kind}"),
    "left_out": ("未列出：{what}（所需的报告都没有载入）。", "Left out: {what} (no report of them is loaded)."),
    "note": (
        "结果取自次年报告的回顾部分，目标取自当年报告的部署部分。“未说明”是报告已载入但没有给出；"
        "“未载入该报告”是缺那一年的报告，可在“报告”页添加。点 [n] 看原句。",
        "Results are read from the review in the next year's report, targets from the plan in the year's own report. "
        "“Not stated”: the report is loaded and does not give it. “Report not loaded”: it can be added under Reports. "
        "Press [n] to read the sentence.",
    ),
}

EVALUATION: _Table = {
    "title": ("最近一次评测", "Latest evaluation"),
    "none": (
        "还没有评测过。点“运行评测”，用自带的评测题检查回答。",
        "No evaluation yet. Run one to check the answers.",
    ),
    "ended": ("{ended}，{n} 题", "{ended}, {n} questions"),
    "interval": ("95% 区间 {interval}", "95% interval {interval}"),
    "counts": (
        "答对 {right}，答错 {wrong}，漏答 {silent}，妄答 {bluff}",
        "right {right}, wrong {wrong}, silent {silent}, bluff {bluff}",
    ),
    "latency": ("用时中位数 {p50} 毫秒，95% 在 {p95} 毫秒内", "median {p50} ms, 95% within {p95} ms"),
    "commit": ("代码 {commit}", "code {commit}"),
    "start": ("运行评测", "Run evaluation"),
    "loading": ("正在载入评测用的报告……", "Loading the reports of the evaluation…"),
    "asking": ("正在提问：{done} / {total}", "Asking: {done} of {total}"),
    "closing": ("正在整理结果……", "Working out the results…"),
    "failed": (
        "上次评测没有完成，原因见服务器上的提示。",
        "The last evaluation did not finish; the server's log says why.",
    ),
    "busy": ("已有一次评测在运行，请等它结束。", "An evaluation is at work already; please wait for it to end."),
    "frame": ("评测报告", "Evaluation report"),
    "whole": ("在新窗口打开评测报告", "Open the report in a window of its own"),
    "feedback": ("用户反馈", "Feedback"),
    "no_feedback": (
        "还没有反馈。每个回答下面都可以说对错。",
        "No feedback yet. Every answer can be marked right or wrong.",
    ),
    "verdicts": (
        "答得对 {right} 条，答得不对 {wrong} 条；可转成 {questions} 道评测题。",
        "{right} right, {wrong} wrong; {questions} gold questions can be made of them.",
    ),
    "download": ("下载评测题（.jsonl）", "Download gold questions (.jsonl)"),
    "left": ("未转成评测题的 {n} 条", "{n} that make no gold question"),
}

BRIEFING: _Table = {"open": ("简报", "Briefing")}  # the tray's own words stand in static/briefing.js


@dataclass(frozen=True, slots=True)
class Text:
    """All words of one language, a table a tab. A word that is not there raises KeyError."""

    lang: Lang
    app: Words
    ask: Words
    model: Words
    proof: Words
    reports: Words
    compare: Words
    evaluation: Words
    briefing: Words


@lru_cache(maxsize=2)
def text(lang: Lang) -> Text:
    """The words of one language."""
    tables = (APP, ASK, MODEL, PROOF, REPORTS, COMPARE, EVALUATION, BRIEFING)
    column = 0 if lang == "zh" else 1
    return Text(lang, *({key: pair[column] for key, pair in table.items()} for table in tables))
