/** What the services that pass messages on have in common: calls as an AWS service, policies of topics and queues, tags. */
import { evaluate, type PolicyDocument, PolicyError } from "@feature-store-access/iam";
import { AwsError, type World } from "../core";

/** A resource's policy as it is kept. Throws `refuse(why)` for what is no policy, or names principals that do not exist. */
export function resourcePolicy(
  world: World,
  text: string,
  refuse: (why: string) => AwsError,
): PolicyDocument {
  try {
    const document = JSON.parse(text) as PolicyDocument;
    if (typeof document !== "object" || document === null) throw new SyntaxError("it is no JSON object");
    const nobody = { principal: "anonymous", resource: "*", resourceAccount: "000000000000" };
    evaluate({ ...nobody, action: "sns:Publish" }, { identity: [], resource: document });
    return world.principals.keep(document, "MalformedPolicyDocumentException");
  } catch (error) {
    if (
      error instanceof PolicyError ||
      error instanceof SyntaxError ||
      error instanceof TypeError ||
      error instanceof AwsError
    )
      throw refuse(error.message);
    throw error;
  }
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** `aws:RequestTag/...` and `aws:TagKeys` of tags that a request sets. */
export function requestTagContext(tags: Readonly<Record<string, string>>): Record<string, string | string[]> {
  const names = Object.keys(tags);
  if (names.length === 0) return {};
  return {
    ...Object.fromEntries(names.map((name) => [`aws:RequestTag/${name}`, tags[name] ?? ""])),
    "aws:TagKeys": names,
  };
}

/** `aws:ResourceTag/...` of a resource. */
export function resourceTagContext(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:ResourceTag/${name}`, value]));
}

/** Tags as a record. Throws `refuse(why)` for keys of AWS's own, and for more than 50. */
export function tagsOf(value: unknown, refuse: (why: string) => AwsError): Record<string, string> {
  const tags = Array.isArray(value) ? (value as (Partial<Tag> | null)[]) : [];
  if (!tags.every(isTag)) throw refuse("A tag is a Key and a Value");
  const own = tags.find(({ Key = "" }) => Key === "" || Key.toLowerCase().startsWith("aws:"));
  if (own) throw refuse(`${JSON.stringify(own.Key ?? "")} cannot be the key of a tag`);
  if (tags.length > 50) throw refuse("A resource can have at most 50 tags");
  return Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));
}

const isText = (value: unknown) => value === undefined || typeof value === "string";
const isTag = (tag: Partial<Tag> | null): tag is Partial<Tag> =>
  tag !== null && isText(tag.Key) && isText(tag.Value);

export function tagList(tags: Readonly<Record<string, string>>): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** A member that has to be a text. Throws `code` as AWS words a missing member. */
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
