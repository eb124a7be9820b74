#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the container.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export DEBIAN_FRONTEND=noninteractive PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1

usable() { # a Python that is new enough, can make an environment, and may be run by any user
  "$1" -c 'import ensurepip, os, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
  for python in python3.13 python3.12 python3.11 python3; do
    if usable "$python"; then return 0; fi
  done
  return 1
}

if ! find_python; then
  apt-get -qq update
  for version in 3.13 3.12 3.11 3; do
    if apt-get -qq -y install "python$version" "python$version-venv" >/dev/null 2>&1; then
      python=python$version
      if usable "$python"; then break; fi
    fi
  done
fi
usable "$python" || { echo "No Python 3.11 or newer can be had here: use another base image." >&2; exit 1; }

"$python" -m venv "$here/../grader"
"$here/../grader/bin/pip" install --quiet --requirement "$here/requirements.txt" --constraint "$here/constraints.txt"
chmod -R go= "$here" # the tests are nobody's to read but root's
