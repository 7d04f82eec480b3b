/** Writes and reads the XML of the query and REST-XML protocols. */
import { AwsError } from "../core";

/** The content of an element: text, child elements by name, or several elements of the same name. Undefined is left out. */
export type XmlContent =
  | string
  | number
  | boolean
  | Date
  | undefined
  | { readonly [name: string]: XmlContent }
  | readonly XmlContent[];

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** A whole document: declaration and root element. `attributes` are the root's (`xmlns`). */
export function xmlDocument(
  root: string,
  content: XmlContent,
  attributes: Readonly<Record<string, string>> = {},
): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${escapeXml(value)}"`);
  return `${declaration}<${root}${written.join("")}>${inner(content)}</${root}>`;
}

/** One element, or one per entry of a list; nothing for undefined. Keys starting with `@` are attributes. */
export function xmlElement(name: string, content: XmlContent): string {
  if (content === undefined) return "";
  if (isList(content)) return content.map((entry) => xmlElement(name, entry)).join("");
  let attributes = "";
  if (typeof content === "object" && !(content instanceof Date))
    for (const [key, value] of Object.entries(content))
      if (key.startsWith("@")) attributes += ` ${key.slice(1)}="${escapeXml(text(value))}"`;
  const body = inner(content);
  return body === "" ? `<${name}${attributes}/>` : `<${name}${attributes}>${body}</${name}>`;
}

function inner(content: XmlContent): string {
  if (content === undefined) return "";
  if (typeof content !== "object" || content instanceof Date) return escapeXml(text(content));
  if (isList(content)) throw new Error("a list needs an element name");
  return Object.entries(content)
    .filter(([name]) => !name.startsWith("@"))
    .map(([name, value]) => xmlElement(name, value))
    .join("");
}

function isList(content: XmlContent): content is readonly XmlContent[] {
  return Array.isArray(content);
}

function text(value: XmlContent): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object" || value === undefined) throw new Error("an attribute must be text");
  return String(value);
}

/** Escapes text for elements and attributes; characters that XML cannot hold become U+FFFD. */
export function escapeXml(value: string): string {
  return value
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/\r/g, "&#13;")
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
}

/** A parsed element: its text, or its children by name (a list where a name repeats). Attributes are `@name`. */
export type XmlNode = string | XmlNode[] | { [name: string]: XmlNode };

/** Elements whose white space is part of their value; in all others it is layout. */
const SPACED = new Set(["Key", "Value", "Prefix"]);

/**
 * Parses a request's XML body; text stays text (not numbers or booleans), and namespace prefixes are removed. `lists` names the elements that
 * are lists even if there is only one. Throws `MalformedXML` (400).
 */
export async function parseXml(
  body: Buffer,
  lists: readonly string[] = [],
): Promise<{ [name: string]: XmlNode }> {
  const source = body.toString("utf8");
  const malformed = new AwsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
    400,
  );
  // No request of these protocols has a document type; without one there are no entities to expand.
  if (/<!(DOCTYPE|ENTITY)/i.test(source)) throw malformed;
  const { XMLParser, XMLValidator } = await import("fast-xml-parser"); // late: most runs never parse XML
  if (XMLValidator.validate(source) !== true) throw malformed;
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    // Numeric character references, which Go's clients use for quotes.
    htmlEntities: true,
    trimValues: false,
    tagValueProcessor: (name, value) => (SPACED.has(name) ? value : value.trim()),
    ignoreDeclaration: true,
    isArray: (name) => lists.includes(name),
  });
  return parser.parse(source) as { [name: string]: XmlNode };
}
