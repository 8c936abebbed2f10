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
  --no-leaks      debug: spare the two searches for leaked memory at the end

Environment: variables named in ZPF_VM_ENV (separated by blanks) are passed on;
ZPF_VM_SLOTS machines run at once (processors + 1), others wait their turn.
Exit status: COMMAND's; 99 the kernel log shows trouble; 124 timeout; 255 the
guest died.
USAGE
}

# shellcheck source=scripts/guest.sh
. "$(dirname "$0")/guest.sh"
kernel=6.1
guest_options "$@"
[[ $kernel != uml ]] || zpf_die "user-mode Linux has a script of its own: scripts/uml.sh"
if [[ ! $mem ]]; then
	mem=1G
	[[ $kernel != debug ]] || mem=2G
fi
guest_prepare
release=$(zpf_kernel_release "$kernel")
modroot=$(zpf_kernel_modroot "$kernel")
image=$(zpf_kernel_image "$kernel") || zpf_die "no image of $kernel: run scripts/setup.sh $kernel"

# zpf_vmlinux IMAGE: the uncompressed kernel within a bzImage, cached: qemu
# boots it directly and spares the guest the unpacking (6 s for an xz image).
# Prints IMAGE itself where it cannot be unpacked, and for the debug kernel:
# KASAN's checks in the entry point that qemu would use run before their shadow
# memory exists.
zpf_vmlinux() {
	local image=$1 out off tool
	[[ $kernel != debug ]] || { echo "$image"; return; }
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
exec $b switch_root /new /bin/bash /run/zpf/init
INIT
		chmod +x "$tmp/init"
		(cd "$tmp" && find . | cpio -o -H newc -R 0:0 --quiet) > "$out.$$"
		mv "$out.$$" "$out"
	fi
	echo "$out"
}

initrd=$(zpf_initrd)
kimg=$(zpf_vmlinux "$image")

# Everything but the strings of bytes, which qemu moves one by one where the
# guest would otherwise take eight: pages are copied and cleared this way.
# shellcheck disable=SC2054 # qemu's options have commas
args=(
	-nodefaults -no-user-config -display none -no-reboot
	-smp "$cpus" -m "$mem" -cpu max,-erms,-fsrm
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
args+=(-machine "${ZPF_VM_MACHINE:-q35}" -accel "${ZPF_VM_ACCEL:-tcg,thread=multi}")
# The guest counts this machine's cycles. On a busy one its own measurement of
# their frequency, against emulated timers, has been wrong by a factor of 15,
# and all its clocks with it; a virtual machine's /proc/cpuinfo knows.
khz=$(awk -F: '/^flags/ && / hypervisor( |$)/ { virtual = 1 } /^cpu MHz/ { mhz = $2 }
	END { if (virtual && mhz) printf "%d", mhz * 1000 }' /proc/cpuinfo)
# norandmaps: qemu keeps translated code by its address, so a program that
# starts at another one each time is translated anew each time, which doubles
# what a command costs.
args+=(-append "console=ttyS0 loglevel=5 panic=-1 oops=panic reboot=t mitigations=off nokaslr \
norandmaps no5lvl tsc=reliable ${khz:+tsc_early_khz=$khz} no_timer_check random.trust_cpu=on \
audit=0 apparmor=0 watchdog_thresh=60 rcupdate.rcu_cpu_stall_timeout=120 net.ifnames=0 \
bonding.max_bonds=0 dummy.numdummies=0 $append")

guest_slot
# The pipe keeps qemu from making the caller's stdout non-blocking.
timeout --foreground -k 10 "$timeout" qemu-system-x86_64 "${args[@]}" \
	< /dev/null 2> "$ctl/qemu" > >(exec cat) &
guest_wait $!
((guest_status == 0)) || sed 's/^/vm.sh: /' "$ctl/qemu" >&2
guest_verdict
