/** Evaluation of AWS IAM policies. This is the whole public API; README.md shows its use. */
export { ActionCatalog, type Reach } from "./actions";
export { splitArn } from "./arn";
export { PolicyError } from "./errors";
export { evaluate } from "./evaluate";
export { glob, type Matcher } from "./glob";
export { type AwsManagedPolicy, awsManagedPolicies, managedDocument } from "./managed";
export { meet, overlap, sampleOf, widest, within } from "./patterns";
export type * from "./types";
export { hasVariables, hasVariablesInHead } from "./variables";
