#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs a command as root under user-mode Linux: a kernel that is an ordinary
# process, boots in about a second and runs at native speed: 6.1 on one processor,
# or 7.2 on two.
# Its root file system is this machine's, read-only, with memory on /tmp, /run
# and /var/log; what the command writes must go to a --rwdir. Touches no host
# network.
set -euo pipefail

usage() {
	cat <<USAGE
usage: uml.sh [option...] -- COMMAND [ARG...]
Runs COMMAND as root, in the repository's directory, under user-mode Linux.

  --kernel NAME  uml (Linux 6.1, default) or smp (7.2 with two processors)
  --mem SIZE     memory (1G)
  --rwdir DIR    directory the guest may write; repeatable
  --timeout SEC  give up after SEC seconds (1800)
  --log DIR      keep console and dmesg there (default: in the cache)
  --append ARGS  further kernel arguments
  --no-scan      do not search the kernel log for trouble

Environment: variables named in ZPF_VM_ENV (separated by blanks) are passed on.
Exit status: COMMAND's; 99 the kernel log shows trouble; 124 timeout; 255 the
guest died.
USAGE
}

# shellcheck source=scripts/guest.sh
. "$(dirname "$0")/guest.sh"
mem=1G kernel=uml
guest_options "$@"
# A kernel for one processor stays on one: it and its processes are threads of this
# machine that wake each other at every trap, and across processors that takes four
# times as long.
pin=()
if [[ $kernel == smp ]]; then
	append="seccomp=on ncpus=2 $append"
else
	allowed=$(taskset -pc $$)
	pin=(taskset -c "${allowed##*[ ,-]}")
fi
guest_prepare

# Process 1 in two steps: the control directory first, wherever it lies.
cat > "$ctl/start" <<START
#!/bin/bash
mount -t proc proc /proc
mount -t tmpfs -o mode=0755 tmpfs /run
mkdir /run/zpf
mount -t hostfs -o "$ctl" hostfs /run/zpf
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs tmpfs /var/log
for dir in $(printf '%q ' "$zpf_top" "$zpf_cache"); do
	[[ -d \$dir ]] || { mkdir -p "\$dir" && mount -t hostfs -o "ro,\$dir" hostfs "\$dir"; }
done
exec /bin/bash /run/zpf/init
START
chmod +x "$ctl/start"

# Descriptor 3 is the console; the command's output comes through a file, as
# a serial line of this kernel loses some at the end.
: > "$ctl/out"
# shellcheck disable=SC2086 # append is a list
"${pin[@]}" timeout --foreground -k 10 "$timeout" "$(zpf_kernel_image "$kernel")" mem="$mem" \
	rootfstype=hostfs rootflags=/ ro init="$ctl/start" panic=-1 oops=panic \
	con=null con0=null,fd:3 console=tty0 ssl=null loglevel=5 $append \
	< /dev/null > "$ctl/early" 2>&1 3> >(exec cat > "$ctl/console") &
uml=$!
tail -n +1 -f -s 0.1 --pid=$uml "$ctl/out" &
tail=$!
guest_wait $uml
wait $tail || true
[[ -s $ctl/console ]] || cp "$ctl/early" "$ctl/console"
guest_verdict
