"""A llama-index agent that looks figures up in government work reports: Wenbao's query engine is its tool.

    python docs/examples/agent_with_wenbao.py "阿坝和凉山，哪个州的旅游收入高？"

The agent's model is the one of ``wenbao.toml``; it must be able to call tools. What the tool says is checked by Wenbao.
What the agent's model makes of it is not; so here its figures are held against the passages cited, and where one is in
none of them, the tool's own words are given.
"""

import asyncio
import sys

from llama_index.core.agent.workflow import FunctionAgent, ToolCallResult
from llama_index.core.base.response.schema import Response
from llama_index.core.llms import LLM
from llama_index.core.tools import QueryEngineTool
from llama_index.llms.openai_like import OpenAILike

from qa.answer import Answerer
from qa.check import unsupported
from qa.config import load_config
from qa.library import Library
from qa.llama import WenbaoQueryEngine
from qa.llm.settings import LLMSettings, required_settings

TOOL = (
    "查阅已载入的政府工作报告，回答其中的数字、名称、日期、举措，并注明出处。"
    "每次只问一件事，写明地区、年份和指标，例如：2023年阿坝旅游收入多少。"
)
TASK = (
    "你用工具查阅政府工作报告后回答问题。数字照工具的回答抄写，不换算，不自己计算；工具说没有说明的，就说报告没有说明。"
)


def model(settings: LLMSettings) -> LLM:
    """The model of the settings as one that calls tools. The object holds the key: do not print or log it."""
    return OpenAILike(
        model=settings.model,
        api_base=settings.base_url,
        api_key=settings.key() or "none",
        context_window=settings.context_window,
        max_tokens=settings.max_tokens,
        timeout=settings.timeout,
        is_chat_model=True,
        is_function_calling_model=True,
    )


async def ask(answerer: Answerer, llm: LLM, question: str) -> str:
    """The agent's answer, or the tool's where the agent tells a figure that no passage holds."""
    # ModelAnswerer(answerer, settings) in place of the answerer lets a model word the tool's answers too, checked.
    tool = QueryEngineTool.from_defaults(WenbaoQueryEngine(answerer), name="work_reports", description=TOOL)
    run = FunctionAgent(tools=[tool], llm=llm, system_prompt=TASK).run(question)
    told: list[Response] = []
    async for event in run.stream_events():
        if isinstance(event, ToolCallResult) and isinstance(event.tool_output.raw_output, Response):
            told.append(event.tool_output.raw_output)
    answer = str(await run)
    if not told:  # it did not look anything up
        return answerer.ask(question).answer
    quotes = [scored.node.get_content() for response in told for scored in response.source_nodes]
    return "\n".join(map(str, told)) if unsupported(answer, quotes) else answer


def main() -> None:
    """Ask the question of the command line."""
    with Library.open(load_config()) as library:
        library.ensure_seeds()
        answer = asyncio.run(ask(Answerer(library), model(required_settings()), sys.argv[1]))
    print(answer)


if __name__ == "__main__":
    main()
