"""The words of questions: patterns that tell what a question asks, for which year, and whether result or aim.

Each pattern is a table of words; what is made of them is in ``qa.understand``.
"""

from __future__ import annotations

import re
from typing import Literal

Want = Literal["amount", "growth", "share", "rank", "difference", "prior", "date", "list", "name", "how", "fact"]

QUESTION_WORDS = re.compile(
    r"^那么?|请问|麻烦|比?\s*(?:多|少|高|低|增加|减少)(?:出|了)?(?:多少|几)|(?:对比|比较|比|算|推)一?[下算比]|可以(?:倒推|推算|算)|倒推|反推|推算|折算|反算|算出来?|帮(?:我|忙)?(?:查|看|找)?(?:一下|下)?|查(?:一下|下)|告诉我|我想(?:知道|问|了解)|想(?:问问|问|知道|了解)|听说|据说|"
    r"有没有(?:说|提到?|写)?|是不是|是否|能不能|可不可以|说没说|提没提|写没写|说了没|提了没|"
    r"(?:政府)?工作报告(?:里|中|上)?|报告(?:里|中|上)?(?:说|写|提)?(?:的|到)?|根据|按照|"
    r"总共|一共|合计|总计|大概|大约|具体|究竟|到底|实际|全年|一年|"
    r"(?:是|有|为|达到?|完成|实现|增长|增加|提高|下降|减少|花|给|占|做|定)?(?:了|到|的)?(?:百分之(?:多少|几)|多少(?:个百分点|个|家|户|人次|人|万元|亿元|亿|元|钱|块钱?|吨|公里|亩|天|倍|项|名|所|座|处|条|件|辆|张|位|种|次|年|点)?|"
    r"几(?:个百分点|个点|个|家|户|人|天|倍|项|名|所|座|处|条|件|种|次|年|月|号|成|万|亿|点)?(?=[^何]|$))|"
    r"什么时候|啥时候|什么时间|何时|哪(?:一)?年|哪(?:一)?天|哪个月|几月份?|多久|多长时间|"
    r"怎么样|怎么(?:办|做|干|弄|打算)?|怎样|如何|为什么|为啥|咋样?|什么|啥|哪(?:一)?(?:个|些|几个?|里|家|位|儿|方面)?|谁|多大|多高|多快|多长|多重|多远|"
    r"吗|呢|吧|呀|啊|嘛|么|的话|[?？!！。，,、；;：:\"“”‘’'（）()《》]"
)
FILLERS = re.compile(
    r"[ 　]+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])[ 　]+|总共|一共|合计|总计|全年|一年|大概|大约|具体|究竟|到底|咱们?|那边|当地|全[州省市县]"
)
WEAK = re.compile(
    r"(?:情况|数据|数字|数值|水平|成绩|目标值?|任务|计划|打算|预期|准备|预计|安排|部署|力争|"
    r"分别|各自?|同比|比上年|较上年|比去年|比前一年|上年|还有|以及|的|了|"
    r"增速|增幅|涨幅|增长率?|幅度|达到?|完成|实现|规模|方面|领域|提到|当年|年度|全州|全省|全市|全县|本地|当地)+"
)
# Characters that join words more often than they make one: a pair with one of them counts only if reports hold it.
JOINING = frozenset("都和与及跟在被给让从到于是为得着就才又也还说那么")
# 过去几年里, 近几个月: a span of time, which asks for none; 提前几年 asks
TIME_SPAN = re.compile(r"(过去的?|未来|今后|接下来的?|最近的?|[这近头好]|(?<!提)前|(?<![先落])后)几(?=年|个?月|天)")
YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d|\.\d|[万亿元个人户家吨%])\s*年?")
SHORT_YEAR = re.compile(r"(?<!\d)([0-4]\d)年")
HAN_YEAR = re.compile(r"[二一][〇零九][〇零一二三四五六七八九]{2}年")
RANGE = re.compile(r"((?:19|20)\d\d)\s*年?\s*(?:-|—|–|~|至|到)\s*((?:19|20)\d\d)\s*年?(?:(?:之|期)间)?")
PLANS = {"九": 9, "十": 10, "十一": 11, "十二": 12, "十三": 13, "十四": 14, "十五": 15, "十六": 16}


def plan_years(name: str) -> tuple[int, int]:
    """First and last year of a five-year plan: "十四" (of 十四五) → (2021, 2025); the first began in 1953, those since
    the third run in step with the decades. Raises KeyError for another word."""
    last = 1955 + 5 * PLANS[name]
    return last - 4, last


