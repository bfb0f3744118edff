/** What the trainer needs of the editor's environment: where programs, homes, caches and GPU libraries are, and its own switches. */
const WANTED =
  /^(PATH|HOME|USERPROFILE|LANG|LC_ALL|TMPDIR|TEMP|TMP|SystemRoot|LOCALAPPDATA|APPDATA|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|OMP_NUM_THREADS|NODE_V8_COVERAGE|(XDG|CUDA|NVIDIA|TF|MNEMONICS)_.*)$/i;

/** The environment of a child process; the editor's own variables (tokens of other extensions among them) stay behind. */
export function childEnvironment(parent: NodeJS.ProcessEnv, insideElectron: boolean): NodeJS.ProcessEnv {
  const wanted = Object.fromEntries(Object.entries(parent).filter(([name]) => WANTED.test(name)));
  return insideElectron ? { ...wanted, ELECTRON_RUN_AS_NODE: '1' } : wanted;
}
