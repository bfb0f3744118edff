// First, because schemas look at it when they are made.
import '../src/protocol/withoutEval';
import './checkpoint.css';
import { hasChecksumField } from '../src/protocol/checksumField';
import { toCheckpointSchema, type FromCheckpoint, type ToCheckpoint } from '../src/protocol/webviewMessages';
import { bytes, plural } from './model/format';
import { banner } from './ui/banner';
import { fill, h, setText } from './ui/h';
import { connect } from './ui/host';
import { emptyState, section } from './ui/section';
import { tooltip } from './ui/tooltip';
import type { ExemplarsState } from './views/exemplarTypes';
import { exemplarsView } from './views/exemplarsView';
import { tensorTable, type TensorsState } from './views/tensorTable';

interface State extends TensorsState, ExemplarsState {}
/** The one choice of the grid: a checkpoint has no phases to choose from. */
const FILE = 'file';

const host = connect<ToCheckpoint, FromCheckpoint, State>(toCheckpointSchema, receive);
const notice = banner();
const hint = tooltip();
const title = h('h1', {});
const [facts, checksum] = [h('span', {}), h('span', { role: 'status' })];
const what = h('p', { class: 'quiet' }, facts, checksum);
const tensors = tensorTable(host.state, host.keep, (name) => host.send({ type: 'get-statistics', name }));
const exemplars = exemplarsView({ tooltip: hint, kept: host.state, keep: host.keep, request: () => host.send({ type: 'get-exemplars' }) });
const metadata = h('table', {});
const metadataSection = section('metadata', 'Metadata', [], h('div', { class: 'metadata' }, metadata));
const waiting = emptyState('Reading the header of the file …');
const page = h('main', {}, h('header', { class: 'file-header' }, title, what), exemplars.element, metadataSection, tensors.element);
document.getElementById('app')?.replaceChildren(notice.element, waiting, page, hint.element);
page.hidden = true;
host.send({ type: 'ready' });

function receive(message: ToCheckpoint): void {
  switch (message.type) {
    case 'snapshot':
      show(message);
      break;
    case 'statistics':
      tensors.setStatistics(message.name, message.statistics, message.error);
      break;
    case 'exemplars':
      showExemplars(message.classNames);
      exemplars.setPixels(FILE, message.pixels, message.error);
      break;
    case 'checked':
      if (message.error) notice.show('error', message.error.message);
      setText(checksum, message.error ? ' · damaged' : ' · checksum matches');
      break;
    case 'failed':
      notice.show('error', message.error.message);
      waiting.hidden = true;
      break;
    default:
      unknownMessage(message);
  }
}

function show({
  fileName,
  fileBytes,
  metadata: entries,
  tensors: list,
  isExemplarFile,
}: Extract<ToCheckpoint, { type: 'snapshot' }>): void {
  notice.hide();
  waiting.hidden = true;
  page.hidden = false;
  setText(title, fileName);
  setText(facts, `safetensors · ${bytes(fileBytes)} · ${plural(list.length, 'tensor')}${isExemplarFile ? ' · stored exemplars' : ''}`);
  exemplars.element.hidden = !isExemplarFile;
  if (isExemplarFile) showExemplars([]);
  const rows = Object.entries(entries);
  metadataSection.hidden = rows.length === 0;
  fill(metadata, h('tbody', {}, ...rows.map(([key, value]) => h('tr', {}, h('th', { scope: 'row' }, key), h('td', {}, value)))));
  tensors.show(list);
  const checkable = hasChecksumField(entries);
  setText(checksum, checkable ? ' · checking its checksum …' : '');
  if (checkable) host.send({ type: 'check' });
}

function showExemplars(names: readonly string[]): void {
  exemplars.show({
    choices: [{ value: FILE, label: 'this file', nameOf: (classIndex) => names[classIndex] ?? String(classIndex), note: null }],
    follow: false,
    empty: 'This file holds no exemplars.',
  });
}

function unknownMessage(message: never): never {
  throw new Error(`Unhandled message ${JSON.stringify(message)}`);
}
