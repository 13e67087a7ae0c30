from pathlib import Path

import pytest

from qa.config import Config, load_config
from qa.errors import HomeError


def write(home: Path, text: str) -> dict[str, str]:
    (home / "wenbao.toml").write_text(text, "utf-8")
    return {"WENBAO_HOME": str(home)}


def test_defaults(tmp_path):
    assert load_config({"WENBAO_HOME": str(tmp_path / "none")}) == Config(tmp_path / "none", "builtin", False)


@pytest.mark.parametrize("env", [{}, {"WENBAO_HOME": ""}])
def test_the_platform_folder_is_the_default_home(env):
    assert load_config(env).home.name == "wenbao"


def test_settings_file(tmp_path):
    env = write(tmp_path, '[embedding]\nmodel = "BAAI/bge-m3"\nallow_download = true\n')
    assert load_config(env) == Config(tmp_path, "BAAI/bge-m3", True)


def test_the_environment_wins_over_the_file(tmp_path):
    env = write(tmp_path, '[embedding]\nmodel = "BAAI/bge-m3"\n')
    assert load_config({**env, "WENBAO_EMBEDDING_MODEL": "/models/e5"}).model == "/models/e5"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[embedding]\nmodle = "x"\n', "embedding.modle"),
        ('[embeding]\nmodel = "x"\n', "embeding"),
        ('model = "x"\n', "model"),
        ("embedding = 3\n", "embedding"),
        ("[embedding]\nmodel = 3\n", "embedding.model"),
        ('[embedding]\nallow_download = "yes"\n', "embedding.allow_download"),
        ("[embedding\n", "wenbao.toml"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path, text, named):
    with pytest.raises(HomeError) as caught:
        load_config(write(tmp_path, text))
    assert named in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_in_another_encoding(tmp_path):
    env = write(tmp_path, "")
    (tmp_path / "wenbao.toml").write_bytes("# 设置\n".encode("gb18030"))
    with pytest.raises(HomeError, match="配置文件"):
        load_config(env)


def test_a_file_with_a_byte_order_mark(tmp_path):
    env = write(tmp_path, '\ufeff[embedding]\nmodel = "x"\n')
    assert load_config(env).model == "x"
