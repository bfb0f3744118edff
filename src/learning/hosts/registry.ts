import type { HostName } from '../../protocol/words';
import type { Host } from './host';
import { icarl } from './icarl';
import { lwf } from './lwf';

/** Every host, one line each. */
export const HOSTS_BY_NAME: Readonly<Record<HostName, Host>> = { icarl, lwf };
