"""The words and patterns that tell what in a free sentence is a fact: numbers in words, ranks, dates, names."""

from __future__ import annotations

import re

MARK = re.compile(r"\s*[\[［【](\s*\d{1,3}(?:\s*[,，、;；]\s*\d{1,3})*\s*)[\]］】]")
OTHER_SCRIPT = re.compile(r"[\u0400-\u052f\u0590-\u06ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\uac00-\ud7af]")
HAN = re.compile(r"[\u3400-\u9fff]")
HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")
SUM = re.compile(r"[（(][^（）()]*(?:\([^()]*\)[^()]*)?=[^()（）]*[)）]")  # arithmetic shown
BESIDE = re.compile(r"[(（][^()（）A-Za-z]*[)）]")  # the Chinese name behind an English one
LETTER = re.compile(r"[A-Za-z0-9\u3400-\u9fff]")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
# What qa.english_numbers puts into an English sentence
FOLDED_IN = re.compile("[年月日亿万元美个百分点平方公里米公顷亩吨千瓦时倍增长下降到不低于超过约近以上左右预计]")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=\s*年|[:：] )")
# Not the year a number is of: what it is compared with, or since when
BASE_OF = re.compile(r"(?:比|较|自|与|从|和|跟|compared (?:with|to)|from|over|than|since|on)\s*$", re.I)
BASE_YEAR = re.compile(r"(?:比|较|compared (?:with|to)|over|than)\s*((?:19|20)\d\d)(?=\s*年)", re.I)
SPAN = re.compile(r"((?:19|20)\d\d)年?\s*[-—–~至到]+\s*((?:19|20)\d\d)\s*年")
REPORT = re.compile(r"(?<!\d)((?:19|20)\d\d)年[^，。；,;]{0,16}?(?:工作报告|报告|\bReport\b)", re.I)
DATE = re.compile(r"(?<!\d)\d{1,2}月(?:\d{1,2}日)?|(?<![\d.])\d{1,2}日(?!均)")
DEICTIC = re.compile(r"今年|去年|明年|前年")
DEICTIC_YEARS = {"今年": 0, "去年": -1, "明年": 1, "前年": -2}
TOWARDS = re.compile(
    r"(?:高于|低于|超过|超|快于|慢于|好于|优于|居|列|位|占|比|较|与|同|领先|入选|[入进]|被评为|荣获|above|below|than)\s*$"
)
DONE = re.compile(r"了|已经?|实际|最终|\b(?:was|were|rose|fell|grew|reached|achieved|has|had)\b", re.I)
NAME_OF = re.compile(r"[A-Za-z][A-Za-z.-]*$")  # PM2.5
WHOLE = re.compile(r"全[国省州市县区]|我[省州市县区]")
MOVED = re.compile(
    r"(?:同比|环比|名义|实际|净|年均|分别|各|均|约|突破|超过|[增上]长|增加|提高|下降|减少|上升|预计|全[国省州市县区])+"
)
CALENDAR = re.compile(r"[年月日\d]")
ORDINAL = re.compile(r"第\s*$")
# Words that narrow what a number is told of: a passage must have them, too
NARROWING = re.compile(
    r"人均|户均|亩均|月均|日均|年均|国内|境外|入境|外国|国际|省外|省内|累计|户籍|登记|调查|(?<![全我各])国有|民营|城镇|农村|乡村|红色|进口|出口|净利润|"
    r"非税|税后|税前|高速|地方|中央|连续"
)
PART_OF_YEAR = re.compile(r"上半年|下半年|季度")
NARROWING_ENGLISH = (
    (re.compile(r"\bper[ -]capita\b|\bper person\b", re.I), "人均|每人"),
    (re.compile(r"\bmonthly\b|\bper month\b|\ba month\b", re.I), "月"),
    (re.compile(r"\bdaily\b|\bper day\b|\ba day\b", re.I), "日|天"),
    (re.compile(r"\bhalf\b", re.I), "半"),
    (re.compile(r"\bquarter\b", re.I), "季度"),
    (
        re.compile(
            r"\bforeign\b(?! trade| investment| exchange)|\binternational\b(?! trade)|\binbound\b|\boverseas\b", re.I
        ),
        "外|国际|入境|境外",
    ),
    (re.compile(r"\bdomestic\b(?! product)", re.I), "国内|内"),
    (re.compile(r"\brural\b", re.I), "农|乡"),
    (re.compile(r"\burban\b", re.I), "城"),
    (re.compile(r"\bcumulative(?:ly)?\b|\bin total over\b", re.I), "累计"),
)
NEUTRAL = re.compile(  # words for what a number is that make no other thing of it
    r"目标|计划|预期|力争|预计|规划|安排|指标|数量|规模|总量|总额|总数|水平|数据|人数|全部|一共|合计|总计|共计|当年|年度|增速|增幅|增长|同比|下降|提高|确保|保持|控制|稳定|突破|超过|有望|成功|顺利"
)
MARGIN = re.compile(
    r"(?:比|较)[^，。；]{1,16}(?:高|低|多|少|快|慢)(?:出|了)?$|(?:高于|低于|高出|多于|少于|快于|慢于)[^，。；\d]{1,16}$"
)
LEVEL = re.compile(r"[至到]\D{0,3}$")
OWN = re.compile(r"由?第$|月日|全[年国省州市县区]|我[国省州市县区]|各项|州|省")
PLAN = re.compile(
    r"目标|计划|规划|预期|力争|预计|[将拟要]|安排|确保|部署|争取|打算|任务|\b(?:plan|target|aim|goal|will|expect|forecast)",
    re.I,
)
AIM = re.compile(r"目标(?!任务)|计划|力争|拟|\b(?:target|aim|goal|plan)(?:s|ned|ning)?\b", re.I)
AIMED = re.compile(r"目标(?!任务)|力争|预期目标|拟")
AIMED_NEAR = re.compile(r"(?:目标|力争|拟)[^，。；]*$")
COUNT = re.compile(
    r"(?<![第十百千万亿零〇一二两三四五六七八九点分])([二两三四五六七八九十]{1,3})(大(?![力幅量型])|个|项|条|家|座|类|批|所|种|名|位|次|倍|年|期|省|市|州|县|区|艘|架|"
    r"届|方面|板块|点)"
)
ANY_MEASURE = "[个项条家座类批所种大]|方面|板块"
FIRST = ("第1", "首位", "榜首", "居首")
RANK = re.compile(
    r"第\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?!产业|季度|[一二三四五六七八九十\d])|首位|榜首|居首|前列|首个|首次|首家|新高|唯一|最[高低大多快]|翻[一两]?番"
)
ENGLISH_RANK = re.compile(
    r"\b(?:rank(?:s|ed|ing)?\s+(?:\w+\s+)?|the\s+)(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"\d{1,2}(?:st|nd|rd|th))\b",
    re.I,
)
ORDINALS = {w: n for n, w in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)}
# English words for a number that digits do not show → what the passage must hold
MULTIPLES = (
    (re.compile(r"\b(?:doubl(?:e|es|ed|ing)|twofold|twice)\b", re.I), re.compile(r"翻[一]?番|两倍|一倍|2倍|1倍")),
    (re.compile(r"\b(?:tripl(?:e|es|ed|ing)|threefold)\b", re.I), re.compile(r"[两三23]倍")),
    (re.compile(r"\b(?:half|halved|halving)\b", re.I), re.compile(r"半|50%")),
    (re.compile(r"\b(?:dozens?|hundreds?|thousands?|millions?|billions?|trillions?)\b", re.I), re.compile(r"(?!)")),
    (re.compile(r"\brecord\s+(?:high|low)\b|\b(?:highest|largest|biggest|fastest|lowest|only)\b", re.I),
     re.compile(r"新高|新低|最|唯一|首")),
)  # fmt: skip
QUOTED = re.compile(r"[“‘《「『\"]([^“”‘’《》「」『』\"]{2,40})[”’》」』\"]")
# Words that deny, and those that hold one without denying anything
DENIED = re.compile(
    r"没有|没(?=[能实完达])|未能|未(?=[完实达能])|(?<![是否])并非|并未|并不|无法|不再|尚未|不(?=[是到及如])(?!断)|不存在|失败|取消|停止|叫停|虚假|造假"
)
DENIED_ENGLISH = re.compile(
    r"\b(?:not|never|fail(?:s|ed|ing)?|without|neither|nor|cancel(?:s|led|ed)?|false)\b|n['’]t\b", re.I
)
_ROSE = re.compile(
    r"增|升|提高|涨|扩大|加快|上涨|回升|超|多|高|快|新增|翻|突破|达|改善|加强|优化|发展|推进|建|实现|完成"
)
_FELL = re.compile(r"降|减|下滑|回落|缩|跌|放缓|少|低|压|亏|负|退|困难|不足|收窄|逆差|清退|化解")
_ABOVE = re.compile(r"高于|快于|超过|优于|好于|领先|高出|多于|以上|前列|第[一二三1-9]")
_BELOW = re.compile(r"低于|慢于|落后|少于|差距|不足|以下|减少|下降")
# Which way things are said to go → what the passage must hold
DIRECTIONS = (
    (re.compile(r"下降|下滑|减少|回落|缩减|萎缩|下跌|降低|放缓|恶化|衰退|负增长"), _FELL),
    (re.compile(r"增长|增加|提高|提升|上升|上涨|回升|攀升|扩大"), _ROSE),
    (re.compile(r"(?:高于|快于|优于|好于|领先|高出|多于)"), _ABOVE),
    (re.compile(r"(?:低于|慢于|落后|少于)"), _BELOW),
)
_PROJECTS = (
    r"(工程|项目|计划(?![：:])|行动|水电站|光伏电站|电站|铁路|高铁|高速公路|高速|公路|国道|省道|机场|大桥|隧道|水库|灌区|园区|"
    r"开发区|示范区|保护区|试验区|自贸区|公园|景区|医院|学院|大学|中学|集团|公司|银行|港区|港口|码头|基地|实验室|研究院|法案|条例|"
    r"专列|论坛|博览会|运动会|大会)"
)
PROJECT = re.compile(rf"([\u4e00-\u9fffA-Za-z0-9]{{2}}){_PROJECTS}")
LONG_NAME = re.compile(rf"([\u4e00-\u9fff]{{3,6}}){_PROJECTS}")
ANY_PROJECT = re.compile(  # 这一项目, 重大工程: no name
    r"(?:[省市州县区国年占]|目标|引进|培训|预计|建成|新建)$|[这该此各等的一些大类个项]|产业|工业|农业|文化|设施|能源|民生|招商|签约|在建|开工|专项|示范|合作|试点|创新|科技|生态|环保|改造|治理|提升|惠民|便民|[0-9]|重大|重点|主要|有关|相关|建设|推进|加快|实施|新建|续建|完成|投资|交通|水利|民生|产业|全[国省州市县]|以及|包括|推动"
)
PERSON = re.compile(
    r"(?:省长|州长|市长|县长|区长|书记|主席|总理|主任|局长|厅长)(?!办|为|达|和|质|在|、|，|会)([\u4e00-\u9fff]{2})"
)
LATIN = re.compile(r"[A-Za-z][A-Za-z0-9.+-]*")
LATIN_KNOWN = frozenset("gdp cpi ppi pmi r&d ai pm cod km rmb cny".split())
CAPITAL = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z'’-]+")
CAPITALS_KNOWN = frozenset(
    "autonomous prefecture province city county district municipality region banner league government people peoples work "
    "report reports state council republic national central chinese china rmb cny yuan us gdp cpi ppi pmi gross domestic "
    "product five-year plan according the in its it this that these those by from as for and of at on to also with while "
    "during over compared however meanwhile moreover furthermore total tourism revenue visitors year tibetan qiang yi hui "
    "zhuang uygur uyghur mongol miao dong tujia bai dai korean january february march april may june july august september "
    "october november december both all no not among there they their he she we since after before under where which "
    "urban rural per capita disposable income general public budget industrial fixed investment retail sales grain output "
    "forest highway highways railway railways education health medical employment environment ecological overall "
    "first second third secondly thirdly finally additionally specifically respectively answer an a if or but".split()
)
FUNCTION = re.compile(
    r"其中|此外|同时|另外|因此|所以|因为|由于|以及|并且|而且|但是|不过|根据|报告|显示|指出|提到|分别|总体|主要|方面|"
    r"包括|比上年|同比|年|达到?|实现|完成|[的了是为在和与及等也还]"
)
