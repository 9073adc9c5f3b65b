/*
 * The devices without hardware: null, zero, full, random, urandom.
 */
#pragma once

void memory_devices_start(void);
