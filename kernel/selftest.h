/*
 * Deliberate disasters, by boot option `test=`: they show that the report of
 * a panic is right. Present in every build, since the report must be true in
 * the build that people run.
 */
#pragma once

/* Does what `test=` asks for, if it is one of ours: panic, assert,
 * stack_overflow, double_fault, null, text_write, hang; or late, which goes
 * on. */
void selftest_run(void);
