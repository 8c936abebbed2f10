// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rare matches of a rule, made behind all others. Called from the table
 * walk.
 */
#include <linux/compiler.h>
#include "table.h"

/* Is what the mask leaves of an address in the set? */
static bool zpf_masked_has(const struct zpf_masked *masked,
			   struct zpf_set *const *sets, u32 addr4,
			   const struct zpf_in6 *addr6)
{
	const struct zpf_set *set = sets[masked->set];
	struct zpf_in6 rest;

	if (set->kind == ZPF_SET_IPV4)
		return zpf_set_has4(set, addr4 & masked->mask.w[1]);
	rest.w[0] = addr6->w[0] & masked->mask.w[0];
	rest.w[1] = addr6->w[1] & masked->mask.w[1];
	return zpf_set_has6(set, &rest);
}

/**
 * zpf_extra_matches() - do the rare tests of a rule hold
 * @extra: its side record
 * @sets: the sets of the policy
 * @key: the packet
 *
 * What the packet does not have fails, inverted or not.
 *
 * Context: any.
 */
bool zpf_extra_matches(const struct zpf_extra *extra,
		       struct zpf_set *const *sets, const struct zpf_key *key)
{
	const u32 m = extra->match;
	u32 left;

	if (extra->nums & ~key->more.have)
		return false;
	for (left = extra->nums; left; left &= left - 1) {
		const unsigned int num = __builtin_ctz(left);

		if (!zpf_set_has64(sets[extra->set[num]], key->more.num[num]))
			return false;
	}
	if ((m & ZPF_X_DMASK) &&
	    zpf_masked_has(&extra->daddr, sets, key->d4, &key->d6) ==
	    !!(extra->not & ZPF_NOT_DADDR))
		return false;
	if ((m & ZPF_X_SMASK) &&
	    zpf_masked_has(&extra->saddr, sets, key->s4, &key->s6) ==
	    !!(extra->not & ZPF_NOT_SADDR))
		return false;
	return true;
}
