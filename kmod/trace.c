// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracepoints' one definition; see trace.h.
 */
#define CREATE_TRACE_POINTS
#include "net.h"
#include "trace.h"
