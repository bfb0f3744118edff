/**
 * Writes messages in protobuf's wire format: enough of it for TensorFlow's GraphDef, where the generated
 * classes would be 0.6 MB of code.
 */
export class MessageWriter {
  private readonly chunks: Uint8Array[] = [];

  /** A field of type int32, int64, bool or enum. The value must be an integer of at most 53 bits. */
  int(field: number, value: number): this {
    return this.push(varint(field * 8), varint(value));
  }

  /** A field of type float. */
  float(field: number, value: number): this {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setFloat32(0, value, true);
    return this.push(varint(field * 8 + 5), bytes);
  }

  /** A field of type string, bytes or message. */
  bytes(field: number, value: string | Uint8Array | MessageWriter): this {
    const content = typeof value === 'string' ? new TextEncoder().encode(value) : value instanceof MessageWriter ? value.finish() : value;
    return this.push(varint(field * 8 + 2), varint(content.length), content);
  }

  finish(): Uint8Array {
    return Buffer.concat(this.chunks);
  }

  private push(...chunks: Uint8Array[]): this {
    this.chunks.push(...chunks);
    return this;
  }
}

function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value))
    throw new RangeError(`protobuf integers must be whole numbers of at most 53 bits, and this is ${value}`);
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
