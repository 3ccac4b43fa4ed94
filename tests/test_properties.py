"""性质：任何写法的数都照原样读回；读数确定；再读一遍不变；时间随长度线性增长。"""

from __future__ import annotations

import dataclasses
import pickle
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reportminer
from reportminer.extract.numerals import parse
from reportminer.extract.periods import find_periods

DIGITS = "零一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


def chinese(n: int) -> str:
    """An integer below 10^12 in Chinese numerals, the school way."""
    if n == 0:
        return "零"

    def section(k: int) -> str:
        out, zero = "", False
        for place, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = k // place % 10
            if digit:
                out += ("零" if zero and out else "") + DIGITS[digit] + word
                zero = False
            else:
                zero = True
        return out

    parts, started = "", False
    for power, word in ((10**8, "亿"), (10**4, "万"), (1, "")):
        k = n // power % 10**4
        if not k:
            continue
        gap = started and (k < 1000 or n // power // 10**4 % 10 == 0)
        parts += ("零" if gap else "") + section(k) + word
        started = True
    return parts[1:] if parts.startswith("一十") else parts


# 单位 → 标准单位与换算
UNITS = {
    "元": ("元", 1),
    "美元": ("美元", 1),
    "平方米": ("平方米", 1),
    "公顷": ("平方米", 10000),
    "公里": ("米", 1000),
    "吨": ("吨", 1),
    "千瓦时": ("千瓦时", 1),
    "%": ("%", 1),
    "‰": ("‰", 1),
    "个百分点": ("百分点", 1),
    "倍": ("倍", 1),
    "所": ("所", 1),
    "名": ("人", 1),
    "人次": ("人次", 1),
    "台": ("台", 1),
    "户": ("户", 1),
}
SCALES = {"": 1, "万": 10**4, "亿": 10**8, "百万": 10**6, "千万": 10**7, "万亿": 10**12}
BEFORE = {"": "eq", "约": "approx", "近": "le", "超过": "ge", "不低于": "ge", "不超过": "le", "突破": "ge"}
AFTER = {"": "eq", "以上": "ge", "左右": "approx", "以内": "le"}
integers = st.integers(1, 10**9)
units = st.sampled_from(sorted(UNITS))
frames = st.sampled_from(["全年{}。", "合计{}，比上年有所变化", "其中：{}；", "达{}。", "\n{}"])


def one(text: str):
    found = reportminer.quantities(text)
    assert len(found) == 1, [q.text for q in found]
    q = found[0]
    assert text[q.start : q.end] == q.text
    return q


@given(
    n=integers, separator=st.sampled_from(["", ",", "，", " "]), unit=units, frame=frames, wide=st.booleans()
)
def test_integers(n: int, separator: str, unit: str, frame: str, wide: bool) -> None:
    printed = f"{n:,}".replace(",", separator)
    if wide and separator in ("", "，"):
        printed = printed.translate(FULL_WIDTH)
    q = one(frame.format(printed + unit))
    name, factor = UNITS[unit]
    assert (q.value, q.unit, q.bound) == (Decimal(n) * factor, name, "eq")


@given(
    digits=st.decimals(Decimal("0.01"), Decimal("9999.99"), places=2),
    scale=st.sampled_from(sorted(SCALES)),
    unit=units,
    before=st.sampled_from(sorted(BEFORE)),
    frame=frames,
)
def test_decimals_scales_and_bounds(digits: Decimal, scale: str, unit: str, before: str, frame: str) -> None:
    if unit in ("%", "‰", "个百分点", "倍"):
        scale = ""
    q = one(frame.format(f"{before}{digits}{scale}{unit}"))
    name, factor = UNITS[unit]
    assert (q.value, q.unit, q.bound) == (digits * SCALES[scale] * factor, name, BEFORE[before])


@given(n=integers, unit=units, after=st.sampled_from(sorted(AFTER)))
def test_bounds_behind(n: int, unit: str, after: str) -> None:
    q = one(f"完成{n}{unit}{after}。")
    assert (q.value, q.bound) == (Decimal(n) * UNITS[unit][1], AFTER[after])
    assert q.text == f"{n}{unit}{after}"


@given(st.integers(1, 10**12 - 1))
def test_every_chinese_numeral_is_read(n: int) -> None:
    found = parse(chinese(n))
    assert found is not None and (found.value, found.value2) == (n, None)


@given(n=st.integers(2, 10**10), frame=st.sampled_from(["共{}元。", "发放{}元，", "投入{}元"]))
def test_chinese_numerals_in_text(n: int, frame: str) -> None:
    q = one(frame.format(chinese(n)))
    assert (q.value, q.unit, q.bound) == (n, "元", "eq")


@given(n=st.integers(1, 99), middle=st.sampled_from("多余"), scale=st.sampled_from(["", "万", "亿"]))
def test_more_than_round_numbers(n: int, middle: str, scale: str) -> None:
    q = one(f"共{n}0{middle}{scale}元")
    assert (q.value, q.bound) == (n * 10 * SCALES[scale], "ge")
    assert q.low == q.value and q.high is not None and q.high > q.value


@given(
    a=st.integers(1, 500),
    b=st.integers(501, 9999),
    link=st.sampled_from(["—", "-", "～", "至", "到", "－"]),
    unit=units,
)
def test_ranges(a: int, b: int, link: str, unit: str) -> None:
    q = one(f"每处{a}{link}{b}{unit}。")
    factor = UNITS[unit][1]
    assert (q.value, q.value2, q.bound) == (a * factor, b * factor, "range")


@given(n=st.integers(1, 999), k=st.integers(1, 9999), low=st.integers(1, 9999))
def test_chains(n: int, k: int, low: int) -> None:
    assert one(f"投资{n}亿{k}万元").value == n * 10**8 + k * 10**4
    thousands, hundreds = low // 1000, low // 100 % 10
    if thousands and hundreds:
        assert (
            one(f"图书{n}万{thousands}千{hundreds}百册").value
            == n * 10**4 + thousands * 1000 + hundreds * 100
        )


@given(a=st.decimals(Decimal("0.1"), 99, places=1), b=st.integers(1, 60), colon=st.sampled_from(":：∶︰"))
def test_ratios(a: Decimal, b: int, colon: str) -> None:
    q = one(f"师生比为{a}{colon}{b}。")
    assert q.unit == "比" and abs(q.value - a / b) < Decimal("0.000001") and q.value_text == f"{a}:{b}"


@given(n=st.decimals(Decimal("0.1"), 999, places=1), minus=st.sampled_from("-－−负"))
def test_negative_prints(n: Decimal, minus: str) -> None:
    assert one(f"增速为{minus}{n}%。").value == -n


@given(
    mask=st.sampled_from(["X", "XX", "xxx", "**", "○○"]),
    scale=st.sampled_from(["", "万"]),
    unit=st.sampled_from(["元", "名", "所", "%"]),
)
def test_masks_have_no_value(mask: str, scale: str, unit: str) -> None:
    q = one(f"落实{mask}{scale}{unit}。")
    assert q.masked and q.value is None and q.unit == UNITS[unit][0]


PIECES = st.sampled_from(
    [
        "3", "12", "2019", "1,200", "0.5", "x", "XX", "一", "三", "十", "百", "两千", "五六", "万", "亿", "千", "多", "余", "几", "数",
        "元", "%", "个百分点", "人", "名", "所", "平方米", "亩", "公里", "成", "倍", "番", "翻", "约", "近", "超过", "不足", "以上", "左右", "之间",
        "至", "到", "-", "—", "、", "和", "，", "。", " ", "\n", "：", ":", "(", "）", "第", "前", "年", "月", "日", "分之", "点", "半", "负",
        "其中", "分别", "由", "增加", "学校", "“", "”",
    ]
)  # fmt: skip


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=16).map("".join))
def test_any_text_gives_ordered_exact_spans_and_the_same_answer_twice(text: str) -> None:
    found = reportminer.quantities(text)
    at = 0
    for q in found:
        assert at <= q.start < q.end <= len(text) and q.text == text[q.start : q.end]
        assert q.value is None or q.value.is_finite()
        if q.low is not None and q.high is not None:
            assert q.low <= q.high
        at = q.end
    assert reportminer.quantities(text) == found


