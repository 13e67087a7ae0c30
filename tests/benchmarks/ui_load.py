"""Users asking the page at the same time: python tests/benchmarks/ui_load.py [--users 20] [--seconds 60]

Starts ``wenbao ui`` as a process of its own over a copy of a data folder (WENBAO_HOME; the two seed reports where that
is not set), and lets each user ask, wait for the answer, read for --pause seconds and ask again: over the HTTP API, or
with --page through the page's own queue, as a browser does. Prints the median and the 95th percentile of the time from
sending to the whole answer, errors, and the memory and open files of the server before and after. Exit code 1 when a
question failed.
"""

import argparse
import asyncio
import contextlib
import json
import os
import random
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

REPOSITORY = Path(__file__).resolve().parents[2]
QUESTIONS = (
    "2023年阿坝旅游收入多少", "2023年阿坝州地区生产总值是多少", "2024年阿坝GDP增长目标", "2019年凉山旅游总收入",
    "2019年凉山州城镇居民人均可支配收入", "凉山2019年GDP", "阿坝州2023年农村居民收入增长多少", "2023年成都GDP",
    "今天天气怎么样", "2020年凉山州经济增长目标是多少", "阿坝2023年接待游客多少人次", "凉山州2019年脱贫人口",
)  # fmt: skip


def main() -> int:
    args = arguments()
    with tempfile.TemporaryDirectory(prefix="wenbao-load-") as folder, server(Path(folder)) as (url, pid):
        asyncio.run(warm_up(url, args))
        before, files = memory(pid), open_files(pid)
        taken, errors = asyncio.run(load(url, args, args.seconds))
        after, files_after = memory(pid), open_files(pid)
    print_result(args, taken, errors)
    say(f"memory {before:.0f} MB → {after:.0f} MB ({after - before:+.0f}); open files {files} → {files_after}")
    return 1 if errors or not taken else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--warm", type=float, default=15, help="seconds of asking before the measurement")
    parser.add_argument("--pause", type=float, default=0, help="seconds a user reads before asking again")
    parser.add_argument("--page", action="store_true", help="through the page's handler, as a browser asks")
    return parser.parse_args()


@contextlib.contextmanager
def server(folder: Path) -> Iterator[tuple[str, int]]:
    """(base URL, process id) of a page over a copy of the data folder."""
    home = folder / "home"
    if named := os.environ.get("WENBAO_HOME"):
        shutil.copytree(named, home)
    environment = {**os.environ, "WENBAO_HOME": str(home), "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(folder)}
    environment.pop("WENBAO_UI_AUTH", None)
    command = [sys.executable, "-m", "qa.cli", "ui", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        line = ""
        for line in process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            raise SystemExit(f"the page did not start: {line}")
        try:
            yield found[0], process.pid
        finally:
            process.send_signal(signal.SIGINT)


async def warm_up(url: str, args: argparse.Namespace) -> None:
    """Wait for the page, and have all users ask for a while: what is loaded once is not growth."""
    async with httpx.AsyncClient(base_url=url) as client:
        for _ in range(100):
            with contextlib.suppress(httpx.ConnectError):
                await client.get("/api/reports")
                break
            await asyncio.sleep(0.2)
    await load(url, args, args.warm)


async def load(url: str, args: argparse.Namespace, seconds: float) -> tuple[list[float], Counter[str]]:
    """(seconds of every answer, errors by what was said)."""
    taken: list[float] = []
    errors: Counter[str] = Counter()
    end = time.monotonic() + seconds

    async def one(number: int) -> None:
        chance = random.Random(number)
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            asker = await user(client, args.page, number)
            await asyncio.sleep(chance.random() * args.pause)
            while time.monotonic() < end:
                began = time.monotonic()
                try:
                    await asker(chance.choice(QUESTIONS))
                    taken.append(time.monotonic() - began)
                except (httpx.HTTPError, ValueError, KeyError, RuntimeError) as error:
                    errors[f"{type(error).__name__}: {error}"[:120]] += 1
                await asyncio.sleep(args.pause)

    await asyncio.gather(*(one(number) for number in range(args.users)))
    return taken, errors


async def user(client: httpx.AsyncClient, page: bool, number: int) -> Any:
    """What asks one question of a user's conversation and waits for its answer."""
    if not page:
        return lambda question: over_http(client, question)
    config = (await client.get("/config")).json()
    session = f"user{number}"  # the same while warming up: a conversation is kept until its page is closed
    return lambda question: over_page(client, config, session, question)


async def over_http(client: httpx.AsyncClient, question: str) -> None:
    answer = (await client.get("/api/ask", params={"question": question})).raise_for_status().json()
    if not answer["answer"]:
        raise ValueError("an empty answer")


async def over_page(client: httpx.AsyncClient, config: dict[str, Any], session: str, question: str) -> None:
    """Send what the page sends when a question is entered: the values of the handler's inputs."""
    components = {one["id"]: one for one in config["components"]}
    box = next(one for one in config["components"] if one["props"].get("elem_id") == "wb-question")
    handler = next(
        one
        for one in config["dependencies"]
        if [box["id"], "submit"] in [list(target) for target in one["targets"]] and one["backend_fn"]
    )
    data = [question if one == box["id"] else components[one]["props"].get("value") for one in handler["inputs"]]
    event = {"data": data, "fn_index": handler["id"], "session_hash": session, "trigger_id": box["id"]}
    if not handler["queue"]:
        answer = await client.post(f"/gradio_api/run/{handler['api_name']}", json=event)
        if question not in answer.raise_for_status().text:
            raise ValueError("an answer without its question")
        return
    (await client.post("/gradio_api/queue/join", json=event)).raise_for_status()
    async with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as stream:
        async for line in stream.aiter_lines():
            message = json.loads(line[6:]) if line.startswith("data: ") else {}
            if message.get("msg") == "process_completed":
                if not message["success"]:
                    raise ValueError(str(message["output"]))
                return
    raise ValueError("the stream ended without an answer")


def print_result(args: argparse.Namespace, taken: list[float], errors: Counter[str]) -> None:
    say(f"{args.users} users, {args.seconds:.0f} s, {'page' if args.page else 'HTTP API'}: {len(taken)} answers")
    if len(taken) > 1:
        p95 = statistics.quantiles(taken, n=20)[-1]
        say(f"p50 {statistics.median(taken):.3f} s, p95 {p95:.3f} s, slowest {max(taken):.3f} s")
    say(f"errors {sum(errors.values())}")
    for said, count in errors.most_common():
        say(f"  {count} × {said}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def memory(pid: int) -> float:
    """Resident memory in MB; 0 where /proc is not there."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0


def open_files(pid: int) -> int:
    with contextlib.suppress(OSError):
        return len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
