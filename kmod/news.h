/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Telling listeners of drops that are the first of their kind: rows the ledger
 * has begun.
 */
#ifndef ZPF_NEWS_H
#define ZPF_NEWS_H

#include "ledger.h"

void zpf_news_init(struct zpf_ledger *ledger);
void zpf_news_exit(struct zpf_ledger *ledger);
void zpf_news_row(struct zpf_ledger *ledger, struct zpf_ledger_cpu *share);

#endif /* ZPF_NEWS_H */
