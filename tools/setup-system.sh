#!/bin/sh
# Installs what the tests use of the system (Debian): LibreOffice, a Chinese font, Chromium, PostgreSQL. Ends at once when all is there.
# Without root or apt-get it says what is missing and ends well: the tests that need it are skipped and say so.
set -u
packages=
need() { packages="$packages $*"; }

command -v soffice >/dev/null 2>&1 && [ -e /usr/lib/libreoffice/program/libswlo.so ] || need libreoffice-writer
[ -e /usr/lib/libreoffice/program/libsclo.so ] || need libreoffice-calc
command -v fc-list >/dev/null 2>&1 || need fontconfig
find /usr/share/fonts /usr/local/share/fonts -iname '*CJK*' -o -iname 'wqy*' 2>/dev/null | grep -q . || need fonts-noto-cjk
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || need chromium
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || need postgresql
[ -n "$packages" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "缺少系统组件：$packages。用到它们的测试将跳过；请由管理员运行 make setup-system（Debian），或用本机的方法安装。" >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt="apt-get -qq -o DPkg::Lock::Timeout=300"
# shellcheck disable=SC2086  # both are lists of words
if ! { $apt update && $apt install -y --no-install-recommends $packages >/dev/null; }; then
    echo "未能安装系统组件：$packages。用到它们的测试将跳过。" >&2
fi
