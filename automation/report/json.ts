/** Reports for scripts, in the form of docs/schemas. `version` changes when a field is removed or changes its meaning. */
import { shown } from "../graph/contractChanges";
import type { GraphReport } from "../model/reports";
import { grantCommand } from "../preflight/lakeFormation/needs";

export function graphJson({ action, ok, stages, catalog, ...report }: GraphReport): object {
  return {
    version: 1,
    action,
    ok,
    ...report,
    ...(catalog ? { catalog: catalog.map((each) => ({ ...each, command: grantCommand(each) })) } : {}),
    stages: stages.map(({ outputs, error, needs = [], ...stage }) => ({
      ...stage,
      needs,
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, wire]) => [name, shown(wire)])),
      ...(error ? { error: error.message } : {}),
    })),
  };
}
