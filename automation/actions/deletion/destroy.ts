/** The destruction of an environment: what holds data is refused, kept, or deleted on the environment's name. */
import { stages } from "../../../components/stages";
import { withRemoved } from "../../run/removed";
import { driverFor } from "../../session/driverFor";
import { noteMade } from "../leftovers/journal";
import type { GraphReport } from "../../model/reports";
import type { DestroyOptions } from "../../model/runOptions";
import { confirm } from "./confirm";
import { heldData, inventoryOf } from "./inventory";
import { dataRefusal } from "./refusal";
import { doomedLines } from "./text";

/** @throws UserError (protectedData); Unconfirmed; UserError (usage) */
export async function destroyEnvironment(options: DestroyOptions): Promise<GraphReport> {
  const parts = await driverFor(options);
  const { driver, alone, environment, departing, stacks, stacksOf, sessions } = parts;
  const { deleteData = false, keepData = false } = options;
  const settings = { ...environment.settings, protectData: false };
  const twins = { stages: stages(settings), stacks: stacksOf({ ...environment, settings }) };
  return alone("destroy", async () => {
    const leaving = await departing();
    const order = [...[...leaving.stages].reverse(), ...(await driver.doomed())];
    const held = await heldData(order, (stage) => stacks.deployed(stage));
    if (held.length > 0) await noteMade(parts);
    if (keepData) {
      const left = await leaving.destroy("kept");
      const report = withRemoved(await driver.destroyKeeping(), left, "first");
      const still = await heldData(order, (stage) => stacks.deployed(stage));
      const kept = still.map(({ stage, type, id }) => ({
        stage: stage.name,
        account: stage.account,
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
    // What left the settings may still need what is in them: it goes first.
    const left = await leaving.destroy(deleteData ? "released" : "refused");
    const report = withRemoved(await driver.destroy(deleteData ? twins : undefined), left, "first");
    return deleteData ? { ...report, deleted: doomed } : report;
  });
}
