/** One thing that the gatehouse command can do. */
export interface Command {
  /** The words that call it, such as `users set-role`. */
  name: string;
  /** What follows them, as the usage shows it. */
  takes: string;
  /** What it does, for the usage. */
  does: string;
  /** Options that take a value, without their dashes. */
  options: readonly string[];
  /** Options without a value, without their dashes. */
  flags?: readonly string[];
  /**
   * Exit status: 0, or 1 when what was asked could not be done. null: a wrong call, which is
   * answered with the usage. What it throws is shown in one line, with status 1.
   */
  run(call: Call): Promise<number | null>;
}

export interface Call {
  /** What stands behind the name. */
  args: readonly string[];
  /** Options that were given. */
  options: Readonly<Record<string, string | undefined>>;
  /** Those that were given of the options without a value. */
  flags: ReadonlySet<string>;
  /** Settings, those of the server. */
  env: Record<string, unknown>;
  /** Folder of the migrations. */
  migrations: string;
}
