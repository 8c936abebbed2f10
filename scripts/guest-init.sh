#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Process 1 in the guests of vm.sh and uml.sh, which start it from a control
# directory mounted on /run/zpf. Mounts what a test expects, runs the command
# from /run/zpf/env, leaves exit status, kernel log and leaks in /run/zpf, and
# ends the guest. Never runs on the machine itself.
# shellcheck disable=SC2154 # variables come from env

[[ $$ == 1 ]] || { echo "guest-init.sh: for guests only" >&2; exit 2; }
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export TERM=dumb LC_ALL=C.UTF-8
# shellcheck disable=SC1091 # written by guest.sh
. /run/zpf/env
uml=
[[ $ZPF_VM != uml && $ZPF_VM != smp ]] || uml=1

mount -t sysfs sysfs /sys
mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
mount -t tracefs tracefs /sys/kernel/tracing 2>/dev/null
mkdir -p /dev/pts /dev/shm
mount -t devpts -o mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mkdir -p /run/netns /run/lock
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
	if [[ $uml ]]; then
		mount -t hostfs -o "${rwdirs[i]}" hostfs "${rwdirs[i]}"
	else
		mount -t 9p -o rw,version=9p2000.L,trans=virtio,msize=512000 \
			"zpfrw$i" "${rwdirs[i]}"
	fi || echo "<3>zpf-vm: cannot mount ${rwdirs[i]}" > /dev/kmsg
done
hostname zpf-vm
ip link set lo up
# The kernel's own logger speaks in namespaces too, where it is loaded.
echo 1 2>/dev/null > /proc/sys/net/netfilter/nf_log_all_netns

if [[ $uml ]]; then
	port=/run/zpf/out
else
	port=/dev/null
	for ((i = 0; i < 200; i++)); do
		name=$(grep -lx zpf.out /sys/class/virtio-ports/*/name 2>/dev/null) &&
			{ name=${name%/name}; port=/dev/${name##*/}; break; }
		sleep 0.05
	done
fi

# Through a fifo, because only one open file may speak to the port, while a
# test may well open /dev/stderr again.
cd "$top" || exit
mkfifo /run/out
cat /run/out > "$port" &
writer=$!
echo '<3>zpf-vm: the command starts' > /dev/kmsg
setsid "${cmd[@]}" < /dev/null > /run/out 2>&1
rc=$?
# A daemon left behind may still hold the fifo: it is not waited for.
for ((i = 0; i < 40; i++)); do
	kill -0 "$writer" 2>/dev/null || break
	sleep 0.05
done

leaks=/sys/kernel/debug/kmemleak
if [[ $search_leaks == 1 && -w $leaks ]]; then
	# An object is reported when it is 5 s old and a second scan misses it.
	sleep 5
	echo scan > $leaks
	echo scan > $leaks
	cat $leaks > /run/zpf/kmemleak
fi
dmesg > /run/zpf/dmesg
echo $rc > /run/zpf/rc
sync
[[ ! $uml ]] || busybox poweroff -f
busybox reboot -f
