/*
 * What a process has used, and its limits, in the ABI's words.
 */
#pragma once

#include "proc/process.h"

struct rusage;

void rusage_fill(struct rusage *text, const struct process_usage *usage);
