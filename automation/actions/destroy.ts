import { stages } from "../../components/stages";
import { ExitCode, UserError } from "../model/errors";
import type { GraphReport } from "../model/reports";
import type { DestroyOptions } from "../model/runOptions";
import { withRemoved } from "../run/removed";
import { driverFor } from "../session/driverFor";
import { confirm } from "./deletion/confirm";
import { heldData, inventoryOf, type HeldData } from "./deletion/inventory";
import { doomedLines } from "./deletion/text";
import { noteMade } from "./leftovers/journal";
import { running, type Run } from "./runs";

/**
 * Destroys every stage in reverse. Data is refused, kept (`keepData`), or deleted (`deleteData`, with `confirm`).
 * @throws UserError (protectedData) naming the data, or Unconfirmed with the list of what would be deleted, both
 *   before anything is touched; UserError (usage)
 */
export function destroy(options: DestroyOptions): Run<GraphReport> {
  return running(options, destroyNow);
}

async function destroyNow(options: DestroyOptions): Promise<GraphReport> {
  const parts = await driverFor(options);
  const { driver, environment, stacks, sessions } = parts;
  const { deleteData = false, keepData = false } = options;
  const settings = { ...environment.settings, protectData: false };
  const twins = { stages: stages(settings), stacks: parts.stacksOf({ ...environment, settings }) };
  return parts.alone("destroy", async () => {
    const removed = await parts.removed();
    const order = [...[...removed.stages].reverse(), ...(await driver.doomed())];
    const held = await heldData(order, (stage) => stacks.deployed(stage));
    if (held.length > 0) await noteMade(parts);
    if (keepData) {
      const reports = await removed.destroy("kept");
      const report = withRemoved(await driver.destroyKeeping(), reports, "first");
      const still = await heldData(order, (stage) => stacks.deployed(stage));
      const kept = still.map(({ stage: { name: stage, account }, type, id }) => ({
        stage,
        account,
        type,
        id,
      }));
      return { ...report, kept };
    }
    if (held.length > 0 && !deleteData) throw dataRefusal(environment.name, held);
    const doomed = await inventoryOf(held, (name) =>
      environment.settings.accounts[name] ? sessions.account(name) : undefined,
    );
    if (doomed.length > 0) await confirm(environment.name, doomed, doomedLines(doomed), options.confirm);
    // Removed stages go first, because they may still need stages of the settings.
    const reports = await removed.destroy(deleteData ? "released" : "refused");
    const report = withRemoved(await driver.destroy(deleteData ? twins : undefined), reports, "first");
    return deleteData ? { ...report, deleted: doomed } : report;
  });
}

function dataRefusal(environment: string, held: readonly HeldData[]): UserError {
  return new UserError(
    ExitCode.protectedData,
    [
      "nothing was destroyed: these resources hold data",
      ...held.map(({ stage, type, id }) => `  ${stage.name} (account ${stage.account}): ${type} ${id}`),
    ].join("\n"),
    "`npm run destroy -- --keep-data` removes the access and keeps the data for a later `npm run up`. " +
      `\`npm run destroy -- --delete-data\` lists the data, and deletes it after you confirm with the environment's name (--confirm ${environment}).`,
  );
}
