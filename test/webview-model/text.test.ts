import assert from 'node:assert/strict';
import { foldEvents } from '../../src/protocol/foldEvents';
import { bytes, clockDuration, duration, integer, number, points } from '../../webview/model/format';
import { settingsTable, summaryTable } from '../../webview/model/runSummary';
import { cellText, toCsv } from '../../webview/model/table';
import { arrange, totals } from '../../webview/model/tensors';
import { demoEvents } from '../webview/fixtures/events';

describe('format', () => {
  it('writes durations, sizes and numbers as people read them', () => {
    assert.deepEqual([0, 0.25, 9.5, 59, 80, 7500].map(duration), ['0 s', '0.25 s', '9.5 s', '59 s', '1 min 20 s', '2 h 05 min']);
    assert.deepEqual([0, 75, 3661].map(clockDuration), ['0:00', '1:15', '1:01:01']);
    assert.deepEqual([0, 1023, 1536, 5 * 1024 ** 3].map(bytes), ['0 B', '1023 B', '1.5 KiB', '5.0 GiB']);
    assert.deepEqual([0, 0.123456, -2.5, 1e-6, 123456789].map(number), ['0', '0.1235', '−2.5', '1.00e−6', '1.23e+8']);
    assert.equal(integer(1234567), '1\u202f234\u202f567');
    assert.deepEqual([0.083, -0.011].map(points), ['8.3', '−1.1']);
  });
});

describe('toCsv', () => {
  const table = {
    caption: '',
    columns: [{ title: 'Name, quoted' }, { title: 'Value', format: (v: number) => v.toFixed(1) }],
    rows: [
      ['a "b"', 0.123456],
      ['line\nbreak', null],
    ] as const,
  };
  it('quotes what needs it, keeps full precision, and leaves unknown values empty', () => {
    assert.equal(toCsv(table), '"Name, quoted",Value\r\n"a ""b""",0.123456\r\n"line\nbreak",\r\n');
  });
  it('belongs to the table shown, whose cells are formatted', () => {
    assert.deepEqual([cellText(table, 0, 1), cellText(table, 1, 1), cellText(table, 9, 9)], ['0.1', '–', '–']);
  });
});

describe('tensors', () => {
  const tensor = (name: string, ...shape: number[]) => ({ name, dtype: 'F32', shape, bytes: 4 * shape.reduce((a, b) => a * b, 1) });
  const list = [tensor('layer10.w', 2, 3), tensor('layer2.w', 64), { ...tensor('count'), dtype: 'I64', bytes: 8 }];
  it('keep the file’s order, or sort by name as people count, or by size', () => {
    assert.deepEqual(
      arrange(list, '', 'file', false).map((t) => t.name),
      ['layer10.w', 'layer2.w', 'count'],
    );
    assert.deepEqual(
      arrange(list, '', 'name', false).map((t) => t.name),
      ['count', 'layer2.w', 'layer10.w'],
    );
    assert.deepEqual(
      arrange(list, '', 'size', true).map((t) => t.name),
      ['layer2.w', 'layer10.w', 'count'],
    );
    assert.deepEqual(arrange(list, 'LAYER w', 'file', false).length, 2);
    assert.deepEqual(arrange(list, 'i64', 'file', false).length, 1);
  });
  it('add up', () => {
    assert.deepEqual(totals(list), { tensors: 3, parameters: 71, bytes: 4 * 70 + 8 });
  });
});

describe('summary of runs', () => {
  const a = foldEvents(demoEvents());
  const b = foldEvents(demoEvents({ config: { host: 'lwf', exemplarMethod: 'herding' } }));
  assert.ok(a && b);
  const runs = [
    { title: 'a', view: a },
    { title: 'b', view: b },
  ];
  it('gives forgetting by the classifier of the host’s headline figure', () => {
    const { rows, columns } = summaryTable(runs);
    const column = columns.findIndex((c) => c.title === 'F (paper)');
    assert.equal(rows[0]?.[column], a.phases[5]?.evaluation?.nearestMean.paperForgetting);
    assert.equal(rows[1]?.[column], b.phases[5]?.evaluation?.softmax.paperForgetting);
  });
  it('puts settings that differ first and marks them in words', () => {
    const { rows } = settingsTable(runs);
    assert.deepEqual(
      rows.slice(0, 2).map((r) => [r[0], r[1]]),
      [
        ['host', 'yes'],
        ['exemplarMethod', 'yes'],
      ],
    );
    assert.equal(rows[2]?.[1], 'no');
  });
});
