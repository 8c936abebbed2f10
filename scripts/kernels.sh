# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernels zpf is built for and tested on: where each one's build tree,
# image and modules are, and how to run make for an external module in it.
# Sourced by setup.sh, build-module.sh, vm.sh and uml.sh; never run, and it
# changes nothing but what zpf_kernel_make builds.
#
# Names: 6.1 and 6.12 (packages of Debian 12), 7.2 (headers in a Debian 13
# chroot, image unpacked in the cache), debug (6.1 with KASAN, lockdep and
# friends), uml (6.1 as user-mode Linux), smp (7.2 as user-mode Linux with two
# processors).

ZPF_KERNELS="6.1 6.12 7.2 debug uml smp"

zpf_top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
zpf_cache=${ZPF_CACHE:-${XDG_CACHE_HOME:-${HOME:?}/.cache}/zpf}
# Child processes, and commands in a guest, find the same cache.
export ZPF_CACHE=$zpf_cache

zpf_say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
zpf_die() { zpf_say "$@"; exit 1; }

# zpf_sum FILE: twelve hex digits that change with the file's content.
zpf_sum() {
	local sum
	sum=$(sha256sum < "$1")
	echo "${sum:0:12}"
}

# zpf_source_version: upstream version of the installed linux-source-6.1,
# "6.1.192"; fails where the package is absent.
zpf_source_version() {
	local v
	v=$(dpkg-query -W -f '${Version}' linux-source-6.1 2>/dev/null) || return 1
	[[ $v ]] || return 1
	echo "${v%%-*}"
}

# zpf_smp_source: where the source of 7.2 is unpacked; fails where it is not.
zpf_smp_source() {
	local dir
	for dir in "$zpf_cache"/src-7.2.*/linux-source-7.2; do
		[[ ! -e $dir/Makefile ]] || { echo "$dir"; return; }
	done
	return 1
}

# zpf_tree uml|smp|debug: build tree of that kernel, keyed by the source's
# version and the configuration fragment. It may not exist yet.
zpf_tree() {
	local v
	if [[ $1 == smp ]]; then
		v=$(zpf_smp_source) || return 1
		v=${v%/*}
		v=${v##*/src-}
	else
		v=$(zpf_source_version) || return 1
	fi
	echo "$zpf_cache/$1-$v-$(zpf_sum "$zpf_top/scripts/config/$1.config")"
}

zpf_chroot() { echo "$zpf_cache/trixie"; }
zpf_image_7_2() { echo "$zpf_cache/image-7.2"; }
zpf_headers_7_2() { zpf_newest "$(zpf_chroot)"/usr/lib/modules/7.2.*; }

# zpf_newest PATH...: last component of the newest of those that exist.
zpf_newest() {
	local path
	for path; do
		[[ ! -e $path ]] || echo "${path##*/}"
	done | sort -V | tail -n 1 | grep .
}

# zpf_kernel_release NAME: what uname -r says in it; fails where not set up.
zpf_kernel_release() {
	local tree
	case $1 in
	6.1)  zpf_newest /lib/modules/6.1.[0-9]*-[0-9]*[0-9]-amd64 ;;
	6.12) zpf_newest /lib/modules/6.12.[0-9]*+deb12-amd64 ;;
	7.2)  zpf_headers_7_2 ||
		zpf_newest "$(zpf_image_7_2)"/lib/modules/7.2.* ;;
	debug|uml|smp)
		tree=$(zpf_tree "$1") && [[ -e $tree/.zpf-ready ]] &&
			cat "$tree/include/config/kernel.release" ;;
	*) zpf_die "unknown kernel '$1'; one of: $ZPF_KERNELS" ;;
	esac
}

# zpf_kernel_need NAME: ends the program with advice where NAME is not set up.
zpf_kernel_need() {
	local part=$1
	[[ $1 != 6.1 ]] || part=vm
	zpf_kernel_release "$1" > /dev/null ||
		zpf_die "kernel $1 is not set up here: run scripts/setup.sh $part"
}

# zpf_kernel_kdir NAME: build directory; for 7.2 a path within the chroot.
zpf_kernel_kdir() {
	local rel
	rel=$(zpf_kernel_release "$1") || return 1
	case $1 in
	debug|uml|smp) zpf_tree "$1" ;;
	*) echo "/lib/modules/$rel/build" ;;
	esac
}

# zpf_kernel_image NAME: the image vm.sh or uml.sh boots.
zpf_kernel_image() {
	local rel image
	rel=$(zpf_kernel_release "$1") || return 1
	case $1 in
	7.2)
		# Where the image lies changed with Debian's packages of 7.x.
		for image in "$(zpf_image_7_2)"/{boot/vmlinuz-"$rel",usr/lib/modules/"$rel"/vmlinuz}; do
			[[ ! -e $image ]] || { echo "$image"; return; }
		done
		return 1 ;;
	debug) echo "$(zpf_tree debug)/arch/x86/boot/bzImage" ;;
	uml|smp) echo "$(zpf_tree "$1")/linux" ;;
	*) echo "/boot/vmlinuz-$rel" ;;
	esac
}

# zpf_kernel_modroot NAME: directory whose lib/modules holds the kernel's own
# modules; empty where that is the machine's or everything is built in.
zpf_kernel_modroot() {
	case $1 in
	7.2) zpf_image_7_2 ;;
	*) ;;
	esac
}

# zpf_kernel_builddir NAME: where objects of modules for NAME are kept, apart
# for every source tree (ZPF_SRC, or this one). For 7.2 it lies inside the
# chroot, as its compiler sees no other directory.
zpf_kernel_builddir() {
	local tree
	tree=$(realpath "${ZPF_SRC:-$zpf_top}" | sha256sum)
	tree=${tree:0:8}
	case $1 in
	7.2) echo "$(zpf_chroot)/build/$tree" ;;
	*) echo "$zpf_cache/build/$tree/$1" ;;
	esac
}

# zpf_kernel_make NAME DIR [ARG...]: make for the external module in DIR,
# which is below zpf_kernel_builddir.
zpf_kernel_make() {
	local name=$1 dir=$2 kdir root sudo
	shift 2
	kdir=$(zpf_kernel_kdir "$name")
	case $name in
	uml|smp) make -C "$kdir" ARCH=um M="$dir" "$@" ;;
	7.2)
		root=$(zpf_chroot)
		# objtool wants /proc: mounted in a mount namespace, so nothing is
		# left behind. The caller's environment is not the chroot's.
		sudo=
		((EUID == 0)) || sudo=sudo
		# shellcheck disable=SC2016 # expanded by the inner shell
		$sudo env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
			unshare -m bash -c 'mount -t proc proc "$0/proc" && exec chroot "$0" make "$@"' \
			"$root" -C "$kdir" M="${dir#"$root"}" "$@" ;;
	*) make -C "$kdir" M="$dir" "$@" ;;
	esac
}
