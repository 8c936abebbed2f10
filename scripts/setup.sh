#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Brings the tools for building and testing zpf onto a Debian 12 machine: apt
# packages, and kernels in a cache (see scripts/kernels.sh). What is already
# there is left alone, so it can stand in front of every target that needs it.
# Loads no module, boots nothing, changes no setting of the machine. Needs no
# terminal; root, or sudo for apt and for the 7.2 chroot.
set -euo pipefail

usage() {
	cat <<USAGE
usage: setup.sh [PART...]
Parts (default: host vm):
  host    compilers, libraries and checkers for building and host tests
  check   what \`make check\` wants besides: checkpatch, out of the kernel's source
  vm      qemu, kernel 6.1 and the packet tools for scripts/vm.sh
  6.12    Linux 6.12: headers and a bootable image
  7.2     Linux 7.2: likewise; the headers in a chroot of Debian 13
  uml     user-mode Linux 6.1 for measuring (about 4 minutes on 2 cores)
  smp     user-mode Linux 7.2 with two processors (about 5 minutes)
  debug   kernel 6.1 with KASAN, lockdep, kmemleak and fault injection
  all     all of them
Cache: \${ZPF_CACHE:-\${XDG_CACHE_HOME:-\$HOME/.cache}/zpf}; logs in its log/.
USAGE
}

# shellcheck source=scripts/kernels.sh
. "$(dirname "$0")/kernels.sh"

pkgs_host=(
	build-essential gcc make pkg-config bc bison flex cpio dwarves kmod rsync
	libelf-dev libssl-dev libcmocka-dev libnl-3-dev libnl-genl-3-dev zlib1g-dev
	sparse shellcheck git man-db mandoc
	python3 python3-yaml python3-scapy linux-headers-amd64
)
pkgs_vm=(
	linux-image-amd64 linux-headers-amd64 qemu-system-x86 busybox-static
	cpio kmod xz-utils zstd iproute2 nftables conntrack tcpdump iperf3
	iputils-ping jq socat libcap2-bin procps python3 python3-scapy
)
pkgs_6_12=(linux-image-6.12-amd64 linux-headers-6.12-amd64)
pkgs_7_2=(debootstrap zstd xz-utils sparse)
pkgs_source=(linux-source-6.1 bc bison flex cpio libelf-dev libssl-dev kmod
	xz-utils build-essential)
pkgs_check=(linux-source-6.1)
# the contestant of the benchmark that is no part of nftables
pkgs_bench=(iptables)

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
ZPF_SUDO=''
((EUID == 0)) || ZPF_SUDO=sudo

logdir=$zpf_cache/log

# missing PACKAGE...: those that are not installed.
missing() {
	comm -13 \
		<(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
			sed -n 's/^installed //p' | sort -u) \
		<(printf '%s\n' "$@" | sort -u)
}

have_pkgs() { [[ ! $(missing "$@") ]]; }

# logged PART COMMAND...: output into the part's log, its end shown on failure.
logged() {
	local log=$logdir/$1.log
	shift
	if ! "$@" >> "$log" 2>&1 < /dev/null; then
		zpf_say "failed: $*; the end of $log:"
		tail -n 15 "$log" >&2
		exit 1
	fi
}

as_root() {
	if [[ $ZPF_SUDO ]]; then
		# sudo may drop the environment: say again what apt must see.
		sudo -n env DEBIAN_FRONTEND=noninteractive INITRD=No "$@"
	else
		INITRD=No "$@"
	fi
}

# install PART PACKAGE...: none of the images made here boots through an
# initramfs of the distribution, so none is generated (INITRD=No, 20 s each).
install() {
	local part=$1 want
	shift
	mapfile -t want < <(missing "$@")
	((${#want[@]})) || return 0
	zpf_say "$part: installing ${#want[@]} packages..."
	logged "$part" as_root apt-get -q -o DPkg::Lock::Timeout=600 update
	logged "$part" as_root apt-get -q -y --no-install-recommends \
		-o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confold \
		install "${want[@]}"
}

# mirror: address of the Debian archive this machine's own apt uses.
mirror() {
	# shellcheck disable=SC2016 # apt's variables
	apt-get indextargets --format '$(REPO_URI) $(ORIGIN)/$(LABEL)/$(CODENAME)' \
		'Created-By: Packages' 2>/dev/null |
		awk '$2 ~ "^Debian/Debian/(bookworm|trixie)$" { print $1; exit }' | grep .
}

# later_apt COMMAND...: apt with the suites of later Debian releases, through
# sources and lists of its own; the machine's apt never sees them.
later_apt() {
	local dir=$zpf_cache/apt uri
	if [[ ! -s $dir/apt.conf ]]; then
		uri=$(mirror) || zpf_die "no Debian mirror in this machine's apt configuration (apt-get update?)"
		mkdir -p "$dir"/{sources,lists/partial,cache/archives/partial}
		cat > "$dir/sources/later.sources" <<SOURCES
Types: deb
URIs: $uri
Suites: bookworm-backports trixie trixie-backports
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
SOURCES
		cat > "$dir/apt.conf" <<CONF
Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "$dir/sources";
Dir::State::Lists "$dir/lists";
Dir::Cache "$dir/cache";
APT::Sandbox::User "";
CONF
	fi
	APT_CONFIG=$dir/apt.conf "$@"
}

ready_host() { have_pkgs "${pkgs_host[@]}"; }
setup_host() { install host "${pkgs_host[@]}"; }

ready_check() { have_pkgs "${pkgs_check[@]}"; }
setup_check() { install check "${pkgs_check[@]}"; }

ready_vm() {
	have_pkgs "${pkgs_vm[@]}" && [[ -r $(zpf_kernel_image 6.1) && -e $zpf_cache/exporter ]]
}
setup_vm() {
	install vm "${pkgs_vm[@]}"
	node_exporter
}

# node_exporter: the reader of `zpfctl metrics`, unpacked in the cache: as an
# installed package it would be a daemon on this machine.
node_exporter() {
	local dir=$zpf_cache/exporter
	[[ ! -e $dir ]] || return 0
	rm -rf "$dir.new"
	mkdir -p "$dir.new"
	cd "$dir.new"
	apt-get -q download prometheus-node-exporter >> "$logdir/vm.log" 2>&1 ||
		{ logged vm as_root apt-get -q update
		logged vm apt-get -q download prometheus-node-exporter; }
	logged vm dpkg-deb -x ./*.deb .
	rm -f ./*.deb
	cd "$zpf_top"
	mv "$dir.new" "$dir"
}

ready_6.12() {
	have_pkgs "${pkgs_6_12[@]}" && zpf_kernel_image 6.12 > /dev/null
}
setup_6.12() { install 6.12 "${pkgs_6_12[@]}"; }

ready_7.2() {
	have_pkgs "${pkgs_7_2[@]}" && zpf_headers_7_2 > /dev/null &&
		zpf_kernel_image 7.2 > /dev/null
}
setup_7.2() {
	install 7.2 "${pkgs_7_2[@]}"
	zpf_headers_7_2 > /dev/null || headers_7_2
	zpf_kernel_image 7.2 > /dev/null || image_7_2
}

# in_chroot COMMAND...: in the Debian 13 chroot.
in_chroot() { logged 7.2 as_root chroot "$(zpf_chroot)" "$@"; }

# headers_7_2: they bring host programs linked against Debian 13's libc and
# want gcc 14, hence a chroot. Asked for by name: the package without a version
# follows the archive on to the next kernel.
headers_7_2() {
	local root uri pkg
	root=$(zpf_chroot)
	uri=$(mirror) || zpf_die "no Debian mirror in this machine's apt configuration"
	if [[ ! -e $root/.zpf-ready ]]; then
		zpf_say "7.2: Debian 13 chroot with the headers (about 1 minute)..."
		[[ ! -e $root ]] || logged 7.2 as_root rm -rf --one-file-system "$root"
		logged 7.2 as_root debootstrap --variant=minbase \
			--include=gcc-14,make,kmod trixie "$root" "$uri"
		printf 'deb %s trixie-backports main\n' "$uri" |
			as_root tee "$root/etc/apt/sources.list.d/backports.list" > /dev/null
		as_root mkdir -p "$root/build"
		as_root chown "$(id -u)" "$root/build"
		as_root touch "$root/.zpf-ready"
	fi
	in_chroot apt-get -q update
	pkg=$(as_root chroot "$root" apt-cache pkgnames linux-headers-7.2. |
		grep -xE 'linux-headers-7\.2\.[0-9]+\+deb13-amd64' | sort -V | tail -n 1) ||
		zpf_die "7.2: no headers of Linux 7.2 in trixie-backports"
	in_chroot apt-get -q -y --no-install-recommends install "$pkg"
	in_chroot apt-get -q clean
}

# image_7_2: the image of those headers, from an unpacked package.
image_7_2() {
	local rel image deb debs
	image=$(zpf_image_7_2)
	rel=$(zpf_headers_7_2)
	zpf_say "7.2: image of $rel..."
	rm -rf "$image" "$image.new"
	mkdir -p "$image.new"
	logged 7.2 later_apt apt-get -q update
	cd "$image.new"
	# Since 7.x the image and its modules are packages the first depends on.
	mapfile -t debs < <(later_apt apt-cache depends "linux-image-$rel" |
		awk -v rel="$rel" '$1 == "Depends:" && index($2, rel) { print $2 }')
	logged 7.2 later_apt apt-get -q download "linux-image-$rel" "${debs[@]}"
	for deb in ./*.deb; do
		logged 7.2 dpkg-deb -x "$deb" .
		rm -f "$deb"
	done
	cd "$zpf_top"
	[[ -d $image.new/lib ]] || ln -s usr/lib "$image.new/lib"
	logged 7.2 /sbin/depmod -b "$image.new" "$rel"
	mv "$image.new" "$image"
}

# kernel_source: unpacks linux-source-6.1; sets src.
kernel_source() {
	local v
	install "$1" "${pkgs_source[@]}"
	v=$(zpf_source_version)
	src=$zpf_cache/src-$v/linux-source-6.1
	[[ -e $src/Makefile ]] && return
	zpf_say "$1: unpacking Linux $v..."
	rm -rf "$zpf_cache/src-$v" "$zpf_cache/src-$v.new"
	mkdir -p "$zpf_cache/src-$v.new"
	logged "$1" tar -xf /usr/src/linux-source-6.1.tar.xz -C "$zpf_cache/src-$v.new"
	mv "$zpf_cache/src-$v.new" "$zpf_cache/src-$v"
}

# smp_source: downloads and unpacks the source of 7.2, from later releases of
# Debian; sets src.
smp_source() {
	local dir v deb
	install smp "${pkgs_source[@]}"
	if ! src=$(zpf_smp_source); then
		zpf_say "smp: downloading Linux 7.2..."
		logged smp later_apt apt-get -q update
		dir=$zpf_cache/src-7.2.new
		rm -rf "$dir"
		mkdir -p "$dir"
		cd "$dir"
		logged smp later_apt apt-get -q download linux-source-7.2
		deb=$(echo ./*.deb)
		v=$(dpkg-deb -f "$deb" Version)
		# shellcheck disable=SC2016 # expanded by the inner shell
		logged smp bash -c 'dpkg-deb --fsys-tarfile "$1" |
			tar -xO ./usr/src/linux-source-7.2.tar.xz | tar -xJ' _ "$deb"
		rm -f "$deb"
		cd "$zpf_top"
		mv "$dir" "$zpf_cache/src-${v%%-*}"
		src=$(zpf_smp_source)
	fi
}

# kernel_build NAME BASE ARG...: configures (make target BASE plus the
# fragment) and builds a kernel outside its source; trees of other versions or
# fragments are dropped once it is there.
kernel_build() {
	local name=$1 base=$2 tree old line v src
	shift 2
	if [[ $name == smp ]]; then
		smp_source
	else
		kernel_source "$name"
	fi
	tree=$(zpf_tree "$name")
	v=$(make -s -C "$src" kernelversion)
	mkdir -p "$tree"
	local fragment=$zpf_top/scripts/config/$name.config
	if [[ $name == debug ]]; then
		logged "$name" make -C "$src" O="$tree" KCONFIG_ALLCONFIG="$fragment" "$@" allnoconfig
	else
		logged "$name" make -C "$src" O="$tree" "$@" "$base"
		logged "$name" "$src/scripts/kconfig/merge_config.sh" -m -O "$tree" \
			"$tree/.config" "$fragment"
		logged "$name" make -C "$src" O="$tree" "$@" olddefconfig
	fi
	# A line of the fragment that Kconfig dropped would be noticed far too late.
	while read -r line; do
		grep -qxF -- "$line" "$tree/.config" ||
			{ [[ $line == "# "* ]] && ! grep -q "^${line:2:$((${#line} - 13))}=" "$tree/.config"; } ||
			zpf_say "$name: note: not in the kernel's configuration: $line"
	done < <(grep -E '^(CONFIG_|# CONFIG_.* is not set)' "$fragment")
	logged "$name" nice -n 5 make -C "$src" O="$tree" -j"$(nproc)" "$@"
	touch "$tree/.zpf-ready"
	for old in "$zpf_cache/$name"-*; do
		[[ $old == "$tree" ]] || rm -rf "$old"
	done
	zpf_say "$name: Linux $v ready in $tree"
}

ready_uml() { have_pkgs "${pkgs_bench[@]}" && zpf_kernel_release uml > /dev/null; }
setup_uml() {
	install uml "${pkgs_bench[@]}"
	! zpf_kernel_release uml > /dev/null || return 0
	zpf_say "uml: building user-mode Linux 6.1 (about 4 minutes on 2 cores)..."
	kernel_build uml defconfig ARCH=um
}

ready_smp() { zpf_kernel_release smp > /dev/null; }
setup_smp() {
	zpf_say "smp: building user-mode Linux 7.2 (about 5 minutes on 2 cores)..."
	kernel_build smp allnoconfig ARCH=um
}

ready_debug() { zpf_kernel_release debug > /dev/null; }
setup_debug() {
	zpf_say "debug: building Linux 6.1 with its checkers (about 10 minutes on 2 cores)..."
	kernel_build debug allnoconfig
}

parts=()
for part in "$@"; do
	case $part in
	host|check|vm|6.12|7.2|uml|smp|debug) parts+=("$part") ;;
	all) parts+=(host check vm 6.12 7.2 uml smp debug) ;;
	-h|--help) usage; exit 0 ;;
	*) usage >&2; exit 2 ;;
	esac
done
(($#)) || parts=(host vm)

todo=()
for part in "${parts[@]}"; do
	"ready_$part" || todo+=("$part")
done
((${#todo[@]})) || exit 0

if [[ ! -e /etc/debian_version || $(. /etc/os-release && echo "${VERSION_CODENAME-}") != bookworm ]]; then
	zpf_say "note: written for Debian 12 (bookworm); other systems are untested"
fi
mkdir -p "$logdir"
# One setup at a time. The lock is flock's own, so that no daemon started by a
# package inherits it.
if [[ ! ${ZPF_SETUP_LOCKED-} ]]; then
	flock -n "$zpf_cache/setup.lock" true || zpf_say "waiting for another setup.sh..."
	ZPF_SETUP_LOCKED=1 exec flock -o "$zpf_cache/setup.lock" "$0" "${todo[@]}"
fi
for part in "${todo[@]}"; do
	SECONDS=0
	: > "$logdir/$part.log"
	"setup_$part"
	zpf_say "$part: ready (${SECONDS} s)"
done
