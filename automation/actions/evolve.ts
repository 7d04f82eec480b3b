/** Changes a feature group's schema: in place, or as a new version beside it. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { settingsFromFile, type FeatureGroupSettings } from "../../components/settings";
import { stages, type Stage } from "../../components/stages";
import { AccountSessions, checkAccounts } from "../environment/accountSessions";
import { loadEnvironment, type Environment } from "../environment/project";
import { changeInPlace, describeLive, groupOf } from "../evolution/apply";
import { changeLines, compareSchema, isChange, refuseLoss } from "../evolution/compare";
import { madeGroup, type MadeGroup } from "../evolution/madeGroup";
import { cutOverSteps, withNewVersion } from "../evolution/newVersion";
import { ExitCode, UserError } from "../model/errors";
import type { RunOptions } from "../model/runOptions";

export interface EvolveOptions extends Pick<RunOptions, "env" | "directory" | "signal"> {
  /** Name of the feature group. */
  readonly group: string;
  /** True: makes the changes that AWS can make in place. */
  readonly apply?: boolean;
  /** True: adds the group's next version to the settings, beside the group. */
  readonly newVersion?: boolean;
  /** Receives the results, line by line. */
  readonly print: (line: string) => void;
}

/** @throws SettingsError; UserError (usage, credentials; schema for a change that cannot be made in place) */
export async function evolve(options: EvolveOptions): Promise<void> {
  const { env, group, apply, newVersion, print, signal } = options;
  const environment = loadEnvironment(env, options.directory);
  const { stage, settings } = groupIn(environment, group);
  const sessions = new AccountSessions(environment.settings);
  await checkAccounts(environment.settings, sessions);
  const config = sessions.account(stage.account);
  const deployed = await describeLive(settings, { config });
  if (newVersion) return writeVersion(environment, settings, deployed && madeGroup(deployed), print);
  if (!deployed)
    return print(`feature group ${group} is not deployed: npm run up creates it as the settings say`);
  const change = compareSchema(settings, groupOf(deployed));
  refuseLoss([change], env);
  if (!isChange(change))
    print(`feature group ${group} has the features, time to live and throughput of the settings`);
  else if (!apply) {
    for (const line of changeLines(change)) print(line);
    print("npm run up makes these changes; if you use `pulumi up`, use --apply");
  } else {
    await changeInPlace(settings, { config, env, notice: print, signal });
    print("Done. If you use `pulumi up`: run `pulumi refresh`, which records the change in the state.");
  }
}

function groupIn(
  { settings, name }: Environment,
  group: string,
): { stage: Stage; settings: FeatureGroupSettings } {
  const groups = stages(settings).flatMap((stage) =>
    (stage.featureGroups ?? []).map((each) => ({ stage, settings: each })),
  );
  const found = groups.find((each) => each.settings.name === group);
  if (found) return found;
  throw new UserError(
    ExitCode.usage,
    `the settings of ${name} have no feature group ${group}`,
    `They have: ${groups.map((each) => each.settings.name).join(", ")}.`,
  );
}

function writeVersion(
  { directory, name: env }: Environment,
  group: FeatureGroupSettings,
  made: MadeGroup | undefined,
  print: EvolveOptions["print"],
): void {
  const file = join(directory, `Pulumi.${env}.yaml`);
  const version = withNewVersion(readFileSync(file, "utf8"), group.name, made);
  // A validation error, such as a name that is too long, must leave the file unchanged.
  const trial = mkdtempSync(join(tmpdir(), "feature-store-access-"));
  try {
    const copy = join(trial, `Pulumi.${env}.yaml`);
    writeFileSync(copy, version.text);
    settingsFromFile(copy);
  } finally {
    rmSync(trial, { recursive: true });
  }
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, version.text);
  renameSync(aside, file);
  print(`${file}: ${version.name} is added beside ${group.name}, which stays as deployed.`);
  for (const step of cutOverSteps(version, group, env)) print(step);
}
