import { engineError } from '../../protocol/errors';

/** Throws engine-unavailable where no libtensorflow that can be had would load. */
export function assertSupportedPlatform(
  platform: string = process.platform,
  arch: string = process.arch,
  usesGlibc: boolean = runsOnGlibc(),
): void {
  if (platform !== 'linux' || arch !== 'x64') {
    throw engineError(
      `The native engine is available on Linux x64 only, and this is ${platform} ${arch}. Use the wasm engine here, which runs everywhere.`,
    );
  }
  if (!usesGlibc) {
    throw engineError(
      "The native engine needs glibc 2.27 or newer, and this system's C library is another (musl, as in Alpine). Use the wasm engine here.",
    );
  }
}

function runsOnGlibc(): boolean {
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  return report?.header?.glibcVersionRuntime !== undefined;
}
