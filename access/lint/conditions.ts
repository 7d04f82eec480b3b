/** Condition keys that do not exist or do not fit, and comparisons that do not mean what they seem to mean. */
import {
  type ActionCatalog,
  type ConditionElement,
  hasVariables,
  type PolicyStatement,
} from "@feature-store-access/iam";
import { list } from "../lists";
import type { Flaw } from "./rule";

export function* conditionFlaws(
  { Condition = {}, Effect }: PolicyStatement,
  patterns: readonly string[],
  catalog: ActionCatalog,
): Generator<Flaw> {
  const actions = patterns.flatMap((pattern) => catalog.expand(pattern));
  for (const [operator, keys] of Object.entries(Condition))
    for (const [key, values] of Object.entries(keys)) {
      if (!/string|arn/i.test(operator) && list(values).some((value) => hasVariables(String(value))))
        yield {
          says: `${operator} of ${key} has a policy variable, which AWS fills in for texts and ARNs only`,
          advice: "Write the value out, or compare with a String or Arn operator.",
        };
      const wild = list(values).map(String).find(hasWildcard);
      if (wild !== undefined && /^(For(All|Any)Values?:)?String(Not)?Equals/i.test(operator))
        yield {
          says: `${operator} of ${key} compares "${wild}" literally, including its wildcard: no request has that value`,
          advice: `Write ${operator.replace(/Equals(IgnoreCase)?/i, "Like")}, or the value without a wildcard.`,
        };
      // A request may have no tags: ForAllValues is about the keys of those that it has.
      const isOptional = key.toLowerCase() === "aws:tagkeys";
      if (
        Effect === "Allow" &&
        /^ForAllValues:/i.test(operator) &&
        !isOptional &&
        !isDemanded(Condition, key)
      )
        yield {
          says: `${operator} of ${key} also holds for a request without ${key}, and so allows it`,
          advice: `Demand the key too ("Null": { "${key}": "false" }), or write ForAnyValue.`,
        };
      if (!catalog.hasKey(key))
        yield {
          says: `there is no condition key ${key}`,
          advice: "A key that no request has never matches.",
        };
      else if (actions.length > 0 && !actions.some((action) => catalog.takes(action, key)))
        yield { says: `no request for ${patterns.join(", ")} has ${key}, which ${operator} demands` };
    }
}

/** `${*}` and `${?}` are meant literally. */
function hasWildcard(value: string): boolean {
  return /[*?]/.test(value.replace(/\$\{[^}]*\}/g, ""));
}

/** True if another operator fails when the key is missing. */
function isDemanded(condition: ConditionElement, key: string): boolean {
  return Object.entries(condition).some(([operator, keys]) =>
    Object.entries(keys).some(
      ([each, values]) =>
        each.toLowerCase() === key.toLowerCase() &&
        (/^Null$/i.test(operator)
          ? list(values).every((value) => String(value) === "false")
          : !/^ForAllValues:|IfExists$|Not/i.test(operator)),
    ),
  );
}
