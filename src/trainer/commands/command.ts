/** An option of a command, for parsing and for its help. */
export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** May be given several times. */
  readonly multiple?: boolean;
  /** What its value is called in the help, such as `DIR`. */
  readonly value?: string;
  readonly help: string;
  /** Left out of the help: for the editor's use. */
  readonly hidden?: boolean;
}
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

/** The values of options as parsed: a list where `multiple`, undefined where not given. */
export type OptionValues<O extends OptionSpecs> = {
  readonly [K in keyof O]?: O[K] extends { multiple: true } ? string[] : O[K] extends { type: 'boolean' } ? boolean : string;
};

/** Something that text can be written to: standard output or error, or a test's buffer. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** What a command may use of the process. Standard output takes the result and nothing else. */
export interface CommandIo {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: NodeJS.ProcessEnv;
  /** Where relative paths start. */
  readonly cwd: string;
}

export interface CommandDefinition<O extends OptionSpecs> {
  /** One word or two, such as `engine install`. */
  readonly name: string;
  readonly summary: string;
  /** Positional arguments as the help shows them, such as `CONFIG` or `DIR…`. */
  readonly positionals: string;
  readonly minPositionals: number;
  readonly maxPositionals: number;
  readonly options: O;
  /** Left out of the overall help. */
  readonly hidden?: boolean;
  /** @returns the exit code. @throws LabError with the exit code and the sentence to show. */
  execute(values: OptionValues<O>, positionals: readonly string[], io: CommandIo): Promise<number>;
}

/** A command whatever its options are. */
export type Command = CommandDefinition<OptionSpecs>;

/** Checks a definition and forgets the types of its options: they are those of `parseArgs`, which reads the same specs. */
export const defineCommand = <const O extends OptionSpecs>(definition: CommandDefinition<O>): Command => definition as unknown as Command;
