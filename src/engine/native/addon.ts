/** What a Node addon exports. Throws what the system says where it doesn't load. */
export function openAddon(file: string): unknown {
  const module = { exports: {} };
  process.dlopen(module, file);
  return module.exports;
}
