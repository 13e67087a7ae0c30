"""The question map: what it does to vectors, and that it brings everyday questions nearer to what answers them."""

from dataclasses import replace

import numpy as np
import pytest

from embeddings.encoder import BUILTIN_SPEC, load_encoder
from qa.question_map import MAP_FILE, QuestionMap, load, question_map

# What a report says, one thing a line; the question of the same number asks for it in words of every day.
SAID = [
    "城镇居民人均可支配收入31064元，增长9.2%。",
    "建成高标准农田40万亩，粮食产量稳步提高。",
    "新增城镇就业4.5万人，城镇登记失业率控制在4%以内。",
    "城乡居民基本医疗保险参保率稳定在98%以上。",
    "单位地区生产总值能耗下降3.2%，主要污染物排放持续减少。",
    "新改建农村公路1300公里，所有建制村通硬化路。",
    "一般公共预算收入完成150亿元，税收占比提高2个百分点。",
    "新增幼儿园学位6000个，义务教育巩固率达98%。",
    "外贸进出口总额突破20亿元，新增外贸企业30家。",
    "接待游客3500万人次，旅游综合收入300亿元。",
]
ASKED = [
    "城里人腰包里一年能揣多少钱",
    "旱涝保收的好田修了多少",
    "今年帮多少人找到了活干",
    "看病能报销的人占到几成",
    "干同样的活少烧了多少煤电油",
    "乡下修了多长的路",
    "政府一年收进口袋多少钱",
    "小娃娃上学的位子多了几个",
    "跟国外做买卖一共做了多少",
    "来玩的人有多少，花了多少",
]


@pytest.fixture(scope="module")
def vectors():
    encoder = load_encoder()
    return encoder.encode_queries(ASKED), encoder.encode_passages(SAID)


def random_map(seed: int = 0, d: int = 16) -> QuestionMap:
    draw = np.random.default_rng(seed)
    turn, shift = draw.normal(0, 0.2, (d, d)), draw.normal(0, 0.2, d)
    return QuestionMap(turn.astype(np.float32), shift.astype(np.float32), 0.5, 0.4)


def units(n: int, d: int = 16, seed: int = 1) -> np.ndarray:
    drawn = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def test_map_of_nothing_leaves_cosines_as_they_are():
    plain = QuestionMap(np.zeros((16, 16), np.float32), np.zeros(16, np.float32), 0.0, 1.0)
    question, sentences = units(1)[0], units(5, seed=2)
    assert plain.cosines(question, sentences) == pytest.approx(sentences @ question, abs=1e-6)


def test_turned_vectors_are_normalised():
    assert np.linalg.norm(random_map().turned(units(7)), axis=1) == pytest.approx(np.ones(7), abs=1e-5)


def test_level_and_scale_move_cosines_and_keep_their_order():
    one, question, sentences = random_map(), units(1)[0], units(9, seed=3)
    bare = replace(one, level=0.0, scale=1.0).cosines(question, sentences)
    assert one.cosines(question, sentences) == pytest.approx(0.5 + 0.4 * bare, abs=1e-6)


def test_map_survives_its_file(tmp_path):
    one = random_map()
    one.save(tmp_path / "map.npz")
    again = load(tmp_path / "map.npz")
    assert again.turn == pytest.approx(one.turn, abs=1e-3)
    assert again.shift == pytest.approx(one.shift, abs=1e-3)
    assert (again.level, again.scale) == (one.level, one.scale)


def test_only_the_built_in_model_has_a_map():
    fitted = question_map(BUILTIN_SPEC)
    assert fitted is not None
    assert fitted.turn.shape == (BUILTIN_SPEC.dimension, BUILTIN_SPEC.dimension)
    assert question_map(replace(BUILTIN_SPEC, version="another")) is None


def test_stored_map_is_small():
    assert MAP_FILE.stat().st_size < 400_000


def test_mapped_cosines_lie_where_plain_ones_do(vectors):
    questions, sentences = vectors
    one = question_map(BUILTIN_SPEC)
    plain = questions @ sentences.T
    mapped = np.stack([one.cosines(question, sentences) for question in questions])
    assert mapped.mean() == pytest.approx(plain.mean(), abs=0.03)
    assert 0.5 < mapped.max() < 1.05


def margins(cosines: np.ndarray) -> np.ndarray:
    """How far the sentence of the same number lies above the best other one, in spreads of its row."""
    others = np.where(np.eye(len(cosines), dtype=bool), -np.inf, cosines).max(1)
    return (np.diag(cosines) - others) / cosines.std(1)


def test_everyday_questions_find_what_answers_them(vectors):
    questions, sentences = vectors
    one = question_map(BUILTIN_SPEC)
    mapped = margins(np.stack([one.cosines(question, sentences) for question in questions]))
    assert (mapped > 0).sum() >= 9
    assert mapped.mean() > 1.2 * margins(questions @ sentences.T).mean()
