/** Tags of databases; Glue has none for tables. Source: AWS Glue API Reference, "TagResource". */
import { AwsError, type Call, type Place, type World } from "../../core";
import { checkOf, databases, entityKey, glueTags, notFound } from "./state";

/** The ARN of an existing database, if the caller may do `action` on it. */
function tagged(
  world: World,
  call: Call,
  action: string,
  arn: string,
  context: Readonly<Record<string, string | string[]>> = {},
): string {
  const match = /^arn:aws:glue:([a-z0-9-]+):(\d{12}):(.+)$/.exec(arn);
  if (!match) throw new AwsError("InvalidInputException", `${arn} is not the ARN of a Glue resource.`);
  const catalog: Place = { region: match[1] ?? "", account: match[2] ?? "" };
  const check = checkOf(world, action, catalog, arn);
  world.authorize(call, { ...check, context: { ...check.context, ...context } });
  const [kind, name = ""] = (match[3] ?? "").split("/");
  if (kind !== "database")
    throw new AwsError("InvalidInputException", `The sandbox tags Glue databases only, not ${arn}.`);
  if (!databases(world.store).has(entityKey(catalog, name))) throw notFound(`Database ${name} not found.`);
  return arn;
}

export function getTags(world: World, call: Call, request: { ResourceArn: string }) {
  return { Tags: glueTags(world.store).get(tagged(world, call, "GetTags", request.ResourceArn)) ?? {} };
}

export function tagResource(
  world: World,
  call: Call,
  { ResourceArn, TagsToAdd }: { ResourceArn: string; TagsToAdd: Record<string, string> },
) {
  const arn = tagged(world, call, "TagResource", ResourceArn, {
    ...Object.fromEntries(Object.entries(TagsToAdd).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    "aws:TagKeys": Object.keys(TagsToAdd),
  });
  const tags = { ...glueTags(world.store).get(arn), ...TagsToAdd };
  if (Object.keys(tags).length > 50)
    throw new AwsError("InvalidInputException", "A resource can have at most 50 tags.");
  glueTags(world.store).set(arn, tags);
  return {};
}

export function untagResource(
  world: World,
  call: Call,
  { ResourceArn, TagsToRemove }: { ResourceArn: string; TagsToRemove: string[] },
) {
  const arn = tagged(world, call, "UntagResource", ResourceArn, { "aws:TagKeys": TagsToRemove });
  const left = Object.entries(glueTags(world.store).get(arn) ?? {}).filter(
    ([key]) => !TagsToRemove.includes(key),
  );
  glueTags(world.store).set(arn, Object.fromEntries(left));
  return {};
}
