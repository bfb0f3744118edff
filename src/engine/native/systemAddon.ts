import { join } from 'node:path';
import { openAddon } from './addon';

/** The name of a tiny addon that an installed engine may have. */
export const SYSTEM_FILE = 'system.node';

/**
 * C++ of the addon: what Node can't ask of the system. Linux with glibc only, as the engine is.
 *
 * `mute` and `unmute` silence standard error while TensorFlow starts: it prints notices there whatever TF_CPP_MIN_LOG_LEVEL says, before
 * that variable is read. What goes wrong while loading comes as an exception.
 *
 * `release` gives memory back: what malloc holds free, and pages of TensorFlow's own files that are mapped and never written (240 MB have been
 * touched once it is loaded, most of them by the loader alone). One that is read again comes from the system's memory of files.
 */
export const SYSTEM_SOURCE = `#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <string.h>
#include <sys/mman.h>
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
static int releasePages(dl_phdr_info* library, size_t, void*) {
  const uintptr_t page = sysconf(_SC_PAGESIZE);
  for (int i = 0; strstr(library->dlpi_name, "libtensorflow") && i < library->dlpi_phnum; i++) {
    const ElfW(Phdr)& part = library->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || part.p_flags & PF_W) continue;
    const uintptr_t from = (library->dlpi_addr + part.p_vaddr + page - 1) / page * page;
    const uintptr_t to = (library->dlpi_addr + part.p_vaddr + part.p_memsz) / page * page;
    if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
  }
  return 0;
}
static napi_value release(napi_env, napi_callback_info) {
  dl_iterate_phdr(releasePages, nullptr);
  malloc_trim(0);
  return nullptr;
}
NAPI_MODULE_INIT() {
  const struct { const char* name; napi_callback function; } all[] = {{"mute", mute}, {"unmute", unmute}, {"release", release}};
  for (const auto& one : all) {
    napi_value f;
    napi_create_function(env, one.name, NAPI_AUTO_LENGTH, one.function, nullptr, &f);
    napi_set_named_property(env, exports, one.name, f);
  }
  return exports;
}
`;

export interface SystemAddon {
  mute(): void;
  unmute(): void;
  release(): void;
}

const NOTHING: SystemAddon = { mute: () => undefined, unmute: () => undefined, release: () => undefined };

/** The addon of an engine's folder; one that does nothing where there is none, or it doesn't load. */
export function systemAddon(folder: string): SystemAddon {
  try {
    return openAddon(join(folder, SYSTEM_FILE)) as SystemAddon;
  } catch {
    return NOTHING;
  }
}

/** Runs a function with standard error silenced, unless TF_CPP_MIN_LOG_LEVEL=0 asks for TensorFlow's notices. */
export function whileMuted<T>(system: SystemAddon, run: () => T): T {
  if (process.env['TF_CPP_MIN_LOG_LEVEL'] === '0') return run();
  system.mute();
  try {
    return run();
  } finally {
    system.unmute();
  }
}
