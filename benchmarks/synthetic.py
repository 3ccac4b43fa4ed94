"""Synthetic reports for measurements of scale: consistent figures of invented years of real counties, so that a batch has the shape of
a province's collection and not of an error list. The n-th report is always the same.

usage: python benchmarks/synthetic.py FOLDER [REPORTS]
"""

import random
import sys
from pathlib import Path

from reportminer.restore.gazetteer import gazetteer

YEARS = range(2006, 2024)


def counties():
    """Names and codes of counties, in order; each with its city's."""
    found = []
    for code, rows in sorted(gazetteer().by_code.items()):
        for row in rows:
            if row.level == "county" and row.name != "市辖区" and len(row.name) > 2:
                found.append((code, row.name))
                break
    return found


def report(n, places):
    """Name and text of the n-th report: one county, one year, some 40 figures."""
    code, name = places[n // len(YEARS) % len(places)]
    year = YEARS[n % len(YEARS)]
    own = random.Random(f"{code}{n // (len(YEARS) * len(places))}")
    rng = random.Random(n)
    primary, junior, kinder = own.randint(40, 160), own.randint(8, 30), own.randint(20, 120)
    pupils, students = own.randint(9_000, 60_000), own.randint(5_000, 30_000)
    girls = pupils * own.randint(44, 49) // 100
    teachers, wage = own.randint(900, 4000), own.randint(30, 60)
    spent = own.randint(20_000, 90_000) + (year - 2006) * 1_100
    last = spent - 1_100
    built = rng.randint(3, 40)
    rooms, wide = rng.randint(20, 200), rng.randint(1_000, 9_000)
    paragraphs = [
        f"{name}{year}年教育工作总结",
        f"{year}年，{name}坚持教育优先发展。全县共有小学{primary}所、初中{junior}所、幼儿园{kinder}所。",
        f"小学在校生{pupils}人，其中女生{girls}人、男生{pupils - girls}人；初中在校生{students}人。",
        f"全县专任教师{teachers}人，招聘教师{rng.randint(20, 120)}名，培训教师{rng.randint(300, 900)}人次。",
        f"全年教育支出{spent}万元，比上年{last}万元增加{spent - last}万元。",
        f"投入资金{rng.randint(500, 5_000)}万元，新建校舍{wide}平方米，改造运动场{rng.randint(2, 30)}个，建设标准化学校{built}所。",
        f"九年义务教育巩固率达到{rng.randint(960, 995) / 10}%，高中阶段毛入学率{rng.randint(850, 960) / 10}%，学前教育毛入园率{rng.randint(800, 930) / 10}%。",
        f"资助贫困学生{rng.randint(1_000, 6_000)}人次，发放资助金{rng.randint(200, 2_000)}万元，为{rng.randint(20, 90)}所学校配备计算机{rng.randint(200, 3_000)}台。",
        f"开展安全检查{rng.randint(4, 20)}次，排查隐患{rng.randint(50, 400)}处，配备保安{rng.randint(60, 300)}名，安装监控{rng.randint(100, 900)}个。",
        f"全县农村教师周转宿舍{rooms}套，月人均补助{wage}0元，惠及教师{rng.randint(300, 900)}人。",
        f"{year + 1}年计划新建幼儿园{rng.randint(1, 9)}所，改扩建学校{rng.randint(2, 15)}所，招聘教师{rng.randint(50, 150)}名。",
    ]
    return f"{code}-{year}-{n}.txt", "\n".join(paragraphs) + "\n"


def write(folder, count):
    """The first ``count`` reports, a thousand to a folder."""
    places = counties()
    for n in range(count):
        place = folder / f"{n // 1000:04}"
        if n % 1000 == 0:
            place.mkdir(parents=True, exist_ok=True)
        name, text = report(n, places)
        (place / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 10_000)
