#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image: the only time that a network is needed.
set -euo pipefail
root=${HANDGRAD_ROOT:-/autograder}

newest() {
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$name" -P -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    return 1
}

install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@"
}

if ! ldconfig -p | grep -q libseccomp.so.2; then
    apt-get update -qq
    install libseccomp2
fi
if [ ! -x "$root/venv/bin/python" ]; then
    if ! newest >/dev/null; then
        apt-get update -qq
        install python3.12 python3.12-venv || install python3.11 python3.11-venv
    fi
    "$(newest)" -P -m venv "$root/venv"
    "$root/venv/bin/python" -P -m pip install --quiet --disable-pip-version-check --requirement "$root/source/requirements.txt"
fi

# Nobody but the grader itself may read the course or write a result.
mkdir -p "$root/results"
chmod -R go= "$root/source" "$root/results"
PYTHONPATH=$root/source/engine "$root/venv/bin/python" -P -m autograder gradescope --root "$root" --ready
