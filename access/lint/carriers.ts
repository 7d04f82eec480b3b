/** Statements that do not fit the resource that carries them: AWS rejects most of them, and the rest never match. */
import { overlap, type PolicyStatement } from "@feature-store-access/iam";
import { placeOf, type Finding } from "../findings";
import { list } from "../lists";
import type { AccessModel, ModelDocument, ModelResource } from "../model";
import { lintFinding, type Flaw } from "./rule";

export function carrierFindings({ resources }: AccessModel): Finding[] {
  return resources.flatMap((resource) => (resource.policy ? findingsOf(resource, resource.policy) : []));
}

function findingsOf(resource: ModelResource, policy: ModelDocument): Finding[] {
  return list(policy.document.Statement).flatMap((statement, index) =>
    [...flaws(statement, resource)].map(({ says, advice }) =>
      lintFinding([placeOf(policy, index, statement)], `${policy.name}: ${says}`, advice),
    ),
  );
}

function* flaws(statement: PolicyStatement, { kind, arn }: ModelResource): Generator<Flaw> {
  const services = SERVICES[kind];
  for (const action of list(statement.Action ?? statement.NotAction ?? [])) {
    const [service = ""] = action.toLowerCase().split(":");
    if (services && action !== "*" && !services.includes(service))
      yield {
        says: `${action} is not an action of ${services.join(" or ")}: AWS does not accept it in this policy`,
        advice: "Allow it in the policy of the resource that it applies to, or in the principal's own.",
      };
  }
  const named = list(statement.Resource ?? statement.NotResource ?? []);
  if (kind === "role") {
    if (named.length > 0)
      yield {
        says: "a trust policy cannot have a Resource",
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

/** Prefixes of the actions that AWS accepts in the policy of such a resource. */
const SERVICES: Readonly<Partial<Record<ModelResource["kind"], readonly string[]>>> = {
  bucket: ["s3"],
  key: ["kms"],
  role: ["sts"],
  topic: ["sns"],
  queue: ["sqs"],
};
