/** The proof for scripts. `version` changes when a field is removed or changes its meaning. */
import { bounds } from "../../access/bound";
import type { AccessProof } from "../proof/proveAccess";

export function proofJson({ env, subject, proof, errors, warnings, diff }: AccessProof): object {
  const { intents, model, counts, catalog } = proof;
  return {
    version: 1,
    env,
    subject,
    ok: errors.length === 0,
    counts,
    errors,
    warnings,
    intents: intents.map(({ intent, holds, requests, against }) => ({
      id: intent.id,
      actor: intent.actor,
      says: intent.says,
      expect: intent.expect,
      holds,
      requests,
      ...(intent.setting === undefined ? {} : { setting: intent.setting }),
      ...(against.length > 0 ? { against } : {}),
    })),
    // The upper bound of each resource of the graph.
    bounds: bounds(model, catalog).map(({ resource: { kind, arn, label, account }, holders }) => ({
      resource: label,
      kind,
      arn,
      account,
      holders: holders.map(({ who, reach, actions, scopes, conditions }) => ({
        who,
        reach,
        actions,
        scopes,
        conditions,
      })),
    })),
    ...(diff ? { diff } : {}),
  };
}
