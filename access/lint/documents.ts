/** Sizes, Sids and versions of documents that AWS would reject. */
import { placeOf, type Finding, type Place } from "../findings";
import { list } from "../lists";
import type { AccessModel, ModelDocument } from "../model";
import { lintFinding } from "./rule";

/**
 * Characters that documents may have, without white space. Sources: IAM User Guide, "IAM and AWS STS quotas",
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html; the guides of Amazon S3 and AWS KMS.
 */
export interface Quotas {
  readonly trustPolicy: number;
  readonly inlinePolicies: number;
  readonly managedPolicy: number;
  /** Number of managed policies attached to a role. */
  readonly managedPolicies: number;
  readonly bucketPolicy: number;
  readonly keyPolicy: number;
}

export function documentFindings(
  { roles }: AccessModel,
  documents: readonly ModelDocument[],
  quotas: Quotas,
): Finding[] {
  const limits: Readonly<Partial<Record<ModelDocument["kind"], number>>> = {
    trust: quotas.trustPolicy,
    managed: quotas.managedPolicy,
    bucket: quotas.bucketPolicy,
    key: quotas.keyPolicy,
  };
  return [
    ...documents.flatMap((document) => [
      ...tooLarge(document.name, sizeOf(document), limits[document.kind], [placeOf(document)]),
      ...sidFindings(document),
      ...versionFindings(document),
    ]),
    ...roles.flatMap(({ label, identity }) => {
      const inline = identity.filter(({ kind }) => kind === "identity");
      const total = inline.reduce((sum, document) => sum + sizeOf(document), 0);
      const places = inline.map((document) => placeOf(document));
      return [
        ...tooLarge(`the inline policies of ${label} together`, total, quotas.inlinePolicies, places),
        ...tooMany(label, identity.length - inline.length, quotas.managedPolicies),
      ];
    }),
  ];
}

/** AWS counts characters without white space between tokens. */
function sizeOf({ document }: ModelDocument): number {
  return withoutSymbols(JSON.stringify(document)).length;
}

/** Replaces a plan's symbols by the shortest names that AWS may give: a creation time, or else a unique ID. */
function withoutSymbols(text: string): string {
  return text.replace(/\{epoch\}/g, "1767225600").replace(/\{[\w.~-]+\}/g, "AROA00000000000000000");
}

function tooLarge(
  name: string,
  size: number,
  limit: number | undefined,
  places: readonly Place[],
): Finding[] {
  if (limit === undefined || size <= limit) return [];
  const advice = "Give access to fewer feature groups, or spread them over more consumers.";
  return [lintFinding(places, `${name} has ${size} characters; AWS allows ${limit}`, advice)];
}

function tooMany(label: string, count: number, limit: number): Finding[] {
  if (count <= limit) return [];
  const says = `${label} has ${count} managed policies; AWS allows ${limit}`;
  return [lintFinding([], says, "AWS raises the quota on request.")];
}

function sidFindings(document: ModelDocument): Finding[] {
  const seen = new Set<string>();
  return list(document.document.Statement).flatMap((statement, index) => {
    const { Sid } = statement;
    if (Sid === undefined) return [];
    const places = [placeOf(document, index, statement)];
    const of = `${document.name}: Sid "${Sid}"`;
    const found: Finding[] = [];
    const plain = document.kind === "identity" || document.kind === "managed" || document.kind === "trust";
    if (plain && !/^[A-Za-z0-9]*$/.test(withoutSymbols(Sid)))
      found.push(lintFinding(places, `${of} has more than letters and digits, which IAM rejects`));
    if (seen.has(Sid)) found.push(lintFinding(places, `${of} occurs twice`));
    seen.add(Sid);
    return found;
  });
}

function versionFindings(document: ModelDocument): Finding[] {
  const { Version } = document.document;
  if (Version === "2012-10-17" || !JSON.stringify(document.document).includes("${")) return [];
  const says = `${document.name} has policy variables, which are plain text before version 2012-10-17`;
  return [lintFinding([placeOf(document)], says, 'Write "Version": "2012-10-17".')];
}
