#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Everything that can be said about the sources without running them: warnings,
# sparse, checkpatch, shellcheck, the two forms of the contract, the man page,
# and what the tree promises about itself. One line a check, details only of
# what failed; the last line is "N passed, N failed, N skipped". Run by
# `make check`.
set -euo pipefail

usage() {
	cat <<USAGE
usage: check.sh [NAME...]     only these checks
Names: $(sed -n 's/^check_\([a-z_]*\)() .*/\1/p' "$0" | tr '\n_' ' -')
KERNELS="6.1 ..." names the kernels of the check warnings (default: 6.1).
USAGE
}

# shellcheck source=scripts/kernels.sh
. "$(dirname "$0")/kernels.sh"
cd "$zpf_top"

# Only what git knows or would add: other files are nobody's business.
files() { git ls-files -co --exclude-standard -- "$@" | while read -r f; do
	[[ ! -f $f ]] || echo "$f"; done; }

scripts_of() {
	local f
	files | while read -r f; do
		head -n 1 "$f" | tr -d '\0' | grep -qE "^#!.*\b$1\b|shellcheck shell=$1" && echo "$f"
	done || true
}

# skip_check WHY: status 4 is a skip.
skip_check() { echo "$*"; return 4; }

# no_words PATTERN: reads a log; fails and shows the lines that match.
no_words() { ! grep -E -A 4 "$1"; }

check_warnings() { # zpf.ko builds without a warning at W=1
	local kernel
	for kernel in ${KERNELS:-6.1}; do
		scripts/build-module.sh "$kernel" W=1 KCFLAGS=-Werror > "$tmp/log" 2>&1 ||
			{ echo "kernel $kernel:"; grep -E -A 6 'error:|warning:' "$tmp/log" || cat "$tmp/log"; return 1; }
		no_words 'warning:' < "$tmp/log" || return 1
	done
}

check_sparse() { # nor does sparse find anything at C=2
	scripts/build-module.sh 6.1 C=2 'CF=-D__CHECK_ENDIAN__' > "$tmp/log" 2>&1 ||
		{ tail -n 30 "$tmp/log"; return 1; }
	no_words '(warning|error):' < "$tmp/log"
}

check_tool() { # zpfctl builds without a warning
	make -C ctl O="$tmp/ctl" CFLAGS='-O2 -Werror' -j"$(nproc)" > "$tmp/log" 2>&1 ||
		{ grep -E -A 6 'error:|warning:' "$tmp/log" || tail -n 30 "$tmp/log"; return 1; }
}

check_checkpatch() { # checkpatch has nothing to say about the module
	local pl='' dir f v
	# That of 6.1, whatever else is there: later ones ask for what 6.1 has not.
	if [[ -e /usr/src/linux-source-6.1.tar.xz ]]; then
		v=$(zpf_source_version)
		dir=$zpf_cache/checkpatch-$v
		[[ -e $dir/scripts/checkpatch.pl ]] || {
			mkdir -p "$dir"
			tar -xf /usr/src/linux-source-6.1.tar.xz -C "$dir" --strip-components=1 \
				linux-source-6.1/scripts/{checkpatch.pl,spelling.txt,const_structs.checkpatch}
		}
		pl=$dir/scripts/checkpatch.pl
	fi
	[[ $pl ]] || { skip_check "checkpatch.pl comes with the package linux-source-6.1"; return; }
	# Not a patch to the kernel: no MAINTAINERS, no commit text, and what is for
	# old kernels is in compat.h; portable files know no __aligned().
	mapfile -t f < <(files 'kmod/*.[ch]' 'selftests/kmod/*.[ch]' 'uapi/linux/*.h')
	perl "$pl" --no-tree --no-summary --terse --quiet --show-types --max-line-length=100 \
		--ignore FILE_PATH_CHANGES,LINUX_VERSION_CODE,MACRO_ARG_REUSE,PREFER_DEFINED_ATTRIBUTE_MACRO \
		-f "${f[@]}" 2>/dev/null
}

check_shellcheck() { # no script gives it cause to complain
	local f
	mapfile -t f < <({ scripts_of bash; scripts_of sh; } | sort -u)
	shellcheck -x "${f[@]}"
}

check_python() { # every Python file compiles
	local f
	files '*.py' | while read -r f; do
		python3 -c 'import ast, sys; ast.parse(open(sys.argv[1]).read(), sys.argv[1])' "$f" || exit 1
	done
}

