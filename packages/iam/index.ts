/** Evaluation of IAM policies: decides a request by all policies that apply to it, as AWS documents it. */
export { ActionCatalog, type Reach } from "./actions";
export { splitArn } from "./arn";
export { evaluate, PolicyError } from "./evaluate";
export { glob } from "./glob";
export { awsManagedPolicies, managedDocument } from "./managed";
export { meet, overlap, sampleOf, widest, within } from "./patterns";
export type {
  AccessPolicies,
  AccessRequest,
  ConditionElement,
  DecidingStatement,
  Decision,
  DocumentPlace,
  Evaluation,
  KmsGrant,
  ListedGrant,
  OneOrMany,
  PolicyDocument,
  PolicyStatement,
  PrincipalElement,
  RequestContext,
} from "./types";
export { hasVariables, hasVariablesInHead } from "./variables";
