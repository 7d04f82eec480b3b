/** The conditions that statements demand of a request, and which of them keep a permission to its purpose. */
import { glob, type PolicyStatement } from "@feature-store-access/iam";
import { list } from "./lists";
import type { ModelDocument } from "./model";

/**
 * Conditions that keep a permission to its purpose, by the document that has to demand them. If every intended use sends
 * the key, a statement that does not demand it allows other uses too.
 */
export const KEEPING: Readonly<Partial<Record<ModelDocument["kind"], readonly string[]>>> = {
  identity: ["kms:ViaService", "s3:prefix"],
  managed: ["kms:ViaService", "s3:prefix"],
  key: ["kms:ViaService"],
  bucket: ["s3:prefix"],
  trust: ["sts:ExternalId", "aws:PrincipalOrgID"],
};

/** Values that the statement demands, by lower-case key. A negated condition, or one that holds without the key, demands none. */
export function demandsOf({ Condition = {} }: PolicyStatement): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(Condition)
      .filter(([operator]) => !/IfExists$|^ForAllValues:|^Null$|Not/i.test(operator))
      .flatMap(([, keys]) =>
        Object.entries(keys).map(([key, values]) => [key.toLowerCase(), list(values).map(String)] as const),
      ),
  );
}

/** Keys whose values name an actor or a service: each value has to be one that an intended use sends. */
const EXACT: ReadonlySet<string> = new Set(["kms:ViaService", "sts:ExternalId", "aws:PrincipalOrgID"]);

/** True if what a statement demands of a key limits its permission to uses with those values. */
export function keeps(
  key: string,
  demanded: readonly string[] | undefined,
  intended: ReadonlySet<string>,
): boolean {
  if (demanded === undefined) return false;
  // Listing is limited to a prefix by values that begin with it; `results` by itself lists no more than `results/`.
  if (key === "s3:prefix")
    return demanded.every((value) =>
      [...intended].some((each) => value.startsWith(each) || `${value}/` === each),
    );
  // A service in any Region is fine (`sagemaker.*.amazonaws.com`), any service is not.
  const isWhole = (value: string) =>
    !/[*?]/.test(key === "kms:ViaService" ? (value.split(".")[0] ?? "") : value);
  return (
    !EXACT.has(key) ||
    demanded.every((value) => isWhole(value) && [...intended].some((each) => glob(value)(each)))
  );
}

/** "without kms:ViaService"; "with kms:ViaService *, and s3.us-east-1.amazonaws.com is intended". */
export function unlikeWords(
  key: string,
  demanded: readonly string[] | undefined,
  intended: ReadonlySet<string>,
): string {
  if (demanded === undefined) return `without ${key}`;
  const [first = "", ...more] = intended;
  return `with ${key} ${demanded.join(" or ")}, and ${first}${more.length > 0 ? ` and ${more.length} more` : ""} is intended`;
}
