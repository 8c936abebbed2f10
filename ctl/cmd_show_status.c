// SPDX-License-Identifier: GPL-2.0-only
/*
 * zpfctl show status: what this network namespace enforces. Works without a
 * policy.
 */
#include <inttypes.h>

#include "show.h"

/** zpf_cmd_show_status() - run `zpfctl show status` */
int zpf_cmd_show_status(struct zpf_ctx *ctx)
{
	static const char * const modes[] = {
		[ZPF_MODE_OFF] = "off: nothing is filtered",
		[ZPF_MODE_ARMED] = "armed",
		[ZPF_MODE_CLOSED] = "closed: nothing is forwarded, input and output are open",
	};
	struct zpf_out *o = &ctx->out;
	const struct zpf_status *t;
	struct zpf_snapshot s;
	int ret;

	ret = zpf_show_fetch(0, &s);
	if (ret)
		return ret;
	t = &s.status;
	if (o->json) {
		zpf_json_open(o, NULL, '{');
		zpf_json_string(o, "module", t->version);
		zpf_json_uint(o, "generation", t->generation);
		zpf_json_bool(o, "armed", t->mode == ZPF_MODE_ARMED);
		zpf_json_string(o, "mode", zpf_mode_word(t->mode));
		zpf_json_null(o, "confirm_seconds_left");
		zpf_json_uint(o, "zones", t->zones);
		zpf_json_uint(o, "pairs", t->pairs);
		zpf_json_uint(o, "tables", t->tables);
		zpf_json_uint(o, "rules", t->rules);
		zpf_json_uint(o, "sets", t->sets);
		zpf_json_uint(o, "memory_bytes", t->memory_bytes);
		zpf_json_uint(o, "counter_bytes", t->counter_bytes);
		zpf_json_uint(o, "malformed", t->malformed);
		zpf_json_close(o, '{');
	} else {
		fprintf(o->f, "module      %s\n", t->version);
		fprintf(o->f, "mode        %s\n", t->mode <= ZPF_MODE_CLOSED ?
			modes[t->mode] : "?");
		if (t->generation)
			fprintf(o->f, "generation  %" PRIu32 "%s\n", t->generation,
				t->mode == ZPF_MODE_ARMED ? "" : " (was the last one)");
		else
			fprintf(o->f, "generation  none yet\n");
		fprintf(o->f, "policy      %" PRIu32 " zones, %" PRIu32 " pairs, %"
			PRIu32 " tables, %" PRIu32 " rules, %" PRIu32 " sets\n",
			t->zones, t->pairs, t->tables, t->rules, t->sets);
		fprintf(o->f, "memory      %" PRIu64 " bytes, %" PRIu64
			" of them counters\n", t->memory_bytes, t->counter_bytes);
		fprintf(o->f, "malformed   %" PRIu64 " packets dropped\n", t->malformed);
	}
	zpf_snapshot_free(&s);
	return ZPF_EXIT_OK;
}
