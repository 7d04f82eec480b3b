/** Forms of single values that several parts of the settings share. */
import { z } from "zod";
import { parseRoleArn, prefixProblem } from "./names";

/** A string checked by a function that says what is wrong with it. */
export const judged = (problem: (value: string) => string | undefined) =>
  z.string().superRefine((value, context) => {
    const message = problem(value);
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });

export const roleArn = judged((arn) =>
  parseRoleArn(arn) ? undefined : `"${arn}" is not a role's ARN: arn:aws:iam::ACCOUNT_ID:role/ROLE_NAME`,
);

export const KEY_ARN = /^arn:aws(-cn|-us-gov)?:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;
export const keyArn = judged((arn) =>
  KEY_ARN.test(arn) ? undefined : `"${arn}" is not a key's ARN: arn:aws:kms:REGION:ACCOUNT_ID:key/KEY_ID`,
);

export const externalId = judged((id) =>
  /^[\w+=,.@:/-]{2,1224}$/.test(id)
    ? undefined
    : "an external ID has 2 to 1,224 letters, digits and +=,.@:/-_",
);
export const prefix = judged(prefixProblem);

/** The characters that IAM accepts, which is the strictest service. Source: IAM API Reference, Tag. */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const TAG_WORDS = "letters, digits, spaces and _.:/=+-@";

export const tags = z
  .record(
    judged((key) => {
      if (key.toLowerCase().startsWith("aws:")) return `"${key}": tags that begin with aws: are AWS's own`;
      if (!TAG_TEXT.test(key)) return `"${key}" cannot be a tag's key: it has ${TAG_WORDS}`;
      return key.length >= 1 && key.length <= 128 ? undefined : "a tag's key has 1 to 128 characters";
    }),
    judged((value) => {
      if (value.length > 256) return "a tag's value has at most 256 characters";
      return TAG_TEXT.test(value) ? undefined : `"${value}" cannot be a tag's value: it has ${TAG_WORDS}`;
    }),
  )
  .refine(
    (all) => Object.keys(all).length <= 45,
    "at most 45 tags: AWS takes 50, and some are the project's own",
  )
  .superRefine((all, context) => {
    const twins = twinsByCase(Object.keys(all));
    if (twins)
      context.addIssue({
        code: "custom",
        message: `${twins.join(" and ")} differ only in case, and IAM treats them as one tag`,
      });
  });

/** The first two keys that IAM cannot tell apart, or undefined. */
export function twinsByCase(keys: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const key of keys) {
    const twin = seen.get(key.toLowerCase());
    if (twin !== undefined && twin !== key) return [twin, key];
    seen.set(key.toLowerCase(), key);
  }
  return undefined;
}