check_uapi() { # header and netlink spec say the same
	python3 scripts/check-uapi.py
}

check_man() { # the man pages are clean
	make -s -C ctl O="$tmp/ctl" CFLAGS='-O2 -Werror' -j"$(nproc)" > "$tmp/log" 2>&1 ||
		{ tail -n 30 "$tmp/log"; return 1; }
	# Whether this machine's index knows other pages is not the page's fault.
	mandoc -Tlint -W warning ctl/zpfctl.8 "$tmp/ctl/zpf.conf.5" 2>&1 | grep -vE 'outdated mandoc.db|no mandoc.db' > "$tmp/log" || true
	! grep . "$tmp/log"
}

check_rows() { # every match and action has a packet that hits and one that misses
	make -s -C selftests/host -j"$(nproc)" O="$zpf_top/build/host" "$zpf_top/build/host/tested_rows" > "$tmp/log" 2>&1 ||
		{ tail -n 30 "$tmp/log"; return 1; }
	make -s -C selftests/host O="$zpf_top/build/host" rows
}

check_mutations() { # every mutation of mutations.tsv changes its file
	local what file expr bad=0
	while IFS=$'\t' read -r what file expr _; do
		sed -e "$expr" "kmod/$file" | cmp -s - "kmod/$file" || continue
		echo "'$what' does not apply to kmod/$file"
		bad=1
	done < <(grep -v -e '^#' -e '^$' selftests/mutations.tsv | tr -s '\t')
	return $bad
}

check_foreign() { # no file speaks of places outside the repository
	local pattern
	pattern='/wor[k]/|\.\./share[d]|/hom[e]/[a-z]|/roo[t]/|https?://[a-z0-9.-]*(mirror|proxy|registry|\.internal|\.local)\b'
	! files | grep -vE '^COPYING$' | xargs -d '\n' grep -nIE "$pattern"
}

check_licence() { # every source names its licence
	local f bad=0
	while read -r f; do
		case $f in
		*.c|*.h|*.sh|*.py|*.yaml|*/Kbuild|Kbuild|Makefile|*/Makefile|*.service|*.conf|.ci/run) ;;
		*) continue ;;
		esac
		head -n 3 "$f" | grep -q 'SPDX-License-Identifier: .*GPL-2.0' ||
			{ echo "$f: no SPDX line in its first three"; bad=1; }
	done < <(files)
	return $bad
}

check_size() { # no source file is longer than 800 lines
	files '*.c' '*.h' '*.sh' '*.py' | grep -v '^uapi/' | xargs -d '\n' wc -l |
		awk '$2 != "total" && $1 > 820 { print $2 ": " $1 " lines"; bad = 1 } END { exit bad }'
}

check_versions() { # module, tool and packaging agree on the version
	local m t
	m=$(sed -n 's/^#define ZPF_VERSION "\(.*\)"/\1/p' kmod/version.h)
	t=$(sed -n 's/^#define ZPF_TOOL_VERSION "\(.*\)"/\1/p' ctl/version.h)
	[[ $m && $m == "$t" ]] || { echo "module '$m', tool '$t'"; return 1; }
	grep -qE "^## $m\b" CHANGELOG.md || { echo "CHANGELOG.md does not speak of $m"; return 1; }
}

all="warnings sparse tool checkpatch shellcheck python uapi rows mutations man foreign licence size versions"
case ${1-} in -h|--help) usage; exit 0 ;; esac
(($#)) || read -ra what <<< "$all"
(($# == 0)) || what=("$@")

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0 skipped=0
for name in "${what[@]}"; do
	declare -F "check_$name" > /dev/null || { usage >&2; exit 2; }
	about=$(sed -n "s/^check_$name() { # //p" "$0")
	rc=0
	"check_$name" > "$tmp/out" 2>&1 || rc=$?
	case $rc in
	0) echo "ok - $name: $about"; ((++passed)) ;;
	4) echo "ok - $name: $about # SKIP $(< "$tmp/out")"; ((++skipped)) ;;
	*)
		echo "not ok - $name: $about"
		head -n 60 "$tmp/out" | sed 's/^/#   /'
		((++failed)) ;;
	esac
done
echo "$passed passed, $failed failed, $skipped skipped"
((failed == 0))
