// SPDX-License-Identifier: GPL-2.0-only
#include "model.h"
void zpf_lint(struct zpf_model *m) { (void)m; }
