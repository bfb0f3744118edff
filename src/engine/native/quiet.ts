import { openAddon } from './addon';

/** The name of a second, tiny addon that an installed engine may have. */
export const QUIET_FILE = 'quiet.node';

/**
 * C++ of an addon that silences standard error while TensorFlow starts: it prints notices there whatever
 * TF_CPP_MIN_LOG_LEVEL says, before that variable is read. What goes wrong while loading comes as an exception.
 * Linux only, as the engine is.
 */
export const QUIET_SOURCE = `#include <fcntl.h>
#include <unistd.h>
#include <node_api.h>
static int saved = -1;
static napi_value mute(napi_env, napi_callback_info) {
  int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (saved < 0 && null >= 0) { saved = fcntl(2, F_DUPFD_CLOEXEC, 3); if (saved >= 0) dup2(null, 2); }
  if (null >= 0) close(null);
  return nullptr;
}
static napi_value unmute(napi_env, napi_callback_info) {
  if (saved >= 0) { dup2(saved, 2); close(saved); saved = -1; }
  return nullptr;
}
NAPI_MODULE_INIT() {
  napi_value f;
  napi_create_function(env, "mute", NAPI_AUTO_LENGTH, mute, nullptr, &f);
  napi_set_named_property(env, exports, "mute", f);
  napi_create_function(env, "unmute", NAPI_AUTO_LENGTH, unmute, nullptr, &f);
  napi_set_named_property(env, exports, "unmute", f);
  return exports;
}
`;

/**
 * Runs a function with standard error silenced by that addon; without the addon, or if TF_CPP_MIN_LOG_LEVEL=0 asks
 * for the notices, it just runs.
 */
export function whileMuted<T>(addonFile: string, run: () => T): T {
  const addon = process.env['TF_CPP_MIN_LOG_LEVEL'] === '0' ? undefined : loadQuietly(addonFile);
  addon?.mute();
  try {
    return run();
  } finally {
    addon?.unmute();
  }
}

function loadQuietly(file: string): { mute(): void; unmute(): void } | undefined {
  try {
    return openAddon(file) as { mute(): void; unmute(): void };
  } catch {
    return undefined;
  }
}
