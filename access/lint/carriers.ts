/** What a resource's policy gets wrong by being that resource's: AWS refuses most of it, and the rest never matches. */
import { placeOf, type Finding } from "../findings";
import { list } from "../holders";
import type { AccessModel, ModelDocument, ModelResource } from "../model";
import { overlap, type PolicyStatement } from "@feature-store-access/iam";

interface Fault {
  readonly says: string;
  readonly advice: string;
}

export function carrierFaults({ resources }: AccessModel): Finding[] {
  return resources.flatMap((resource) => (resource.policy ? faultsOf(resource, resource.policy) : []));
}

function faultsOf(resource: ModelResource, policy: ModelDocument): Finding[] {
  return list(policy.document.Statement).flatMap((statement, index) =>
    [...faults(statement, resource)].map(({ says, advice }) => ({
      kind: "lint" as const,
      says: `${policy.name}: ${says}`,
      why: [],
      places: [placeOf(policy, index, statement)],
      advice,
    })),
  );
}

function* faults(statement: PolicyStatement, { kind, arn }: ModelResource): Generator<Fault> {
  const services = SERVICES[kind];
  for (const action of list(statement.Action ?? statement.NotAction ?? [])) {
    const [service = ""] = action.toLowerCase().split(":");
    if (services && action !== "*" && !services.includes(service))
      yield {
        says: `${action} is no action of ${services.join(" or ")}, and AWS does not take it in this policy`,
        advice: "Allow it in the policy of the resource that it is about, or in the principal's own.",
      };
  }
  const named = list(statement.Resource ?? statement.NotResource ?? []);
  if (kind === "role") {
    if (named.length > 0)
      yield {
        says: "a trust policy has no Resource: AWS does not take one",
        advice: "Leave it out: the policy is about the role that carries it.",
      };
    return;
  }
  for (const pattern of named)
    if (!overlap(pattern, arn) && !(kind === "bucket" && overlap(pattern, `${arn}/*`)))
      yield {
        says: `"${pattern}" is not ${arn}, which carries the policy: the statement never matches it`,
        advice:
          kind === "key" ? 'Write "*": it is the key.' : `Write ${arn}${kind === "bucket" ? " and /*" : ""}.`,
      };
}

/** Prefixes of the actions that AWS takes in the policy of such a resource. */
const SERVICES: Readonly<Partial<Record<ModelResource["kind"], readonly string[]>>> = {
  bucket: ["s3"],
  key: ["kms"],
  role: ["sts"],
  topic: ["sns"],
  queue: ["sqs"],
};
