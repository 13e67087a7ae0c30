import os
import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qa.config import llm_table, origins
from qa.errors import HomeError
from qa.llm.settings import LLMSettings, described, load_settings

KEY = "sk-0123456789abcdef"
WHOLE = """
[llm]
enabled = true
kind = "openai"
base_url = "https://api.deepseek.com/v1"
model = "deepseek-chat"
api_key_env = "DEEPSEEK_API_KEY"
timeout = 30
max_tokens = 500
context_window = 16000
temperature = 0.2
price_in = 2
price_out = 8.5
"""
LEAST = '[llm]\nmodel = "m"\nbase_url = "http://localhost:8000/v1"\n'


def write(home: Path, text: str) -> dict[str, str]:
    (home / "wenbao.toml").write_text(text, "utf-8")
    return {"WENBAO_HOME": str(home)}


@pytest.mark.parametrize("text", ["", "[llm]\n", "[llm]\nenabled = false\n", '[embedding]\nmodel = "builtin"\n'])
def test_no_model_unless_one_is_configured(tmp_path, text):
    assert load_settings(write(tmp_path, text)) is None


def test_every_key_of_the_file(tmp_path):
    assert load_settings(write(tmp_path, WHOLE)) == LLMSettings(
        model="deepseek-chat",
        kind="openai",
        base_url="https://api.deepseek.com/v1",
        enabled=True,
        api_key_env="DEEPSEEK_API_KEY",
        timeout=30.0,
        max_tokens=500,
        context_window=16000,
        temperature=0.2,
        price_in=2.0,
        price_out=8.5,
    )


def test_a_price_left_open_is_not_shown(tmp_path):
    found = load_settings(write(tmp_path, LEAST))
    assert (found.price_in, found.price_out) == (None, None)
    assert not {"price_in", "price_out"} & set(described(found))


def test_a_configured_model_is_not_used_unless_told(tmp_path):
    found = load_settings(write(tmp_path, LEAST))
    assert found == LLMSettings(model="m", base_url="http://localhost:8000/v1")
    assert found.enabled is False


def test_ollama_has_a_place_of_its_own(tmp_path):
    found = load_settings(write(tmp_path, '[llm]\nkind = "ollama"\nmodel = "qwen3:4b"\n'))
    assert (found.kind, found.base_url) == ("ollama", "http://localhost:11434")


def test_the_environment_wins_over_the_file(tmp_path):
    env = write(tmp_path, WHOLE) | {
        "WENBAO_LLM_ENABLED": "false",
        "WENBAO_LLM_MODEL": " qwen-plus ",
        "WENBAO_LLM_TIMEOUT": "12.5",
        "WENBAO_LLM_MAX_TOKENS": "64",
        "WENBAO_LLM_TEMPERATURE": "",  # an empty variable is none
    }
    found = load_settings(env)
    assert (found.enabled, found.model, found.timeout, found.max_tokens) == (False, "qwen-plus", 12.5, 64)
    assert found.temperature == 0.2


def test_the_environment_alone_is_enough(tmp_path):
    env = {"WENBAO_HOME": str(tmp_path), "WENBAO_LLM_MODEL": "m", "WENBAO_LLM_BASE_URL": "http://127.0.0.1:8080/v1"}
    assert load_settings(env).model == "m"


BAD = [
    ('[llm]\nmodle = "x"\n', "llm.modle"),
    ('[llm]\nmodel = "m"\n', "llm.base_url"),
    ("[llm]\nenabled = true\n", "llm.model"),
    ('[llm]\nbase_url = "http://h/v1"\n', "llm.model"),
    ('[llm]\nbase_url = "http://h/v1"\nmodel = " "\n', "llm.model"),
    ('[llm]\nbase_url = "http://h/v1"\nmodel = 3\n', "llm.model"),
    (LEAST + 'kind = "azure"\n', "llm.kind"),
    (LEAST + "enabled = 1\n", "llm.enabled"),
    (LEAST + f'api_key = "{KEY}"\n', "llm.api_key"),
    (LEAST + f'api_key_env = "{KEY}"\n', "llm.api_key_env"),
    (LEAST + 'api_key_env = ""\n', "llm.api_key_env"),
    (LEAST + "timeout = 0\n", "llm.timeout"),
    (LEAST + "timeout = nan\n", "llm.timeout"),
    (LEAST + "timeout = inf\n", "llm.timeout"),
    (LEAST + f"timeout = 1{'0' * 400}\n", "llm.timeout"),
    (LEAST + "timeout = true\n", "llm.timeout"),
    (LEAST + 'timeout = "60"\n', "llm.timeout"),
    (LEAST + "max_tokens = 1.5\n", "llm.max_tokens"),
    (LEAST + "max_tokens = 5000\n", "llm.max_tokens"),  # more than half the window
    (LEAST + "context_window = 100\n", "llm.context_window"),
    (LEAST + "temperature = -1\n", "llm.temperature"),
    (LEAST + "price_in = -0.1\n", "llm.price_in"),
    (LEAST + "price_out = nan\n", "llm.price_out"),
    (LEAST + 'price_out = "8"\n', "llm.price_out"),
    ('[llm]\nmodel = "m"\nbase_url = "api.deepseek.com"\n', "llm.base_url"),
    ('[llm]\nmodel = "m"\nbase_url = "ftp://h/v1"\n', "llm.base_url"),
    ('[llm]\nmodel = "m"\nbase_url = "http://h:99999/v1"\n', "llm.base_url"),
    ('[llm]\nmodel = "m"\nbase_url = "http://[::1/v1"\n', "llm.base_url"),
    (f'[llm]\nmodel = "m"\nbase_url = "https://me:{KEY}@h/v1"\n', "llm.base_url"),
    (f'[llm]\nmodel = "m"\nbase_url = "https://h/v1?key={KEY}"\n', "llm.base_url"),
    ("llm = 3\n", "llm"),
    ('[[llm]]\nmodel = "m"\n', "llm"),
    ('[LLM]\nmodel = "m"\n', "LLM"),
]


