// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rare matches of a rule, made behind all others. Called from the table
 * walk; one function, one test a match, in the order of the language.
 */
#include <linux/compiler.h>
#include "extra.h"

/**
 * zpf_extra_matches() - do the rare tests of a rule hold
 * @extra: its side record
 * @more: what the packet has of what they look at
 *
 * What the packet does not have fails, inverted or not.
 *
 * Context: any.
 */
bool zpf_extra_matches(const struct zpf_extra *extra,
		       const struct zpf_more *more)
{
	const u32 m = extra->match;

	if (m & ~more->have)
		return false;
	if ((m & ZPF_X_TTL) &&
	    (more->ttl < extra->ttl.lo || more->ttl > extra->ttl.hi))
		return false;
	return true;
}
