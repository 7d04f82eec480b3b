/** The driver's ports to the accounts; each loads AWS's clients at its first use. */
import type { AccountSessions } from "../environment/accountSessions";
import type { Environment } from "../environment/project";
import { groupResource } from "../evolution/stages";
import type { DriverOptions, Evolution, Recovery, StaleIdentities } from "../model/driverOptions";
import { ExitCode, UserError } from "../model/errors";

export function recoveryIn(sessions: AccountSessions): Recovery {
  return async (stage, deployed) => {
    const { findPending } = await import("../run/pending.js");
    return findPending(deployed, sessions.account(stage.account));
  };
}

/** Refuses the recovery of a removed stage whose account is no longer in the settings and cannot be entered. */
export function recoveryOfRemoved(recovery: Recovery, { settings, name }: Environment): Recovery {
  return (stage, deployed) => {
    if (settings.accounts[stage.account]) return recovery(stage, deployed);
    throw new UserError(
      ExitCode.failed,
      `stage ${stage.name} was taken out of the settings after a run of it was killed: the resources of that run are in an account that the settings no longer name`,
      `Put the stage back into Pulumi.${name}.yaml, run \`npm run up\`, and then take it out.`,
    );
  };
}

export function staleIdentitiesIn(sessions: AccountSessions): StaleIdentities {
  return async (stage, deployed) => {
    const { recreatedRole } = await import("../run/recreatedRoles.js");
    return recreatedRole(deployed, sessions.account(stage.account));
  };
}

export function evolutionIn(
  sessions: AccountSessions,
  env: string,
  { onProgress, signal }: Pick<DriverOptions, "onProgress" | "signal">,
): Evolution {
  return async (stage, deployed, changes) => {
    const { changeInPlace } = await import("../evolution/apply.js");
    const config = sessions.account(stage.account);
    const notice = (message: string) => onProgress?.({ kind: "notice", stage: stage.name, message });
    const names = new Set(changes.map(({ group }) => group));
    const groups = (stage.featureGroups ?? []).filter(({ name }) => names.has(name));
    for (const group of groups) await changeInPlace(group, { config, env, notice, signal });
    return groups.flatMap(({ name }) => groupResource(deployed, name)?.urn ?? []);
  };
}