def plan_name(first: int) -> str:
    """The five-year plan that begins in a year, as it is called: 2021 → 十四五; "" where none of ``PLANS`` does."""
    return next((f"{name}五" for name in PLANS if plan_years(name)[0] == first), "")


FIVE_YEARS = re.compile(
    r"[“\"'‘]?(十[一二三四五]|[九十])五[”\"'’]?(?:规划)?(?:时期|期间|以来|期?末|收官|下来|[头前]四年|这五年|五年)?"
)
END_OF_FIVE = re.compile(r"五[”\"'’]?(?:时期|期间)?(?:的)?(?:末|底|收官|期末|最后)")
REPORT_YEAR = re.compile(r"((?:19|20)\d\d)\s*年?(?:的|度)?(?:[^\d，。,？?；;]{0,16})(?:报告|report)", re.I)
RELATIVE = (
    (re.compile(r"前年"), 2),
    (re.compile(r"去年|上一?年度?(?!相比|同期)|上年|昨年|过去(?:的)?一年|\blast year\b", re.I), 1),
    (re.compile(r"今年|本年|这一?年|\bthis year\b", re.I), 0),
    (re.compile(r"明年|\bnext year\b", re.I), -1),
)
BASE_YEAR = re.compile(
    r"(?:(?<![对相占])(?:比|较)|(?:跟|与|和|同)(?=\s*\d{4}\s*年?(?:同期)?(?:相比|对比)))\s*((?:19|20)\d\d)\s*年?(?:同期)?(?:相比|对比)?"
)
RATE_OF_GROWTH = re.compile(
    r"^(?!.*(?:还是|目标|相差|差距|差多少)).*(?:增幅|增速|增长|涨幅|涨了?(?:多少|几|百分)|[增添]了(?:多少|几)|百分之|几成|几个(?:百分)?点)"
)
BASELINE = re.compile(r"(?:比|较|相比|同|和|与|跟)(?:上年|去年|上一年|前一年|前年|大前年)|(?:上年|去年)(?:同期|相比)")
PLAN = re.compile(
    r"目标|(?<![才个动么原])计划|打算|(?:承诺|许诺|答应)(?=再|要|给|让|把|取消|(?:19|20)\d\d年)|预期|预计.{0,6}(?:增|完|达|通车|开通|建成|竣工|投产|投用|何时|什么时候|哪年)|准备(?!的|好|了|金)|力争|争取|任务|安排|部署|规划(?!内|清单|总投资)|想要?|(?<![重主需只])要(?!闻|点|素|求|是)|将(?!军)|(?<![获取懂觉])得(?:有|达到|建成|完成|新[建增])|"
    r"下一步|拟|定(?:的|在|了|为|成)|(?:提|制)出.{0,4}指标|\btarget|\bplan|\bgoal|\bwill\b|\baim|\bexpect|\bintend",
    re.I,
)
# 全面完成的保交房任务: a task that is done is no plan
DONE_TASKS = re.compile(
    r"(?<![要应须需待])(?:全面|如期|圆满|超额|已经?)?(?:完成|兑现)(?:了)?的[^，。？?]{0,10}?(?:任务|目标|计划)"
)
RESULT = re.compile(
    r"年[底末](?!前).{0,12}(?:一共|总共|共有|已有|已经)|实际(?!使用|利用)|完成(?:了|得|情况)|实现了|达到了|最终|结果|真(?:正|的)|最后|(?<!怎么)(?<!怎样)(?<!如何)(?<!咋)做到|做到了|实现值|(?<!不)(?:增长|涨|下降|降|减|建成?|花|收|挣|赚|接待|新增|引进|脱贫|减少|提高|增加)了|"
    r"\bactual|\bdid\b|\bwas\b|\bwere\b|\bachieved?\b|\breached?\b",
    re.I,
)
WANTS: tuple[tuple[Want, re.Pattern[str]], ...] = (
    (
        "prior",
        re.compile(r"倒推|反推|推算|折算|倒算|反算|(?:按|照|根据|用).{2,24}(?:算|推|倒)|\bimplied|\bderive", re.I),
    ),
    (
        "difference",
        re.compile(
            r"相差|差(?:了)?多少|(?<!存在的)差距(?![^，。？]{0,6}(?:怎么|哪些|什么|啥|如何))|差额|谁.{0,10}(?:多|高|大(?!家)|快|少|低)|哪(?:个|边|里|一?[州省市家]).{0,12}(?:更|比较)?(?:多|高|大|快|少|低)(?:一?些|点|了)?(?=[？?，,。 ]|$)|(?:高|多|大|快|上调)了?还是(?:低|少|小|慢|下调)|比(?!上|去|前|同期|往|[重例值率分]|五年|十年|\d{2,4}年|全国|全省|平均|计划|预算|预期).{1,16}(?:多|高|少|低)(?:出|了)?(?:多少|几|吗)|\bdifference\b|how much (?:more|less|higher|lower)|\bwhich (?:has|had|is|was) (?:more|higher|larger)",
            re.I,
        ),
    ),
    (
        "how",
        re.compile(
            r"怎么(?!多|样了)|怎样|如何|咋|为什么|为啥|原因|举措|措施|做法|办法|哪些(?:工作|措施|举措|做法|动作|方面|问题|困难|不足|短板|政策)|什么(?:措施|举措|办法|招|动作|政策|思路|问题|态度|要求)|(?:哪些|什么|何种)(?:考虑|理由)|有何|(?:做|干|抓)(?:了)?(?:哪些|什么|啥)|\bhow (?:does|do|did|will|is|are|was|were)\b(?! (?:much|many))|\bwhy\b|what (?:(?:main|major|key|chief) )?(?:measure|step|action|problem|challenge|shortcoming|difficult)",
            re.I,
        ),
    ),
    (
        "date",
        re.compile(
            r"什么时候|啥时候|什么时间|何时|哪(?:一)?年|哪(?:一)?天|几月|几号|哪个月|多久|多长时间|多少(?:天|年)(?!人)|几年|日期|时间是|\bwhen\b|\bwhat (?:date|year|day)\b|how long",
            re.I,
        ),
    ),
    (
        "rank",
        re.compile(r"第几|排名|排第|排老几|位次|名次|(?<!安)排(?:在)?(?:全国|全省)?(?:第|多少名|多少位)|\brank", re.I),
    ),
    (
        "share",
        re.compile(
            r"占.{0,16}(?:多少|几|比)|占(?:了)?(?:大头)?多|占比|比重|比例|份额|几分之几|(?<![涨增降高低升多少快慢长了])百分之(?:几|多少)|\bshare\b|\bproportion\b|\bpercentage of\b",
            re.I,
        ),
    ),
    (
        "growth",
        re.compile(
            r"增(?:长(?![点极])|加(?![到至])|幅|速|长率)(?:了)?(?!值)|[降减跌]幅|(?:提[高升]|[上下]降|降低)的?幅度|涨(?:了|幅)?|(?<!新)增多少|[增减]产(?:了)?(?:多少|几)|提高(?:了)?(?:多少|几)|上升|下降|降(?:了|幅|低)?(?:多少|几)|减少(?:了)?(?:多少|几)|(?:压减|压缩|削减|缩减|砍掉|降低|回落|提升|上涨|净增|加快)(?:了)?(?:多少|几)|下滑|同比|比(?:上|去|前一)年|几个(?:百分)?点|多少个百分点|百分之(?:几|多少)(?!.{0,4}以上)|几成|跌(?:了)?|[多少]了(?:多少|几)|(?<![延增成])长了(?:多少|几)|成长|(?<!气候)变化|\bgrow|\bgrew|\bgrowth|\bincrease|\brise|\brose|\bfell|\bdecline|\bdecrease|\bdrop",
            re.I,
        ),
    ),
    (
        "list",
        re.compile(
            r"哪(?:几|些|两|三|四|五|六)|都(?:有|是|包括)(?:啥|什么|哪)|有(?:啥|什么|哪(?![个条座家位所项种部款处间]))|分别是(?:什么|哪|啥)|包括(?:哪|什么)|列(?:一下|举)|\bwhich (?:\w+ )?(?:counties|cities|places|areas|projects)|\blist\b|\bwhat are\b",
            re.I,
        ),
    ),
    (
        "name",
        re.compile(
            r"谁|哪(?:个|家|位|里|儿|座|条|所|项|届|一)|什么(?!水平)|啥(?!水平)|叫|名称|\bwho\b|\bwhich\b|\bwhere\b|\bwhat\b(?! (?:was|is|were) the (?:total|amount|number|value|growth|rate))",
            re.I,
        ),
    ),
    (
        "amount",
        re.compile(
            r"多少|几(?!乎)|多大|多高|(?:什么|啥|哪个|何种)水平|规模|总额|总量|总值|数量|\bhow (?:much|many)\b|\btotal\b|\bamount\b|\bnumber\b",
            re.I,
        ),
    ),
)
# 江苏 2024 煤炭 消费量: a question in keywords that ends with what is measured asks how much
MEASURE_LAST = re.compile(
    r"(?:产量|销量|产值|营收|营业收入|销售(?:额|收入)|(?:交易|成交|投资|零售)额|消费量|[用发]电量|[客货]运量|吞吐量|里程|人[次数]|[户家辆]数|面积|库容|装机(?:容量)?|保有量|余额|赤字|生产总值|增加值)"
    r"\s*(?:[万亿]{0,2}(?:元|美元|吨|亩|人|辆|台|件|公里|户|家|个|套|平方米|千瓦时?|斤))?[？?。 ]*$"
)
ASIDE = re.compile(
    r"(?:报告|里|中|文件)?(?:是)?(?:怎么|怎样|如何|咋)(?:说|写|讲|提(?![升高供振速质])|表述|定的)(?:的)?|(?:分别)?说说|讲讲"
)
TOTAL = re.compile(
    r"多少(?:个)?(?:万|亿|元|钱|块|吨|斤|万亿)|几(?:万|亿|个亿)|总额|总量|总值|多大|规模|总共|一共|总产|how much (?:money|was|is)|\btotal\b",
    re.I,
)
BOTH = re.compile(
    r"呢[，,].{0,3}(?:涨|增长|增幅|同比)|[及和与、并 ，,；+](?:另外|还有|以及)?其?(?:同比|年均)?(?:增速|增幅|涨幅|增长率|增长情况|同比$)|\band (?:its |the )?growth|and (?:how|by how)",
    re.I,
)
EN_STOP = set(
    "what was is were are the a an of in on to for by from with and or how much many did does do will would it its "
    "that this year last next total amount number according report government work please tell me there have has had "
    "be been at as which who where when than many percent percentage rate plan planned plans target targets "
    "set growth grow grew increase increased s by percentage yuan county counties prefecture province city".split()
)
POLITE = re.compile(
    r"(?:我|俺)?(?:很|就)?想(?:请教|请问|问|知道|了解|查|看|打听|要)(?:一?下|问)?|写.{0,6}要用|要用|请教一?下|认定|规定|稳定|确定|一定|固定|评定|协定|法定|鉴定|特定|要来|争取到|安排的|部署的"
)
OPPOSITES = (
    ("城镇", "农村"),
    ("出口", "进口"),
    ("存款", "贷款"),
    ("收入", "支出"),
    ("第一产业", "第二产业"),
    ("第二产业", "第三产业"),
    ("第一产业", "第三产业"),
    ("调查失业率", "登记失业率"),
    ("下降", "增长"),
)
FOLLOWS = re.compile(
    r"^(?:那么?|还有|再|另外|换成|and|what about|how about)|呢[?？]?$|^(?:增长|增速|同比|占比|多少|目标|结果|它|其|这个|该)",
    re.I,
)
# 其中企业呢: a part of what was asked about before
PART_OF = re.compile(r"^(?:那么?)?(?:这)?(?:其中|里面|当中|里头)的?")
# 其中治沙这块要做多少: what stands behind the name of the part
DONE_TO_IT = re.compile(r"(?:这一?块|这项|这部分|方面)?(?:要|会|能|涨|降|做|有|是|占|到|又|共)*$")
# 累计呢: all there is of what was asked about before
ALL_OF_IT = re.compile(r"(?:那么?|它的|目前|现在)?的?(累计|总量|总数|总共|一共|存量)(?:的)?呢[？?]?")
# 排全国第几: what is left of it without the 几
RANKED = re.compile(
    r"(?:在?(?:全国|全省|各省|同类)(?:里|中)?)?(?:能|可以)?(?:排名|排在|排到|排|位列|位居|居)(?:全国|全省)?第"
)
SLOT = re.compile(r"多少|几(?!乎)|多大|多高|多快|第几|哪|什么|啥|谁|怎么|如何|何时|增速|增幅")
ASKED = re.compile(SLOT.pattern.removesuffix("|增速|增幅"))  # M2增速，想控制在多少: the growth is only named before
# A place that something goes to or comes from is no place whose report is asked for: 驰援武汉, 与广东结对
TOWARDS = re.compile(r"(?:支援|驰援|援助|援建|前往|飞往|开往|发往|通往|运往|赴|来自)$")
# 连接港澳的大工程: both ends of what is built; they tell whose report is meant only where nothing else does
CONNECTED = re.compile(r"(?:连接|联接|连通|联通|衔接|直通|直达)$")
# 国家要加快…, 按照国家2009年的安排: the state as the one who acts; 国家级, 国家先进制造业集群 are parts of names
THE_STATE = re.compile(
    r"(?:我们|咱们?)国家(?!级)|(?:(?<![一-鿿])|(?<=[年按照])|(?<=根据))国家"
    r"(?=要|打算|计划|准备|拟|想|会|将|给|对|把|从|让|替|为|用|拿|花|投|发|说|提|定|规定|希望|鼓励|支持|动员|点名|要求|"
    r"安排|执行|实行|一共|总共|共|又|还|再|几次|怎么|怎样|如何|有什么|有啥|有哪些|在|今年|去年|明年|(?:19|20)\d\d)"
)
# 西安咸阳国际机场, 港珠澳大桥: places side by side that only name a thing
THING_OF_PLACES = re.compile(r"(?:国际|空|海|珠)*(?:机场|港(?![口区])|大桥)")
# （辽宁报告）, 广西2025年政府工作报告: the place whose report is meant
REPORT_OF = re.compile(r"(?:省|市|州|自治区)?\s*(?:(?:19|20)\d\d年?)?的?(?:政府)?(?:工作)?报告")
# 汶川地震, 北京冬奥会: the place is part of the name of what happened there
EVENT = re.compile(
    r"(?:[的那这场次]{0,3})?(?:特大|重大|大|强|\d(?:\.\d)?级)?(?:火灾|爆炸|地震|山洪|泥石流|滑坡|洪灾|海啸)|(?:夏季?|冬季?)?(?:奥运会?|冬奥会?|残奥会?|世博会?|亚运会?|世园会?|大运会?)"
)
# 注意不是高新技术企业: what is not asked about would else be looked for
# 报告只给了农村的, 用2019年的数减净增额: how to get at what no report tells
ONLY_TOLD = re.compile(
    r"[，,；;(？?。]\s*(?:报告(?:里面?|中)?(?:只|仅)(?:给|说|写|讲|提|有)[^，,。？?；;)]{2,}|"
    r"用[^，,。？?；;)]{2,14}(?:减去?|除以)[^，,。？?；;)]{2,10})[)]?"
)
NOT_THAT = re.compile(r"[，,；;(？?。]\s*(?:注意|可|要的)?(?:不是(?!不是|吗|么)|不要)[^，,。？?；;)]{2,}[)]?")
# 除了扩展上海，还新设了哪几个: named to be left out
MEASURED_BY = re.compile(r"(?:比|较|高于|低于|快于|慢于|高出|低出|超过|超出|跟|与|和|占|居|排|列|在|对)$")
THAN_THE_COUNTRY = re.compile(r"(?:比|较|高于|低于|快于|慢于|高出|低出)全[国省](?:平均)?(?:水平)?")
POINTS = re.compile(r"(?<![一-鿿])个(?:百分)?点")
NATIONWIDE = re.compile(
    r"性|第|前|首|平均|最|同期|领先|各地|人大|政协|文明|重点|先进|排|位|一盘棋|统一大?市场|知名|试点|示范|百强|唯一|率先|劳"
)
BESIDES = re.compile(r"除了?[^，。？]{0,4}$")
OF_PEOPLE = re.compile(r"人(?!均|口|才|大|民|数|社|力|员|工智)")
ONWARD = re.compile(r"[往向到至]")
JOINED = re.compile(
    r"(?:省|市|州|县|自治州|自治区)?(?:\d{4}年)?的?\s*(?:和|与|跟|同|、|及|以及|还是|比|，|vs\.?)\s*(?:\d{4}年的?)?",
    re.I,
)
# An indicator's name in front of these only says of what kind they are: 外贸企业, 贸易顺差, 劳务派遣
NO_HEAD = re.compile(
    r"(?:企业|公司|航线|顺差|逆差|项目|品种|派遣|核心产业|安置房|(?<=增长)[点极]|大会|论坛|合同|优惠|[县村户](?![居镇域民均外数])|货物过关|的?(?:娃|孩子|子女|企业|公司|保险))"
)
# Names that only tell whose measure is asked for, where another than the indicator's own stands behind them
_INSURED = r"的?(?:参加?)?(?:基本)?(?:大病|医疗|医保|养老|社保|保险|参保)"
OTHER_MEASURE = {
    "粮食": re.compile(
        r"的?(?:最低|最低收|托市|保护|保底|收)?(?:购|市场)?价|的?(?:种植|播种|作物)|[^，。？]{0,4}面积|"
        r"的?(?:单产|亩产|直补|补贴|加工|储备|仓|库|烘干|主产区|安全|流通|购销|收购|市场|进口|出口|损失|机收)"
    ),
    "城镇居民": re.compile(_INSURED + r"|的?(?:人均)?(?:住房|消费|生活)|恩格尔"),
    "城市居民": re.compile(_INSURED + r"|的?(?:人均)?(?:住房|消费|生活|最低)|恩格尔"),
    "农村居民": re.compile(_INSURED + r"|的?(?:人均)?(?:住房|消费|生活|最低)|恩格尔"),
}
# 经济效益涨了多少, 经济困难学生的补助涨了多少: what makes the word before it a part of another one
OF_A_WORD = "效益|损失|作物|困难|林|区|带|圈"
AGAINST = re.compile(r"比.{0,12}(?:多|少|高|低|增加|减少|提高|降低)了?(?:多少|几)|相比|对比|相较")
# 压减比例, 提高幅度: by how much it changed, and no part of a whole
CHANGE_NAMED = re.compile(
    r"(?:增[长加]|提[高升]|[上下]升|上涨|[上下]调|[上下]浮|下降|降低|减少|压[减缩]|削减|缩减|回落)的?(?:比例|比率|幅度|百分比)"
)
ROSE_BY = re.compile(
    r"(?:占比|比重|天数比例)[^，。？]{0,3}(?:提高|提升|上升|增加|扩大|下降|降低|缩小)了?(?:多少|几)个?(?:百分)?点"
)
PART = re.compile(r"占|比重|比例|份额|\bshare\b|\bproportion\b", re.I)
HOW_IT_STANDS = re.compile(
    r"(?:恢复|规模|增速|增幅|收入|产值|总量|总额|增加值|情况).{0,8}(?:如何|怎么样|怎样|咋样)[?？]?\s*(?:[（(].*)?$"
)
# Words that only join or compare what stands beside them, and name nothing that is asked about
COMPARING = re.compile(
    r"(?:是|变)?(?:高|多|大|快|低|少|慢|小|短|(?<!增)长|上调|下调|提高|降低)(?:了|得)?还是(?:变)?(?:高|多|大|快|低|少|慢|小|短|长|上调|下调|提高|降低)(?:了)?|"
    r"(?:定|来|增长|涨)得?(?:更)?(?:高|低|多|少|快|慢|大)(?:些|点)?|一样(?:不一样|吗|多|高|快|大)?|一不一样|(?:有?(?:何|什么|啥))?(?:相同|不同|区别|变化)|持平|变没变|变了|"
    r"有没有|没有|是否|是不是|相比较?|对比|相较|比较|相差|差距|差额|差(?:了|出)?(?=多|几|大|\s|$)|"
    r"(?:谁|哪个|哪边|哪一?年|哪里|哪家|哪[省市州县])(?:的)?(?:更|比较)?(?:高|低|多|少|快|慢|大|小)?|"
    r"更(?:高|低|多|少|快|慢|大|小)|(?:高于|低于|多于|少于|快于|慢于|高出|低出|多出|超出|超过|不如|不及)|(?<!占)比(?!重|例|率|值)|还是|"
    r"[两二三四五六]年|两者|二者|两地|合计|一共|总共|加起来|加在一起|加总|之和|总和|分别|各是|各为|历年|每年|逐年|"
    r"(?:高|低|多|少|快|慢|大)(?:了|出)?(?=多少|几|吗|么|[？?，]|\s|$)|数量|人数(?=比|相)|年初|提出的?|确定的?|制定的?|(?:定|安排)的(?=.*目标)"
)
ACTUAL = re.compile(r"实际(?!使用|利用)|完成|实现|最终|结果|达到|预计")  # of what came out, beside an aim
PACE = re.compile(r"增速|增长|增幅|涨幅|涨|增加值增")
# Nothing but a growth is asked about (今年的目标增速): that of the economy is meant
BARE_GROWTH = re.compile(r"增速|增长目标|增长率|增长预期|经济增长")
NEXT_YEAR = re.compile(r"^(?:那么?)?(?:它的?)?(?:(?P<back>[上前]一年度?)|(?P<on>[下后]一年度?|第二年))")
WORKED_BACK = re.compile(r"倒推|反推|推算|倒算|反算|折算")
SINCE_WHEN = re.compile(r"什么时候|何时|哪一?年[起开]|从哪|怎么[办做搞]|为什么|为啥|思路|原因")
