/** The documents of users' and roles' policies. */
import type { PolicyDocument } from "@feature-store-access/iam";
import type { Store } from "../core";
import { managedPolicies } from "./managedPolicies";
import { policies, type Entity } from "./state";

/** Inline and attached policies, without the boundary. */
export function identityPolicies(store: Store, entity: Entity): PolicyDocument[] {
  return [
    ...Object.values(entity.inline).map(parseKept),
    ...entity.attached.map((arn) => managedDocument(store, arn)),
  ];
}

/** The default version of a managed policy; a document that allows nothing if the policy was deleted. */
export function managedDocument(store: Store, arn: string): PolicyDocument {
  const policy = managedPolicies.get(arn) ?? policies(store).get(arn);
  const version = policy?.versions.find(({ id }) => id === policy.defaultVersion);
  return version ? parseKept(version.document) : { Version: "2012-10-17", Statement: [] };
}

const parsed = new Map<string, PolicyDocument>();

/** Parses a policy's text and caches the result: the same few policies decide most requests. */
function parseKept(text: string): PolicyDocument {
  let document = parsed.get(text);
  if (document === undefined) {
    if (parsed.size > 1000) parsed.clear();
    document = JSON.parse(text) as PolicyDocument;
    parsed.set(text, document);
  }
  return document;
}
