import type { z } from 'zod';
import { metaOf } from '../protocol/config/field';
import type { Host, HostFields, SharedField } from './host';
import * as registry from './registry';

type Registry = typeof registry;
export type HostName = { [K in keyof Registry]: Registry[K]['name'] }[keyof Registry];

/** Every host by its name. The compiler refuses one that is exported under another name than its own. */
export const HOSTS_BY_NAME: Readonly<Record<HostName, Host>> = registry satisfies { [K in keyof Registry]: Host<K> };

/** Names of all hosts, in alphabetical order. */
export const HOSTS = Object.keys(HOSTS_BY_NAME) as [HostName, ...HostName[]];

/** Hosts in whose loss a shared field stands. */
export const hostsSharing = (shared: SharedField): HostName[] => HOSTS.filter((name) => HOSTS_BY_NAME[name].shares.includes(shared));

type Intersection<U> = (U extends unknown ? (of: U) => void : never) extends (of: infer I) => void ? I : never;

/** The config fields of all hosts, each marked as its host's. */
export const hostFields = Object.assign({}, ...HOSTS.map((name) => marked(HOSTS_BY_NAME[name]))) as Intersection<
  Registry[keyof Registry]['fields']
>;

function marked({ name, fields }: Host): HostFields {
  const entries = Object.entries(fields).map(([key, schema]): [string, z.ZodType] => [
    key,
    schema.meta({ ...metaOf(schema), hosts: [name] }),
  ]);
  return Object.fromEntries(entries);
}
