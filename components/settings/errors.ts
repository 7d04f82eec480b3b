/** Errors of the settings, all at once. */

/** One thing wrong in the settings. */
export interface ValidationError {
  /** The setting: `offlineStore.featureGroups[1].features[0].type`. */
  readonly path: string;
  /** What is wrong and what to do: continues the sentence after the path. */
  readonly message: string;
}

export class SettingsError extends Error {
  /** As in the table of exit codes in docs/automation.md: a setting is wrong, and nothing was run. */
  readonly exitCode = 3;
  readonly advice = "docs/settings.md describes every setting, with an example.";

  constructor(
    readonly errors: readonly ValidationError[],
    readonly source?: string,
  ) {
    const count = errors.length === 1 ? "1 setting is wrong" : `${errors.length} settings are wrong`;
    super(
      [
        `${count}${source ? ` in ${source}` : ""}:`,
        ...errors.map(({ path, message }) => `  ${path}: ${message}`),
      ].join("\n"),
    );
    this.name = "SettingsError";
  }
}
