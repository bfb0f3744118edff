/** The tfjs release of every package of it that is used; package.json pins the same. */
export const TFJS_NODE_VERSION = '4.22.0';
