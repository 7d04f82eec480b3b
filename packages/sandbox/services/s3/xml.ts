/** S3's XML bodies: parses those of requests defensively, and writes those of answers. */
import { AwsError, type WireRequest, type WireResponse } from "../../core";
import { xmlResponse } from "../../protocol/rest";
import { parseXml, type XmlContent, type XmlNode } from "../../protocol/xml";

export const XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/";

/** An XML answer of S3. */
export function xmlAnswer(
  root: string,
  content: XmlContent,
  headers: Readonly<Record<string, string>> = {},
): WireResponse {
  const response = xmlResponse(root, content, XMLNS);
  return { ...response, headers: { ...response.headers, ...headers } };
}

export type Element = { [name: string]: XmlNode };

/** Elements that S3's configurations repeat: lists even if there is only one. */
const LISTS = [
  "Rule",
  "Tag",
  "Object",
  "Part",
  "CORSRule",
  "AllowedMethod",
  "AllowedOrigin",
  "AllowedHeader",
  "ExposeHeader",
  "Grant",
  "Transition",
  "NoncurrentVersionTransition",
  "QueueConfiguration",
  "TopicConfiguration",
  "CloudFunctionConfiguration",
  "Event",
];

/** The body's root element. @throws AwsError MalformedXML (400), also for an element of another name */
export async function rootElement(request: WireRequest, name: string): Promise<Element> {
  const document = await parseXml(request.body, LISTS);
  const root = document[name];
  if (root === "") return {};
  if (typeof root !== "object" || Array.isArray(root)) throw malformedXml();
  return root;
}

export function textOf(element: Element | undefined, name: string): string | undefined {
  const value = element?.[name];
  return typeof value === "string" ? value : undefined;
}

export function childOf(element: Element | undefined, name: string): Element | undefined {
  const value = element?.[name];
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && !Array.isArray(one) ? one : undefined;
}

export function childrenOf(element: Element | undefined, name: string): Element[] {
  const value = element?.[name];
  const all = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return all.map((each) => (typeof each === "object" && !Array.isArray(each) ? each : {}));
}

export function malformedXml(): AwsError {
  return new AwsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
    400,
  );
}

/** `<TagSet><Tag><Key/><Value/></Tag></TagSet>`. @throws AwsError InvalidTag (400) */
export function tagsOf(root: Element): Record<string, string> {
  const tags: Record<string, string> = {};
  for (const tag of childrenOf(childOf(root, "TagSet"), "Tag")) {
    const key = textOf(tag, "Key") ?? "";
    const value = textOf(tag, "Value") ?? "";
    if (key === "" || key.length > 128 || value.length > 256)
      throw new AwsError("InvalidTag", "The TagKey or TagValue you have provided is invalid", 400, {
        TagKey: key,
      });
    if (key in tags)
      throw new AwsError("InvalidTag", "Cannot provide multiple Tags with the same key", 400, {
        TagKey: key,
      });
    if (key.toLowerCase().startsWith("aws:"))
      throw new AwsError("InvalidTag", "System tags cannot be added/updated by requester", 400, {
        TagKey: key,
      });
    tags[key] = value;
  }
  return tags;
}

export function tagSet(tags: Readonly<Record<string, string>>) {
  return { TagSet: { Tag: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) } };
}
