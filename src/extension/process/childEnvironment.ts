/** What the trainer needs of the editor's environment: where programs, homes, caches and GPU libraries are, and its own switches. */
const FOR_TRAINER =
  /^(PATH|HOME|USERPROFILE|LANG|LC_ALL|TMPDIR|TEMP|TMP|SystemRoot|LOCALAPPDATA|APPDATA|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|OMP_NUM_THREADS|NODE_V8_COVERAGE|(XDG|CUDA|NVIDIA|TF|MNEMONICS)_.*)$/i;

/** What an installation needs besides: which Python, pip's settings, the way into the network, the compiler. */
const FOR_INSTALLATION =
  /^(PYTHONPATH|VIRTUAL_ENV|CONDA_PREFIX|(PIP|PYENV)_.*|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|TFJS_NODE_BASE_URI|CXX)$/i;

/** The environment of a child process; the editor's own variables (tokens of other extensions among them) stay behind. */
export function childEnvironment(parent: NodeJS.ProcessEnv, insideElectron: boolean): NodeJS.ProcessEnv {
  const wanted = Object.fromEntries(Object.entries(parent).filter(([name]) => FOR_TRAINER.test(name) || FOR_INSTALLATION.test(name)));
  return insideElectron ? { ...wanted, ELECTRON_RUN_AS_NODE: '1' } : wanted;
}
