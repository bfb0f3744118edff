import { readFileSync } from 'node:fs';
import { engineError } from '../../protocol/errors';
import { compareVersions } from './versionOrder';

/** What decides whether a libtensorflow that can be had would run here. */
export interface PlatformFacts {
  /** As Node names them: `linux`, `x64`. */
  readonly platform: string;
  readonly arch: string;
  readonly libc: CLibrary;
  /** The text of `/proc/cpuinfo`; undefined where there is none. */
  readonly cpuinfo?: string | undefined;
}

/** The system's C library; `version` such as `2.36` where it is known. */
export type CLibrary = { readonly name: 'glibc'; readonly version?: string | undefined } | { readonly name: 'musl' | 'unknown' };

/** The part of Node's diagnostic report that tells the C library. */
export interface ReportFacts {
  readonly header?: { readonly glibcVersionRuntime?: string };
  /** Paths of the libraries that the process has loaded. */
  readonly sharedObjects?: readonly string[];
}

/** TensorFlow's wheels are manylinux_2_27. */
const OLDEST_GLIBC = '2.27';

/** Throws engine-unavailable where no libtensorflow that can be had would load; the sentence says what to use instead. */
export function assertSupportedPlatform(facts: PlatformFacts = readPlatform()): void {
  const { platform, arch, libc, cpuinfo } = facts;
  if (platform !== 'linux' || arch !== 'x64')
    throw engineError(
      `The native engine is available on Linux x64 only, and this is ${platform} ${arch}. Use the wasm engine here, which runs everywhere.`,
    );
  if (libc.name !== 'glibc')
    throw engineError(
      `The native engine needs glibc ${OLDEST_GLIBC} or newer, and this system's C library is ${libc.name === 'musl' ? 'musl, as in Alpine' : 'another'}. Use the wasm engine here, or a system with glibc such as Debian.`,
    );
  if (libc.version !== undefined && compareVersions(libc.version, OLDEST_GLIBC) < 0)
    throw engineError(
      `The native engine needs glibc ${OLDEST_GLIBC} or newer, and this system has ${libc.version}. Use the wasm engine here, or a newer system.`,
    );
  if (cpuinfo !== undefined && hasAvx(cpuinfo) === false)
    throw engineError(
      'The native engine needs a CPU with AVX (Intel and AMD have it since 2011), and this one does not report it. Use the wasm engine here; in a virtual machine, let it pass the CPU of its host through.',
    );
}

/** The C library of the process that a diagnostic report describes. */
export function cLibraryOf({ header, sharedObjects = [] }: ReportFacts): CLibrary {
  const version = header?.glibcVersionRuntime;
  if (version !== undefined) return { name: 'glibc', version };
  if (sharedObjects.some((path) => /\/ld-musl-|\/libc\.musl-/.test(path))) return { name: 'musl' };
  // Electron's report may lack the version; its loader tells the family.
  return sharedObjects.some((path) => path.includes('/ld-linux')) ? { name: 'glibc' } : { name: 'unknown' };
}

/** True if the first processor of a `/proc/cpuinfo` has AVX; undefined if the text doesn't say. */
export function hasAvx(cpuinfo: string): boolean | undefined {
  const flags = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
  return flags?.split(/\s+/).includes('avx');
}

function readPlatform(): PlatformFacts {
  const { platform, arch, report } = process;
  // Looking up the names of open connections takes seconds where there are many.
  if (report) (report as { excludeNetwork?: boolean }).excludeNetwork = true;
  return { platform, arch, libc: cLibraryOf((report?.getReport() ?? {}) as ReportFacts), cpuinfo: readCpuinfo() };
}

function readCpuinfo(): string | undefined {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return undefined;
  }
}
