#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Shows of each packet test that it can fail: breaks one feature of the module
# at a time, in a copy, as mutations.tsv lists them, and expects one of the
# named tests to fail. Builds all broken modules first; one virtual machine
# then runs them one after the other.
set -euo pipefail

usage() {
	cat <<USAGE
usage: mutate.sh [--kernel NAME] [--from N] [WORD...]
  WORD      only mutations whose description has these words (default: all)
  --from N  only from the Nth line of the table on
A mutation that no test notices, or that no longer applies, is a failure.
Exit status: 0, 1. Last line: "N passed, N failed, N skipped".
USAGE
}

cd "$(dirname "$0")/.."
# shellcheck source=scripts/kernels.sh
. scripts/kernels.sh

kernel=6.1 guest=0 from=0 words=()
while (($#)); do
	case $1 in
	--kernel) kernel=$2; shift 2 ;;
	--guest) guest=1 from=$2; shift 2 ;;	# within the virtual machine, from that number
	--from) from=$2; shift 2 ;;
	-h|--help) usage; exit 0 ;;
	-*) usage >&2; exit 2 ;;
	*) words+=("$1"); shift ;;
	esac
done
dir=$zpf_cache/mutants/$kernel

# The mutations asked for, one a line: NUMBER <tab> the fields of the table.
selected() {
	local line n=0 what word
	while IFS= read -r line; do
		[[ $line && $line != '#'* ]] || continue
		((++n >= from)) || continue
		what=${line%%$'\t'*}
		if ((${#words[@]})); then
			for word in "${words[@]}"; do
				[[ $what != *"$word"* ]] || { printf '%d\t%s\n' $n "$line"; break; }
			done
		else
			printf '%d\t%s\n' $n "$line"
		fi
	done < selftests/mutations.tsv
}

if ((guest)); then
	while IFS=$'\t' read -r n what _ _ tests; do
		echo "mutant $n"
		[[ -r $dir/$n.ko ]] || { echo "not ok $what # does not apply, or does not build"; continue; }
		rc=0
		# shellcheck disable=SC2086 # a list
		ZPF_KO=$dir/$n.ko selftests/run.sh $tests > "/tmp/mutant-$n" 2>&1 || rc=$?
		cases=$(grep -c '^    not ok' "/tmp/mutant-$n" || true)
		if ((rc == 1 && cases > 0)); then
			echo "ok $what # noticed by $cases cases of $tests"
		else
			echo "not ok $what # not noticed by $tests"
			tail -n 3 "/tmp/mutant-$n" | sed 's/^/# /'
		fi
	done < <(selected | tr -s '\t')
	exit 0
fi

make -s -C ctl > /dev/null
# A source tree of its own: the checkout is never touched, and the build has a
# folder of its own too (ZPF_MUTANT names it, and means nothing else).
src=$dir/src
mkdir -p "$src"
rm -f "$dir"/*.ko
rsync -a --delete Kbuild kmod uapi "$src/"
before=''
while IFS=$'\t' read -r n what file expr _; do
	# The one before gets well again; make goes by time stamps.
	[[ ! $before ]] || { cp "kmod/$before" "$src/kmod/$before"; touch "$src/kmod/$before"; }
	before=$file
	sed -e "$expr" "kmod/$file" > "$src/kmod/$file"
	if cmp -s "kmod/$file" "$src/kmod/$file"; then
		zpf_say "'$what' does not apply to kmod/$file"
		continue
	fi
	if ZPF_SRC=$src scripts/build-module.sh "$kernel" ZPF_MUTANT=1 > "$dir/ko" 2> "$dir/log"; then
		cp "$(< "$dir/ko")" "$dir/$n.ko"
	else
		zpf_say "'$what' does not build: $(grep -m 1 error: "$dir/log" || true)"
	fi
done < <(selected | tr -s '\t')

# A broken module may take its machine down: that is noticed too, and the next
# one begins behind it.
at=$from passed=0 failed=0
while [[ $(from=$at selected) ]]; do
	timeout=$(($(from=$at selected | wc -l) * 240 + 120))
	rc=0 n=''
	while IFS= read -r line; do
		case $line in
		mutant\ *) n=${line#mutant } ;;
		ok\ *) ((++passed)); echo "ok $((passed + failed)) ${line#ok }"; at=$((n + 1)) ;;
		not\ ok\ *) ((++failed)); echo "not ok $((passed + failed)) ${line#not ok }"; at=$((n + 1)) ;;
		*) echo "$line" ;;
		esac
	done < <(scripts/vm.sh --kernel "$kernel" --timeout "$timeout" --no-scan -- \
		selftests/mutate.sh --kernel "$kernel" --guest "$at" "${words[@]}" || echo "# status $?")
	[[ $n ]] || zpf_die "the virtual machine did not start"
	((n >= at)) || break
	((++passed))
	echo "ok $((passed + failed)) mutation $n # noticed: the machine died"
	at=$((n + 1))
done
echo "$passed passed, $failed failed, 0 skipped"
((failed == 0)) || exit 1
