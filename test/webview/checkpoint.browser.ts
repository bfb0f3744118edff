import assert from 'node:assert/strict';
import { checkpointSnapshot, exemplarFilePixels, exemplarFileSnapshot, statisticsOf } from './fixtures/snapshots';
import { webviewSuite } from './harness/suite';

const suite = webviewSuite();

describe('Checkpoint', () => {
  it('lists tensors with type, shape and size, and their totals', async () => {
    const view = await suite.open('checkpoint');
    await view.post(checkpointSnapshot());
    const page = await view.page.locator('main').innerText();
    for (const part of [
      'model.safetensors',
      '48 tensors',
      '78\u202f427 values',
      'conv1.weight',
      '16 × 1 × 3 × 3',
      'scalar',
      '72.0 KiB',
      'resnet8',
    ])
      assert.ok(page.includes(part), part);
    assert.equal(await view.page.locator('#exemplars').isVisible(), false);
  });

  it('sorts by size and back, says so, and filters', async () => {
    const view = await suite.open('checkpoint');
    await view.post(checkpointSnapshot());
    const names = () => view.page.locator('.tensor-name').allInnerTexts();
    const head = view.page.getByRole('columnheader', { name: 'Size' });
    await head.getByRole('button').click();
    assert.equal((await names())[0], 'layer3.0.conv2.weight');
    assert.equal(await head.getAttribute('aria-sort'), 'descending');
    await head.getByRole('button').click();
    await head.getByRole('button').click();
    assert.equal((await names())[0], 'conv1.weight');
    assert.equal(await head.getAttribute('aria-sort'), 'none');
    await view.page.getByRole('textbox').fill('fc.');
    assert.deepEqual(await names(), ['fc.weight', 'fc.bias']);
    assert.ok((await view.page.locator('#tensors').innerText()).includes('2 of 48 tensors'));
  });

  it('asks for statistics once and shows them in place, or why there are none', async () => {
    const view = await suite.open('checkpoint');
    await view.post(checkpointSnapshot());
    const row = view.page.locator('[data-tensor="fc.weight"]');
    await row.click();
    await view.post({
      type: 'statistics',
      name: 'fc.weight',
      statistics: { ...statisticsOf('fc.weight', 640), notFinite: 2 },
      error: null,
    });
    const detail = await view.page.locator('.tensor-detail').innerText();
    for (const part of ['640', '−0.4132', '0.4517', '0.08821', '3 (0.5 %)']) assert.ok(detail.includes(part), part);
    assert.ok(await view.page.getByRole('img', { name: /^Histogram of fc.weight/ }).isVisible());
    await row.click();
    await row.click();
    assert.equal((await view.sent()).filter((m) => m.type === 'get-statistics').length, 1);
    await view.page.locator('[data-tensor="fc.bias"]').click();
    await view.post({
      type: 'statistics',
      name: 'fc.bias',
      statistics: null,
      error: { code: 'run-folder', message: 'The file ended early; it may still be written.', exitCode: 5 },
    });
    assert.ok((await view.page.getByRole('alert').innerText()).includes('ended early'));
  });

  it('opens an exemplar file with its images first', async () => {
    const view = await suite.open('checkpoint');
    await view.post(exemplarFileSnapshot());
    assert.deepEqual((await view.sent()).at(-1), { type: 'get-exemplars' });
    await view.post(exemplarFilePixels());
    const order = await view.page.locator('section').evaluateAll((all) => all.map((s) => s.id));
    assert.deepEqual(order, ['exemplars', 'metadata', 'tensors']);
    assert.ok((await view.page.locator('.exemplar-grid canvas').getAttribute('aria-label'))?.startsWith('100 exemplars of 10 classes'));
    assert.equal(await view.page.locator('.chip').count(), 11);
  });

  it('says what is wrong with a file that is none', async () => {
    const view = await suite.open('checkpoint');
    await view.post({
      type: 'failed',
      error: { code: 'run-folder', message: 'This is no safetensors file: its header is 9 GB long.', exitCode: 5 },
    });
    assert.ok((await view.page.getByRole('alert').innerText()).includes('no safetensors file'));
  });

  it('has a checksum checked, and says whether the file is as it was written', async () => {
    const view = await suite.open('checkpoint');
    const facts = () => view.page.locator('header .quiet').innerText();
    await view.post(checkpointSnapshot());
    assert.ok(!(await facts()).includes('checksum'));
    const snapshot = checkpointSnapshot();
    await view.post({ ...snapshot, metadata: { ...snapshot.metadata, sha256: '0'.repeat(64) } });
    assert.match(await facts(), / · checking its checksum …$/);
    assert.equal((await view.sent()).filter((m) => m.type === 'check').length, 1);
    await view.post({ type: 'checked', error: null });
    assert.match(await facts(), / · checksum matches$/);
    await view.post({ type: 'checked', error: { code: 'run-folder', message: 'model.safetensors is damaged.', exitCode: 5 } });
    assert.match(await facts(), / · damaged$/);
    assert.match(await view.page.getByRole('alert').innerText(), /model\.safetensors is damaged/);
  });

  it('opens a file of thousands of tensors at once', async () => {
    const view = await suite.open('checkpoint');
    const snapshot = checkpointSnapshot();
    const tensors = Array.from({ length: 5000 }, (_, i) => ({ name: `t${i}`, dtype: 'F32', shape: [2], bytes: 8 }));
    const start = Date.now();
    await view.post({ ...snapshot, tensors });
    assert.ok(Date.now() - start < 2000);
    await view.page.getByRole('button', { name: /^Show all/ }).click();
    assert.equal(await view.page.locator('.tensor-name').count(), 5000);
  });
});
