/** `npm run evolve`: what becomes of a feature group's schema, in place or as a new version beside it. */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { stages, type Stage } from "../../components/stages";
import { settingsFromFile, type FeatureGroupSettings } from "../../components/settings";
import { ExitCode, UserError } from "../model/errors";
import { loadEnvironment, type Environment } from "../environment/project";
import { changeLines, compareSchema, isChange, refuseLoss } from "../evolution/compare";
import type { MadeGroup } from "../evolution/madeGroup";
import { cutOverSteps, withNewVersion } from "../evolution/newVersion";

interface Flags {
  env: string;
  group: string;
  apply?: boolean;
  newVersion?: boolean;
}

type Print = (line: string) => void;

export function evolveCommand(command: Command, print: Print, signal: AbortSignal): void {
  command
    .requiredOption("--group <name>", "the feature group")
    .option("--apply", "change it in AWS where that goes in place; `npm run up` does it by itself")
    .option("--new-version", "write the next version of the group beside it into the settings")
    .action(async ({ env, group, apply, newVersion }: Flags) => {
      const environment = loadEnvironment(env);
      const { stage, settings } = groupIn(environment, group);
      const [{ AccountSessions, checkAccounts }, live] = await Promise.all([
        import("../environment/accountSessions.js"),
        import("../evolution/apply.js"),
      ]);
      const sessions = new AccountSessions(environment.settings);
      await checkAccounts(environment.settings, sessions);
      const config = sessions.account(stage.account);
      const deployed = await live.describeLive(settings, { config });
      if (newVersion) {
        const { madeGroup } = await import("../evolution/madeGroup.js");
        writeVersion(environment, settings, deployed && madeGroup(deployed), print);
        return;
      }
      if (!deployed) {
        print(`feature group ${group} is not deployed: npm run up makes it as the settings say`);
        return;
      }
      const change = compareSchema(settings, live.groupOf(deployed));
      refuseLoss([change], env);
      if (!isChange(change))
        print(`feature group ${group} has the features, time to live and throughput that the settings name`);
      else if (!apply) {
        for (const line of changeLines(change)) print(line);
        print("npm run up does it, or --apply where `pulumi up` is used");
      } else {
        await live.changeInPlace(settings, { config, env, notice: print, signal });
        print("Done. Where `pulumi up` is used: pulumi refresh takes it into its state.");
      }
    });
}

function groupIn(
  { settings, name }: Environment,
  group: string,
): { stage: Stage; settings: FeatureGroupSettings } {
  for (const stage of stages(settings)) {
    const found = stage.featureGroups?.find((each) => each.name === group);
    if (found) return { stage, settings: found };
  }
  throw new UserError(
    ExitCode.usage,
    `the settings of ${name} have no feature group ${group}`,
    `They have: ${stages(settings)
      .flatMap(({ featureGroups = [] }) => featureGroups.map((each) => each.name))
      .join(", ")}.`,
  );
}

function writeVersion(
  { directory, name: env }: Environment,
  group: FeatureGroupSettings,
  made: MadeGroup | undefined,
  print: Print,
): void {
  const file = join(directory, `Pulumi.${env}.yaml`);
  const version = withNewVersion(readFileSync(file, "utf8"), group.name, made);
  // A version that the rules do not take, such as a name too long, leaves the file as it was.
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
  print(`${file}: ${version.name} stands beside ${group.name}, which is as it is deployed.`);
  for (const step of cutOverSteps(version, group, env)) print(step);
}