@given(st.integers(2, 10**6), units, st.sampled_from(["约", "近", ""]))
def test_a_slice_is_read_like_its_text(n: int, unit: str, before: str) -> None:
    q = one(f"县里今年投入了{before}{n}{unit}，效果良好。")
    again = one(q.text)
    assert (again.value, again.unit, again.bound) == (q.value, q.unit, q.bound)


HARD = {
    "digits": "1", "commas": "1,", "grouped": "1,111,", "spaces": " ", "spaced digits": "1 ", "brackets": "（", "pairs": "（）", "of which": "其中",
    "one one one": "一", "tens": "一十", "scales": "1万", "chains": "1亿1千万", "masks": "x", "colons": "1:", "lists": "1、", "names": "甲1、",
    "dots": "1.", "ranges": "1至", "percent": "百分之", "spaced numerals": "一百 ", "units": "3个", "years": "2019年", "plans": "“十三五”", "quotes": "“",
}  # fmt: skip


@pytest.mark.parametrize("piece", HARD.values(), ids=HARD.keys())
def test_time_grows_with_length_only(piece: str) -> None:
    """十万字的怪文本，四倍长不超过约四倍时间（十秒的上限留给繁忙的机器，正常约0.5秒）。"""

    def cost(size: int) -> float:
        text = piece * (size // len(piece))
        start = time.process_time()
        reportminer.quantities(text)
        find_periods(text)
        return time.process_time() - start

    small, large = cost(25_000), cost(100_000)
    assert large < 10 and large < 8 * max(small, 0.1)  # a busy machine


@pytest.mark.slow
@pytest.mark.parametrize("piece", HARD.values(), ids=HARD.keys())
def test_a_million_characters(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    start = time.process_time()
    reportminer.quantities(text)
    find_periods(text)
    assert (
        time.process_time() - start < 60
    )  # 10 s alone; coverage and a busy machine take three times as long


@settings(max_examples=400, deadline=None)
@given(
    st.text(
        "0123456789?xX×*万亿千百十一二两%‰.,，、:：-—～（）() 元所人个年月第前后约近余多以上成倍分之翻番半几数某□",
        max_size=24,
    )
)
def test_no_jumble_of_figures_stops_the_reader(text: str) -> None:
    for q in reportminer.quantities(text):
        assert text[q.start : q.end] == q.text
        assert not q.masked or q.value is None


@pytest.mark.parametrize("piece", ["x", "X X ", "x\n", "□", "某", "*", "xx年", "XX县", "?1:2 "])
def test_long_runs_of_masks_take_no_longer_than_their_length(piece: str) -> None:
    start = time.perf_counter()
    reportminer.read(piece * (30_000 // len(piece)))
    assert time.perf_counter() - start < 30


def test_records_made_past_the_guard_are_like_any_other() -> None:
    report = reportminer.read("全县现有学校165所，2019年投入3亿元。")
    for one in (report.observations[0], report.text.sentences[0]):
        again = dataclasses.replace(one)  # the way every dataclass is made
        assert again == one and hash(again.__class__) == hash(one.__class__) and repr(again) == repr(one)
        assert pickle.loads(pickle.dumps(one)) == one
        with pytest.raises(dataclasses.FrozenInstanceError):
            one.start = 3  # type: ignore[misc]
