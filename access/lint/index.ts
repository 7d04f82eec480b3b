/** Documents that AWS would reject, or that cannot mean what they say: found without a request. */
import type { ActionCatalog } from "@feature-store-access/iam";
import type { Finding } from "../findings";
import type { AccessModel, ModelDocument } from "../model";
import { carrierFindings } from "./carriers";
import { documentFindings, type Quotas } from "./documents";
import { keyFindings } from "./keys";
import { statementFindings } from "./statements";
import { workgroupFindings } from "./workgroups";

export function lint(model: AccessModel, catalog: ActionCatalog, quotas: Quotas): Finding[] {
  const documents = ownDocuments(model);
  return [
    ...keyFindings(model),
    ...carrierFindings(model),
    ...workgroupFindings(model),
    ...documentFindings(model, documents, quotas),
    ...documents.flatMap((document) => statementFindings(document, catalog)),
  ];
}

/** Each document once, except AWS managed ones. */
function ownDocuments({ roles, resources }: AccessModel): ModelDocument[] {
  const all = [
    ...roles.flatMap(({ identity, boundary }) => [...identity, ...(boundary ? [boundary] : [])]),
    ...resources.flatMap(({ policy }) => (policy ? [policy] : [])),
  ];
  return [...new Set(all)].filter(({ resource }) => !/^arn:[^:]+:iam::aws:policy\//.test(resource));
}
