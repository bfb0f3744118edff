interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false; error: { message: string } };
}

/** The page's side of the channel to the extension host: typed messages out, parsed messages in, and the view's intent kept over reloads. */
export interface Host<Out, State extends object> {
  send(message: Out): void;
  /** What the last page of this view had kept. */
  readonly state: Partial<State>;
  /** Keeps view intent (never the host's data). */
  keep(change: Partial<State>): void;
}

/**
 * Connects the page. May be called once.
 * @param schema of what the host sends; anything else is dropped with a console warning, as a page has nobody to answer it to.
 */
export function connect<In, Out, State extends object>(schema: Schema<In>, receive: (message: In) => void): Host<Out, State> {
  const api = acquireVsCodeApi();
  let state = stateOf<State>(api.getState());
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const parsed = schema.safeParse(data);
    if (parsed.success) receive(parsed.data);
    // eslint-disable-next-line no-console -- a developer's console is the only place to say that a message was dropped
    else console.warn('Mnemonics Lab: dropped a message that does not match the protocol:', parsed.error.message);
  });
  return {
    send: (message) => api.postMessage(message),
    get state() {
      return state;
    },
    keep(change) {
      state = { ...state, ...change };
      api.setState(state);
    },
  };
}

/** Kept state is this page's own, but an older version of it may have written it: anything but an object counts as nothing. */
const stateOf = <State extends object>(kept: unknown): Partial<State> =>
  typeof kept === 'object' && kept !== null ? (kept as Partial<State>) : {};
