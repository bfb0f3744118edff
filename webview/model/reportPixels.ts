import type { ReportData } from '../../src/protocol/reportData';
import type { ExemplarPixels } from '../../src/protocol/webviewMessages';

type Encoded = ReportData['runs'][number]['exemplars'][number];

/** Pixels from a report's base64. */
export const decodePixels = ({ before, after, ...rest }: Encoded): ExemplarPixels => ({
  ...rest,
  before: floats(before),
  after: floats(after),
});

/** Little-endian whatever the machine. */
function floats(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const data = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length >> 2 }, (_, i) => data.getFloat32(i * 4, true));
}
