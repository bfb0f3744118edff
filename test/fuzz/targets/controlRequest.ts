import { controlRequestSchema, type ControlRequest } from '../../../src/protocol/control';
import { parseLiveChange } from '../../../src/protocol/liveChange';
import { controlFiles } from '../../../src/protocol/runLayout';
import { readRequest, requestIds } from '../../../src/store/controlRequests';
import { bytesOfText } from '../inputs/bytes';
import { mutatedJsonText } from '../inputs/json';
import type { FuzzTarget } from '../target';

const ID = '01234567-89ab-cdef-0123-456789abcdef';

const requests: readonly ControlRequest[] = [
  { schemaVersion: 1, intent: 'pause' },
  {
    schemaVersion: 1,
    intent: 'set',
    changes: [
      { field: 'lambda', value: 0.7 },
      { field: 'epochs', value: 3 },
    ],
  },
];

/** What another process asks of a run through its folder, up to the changes that the run would make. */
export const target: FuzzTarget = {
  runs: 5000,
  file: controlFiles(ID).request,
  codes: ['config-invalid'],
  seeds: () => requests.map((request) => bytesOfText(JSON.stringify(controlRequestSchema.parse(request)))),
  mutated: mutatedJsonText,
  read: (folder) =>
    requestIds(folder).map((id) => {
      const request = readRequest(folder, id);
      return request?.intent === 'set' ? request.changes.map(({ field, value }) => parseLiveChange(field, value)) : request;
    }),
};
