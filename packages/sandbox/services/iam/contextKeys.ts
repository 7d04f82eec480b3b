/** The condition keys that policies use, in conditions and as variables. Source: IAM API Reference, "GetContextKeysForCustomPolicy". */
import type { PolicyDocument, PolicyStatement } from "@feature-store-access/iam";

/** Keys as the policies write them, each once, from the statements that `isMeant` selects. */
export function contextKeys(
  documents: readonly PolicyDocument[],
  isMeant: (statement: PolicyStatement) => boolean = () => true,
): string[] {
  const found = new Map<string, string>();
  const add = (key: string) => found.set(key.toLowerCase(), found.get(key.toLowerCase()) ?? key);
  for (const document of documents)
    for (const statement of statementsOf(document).filter(isMeant)) {
      for (const keys of Object.values(statement.Condition ?? {})) Object.keys(keys).forEach(add);
      const text = JSON.stringify([statement.Resource, statement.NotResource, statement.Condition]);
      for (const [, variable = ""] of text.matchAll(/\$\{([^}*?$]+?)(?:,[^}]*)?\}/g)) add(variable.trim());
    }
  return [...found.values()];
}

export function statementsOf({ Statement }: PolicyDocument): readonly PolicyStatement[] {
  return Array.isArray(Statement)
    ? (Statement as readonly PolicyStatement[])
    : [Statement as PolicyStatement];
}
