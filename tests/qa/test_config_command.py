import json
import os
import subprocess
import sys

import pytest
from scripted_server import FAULTS, ScriptedServer

from qa import cli

KEY = "sk-0123456789abcdef"
DEEPSEEK = (
    '[llm]\nmodel = "deepseek-chat"\nbase_url = "https://api.deepseek.com/v1"\napi_key_env = "DEEPSEEK_API_KEY"\n'
)


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("WENBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("WENBAO_HOME", str(tmp_path))
    return tmp_path


def write(home, text):
    (home / "wenbao.toml").write_text(text, "utf-8")


def shown(capsys, *options) -> tuple[int, str, str]:
    code = cli.main(["config", *options])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def rows(out: str) -> dict[str, list[str]]:
    return {key: rest for key, *rest in (line.split("\t") for line in out.splitlines())}


def test_without_a_file(home, capsys):
    code, out, _ = shown(capsys)
    assert code == 0
    assert rows(out) == {
        "file": [str(home / "wenbao.toml"), "没有这个文件"],
        "home": [str(home), "环境变量"],
        "embedding.model": ["builtin", "缺省"],
        "embedding.allow_download": ["false", "缺省"],
        "llm": ["未配置", "不用大模型"],
    }
    assert list(home.iterdir()) == []  # looking changes nothing


def test_where_each_value_comes_from(home, capsys, monkeypatch):
    write(home, DEEPSEEK + "timeout = 30\n[embedding]\nallow_download = true\n")
    monkeypatch.setenv("WENBAO_LLM_MODEL", "deepseek-reasoner")
    monkeypatch.setenv("DEEPSEEK_API_KEY", KEY)
    code, out, _ = shown(capsys)
    found = rows(out)
    assert code == 0
    assert found["file"] == [str(home / "wenbao.toml"), ""]
    assert found["embedding.allow_download"] == ["true", "配置文件"]
    assert found["llm.model"] == ["deepseek-reasoner", "环境变量"]
    assert found["llm.base_url"] == ["https://api.deepseek.com/v1", "配置文件"]
    assert found["llm.timeout"] == ["30", "配置文件"]
    assert found["llm.enabled"] == ["false", "缺省"]
    assert found["llm 密钥"] == ["已设置", "环境变量 DEEPSEEK_API_KEY"]
    assert KEY not in out


def test_a_key_that_is_not_set(home, capsys, monkeypatch):
    write(home, DEEPSEEK)
    monkeypatch.delenv("DEEPSEEK_API_KEY", raising=False)
    assert rows(shown(capsys)[1])["llm 密钥"][0] == "未设置"


def test_as_json(home, capsys, monkeypatch):
    write(home, DEEPSEEK)
    monkeypatch.setenv("DEEPSEEK_API_KEY", KEY)
    code, out, _ = shown(capsys, "--json")
    found = json.loads(out)
    assert code == 0
    assert found["file"] == str(home / "wenbao.toml")
    assert found["settings"]["llm.model"] == {"value": "deepseek-chat", "from": "file"}
    assert found["settings"]["llm.timeout"] == {"value": 60.0, "from": "default"}
    assert (found["file_exists"], found["llm_key_set"]) == (True, True)
    assert "check" not in found
    assert KEY not in out


def test_as_json_without_a_model(home, capsys):
    found = json.loads(shown(capsys, "--json")[1])
    assert sorted(found["settings"]) == ["embedding.allow_download", "embedding.model", "home"]
    assert found["llm_key_set"] is False


@pytest.mark.parametrize("options", [[], ["--json"], ["--check"], ["--json", "--check"]])
def test_a_bad_setting_is_one_line_that_names_it(home, capsys, options):
    write(home, DEEPSEEK + "timeout = 0\n")
    code, out, err = shown(capsys, *options)
    assert (code, out) == (1, "")
    assert "llm.timeout" in err
    assert err.count("\n") == 1


@pytest.fixture
def served(home, monkeypatch):
    """``served(reply)``: the settings name a model that gives this reply."""
    pytest.importorskip("llama_index.llms.openai_like", reason="needs wenbao[llm]")
    monkeypatch.setenv("DEEPSEEK_API_KEY", KEY)
    servers = []

    def serve(reply):
        servers.append(ScriptedServer([reply]).__enter__())
        write(home, DEEPSEEK.replace("https://api.deepseek.com/v1", servers[-1].base_url) + "timeout = 1\n")
        return servers[-1]

    yield serve
    for server in servers:
        server.__exit__()


def test_check_of_a_model_that_works(served, capsys):
    server = served("2。")
    code, out, err = shown(capsys, "--check")
    assert (code, err) == (0, "")
    assert out.startswith("可用：大模型 deepseek-chat")
    assert out.count("\n") == 1
    assert len(server.requests) == 1
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("fault", "named"),
    [("401", "DEEPSEEK_API_KEY"), ("404", "llm.model"), ("hang", "llm.timeout"), ("empty", "没有说话")],
)
def test_check_of_a_model_that_does_not(served, capsys, fault, named):
    served(FAULTS[fault])
    code, out, err = shown(capsys, "--check")
    assert (code, out) == (1, "")
    assert named in err
    assert err.count("\n") == 1
    assert KEY not in err


def test_check_as_json(served, capsys):
    served("2。")
    code, out, _ = shown(capsys, "--json", "--check")
    check = json.loads(out)["check"]
    assert (code, check["works"], check["fault"], check["message"]) == (0, True, "", "")
    assert check["seconds"] >= 0
    served(FAULTS["429"])
    code, out, _ = shown(capsys, "--json", "--check")
    check = json.loads(out)["check"]
    assert (code, check["works"], check["fault"]) == (1, False, "quota")
    assert "额度" in check["message"]


def test_check_without_a_model(home, capsys):
    code, out, err = shown(capsys, "--check")
    assert (code, out) == (1, "")
    assert "没有配置大模型" in err
    code, out, _ = shown(capsys, "--json", "--check")
    assert code == 1
    assert json.loads(out)["check"]["works"] is False


def test_no_key_on_the_command_line(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["config", "--api-key", KEY])
    assert stopped.value.code == 2


def test_looking_loads_no_library_of_models(home):
    write(home, DEEPSEEK)
    code = (
        "import sys; from qa import cli; cli.main(['config']); "
        "print([name for name in ('openai', 'ollama', 'httpx', 'llama_index', 'torch') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
