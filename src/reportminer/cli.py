"""The command line: thin commands over ``pipeline`` and ``export``."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from reportminer import __version__
from reportminer.errors import BadOption, Interrupted, NoInput, ReportMinerError
from reportminer.workbench_commands import serve, user

app = typer.Typer(
    help="从政府工作报告、教育工作汇报等文字材料中提取数据，核查矛盾，生成各县（区）比较表。", no_args_is_help=True, add_completion=False,
    pretty_exceptions_enable=False, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
lexicon_app = typer.Typer(help="词表：检查程序自带或您自己的词表。", no_args_is_help=True)
app.add_typer(lexicon_app, name="lexicon")
store_app = typer.Typer(help="数据仓：历次运行的结果和核查记录。", no_args_is_help=True)
app.add_typer(store_app, name="store")

Paths = Annotated[
    list[Path], typer.Argument(help="报告文件、文件夹或 zip 压缩包，可给多个。", show_default=False)
]
Out = Annotated[Path, typer.Option("--out", "-o", help="输出文件夹。")]
Overlay = Annotated[
    Path | None, typer.Option("--lexicon", help="您自己的词表文件夹，覆盖自带词表中的同名行。")
]


def _version(value: bool) -> None:
    if value:
        typer.echo(f"reportminer {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="显示版本号。")
    ] = False,
) -> None:
    """Options common to all commands."""


def _lexicon(overlay: Path | None) -> Any:
    from reportminer.lexicon import Lexicon, default_lexicon

    if overlay is not None and not overlay.is_dir():
        raise BadOption(f"词表文件夹“{overlay}”不存在。", "请检查 --lexicon 的路径。")
    return Lexicon(overlay) if overlay else default_lexicon()


def _progress(files: Iterable[Any]) -> Iterator[Any]:
    """A progress bar on a terminal, nothing elsewhere."""
    items = list(files)
    if not sys.stderr.isatty() or len(items) < 3:
        yield from items
        return
    from rich.console import Console
    from rich.progress import track

    yield from track(items, description="读取报告", console=Console(stderr=True), transient=True)


def _check_paths(paths: list[Path]) -> None:
    for p in paths:
        if not p.exists():
            raise BadOption(f"找不到“{p}”。", "请检查文件名和所在文件夹。")


@app.command()
def run(
    paths: Paths, out: Out = Path("reportminer-out"), lexicon: Overlay = None,
    strict: Annotated[bool, typer.Option("--strict", help="有文件无法读取时以状态 2 退出。")] = False,
    brief: Annotated[bool, typer.Option("--brief", help="只显示一行结果。")] = False,
    suppress: Annotated[Path | None, typer.Option("--suppress", help="免核清单（CSV：编号,理由,核查人,日期），其中的核查结果不再报告。")] = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="同时读取的进程个数；0 为处理器个数。")] = 0,
    seconds: Annotated[float, typer.Option(help="读一个文件最多用多少秒。")] = 300,
    memory: Annotated[int, typer.Option(help="读一个文件最多用多少 MB 内存。")] = 3000,
    store: Annotated[str | None, typer.Option("--store", help="把结果也存入数据仓：文件夹，或 postgresql://…。")] = None,
    project: Annotated[str, typer.Option(help="数据仓里的项目。")] = "默认项目",
    engine: Annotated[str, typer.Option(help="local 在本机读取，dask 在多台机器上读取。")] = "local",
    scheduler: Annotated[str | None, typer.Option(help="Dask 调度器的地址，如 tcp://10.0.0.5:8786。")] = None,
) -> None:  # fmt: skip
    """读取报告，提取观测值，核查，比较，并把全部结果写入输出文件夹；中断后再次运行同一命令即继续。"""
    from reportminer.forks import prepare

    _check_paths(paths)
    prepare()  # it takes as long as what this process loads now

    from reportminer import batch_commands as batches
    from reportminer.combine import excerpt, showing, with_findings
    from reportminer.commands import screened
    from reportminer.export import OutputFolder

    how = batches.options(jobs, seconds, memory, engine, scheduler)
    with OutputFolder(out):  # fails before the work when the folder cannot be written
        pass
    if suppress is not None:
        screened((), suppress)  # a bad file is told before the work
    if store is not None:
        from reportminer.store import open_store

        open_store(store).close()  # so is a store that cannot be used
    words = _lexicon(lexicon)
    started = batches.now()
    read = batches.read_batch(paths, out, lexicon, how)
    processes = jobs or batches.cores()
    result = batches.combine_batch(read, words, processes)
    if suppress is not None:
        result = with_findings(result, list(screened(result.checked.findings, suppress).kept))
    shown = excerpt(result)
    show = showing(read, words, result, shown, processes) if shown else None
    batches.publish(read, result, out, started, store, project, show)
    from reportminer.terminal import print_run

    print_run(result, out, brief=brief, shown=shown)
    if note := batches.told(read):
        typer.echo(note)
    if strict and result.failures:
        raise typer.Exit(2)


app.command()(serve)
app.command()(user)


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="一条 SELECT 语句。", show_default=False)], store: Annotated[str, typer.Option("--store", help="数据仓：文件夹，或 postgresql://…。")],
    out: Annotated[Path | None, typer.Option("--out", "-o", help="写入此 csv 文件；不给则显示在屏幕。")] = None, limit: Annotated[int, typer.Option(help="屏幕上最多显示多少行。")] = 100,
) -> None:  # fmt: skip
    """用 SQL 查询数据仓（只读）：documents、segments、observations、findings、finding_members、verified、comparison、failures、runs……"""
    from reportminer.batch_commands import query as ask

    ask(sql, store, out, limit)


@store_app.command("export")
def store_export(
    out: Annotated[Path, typer.Option("--out", "-o", help="输出文件夹。")], store: Annotated[str, typer.Option("--store", help="数据仓：文件夹，或 postgresql://…。")],
    format: Annotated[str, typer.Option(help="csv、jsonl 或 parquet。")] = "csv",
) -> None:  # fmt: skip
    """把数据仓的全部内容写成文件，每个表一个。"""
    from reportminer.batch_commands import export_store

    export_store(store, out, format)


@app.command()
def extract(
    paths: Paths,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="写入此 jsonl 文件；不给则打印到屏幕。")
    ] = None,
    lexicon: Overlay = None,
) -> None:
    """只提取观测值（jsonl，每行一个）。"""
    from reportminer import pipeline
    from reportminer.export import OutputFolder, jsonl, observation_row

    _check_paths(paths)
    reports, failures = pipeline.read_many(paths, _lexicon(lexicon), _progress)
    _need_reports(reports, failures)
    data = jsonl(observation_row(o) for r in reports for o in r.observations)
    if out is None:
        sys.stdout.buffer.write(data)
    else:
        with OutputFolder(out.parent) as folder:
            folder.write(out.name, data)
    _print_failures(failures)


Suppress = Annotated[
    Path | None,
    typer.Option("--suppress", help="免核清单（CSV：编号,理由,核查人,日期），其中的核查结果不再报告。"),
]


@app.command()
def check(
    paths: Paths, lexicon: Overlay = None, suppress: Suppress = None,
    audit: Annotated[list[Path] | None, typer.Option("--audit", help="把核查报告写入此文件（.docx、.xlsx 或 .html），可给多个。")] = None,
    reference: Annotated[Path | None, typer.Option("--reference", help="官方数据表（csv 或 xlsx：地区、年份、指标、数值、单位），与报告的数比较。")] = None,
    mapping: Annotated[list[str] | None, typer.Option("--map", help="参照数据的列名，如 --map 地区=县区名称，可给多个。")] = None,
    tolerance: Annotated[float, typer.Option(help="与官方数据相差不超过百分之几算相符。")] = 0.5,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="把与官方数据的比较写入此 csv 文件。")] = None,
) -> None:  # fmt: skip
    """核查报告中的数字；发现错误时以状态 1 退出。"""
    from dataclasses import replace

    from reportminer import pipeline
    from reportminer.commands import against, officials, screened, write_audit
    from reportminer.core import Settled
    from reportminer.terminal import print_findings

    _check_paths(paths)
    for path in audit or ():
        if path.suffix.lower() not in (".docx", ".xlsx", ".html"):
            raise BadOption(
                f"不知道如何写“{path.name}”。", "核查报告请用 .docx、.xlsx 或 .html 结尾的文件名。"
            )
    screened((), suppress)  # a bad file is told before the work
    figures = officials(reference, mapping or [])
    result = pipeline.run(paths, _lexicon(lexicon), _progress)
    _need_reports(result.reports, result.failures)
    findings = list(result.checked.findings)
    if figures:
        findings += against(result.reports, figures, tolerance, out)
    divided = screened(findings, suppress)
    result = replace(result, checked=Settled(divided.kept, result.checked.verified))
    print_findings(result)
    if divided.dismissed or divided.unused:
        unused = f"，其中 {len(divided.unused)} 条已不再出现" if divided.unused else ""
        typer.echo(f"免核清单：略去 {len(divided.dismissed)} 处{unused}。")
    for path in audit or ():
        write_audit(path, result, divided.dismissed)
    _print_failures(result.failures)
    if any(f.severity == "error" for f in divided.kept):
        raise typer.Exit(1)


@app.command()
def dismiss(
    finding: Annotated[str, typer.Argument(help="核查结果的编号（见核查报告或 findings.jsonl）。")],
    reason: Annotated[str, typer.Option("--reason", help="为什么不是问题；不能只写“核实无误”。")],
    who: Annotated[str, typer.Option("--who", help="谁核实的。")],
    suppress: Annotated[Path, typer.Option("--suppress", help="免核清单文件。")] = Path("免核清单.csv"),
    date: Annotated[str, typer.Option("--date", help="日期，如 2024-05-31；不给则为今天。")] = "",
) -> None:  # fmt: skip
    """把一处核查结果写入免核清单，以后带 --suppress 核查时不再报告。"""
    import datetime

    from reportminer.suppressions import Suppression, add

    add(
        suppress,
        Suppression(finding.strip(), reason.strip(), who.strip(), date or datetime.date.today().isoformat()),
    )
    typer.echo(f"已写入 {suppress}。")


@app.command()
def compare(
    paths: Paths, out: Annotated[Optional[Path], typer.Option("--out", "-o", help="写入此文件：.csv、.xlsx、.sdmx.csv、.parquet，或图 .svg、.png；不给则显示在屏幕。")] = None,  # noqa: UP045
    areas: Annotated[str, typer.Option(help="只比较这些地区，逗号分隔。")] = "", years: Annotated[str, typer.Option(help="只比较这些年份，逗号分隔。")] = "",
    indicators: Annotated[str, typer.Option(help="只比较这些指标编号，逗号分隔。")] = "",
    scope: Annotated[str, typer.Option(help="只比较这个范围，如 stage=小学，逗号分隔可给多个。")] = "",
    layout: Annotated[str, typer.Option(help="csv 的排法：long 每行一个数，wide 每行一个地区、时期。")] = "long",
    chart: Annotated[str, typer.Option(help="图的样式：bar 一年各地区，trend 历年，heat 热度表。")] = "bar", lexicon: Overlay = None,
) -> None:  # fmt: skip
    """生成各地区、各年份的比较表或图。"""
    from reportminer import pipeline
    from reportminer.commands import check_output, write_table
    from reportminer.comparison import compare as make
    from reportminer.terminal import print_table

    _check_paths(paths)
    check_output(out, layout, chart)
    try:
        wanted_years = [int(y) for y in _split(years)] or None
    except ValueError as e:
        raise BadOption(f"--years 的“{years}”不是年份。", "请写成 --years 2020,2021。") from e
    wanted_scope = {}
    for pair in _split(scope):
        name, equals, value = pair.partition("=")
        if not equals:
            raise BadOption(f"--scope 的“{pair}”不对。", "请写成 --scope stage=小学。")
        wanted_scope[name.strip()] = value.strip()
    result = pipeline.run(paths, _lexicon(lexicon), _progress)
    _need_reports(result.reports, result.failures)
    table = make(
        result.reports,
        findings=result.checked.findings,
        areas=_split(areas) or None,
        years=wanted_years,
        indicators=_split(indicators) or None,
        scope=wanted_scope or None,
    )
    if out is None:
        print_table(table)
    else:
        write_table(out, table, result, layout, chart)
        typer.echo(f"已写入 {out}（{len(table.cells)} 个单元格）。")
    _print_failures(result.failures)


def _split(text: str) -> list[str]:
    return [x.strip() for x in text.replace("，", ",").split(",") if x.strip()]


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(help="报告文件。")], at: Annotated[int, typer.Option("--at", help="字符位置（从 0 起，见 observations.jsonl 的 start）。")], lexicon: Overlay = None
) -> None:  # fmt: skip
    """说明某个位置的数字为何这样读：规则、用词、所在句子。"""
    from reportminer import pipeline
    from reportminer.terminal import print_explanation

    _check_paths([file])
    print_explanation(pipeline.read_file(file, lexicon=_lexicon(lexicon)), at)


@app.command("eval")
def evaluate(
    gold: Annotated[Path, typer.Argument(help="含 NAME.txt、NAME.jsonl、NAME.json 的文件夹。")], errors: Annotated[int, typer.Option(help="每类最多列出几个错误。")] = 0,
    json_out: Annotated[bool, typer.Option("--json", help="以 JSON 输出。")] = False, lexicon: Overlay = None,
) -> None:  # fmt: skip
    """与参考标注比较，给出各项得分。"""
    import json

    from reportminer import pipeline
    from reportminer.evaluate import evaluate as score
    from reportminer.evaluate import most_common_mistakes, summary
    from reportminer.terminal import print_scores

    _check_paths([gold])
    result = pipeline.run([gold], _lexicon(lexicon), _progress)
    scores = score(gold, result.reports, result.checked.findings)
    if json_out:
        typer.echo(json.dumps(summary(scores), ensure_ascii=False))
    else:
        print_scores(scores)
    for line in most_common_mistakes(scores, errors):
        typer.echo("  " + line)


@app.command()
def train(
    corpora: Annotated[
        list[Path], typer.Argument(help="带标注的报告文件夹（NAME.txt 和 NAME.jsonl），可给多个。")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="模型文件夹。")] = Path("models"),
) -> None:
    """由带标注的报告重新训练 models/ 下的全部文件（几分钟）。"""
    from reportminer.training import train as make

    _check_paths(corpora)
    scores = make(corpora, out, typer.echo)
    typer.echo(
        f"指标正确率：仅规则 {scores['rules_alone']:.4f}，合用 {scores['together']:.4f}；已写入 {out}（说明卡 CARD.md）。"
    )


@app.command()
def doctor() -> None:
    """检查本机：哪些文件格式和功能可用，缺什么，怎样启用。"""
    from reportminer.doctor import examine, lines

    for line in lines(examine()):
        typer.echo(line)


@lexicon_app.command("check")
def lexicon_check(
    overlay: Annotated[Path | None, typer.Argument(help="您自己的词表文件夹；不给则检查自带词表。")] = None,
) -> None:
    """逐行检查词表，包括每行的例句。"""
    from reportminer.lexicon_check import check_all

    lexicon = _lexicon(overlay)
    problems = check_all(lexicon)
    for p in problems:
        typer.echo(p)
    if problems:
        raise typer.Exit(1)
    typer.echo(
        f"词表无误：{len(lexicon.names())} 个表，{sum(len(lexicon.table(n)) for n in lexicon.names())} 行。"
    )


def _print_failures(failures: Iterable[Any]) -> None:
    for f in failures:
        typer.echo(f"未能读取 {f.source}：{f.error}{f.fix}", err=True)


def _need_reports(reports: Collection[Any], failures: Iterable[Any]) -> None:
    """Ends the command with status 2 when nothing could be read: no result is not a good result."""
    if not reports:
        _print_failures(failures)
        raise NoInput("没有一份报告能够读取，未作任何核查或提取。", "请按上面的提示处理文件后重试。")


def main() -> None:
    """Entry point: errors that users may see are one sentence and a way out, status 2."""
    try:
        app()
    except ReportMinerError as e:
        typer.echo(f"{e.error}{e.fix}", err=True)
        raise SystemExit(130 if isinstance(e, Interrupted) else 2) from None
