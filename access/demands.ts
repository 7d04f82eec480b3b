/** What statements demand of a request: which of it keeps a grant to what it is meant for. */
import { glob, type PolicyStatement } from "@feature-store-access/iam";
import { list } from "./holders";
import type { ModelDocument } from "./model";

/**
 * Conditions that keep a grant to its purpose, by the document that has to demand them: if every intended use brings the
 * key, a statement that does not ask for it allows other uses too.
 */
export const KEEPING: Readonly<Partial<Record<ModelDocument["kind"], readonly string[]>>> = {
  identity: ["kms:ViaService", "s3:prefix"],
  managed: ["kms:ViaService", "s3:prefix"],
  key: ["kms:ViaService"],
  bucket: ["s3:prefix"],
  trust: ["sts:ExternalId", "aws:PrincipalOrgID"],
};

/** Values of the keys that the statement demands, by lower-case key: what is negated, or holds without the key, demands none. */
export function demandsOf({ Condition = {} }: PolicyStatement): ReadonlyMap<string, readonly string[]> {
  return new Map(
    Object.entries(Condition)
      .filter(([operator]) => !/IfExists$|^ForAllValues:|^Null$|Not/i.test(operator))
      .flatMap(([, keys]) =>
        Object.entries(keys).map(([key, values]) => [key.toLowerCase(), list(values).map(String)] as const),
      ),
  );
}

/** Keys whose values say for whom or through what a grant is: each has to be one that an intended use brings. */
const EXACT: ReadonlySet<string> = new Set(["kms:ViaService", "sts:ExternalId", "aws:PrincipalOrgID"]);

/** Whether what a statement demands of a key keeps its grant to the uses that bring those values of it. */
export function keeps(
  key: string,
  demanded: readonly string[] | undefined,
  brought: ReadonlySet<string>,
): boolean {
  if (demanded === undefined) return false;
  // Listing is kept to a prefix by values that begin with it; `results` by itself lists no more than `results/`.
  if (key === "s3:prefix")
    return demanded.every((value) =>
      [...brought].some((each) => value.startsWith(each) || `${value}/` === each),
    );
  // A service in any Region will do (`sagemaker.*.amazonaws.com`), and any service will not.
  const isWhole = (value: string) =>
    !/[*?]/.test(key === "kms:ViaService" ? (value.split(".")[0] ?? "") : value);
  return (
    !EXACT.has(key) ||
    demanded.every((value) => isWhole(value) && [...brought].some((each) => glob(value)(each)))
  );
}

/** "without kms:ViaService"; "with kms:ViaService *, and s3.us-east-1.amazonaws.com is meant". */
export function unlikeWords(
  key: string,
  demanded: readonly string[] | undefined,
  brought: ReadonlySet<string>,
): string {
  if (demanded === undefined) return `without ${key}`;
  const [first = "", ...more] = brought;
  return `with ${key} ${demanded.join(" or ")}, and ${first}${more.length > 0 ? ` and ${more.length} more` : ""} is meant`;
}
