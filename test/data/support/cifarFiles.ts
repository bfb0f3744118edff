/** Records of CIFAR-10 or CIFAR-100 in binary form, `perClass` of each class; the planes count from the class's number on. */
export function cifarRecords(classes: number, labelBytes: 1 | 2, perClass = 1): Buffer {
  return Buffer.concat(
    Array.from({ length: classes * perClass }, (_, i) => {
      const record = Buffer.alloc(labelBytes + 3072);
      const label = i % classes;
      if (labelBytes === 2) record[0] = 255;
      record[labelBytes - 1] = label;
      for (let p = 0; p < 3072; p++) record[labelBytes + p] = (label + i + Math.floor(p / 1024) * 10 + (p % 1024)) % 256;
      return record;
    }),
  );
}

export const cifar100Files = (): Record<string, Buffer> => ({
  'train.bin': cifarRecords(100, 2, 2),
  'test.bin': cifarRecords(100, 2),
  'fine_label_names.txt': Buffer.from(`${Array.from({ length: 100 }, (_, i) => `thing_${i}`).join('\n')}\n`),
  'coarse_label_names.txt': Buffer.from('x\n'),
});

export const cifar10Files = (): Record<string, Buffer> => ({
  ...Object.fromEntries([1, 2, 3, 4, 5].map((batch) => [`data_batch_${batch}.bin`, cifarRecords(10, 1, batch)])),
  'test_batch.bin': cifarRecords(10, 1),
  'batches.meta.txt': Buffer.from(`${'abcdefghij'.split('').join('\n')}\n\n`),
});
