# Sourced by the commands beside it: finds a Python that is new enough, or says so in one sentence.
# Sets ROOT and PYTHON. Text is UTF-8 whatever the machine's locale.

ROOT=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)
export PYTHONUTF8=1 PYTHONUNBUFFERED=1

new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

PYTHON=
for candidate in ${DONGKOU_PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    if new_enough "$candidate"; then
        PYTHON=$candidate
        break
    fi
done
if [ -z "$PYTHON" ]; then
    found=$(python3 --version 2>&1) || found="没有找到 python3"
    echo "需要 Python 3.11 或更新的版本（本机：$found），请先安装。" >&2
    exit 1
fi