@pytest.mark.parametrize(("text", "named"), BAD)
def test_a_bad_setting_is_named_in_one_line(tmp_path, text, named):
    with pytest.raises(HomeError) as caught:
        load_settings(write(tmp_path, text))
    said = str(caught.value)
    assert f" {named} " in said or f"llm.{named.removeprefix('llm.')}" in said
    assert "\n" not in said
    assert KEY not in said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WENBAO_LLM_MODLE", "x"),
        ("WENBAO_LLM_API_KEYS", KEY),
        ("WENBAO_LLM_ENABLED", "yes please"),
        ("WENBAO_LLM_TIMEOUT", "soon"),
        ("WENBAO_LLM_TIMEOUT", "1e999"),
        ("WENBAO_LLM_MAX_TOKENS", "12.5"),
        ("WENBAO_LLM_KIND", "azure"),
        ("WENBAO_LLM_BASE_URL", f"https://{KEY}@h/v1"),
        ("WENBAO_LLM_API_KEY_ENV", KEY),
    ],
)
def test_a_bad_variable_is_named_in_one_line(tmp_path, name, value):
    with pytest.raises(HomeError) as caught:
        load_settings(write(tmp_path, LEAST) | {name: value})
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert KEY not in str(caught.value)


VALUES = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(),
    st.sampled_from(["openai", "ollama", "m", "http://h/v1", "HTTP://H:80", "KEY", ""]),
    st.text(st.characters(exclude_characters='"\\\x7f', exclude_categories=["Cc", "Cs"]), max_size=20),
)


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from(list(LLMSettings.__dataclass_fields__)), VALUES))
def test_any_table_is_read_or_refused_in_one_line(tmp_path, table):
    text = "[llm]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in table.items())
    try:
        found = load_settings(write(tmp_path, text))
    except HomeError as error:
        assert "\n" not in str(error)
    else:
        assert found is None or (1 <= found.timeout <= 600 and found.max_tokens * 2 <= found.context_window)


def test_the_key_stays_in_the_environment(tmp_path):
    env = write(tmp_path, WHOLE) | {"DEEPSEEK_API_KEY": f" {KEY}\n"}
    found = load_settings(env)
    assert found.key(env) == KEY
    assert found.key({}) == ""
    for shown in (repr(found), str(described(found)), str(llm_table(env)), str(origins(env))):
        assert KEY not in shown


def test_a_key_variable_with_the_prefix_is_no_setting(tmp_path):
    env = write(tmp_path, LEAST + 'api_key_env = "WENBAO_LLM_MY_KEY"\n') | {"WENBAO_LLM_MY_KEY": KEY}
    assert load_settings(env).key(env) == KEY


def test_where_each_setting_comes_from(tmp_path):
    env = write(tmp_path, LEAST + "timeout = 5\n") | {"WENBAO_LLM_MODEL": "other", "WENBAO_LLM_KIND": " "}
    found = origins(env)
    assert found["home"] == "environment"
    assert (found["llm.model"], found["llm.timeout"], found["llm.kind"]) == ("environment", "file", "default")
    assert (found["embedding.model"], found["embedding.allow_download"]) == ("default", "default")


def test_described_holds_every_setting(tmp_path):
    shown = described(load_settings(write(tmp_path, WHOLE)))
    assert list(shown) == list(LLMSettings.__dataclass_fields__)
    assert shown["timeout"] == 30.0


def test_the_process_environment_is_read_by_default(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("WENBAO_LLM_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WENBAO_HOME", str(tmp_path))
    monkeypatch.setenv("WENBAO_LLM_API_KEY", KEY)
    assert load_settings() is None
    assert LLMSettings(model="m").key() == KEY


GUIDE = Path(__file__).parents[3] / "docs" / "llm.md"
EXAMPLES = [textwrap.dedent(m[1]) for m in re.finditer(r"```toml\n(.*?)```", GUIDE.read_text("utf-8"), re.S)]


@pytest.mark.parametrize("text", EXAMPLES)
def test_the_examples_of_the_guide_are_settings(tmp_path, text):
    found = load_settings(write(tmp_path, text))
    assert found.model
    assert found.enabled is False


def test_the_guide_has_every_key_with_its_default_in_both_languages():
    assert len(EXAMPLES) >= 6
    guide = GUIDE.read_text("utf-8")
    defaults = described(LLMSettings(model="")) | {"base_url": ""}
    for key, default in defaults.items():
        value = f"{default:g}" if isinstance(default, float) else str(default)
        cell = f"`{value.lower() if default is False else value}` " if value else ""
        assert guide.count(f"| `{key}` | {cell}|") == 2, key
        assert f"WENBAO_LLM_{key.upper()}" in guide
