/** Single members of a request's input, and the parts of an ARN. */
import { AwsError } from "../core";

/** A member that has to be a text. @throws AwsError `code`, with AWS's words for a missing member */
export function requiredText(
  input: Readonly<Record<string, unknown>>,
  name: string,
  code = "ValidationException",
): string {
  const value = input[name];
  if (typeof value === "string" && value !== "") return value;
  const member = name.charAt(0).toLowerCase() + name.slice(1);
  throw new AwsError(
    code,
    `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
  );
}

export function optionalText(input: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = input[name];
  return typeof value === "string" ? value : undefined;
}

/** Region and account of `arn:aws:SERVICE:REGION:ACCOUNT:...`. */
export function arnPlace(arn: string): {
  service: string;
  region: string;
  account: string;
  resource: string;
} {
  const [, , service = "", region = "", account = "", ...rest] = arn.split(":");
  return { service, region, account, resource: rest.join(":") };
}
