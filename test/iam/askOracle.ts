/** Asks `@cloud-copilot/iam-simulate` (a test and bench tool only) one of our questions. */
import { anonymousPrincipal, runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import type { Decision, PolicyDocument } from "@feature-store-access/iam";
import type { Question } from "./questions";

/** A question in the oracle's words. It takes one session policy only. */
export function simulationOf({ request, policies }: Question): Simulation {
  const named = (documents: readonly PolicyDocument[]) =>
    documents.map((policy, index) => ({ name: `p${index}`, policy }));
  const levels = (all: readonly (readonly PolicyDocument[])[] = []) =>
    all.map((documents, index) => ({ orgIdentifier: `ou-${index}`, policies: named(documents) }));
  return {
    request: {
      principal: request.principal === "anonymous" ? anonymousPrincipal : request.principal,
      action: request.action,
      resource: { resource: request.resource, accountId: request.resourceAccount },
      contextVariables: Object.fromEntries(
        Object.entries(request.context ?? {}).map(([key, value]) => [
          key,
          typeof value === "string" ? value : [...value],
        ]),
      ),
    },
    identityPolicies: named(policies.identity),
    serviceControlPolicies: levels(policies.serviceControl),
    resourceControlPolicies: levels(policies.resourceControl),
    ...(policies.resource ? { resourcePolicy: policies.resource } : {}),
    ...(policies.session?.[0] ? { sessionPolicy: policies.session[0] } : {}),
    ...(policies.permissionsBoundary
      ? { permissionBoundaryPolicies: named(policies.permissionsBoundary) }
      : {}),
    ...(policies.vpcEndpoint ? { vpcEndpointPolicies: named(policies.vpcEndpoint) } : {}),
  };
}

/**
 * The oracle's decision.
 * @throws Error where it refuses the question: the question then is wrong, not the answer.
 */
export async function askOracle(asked: Question): Promise<Decision> {
  const answer = await runSimulation(simulationOf(asked), {});
  if (answer.resultType === "error") throw new Error(`the oracle refuses: ${JSON.stringify(answer.errors)}`);
  return answer.overallResult;
}
