/** Reports for scripts. `version` changes when a field changes its meaning or goes. */
import type { GraphReport } from "../model/reports";
import { grantCommand } from "../preflight/lakeFormation/needs";
import { holdsUnknown } from "../graph/wiring";

/** In the form of graphSchema.ts. */
export function graphJson(report: GraphReport): object {
  return {
    version: 1,
    action: report.action,
    ok: report.ok,
    ...(report.access ? { access: report.access } : {}),
    ...(report.catalog
      ? { catalog: report.catalog.map((each) => ({ ...each, command: grantCommand(each) })) }
      : {}),
    ...(report.deleted ? { deleted: report.deleted } : {}),
    ...(report.kept ? { kept: report.kept } : {}),
    stages: report.stages.map(
      ({
        stage,
        account,
        needs = [],
        status,
        notRun,
        departed,
        changes,
        unchanged,
        outputs,
        contractChanges,
        causes,
        dangers,
        evolutions,
        violations,
        error,
        reason,
      }) => ({
        stage,
        account,
        needs,
        status,
        ...(notRun ? { notRun } : {}),
        ...(departed ? { departed } : {}),
        unchanged,
        changes,
        outputs: Object.fromEntries(
          Object.entries(outputs).map(([name, { value, secret }]) => [
            name,
            secret ? { secret: true } : holdsUnknown(value) ? { unknown: true } : { value },
          ]),
        ),
        ...(contractChanges ? { contractChanges } : {}),
        ...(causes ? { causes } : {}),
        ...(dangers ? { dangers } : {}),
        ...(evolutions ? { evolutions } : {}),
        ...(violations ? { violations } : {}),
        ...(error ? { error: error.message } : {}),
        ...(reason ? { reason } : {}),
      }),
    ),
  };
}
