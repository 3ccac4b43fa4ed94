#!/bin/sh
# Makes .venv and installs the project into it. Needs Python 3.11 or newer; works without root.
# usage: tools/setup-venv.sh [dev]
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}
stamp=.venv/.installed-$want
if [ -f "$stamp" ] && [ "$stamp" -nt pyproject.toml ]; then exit 0; fi

python=
for p in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
    if command -v "$p" >/dev/null 2>&1 && "$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then python=$p; break; fi
done
[ -n "$python" ] || { echo "需要 Python 3.11 或更高版本：请先安装 python3（Debian：apt-get install python3 python3-venv）。" >&2; exit 1; }

make_venv() {
    "$python" -m venv .venv 2>/dev/null && return 0
    rm -rf .venv  # Debian splits ensurepip into python3-venv: try what else there is
    if "$python" -m virtualenv --version >/dev/null 2>&1; then "$python" -m virtualenv -q .venv && return 0; fi
    if "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m venv --without-pip .venv && "$python" -m pip --python .venv/bin/python install -q pip && return 0
    fi
    rm -rf .venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq && apt-get install -y -qq python3-venv && "$python" -m venv .venv && return 0
    fi
    return 1
}
[ -x .venv/bin/python ] || make_venv || { echo "无法建立 Python 虚拟环境：请安装 python3-venv（Debian：apt-get install python3-venv）后重试。" >&2; exit 1; }

export PIP_DISABLE_PIP_VERSION_CHECK=1
.venv/bin/python -m pip install -q --upgrade "pip>=25.1"
if [ "$want" = dev ]; then
    .venv/bin/python -m pip install -q -e ".[frames]" --group dev
else
    .venv/bin/python -m pip install -q -e .
fi
touch "$stamp"
