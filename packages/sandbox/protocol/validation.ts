/** Checks of request parameters by IAM and STS, with the messages of AWS's common validation. */
import { AwsError, type Tag } from "../core";
import type { QueryParameters } from "./query";

export function validationError(value: string, member: string, constraint: string): AwsError {
  return new AwsError(
    "ValidationError",
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${constraint}`,
  );
}

interface TextRule {
  readonly pattern: RegExp;
  /** The pattern as AWS prints it. */
  readonly printed: string;
  readonly minimum?: number;
  readonly maximum: number;
}

const word = (maximum: number, minimum = 1): TextRule => ({
  pattern: /^[\w+=,.@-]*$/,
  printed: "[\\w+=,.@-]+",
  minimum,
  maximum,
});

/** The rules of the parameters that these services share. Source: IAM and STS API References. */
export const rules = {
  roleName: word(64),
  userName: word(64),
  policyName: word(128),
  roleSessionName: { ...word(64, 2), printed: "[\\w+=,.@-]*" },
  sourceIdentity: { ...word(64, 2), printed: "[\\w+=,.@-]*" },
  externalId: { pattern: /^[\w+=,.@:/-]*$/, printed: "[\\w+=,.@:\\/-]*", minimum: 2, maximum: 1224 },
  path: {
    pattern: /^(\/|\/[\u0021-\u007e]+\/)$/,
    printed: "(\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)",
    minimum: 1,
    maximum: 512,
  },
  description: {
    pattern: /^[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*$/,
    printed: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u00A1-\\u00FF]*",
    minimum: 0,
    maximum: 1000,
  },
  arn: {
    pattern: /^[\s\S]*$/,
    printed: "[\\u0009\\u000A\\u000D\\u0020-\\u007E\\u0085\\u00A0-\\uD7FF]+",
    minimum: 20,
    maximum: 2048,
  },
} as const satisfies Record<string, TextRule>;

/** `member` is the parameter, lower camel case. @throws AwsError `ValidationError` (400) unless `value` satisfies the rule */
export function checkText(value: string, member: string, rule: TextRule): string {
  if (value.length < (rule.minimum ?? 1))
    throw validationError(
      value,
      member,
      `Member must have length greater than or equal to ${rule.minimum ?? 1}`,
    );
  if (value.length > rule.maximum)
    throw validationError(value, member, `Member must have length less than or equal to ${rule.maximum}`);
  if (!rule.pattern.test(value))
    throw validationError(value, member, `Member must satisfy regular expression pattern: ${rule.printed}`);
  return value;
}

/** A whole number between two bounds, or undefined if it was not sent. */
export function integer(
  parameters: QueryParameters,
  name: string,
  minimum: number,
  maximum: number,
): number | undefined {
  const text = parameters.get(name);
  if (text === undefined) return undefined;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  if (!/^-?\d{1,10}$/.test(text))
    throw new AwsError("MalformedInput", `Invalid integer '${text}' for ${member}`);
  const value = Number(text);
  if (value < minimum)
    throw validationError(text, member, `Member must have value greater than or equal to ${minimum}`);
  if (value > maximum)
    throw validationError(text, member, `Member must have value less than or equal to ${maximum}`);
  return value;
}

/** The tags of a request, checked. Source: IAM User Guide, "Tags for IAM resources". */
export function readTags(parameters: QueryParameters, name = "Tags"): Tag[] | undefined {
  const tags = parameters.structures(name)?.map((tag) => ({
    Key: tag.required("Key"),
    Value: tag.required("Value"),
  }));
  if (!tags) return undefined;
  if (tags.length > 50)
    throw validationError(
      `[${tags.map(({ Key }) => Key).join(", ")}]`,
      "tags",
      "Member must have length less than or equal to 50",
    );
  const keys = new Set<string>();
  for (const [index, { Key, Value }] of tags.entries()) {
    const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
    const printed = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]";
    const at = `tags.${index + 1}.member`;
    checkText(Key, `${at}.key`, { pattern: allowed, printed: `${printed}+`, minimum: 1, maximum: 128 });
    checkText(Value, `${at}.value`, { pattern: allowed, printed: `${printed}*`, minimum: 0, maximum: 256 });
    if (Key.toLowerCase().startsWith("aws:"))
      throw new AwsError("InvalidInput", "System tags cannot be added/updated/deleted by requester");
    if (keys.has(Key.toLowerCase()))
      throw new AwsError(
        "InvalidInput",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
      );
    keys.add(Key.toLowerCase());
  }
  return tags;
}

/** `aws:RequestTag/KEY` and `aws:TagKeys` of tags that a request sets. */
export function tagContext(tags: readonly Tag[] | undefined): Record<string, string | string[]> {
  if (!tags?.length) return {};
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    "aws:TagKeys": tags.map(({ Key }) => Key),
  };
}
