/** Documents that AWS would not take, or that say what they cannot mean: found without a request. */
import type { ActionCatalog } from "@feature-store-access/iam";
import type { Finding } from "../findings";
import type { AccessModel, ModelDocument } from "../model";
import { carrierFaults } from "./carriers";
import { documentFaults } from "./documents";
import { keyFaults } from "./keys";
import { statementFaults } from "./statements";
import { workgroupFaults } from "./workgroups";

/** Characters that documents may have, without white space. Source: IAM User Guide, "IAM and AWS STS quotas". */
export interface Quotas {
  readonly trustPolicy: number;
  readonly inlinePolicies: number;
  readonly managedPolicy: number;
  readonly managedPolicies: number;
  readonly bucketPolicy: number;
  readonly keyPolicy: number;
}

export function lint(model: AccessModel, catalog: ActionCatalog, quotas: Quotas): Finding[] {
  const documents = ownDocuments(model);
  return [
    ...keyFaults(model),
    ...carrierFaults(model),
    ...workgroupFaults(model),
    ...documentFaults(model, documents, quotas),
    ...documents.flatMap((document) => statementFaults(document, catalog)),
  ];
}

/** Each document once; those that AWS manages are AWS's own affair. */
function ownDocuments({ roles, resources }: AccessModel): ModelDocument[] {
  const all = [
    ...roles.flatMap(({ identity, boundary }) => [...identity, ...(boundary ? [boundary] : [])]),
    ...resources.flatMap(({ policy }) => (policy ? [policy] : [])),
  ];
  return [...new Set(all)].filter(({ resource }) => !/^arn:[^:]+:iam::aws:policy\//.test(resource));
}
