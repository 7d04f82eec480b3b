/** All that is wrong with the settings, at once. */

export interface SettingsFault {
  /** Where, in the file's terms: `offlineStore.featureGroups[1].features[0].type`. */
  readonly path: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

export class SettingsError extends Error {
  /** As in the driver's table of exit codes: a setting is wrong, nothing was run. */
  readonly exitCode = 3;
  readonly advice = "docs/settings.md describes every setting, with an example.";

  constructor(
    readonly faults: readonly SettingsFault[],
    readonly source?: string,
  ) {
    const count = faults.length === 1 ? "1 setting is wrong" : `${faults.length} settings are wrong`;
    super(
      [
        `${count}${source ? ` in ${source}` : ""}:`,
        ...faults.map(({ path, message }) => `  ${path}: ${message}`),
      ].join("\n"),
    );
    this.name = "SettingsError";
  }
}
