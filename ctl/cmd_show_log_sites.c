// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show log-sites: what each log prefix may write, has written and was
 * kept from writing.
 */
#include <inttypes.h>

#include "show.h"
#include "xmem.h"

static const struct zpf_col zpf_site_cols[] = {
	{ "SITE", NULL, 0 },
	{ "RATE", NULL, ZPF_COL_RIGHT },
	{ "BURST", NULL, ZPF_COL_RIGHT },
	{ "LOGGED", NULL, ZPF_COL_RIGHT },
	{ "SUPPRESSED", NULL, ZPF_COL_RIGHT },
	{ "UNDELIVERABLE", NULL, ZPF_COL_RIGHT },
};

/* "100/minute": in the shortest unit that gives back the interval. */
static const char *zpf_site_rate(char *buf, size_t size, uint64_t interval_ns)
{
	static const struct {
		uint64_t ns;
		const char *word;
	} units[] = {
		{ 1000000000ULL,	"second" },
		{ 60000000000ULL,	"minute" },
		{ 3600000000000ULL,	"hour" },
		{ 86400000000000ULL,	"day" },
	};
	uint64_t n;
	size_t i;

	for (i = 0; i < ZPF_ARRAY_LEN(units); i++) {
		n = (units[i].ns + interval_ns / 2) / interval_ns;
		if (n && (units[i].ns / n == interval_ns ||
			  (units[i].ns + n - 1) / n == interval_ns)) {
			snprintf(buf, size, "%" PRIu64 "/%s", n, units[i].word);
			return buf;
		}
	}
	snprintf(buf, size, "1/%" PRIu64 " ms", interval_ns / 1000000);
	return buf;
}

/** zpf_cmd_show_log_sites() - run `zpfctl show log-sites` */
int zpf_cmd_show_log_sites(struct zpf_ctx *ctx)
{
	struct zpf_out *o = &ctx->out;
	const struct zpf_site *site;
	struct zpf_snapshot s;
	struct zpf_rows r;
	char rate[48];
	size_t i;
	int ret;

	ret = zpf_show_fetch(ZPF_FETCH_SITES, &s);
	if (ret)
		return ret;
	if (o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_uint(o, "generation", s.status.generation);
	}
	zpf_rows_begin(&r, o, "log-sites", zpf_site_cols, ZPF_ARRAY_LEN(zpf_site_cols));
	for (i = 0; i < s.n_sites; i++) {
		site = &s.sites[i];
		zpf_rows_text(&r, site->prefix);
		if (site->interval_ns) {
			zpf_rows_text(&r, zpf_site_rate(rate, sizeof(rate),
							site->interval_ns));
			zpf_rows_uint(&r, site->burst);
		} else {
			zpf_rows_text(&r, NULL);
			zpf_rows_text(&r, NULL);
		}
		zpf_rows_uint(&r, site->logged);
		zpf_rows_uint(&r, site->suppressed);
		zpf_rows_uint(&r, site->undeliverable);
	}
	zpf_rows_end(&r);
	if (o->json)
		zpf_json_close(o, '{');
	zpf_snapshot_free(&s);
	return ZPF_EXIT_OK;
}
