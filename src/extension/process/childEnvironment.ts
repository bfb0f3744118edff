/** What training needs of the editor's environment: where programs, homes, caches and GPU libraries are, and its own switches. */
const FOR_TRAINING =
  /^(PATH|HOME|USERPROFILE|LANG|LC_ALL|TMPDIR|TEMP|TMP|SystemRoot|LOCALAPPDATA|APPDATA|LD_LIBRARY_PATH|DYLD_LIBRARY_PATH|OMP_NUM_THREADS|NODE_V8_COVERAGE|(XDG|CUDA|NVIDIA|VK|TF|MNEMONICS)_.*)$/i;

/** What an installation needs besides: which Python, pip's settings, the way into the network (which may name a password), the compiler. */
const FOR_INSTALLATION =
  /^(PYTHONPATH|VIRTUAL_ENV|CONDA_PREFIX|(PIP|PYENV)_.*|(HTTPS?|NO|ALL)_PROXY|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|TFJS_NODE_BASE_URI|CXX)$/i;

/** The environment of a child process: what is listed above. All else, tokens of other extensions among it, stays in the editor. */
export function childEnvironment(
  parent: NodeJS.ProcessEnv,
  { installs, insideElectron }: { readonly installs: boolean; readonly insideElectron: boolean },
): NodeJS.ProcessEnv {
  const wanted = (name: string) => FOR_TRAINING.test(name) || (installs && FOR_INSTALLATION.test(name));
  const env = Object.fromEntries(Object.entries(parent).filter(([name]) => wanted(name)));
  return insideElectron ? { ...env, ELECTRON_RUN_AS_NODE: '1' } : env;
}

/** Is this the editor itself, which must be told to be Node where it is started again? */
export const INSIDE_ELECTRON = process.versions.electron !== undefined;
