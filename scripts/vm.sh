#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs a command as root in a virtual machine whose root file system is this
# machine's, read-only below a throw-away overlay. The guest's exit status is
# the script's; its kernel log is kept and searched for reports of trouble.
# Needs no terminal, no stdin, no root and no KVM; touches no host network.
#
# It starts qemu itself instead of through virtme-ng, whose udev start and
# terminal cost half of every run in software emulation.
set -euo pipefail

usage() {
	cat <<USAGE
usage: vm.sh [option...] -- COMMAND [ARG...]
Runs COMMAND as root, in the repository's directory, under another kernel.

  --kernel NAME   6.1 (default), 6.12, 7.2 or debug
  --cpus N        processors (2)
  --mem SIZE      memory (1G; debug: 2G)
  --rwdir DIR     directory the guest may write; repeatable
  --timeout SEC   give up after SEC seconds (1800)
  --log DIR       keep console and dmesg there (default: in the cache)
  --append ARGS   further kernel arguments
  --no-scan       do not search the kernel log for trouble

Environment: variables named in ZPF_VM_ENV (separated by blanks) are passed on.
Exit status: COMMAND's; 99 the kernel log shows trouble; 124 timeout; 255 the
guest died.
USAGE
}

# shellcheck source=scripts/kernels.sh
. "$(dirname "$0")/kernels.sh"

kernel=6.1 cpus=2 mem='' timeout=1800 log='' append='' scan=1 rwdirs=()
while (($#)); do
	case $1 in
	--kernel)  kernel=$2; shift 2 ;;
	--cpus)    cpus=$2; shift 2 ;;
	--mem)     mem=$2; shift 2 ;;
	--rwdir)   rwdirs+=("$(realpath -- "$2")"); shift 2 ;;
	--timeout) timeout=$2; shift 2 ;;
	--log)     log=$2; shift 2 ;;
	--append)  append=$2; shift 2 ;;
	--no-scan) scan=0; shift ;;
	--help|-h) usage; exit 0 ;;
	--) shift; break ;;
	*) usage >&2; exit 2 ;;
	esac
