/* cloud/lag_setting.h - a lag as JSON text: "none", "worst:1000". Only cloud/ includes this. */
#pragma once

#include "cloud/lag.h"

void lag_setting_write(const struct lag_setting *setting, struct buffer *out);