done
(($#)) || { usage >&2; exit 2; }
[[ $kernel != uml ]] || zpf_die "uml is not for a virtual machine: use scripts/uml.sh"
zpf_kernel_need "$kernel"
if [[ ! $mem ]]; then
	mem=1G
	[[ $kernel != debug ]] || mem=2G
fi

release=$(zpf_kernel_release "$kernel")
image=$(zpf_kernel_image "$kernel")
modroot=$(zpf_kernel_modroot "$kernel")
[[ -r $image ]] || zpf_die "$image: no such kernel image"

ctl=$(mktemp -d "${TMPDIR:-/tmp}/zpf-vm.XXXXXX")
qemu_pid=''
# shellcheck disable=SC2317 # called by the trap
cleanup() {
	[[ ! $qemu_pid ]] || kill "$qemu_pid" 2>/dev/null || true
	rm -rf "$ctl"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# zpf_vmlinux IMAGE: the uncompressed kernel within a bzImage, cached: qemu
# boots it directly and spares the guest the unpacking (6 s for an xz image).
# Prints IMAGE itself where it cannot be unpacked.
zpf_vmlinux() {
	local image=$1 out off tool
	out=$zpf_cache/vm/vmlinux-$release
	if [[ ! -s $out || $image -nt $out ]]; then
		mkdir -p "$zpf_cache/vm"
		for tool in 'xz:\xFD7zXZ\x00' 'zstd:\x28\xB5\x2F\xFD' 'gzip:\x1F\x8B\x08'; do
			command -v "${tool%%:*}" > /dev/null || continue
			while IFS=: read -r off _; do
				tail -c +$((off + 1)) "$image" |
					"${tool%%:*}" -dcq > "$out.$$" 2>/dev/null || true
				[[ $(head -c 4 "$out.$$" | tail -c 3) != ELF ]] ||
					{ mv "$out.$$" "$out"; break 2; }
			done < <(LC_ALL=C grep -aboP -m 8 "${tool#*:}" "$image" || true)
		done
		rm -f "$out.$$"
	fi
	if [[ -s $out ]]; then echo "$out"; else echo "$image"; fi
}

# zpf_initrd: the small initial file system, cached, keyed by the kernel and
# this script: busybox, the modules for the root file system, and an init.
zpf_initrd() {
	local out tmp bb mod
	out=$zpf_cache/vm/initrd-$release-$(zpf_sum "$0")
	if [[ ! -s $out ]]; then
		bb=$(command -v busybox) || zpf_die "busybox is missing: run scripts/setup.sh vm"
		tmp=$ctl/initrd
		mkdir -p "$tmp/bin" "$tmp/mods" "$zpf_cache/vm"
		cp "$bb" "$tmp/bin/busybox"
		if [[ $kernel != debug ]]; then
			for mod in virtio_pci virtio_mmio virtio_console 9pnet_virtio 9p overlay; do
				/sbin/modprobe -d "${modroot:-/}" -S "$release" --show-depends "$mod"
			done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' > "$ctl/mods"
			while read -r mod; do
				case $mod in
				*.xz) xz -dc "$mod" > "$tmp/mods/$(basename "$mod" .xz)" ;;
				*.zst) zstd -dcq "$mod" > "$tmp/mods/$(basename "$mod" .zst)" ;;
				*) cp "$mod" "$tmp/mods/" ;;
				esac
				mod=${mod##*/}
				echo "${mod%%.ko*}.ko" >> "$tmp/mods/list"
			done < "$ctl/mods"
		fi
		cat > "$tmp/init" <<'INIT'
#!/bin/busybox sh
b=/bin/busybox
$b mkdir -p /proc /dev /ro /rw /new
$b mount -t proc proc /proc
$b mount -t devtmpfs dev /dev
if [ -e /mods/list ]; then
	while read -r m; do $b insmod "/mods/$m"; done < /mods/list
fi
try() {
	n=0
	until "$@" 2>/dev/null; do
		n=$((n + 1))
		[ $n -lt 200 ] || { echo "vm.sh: $* failed"; "$@"; $b reboot -f; }
		$b usleep 50000
	done
}
o=version=9p2000.L,trans=virtio,msize=512000
try $b mount -t 9p -o ro,$o,cache=loose zpfroot /ro
$b mount -t tmpfs tmpfs /rw
$b mkdir /rw/up /rw/work
try $b mount -t overlay -o lowerdir=/ro,upperdir=/rw/up,workdir=/rw/work overlay /new
$b mount -t tmpfs -o mode=0755 tmpfs /new/run
$b mkdir /new/run/zpf
try $b mount -t 9p -o rw,$o zpfctl /new/run/zpf
$b mount -o move /dev /new/dev
$b mount -o move /proc /new/proc
exec $b switch_root /new /bin/bash /run/zpf/guest
INIT
		chmod +x "$tmp/init"
		(cd "$tmp" && find . | cpio -o -H newc -R 0:0 --quiet) > "$out.$$"
		mv "$out.$$" "$out"
	fi
	echo "$out"
}

# What the guest runs: process 1, a shell script in the control directory.
write_guest() {
	local i name
	{
		printf 'release=%q modroot=%q top=%q\n' "$release" "$modroot" "$zpf_top"
		printf 'rwdirs=('
		((${#rwdirs[@]} == 0)) || printf ' %q' "${rwdirs[@]}"
		printf ')\ncmd=('
		printf ' %q' "$@"
		printf ')\n'
		for name in HOME ZPF_CACHE ${ZPF_VM_ENV-}; do
			[[ ! -v $name ]] || printf 'export %s=%q\n' "$name" "${!name}"
		done
		printf 'export ZPF_VM=%q\n' "$kernel"
		cat <<'GUEST'
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export TERM=dumb LC_ALL=C.UTF-8
mount -t sysfs sysfs /sys
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
mkdir -p /dev/pts /dev/shm
mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs tmpfs /var/log
mkdir -p /run/netns /run/lock /tmp/cache
ln -snf /proc/self/fd /dev/fd
ln -sf /proc/self/fd/0 /dev/stdin
ln -sf /proc/self/fd/1 /dev/stdout
ln -sf /proc/self/fd/2 /dev/stderr
if [[ $modroot ]]; then
	mkdir -p "/lib/modules/$release"
	mount --bind "$modroot/lib/modules/$release" "/lib/modules/$release"
fi
for i in "${!rwdirs[@]}"; do
	mkdir -p "${rwdirs[i]}"
	mount -t 9p -o rw,version=9p2000.L,trans=virtio,msize=512000 "zpfrw$i" "${rwdirs[i]}"
done
hostname zpf-vm
ip link set lo up
sysctl -qw net.netfilter.nf_log_all_netns=1 2>/dev/null
port=
for ((i = 0; i < 200; i++)); do
	name=$(grep -lx zpf.out /sys/class/virtio-ports/*/name 2>/dev/null) &&
		{ name=${name%/name}; port=/dev/${name##*/}; break; }
	sleep 0.05
done
cd "$top"
mkfifo /run/out
cat /run/out > "$port" &
writer=$!
echo '<3>zpf-vm: the command starts' > /dev/kmsg
setsid "${cmd[@]}" < /dev/null > /run/out 2>&1
rc=$?
# A daemon left behind may still hold the fifo: its output is not awaited.
for ((i = 0; i < 20; i++)); do
	kill -0 $writer 2>/dev/null || break
	sleep 0.05
done
leaks=/sys/kernel/debug/kmemleak
if [[ -w $leaks ]]; then
	# An object is reported when it is 5 s old and two scans miss it.
	sleep 5
	echo scan > $leaks
	echo scan > $leaks
	cat $leaks > /run/zpf/kmemleak
fi
dmesg > /run/zpf/dmesg
echo $rc > /run/zpf/rc
sync
reboot -f
GUEST
	} > "$ctl/guest"
}

write_guest "$@"
initrd=$(zpf_initrd)
kimg=$(zpf_vmlinux "$image")

# shellcheck disable=SC2054 # qemu's options have commas
args=(
	-nodefaults -no-user-config -display none -no-reboot
	-smp "$cpus" -m "$mem" -cpu max
	-kernel "$kimg" -initrd "$initrd"
	-chardev "file,id=con,path=$ctl/console" -serial chardev:con
	-chardev file,id=out,path=/proc/self/fd/1
	-device virtio-serial-pci
	-device virtserialport,name=zpf.out,chardev=out
	-fsdev local,id=root,path=/,security_model=none,readonly=on,multidevs=remap
	-device virtio-9p-pci,fsdev=root,mount_tag=zpfroot
	-fsdev "local,id=ctl,path=$ctl,security_model=none,multidevs=remap"
	-device virtio-9p-pci,fsdev=ctl,mount_tag=zpfctl
)
for i in "${!rwdirs[@]}"; do
	args+=(
		-fsdev "local,id=rw$i,path=${rwdirs[i]},security_model=none,multidevs=remap"
		-device "virtio-9p-pci,fsdev=rw$i,mount_tag=zpfrw$i"
	)
done
args+=(-machine "${ZPF_VM_MACHINE:-microvm,pcie=on}" -accel "${ZPF_VM_ACCEL:-tcg,thread=multi}")
args+=(-append "console=ttyS0 loglevel=5 panic=-1 oops=panic reboot=t mitigations=off nokaslr \
no5lvl tsc=reliable no_timer_check random.trust_cpu=on audit=0 apparmor=0 watchdog_thresh=60 \
rcupdate.rcu_cpu_stall_timeout=120 net.ifnames=0 cryptomgr.notests $append")

touch "$ctl/console"
status=0
# The pipe keeps qemu from making the caller's stdout non-blocking.
timeout --foreground -k 10 "$timeout" qemu-system-x86_64 "${args[@]}" \
	< /dev/null 2> "$ctl/qemu" > >(exec cat) &
qemu_pid=$!
wait "$qemu_pid" || status=$?
qemu_pid=''

if ((status != 0 && status != 124)); then
	sed 's/^/vm.sh: /' "$ctl/qemu" >&2
fi

logs=${log:-$zpf_cache/log/vm-$(date +%m%d-%H%M%S)-$kernel-$$}
mkdir -p "$logs"
for i in console dmesg kmemleak; do
	[[ ! -e $ctl/$i ]] || cp "$ctl/$i" "$logs/$i"
done
[[ $log ]] || find "$zpf_cache/log" -maxdepth 1 -name 'vm-*' -mmin +1440 -exec rm -rf {} +

trouble='RIP:|Call Trace:|WARNING:|BUG:|ref_tracker:|unreferenced object'
trouble+='|possible circular|suspicious RCU|UBSAN:|INFO: (task|rcu)|ODEBUG:'
# Only what came after the command's start: a kernel's own start is its own.
since_start() { sed '1,/zpf-vm: the command starts/d' "$1" 2>/dev/null || true; }

if [[ ! -s $ctl/rc ]]; then
	if ((status == 124)); then
		zpf_say "no end after $timeout s; last lines of the console:"
	else
		zpf_say "the guest died; last lines of the console:"
	fi
	tail -n 40 "$logs/console" | tr -d '\r' >&2
	zpf_say "logs in $logs"
	((status != 124)) || exit 124
	exit 255
fi
rc=$(< "$ctl/rc")
if ((scan)) && cat <(since_start "$logs/dmesg") "$logs/kmemleak" 2>/dev/null |
	grep -E -B 2 -A 25 -e "$trouble" > "$ctl/found"; then
	zpf_say "kernel $kernel reports trouble (the command's own status was $rc):"
	head -n 120 "$ctl/found" >&2
	zpf_say "logs in $logs"
	exit 99
fi
exit "$rc"
