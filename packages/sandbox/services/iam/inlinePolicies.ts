/** Inline policies of roles and users. */
import { parsePolicy, policyLength } from "../../identity/policyGrammar";
import { checkText, rules } from "../../protocol/validation";
import { encodeStrict } from "../../protocol/encoding";
import { members } from "../../protocol/query";
import type { XmlContent } from "../../protocol/xml";
import {
  boundaryContext,
  limitExceeded,
  noSuchEntity,
  type EntityKind,
  type IamOperation,
  type IamRequest,
} from "./request";

/** Maximum characters of all inline policies of one entity, without white space. */
const quotas: Readonly<Record<EntityKind, number>> = { Role: 10240, User: 2048 };

const policyName = (request: IamRequest) =>
  checkText(request.parameters.required("PolicyName"), "policyName", rules.policyName);

const put =
  (kind: EntityKind) =>
  (request: IamRequest): XmlContent => {
    const name = policyName(request);
    const text = request.parameters.required("PolicyDocument");
    const entity = request.entity(kind, boundaryContext);
    parsePolicy(text, "identity");
    const inline = { ...entity.inline, [name]: text };
    const length = Object.values(inline).reduce((sum, document) => sum + policyLength(document), 0);
    if (length > quotas[kind])
      throw limitExceeded(
        `Maximum policy size of ${quotas[kind]} bytes exceeded for ${kind.toLowerCase()} ${entity.name}`,
      );
    entity.inline = inline;
    request.collection(kind).touch();
    return undefined;
  };

const get =
  (kind: EntityKind) =>
  (request: IamRequest): XmlContent => {
    const name = policyName(request);
    const entity = request.entity(kind);
    return {
      [`${kind}Name`]: entity.name,
      PolicyName: name,
      PolicyDocument: encodeStrict(documentOf(entity.inline, name, kind)),
    };
  };

const remove =
  (kind: EntityKind) =>
  (request: IamRequest): XmlContent => {
    const name = policyName(request);
    const entity = request.entity(kind, boundaryContext);
    documentOf(entity.inline, name, kind);
    entity.inline = Object.fromEntries(Object.entries(entity.inline).filter(([other]) => other !== name));
    request.collection(kind).touch();
    return undefined;
  };

const list =
  (kind: EntityKind) =>
  (request: IamRequest): XmlContent => {
    const { entries, paging } = request.page(Object.keys(request.entity(kind).inline), (name) => name);
    return { PolicyNames: members(entries), ...paging };
  };

function documentOf(inline: Readonly<Record<string, string>>, name: string, kind: EntityKind): string {
  const document = Object.hasOwn(inline, name) ? inline[name] : undefined;
  if (document === undefined)
    throw noSuchEntity(`The ${kind.toLowerCase()} policy with name ${name} cannot be found.`);
  return document;
}

export const inlineOperations: Readonly<Record<string, IamOperation>> = {
  PutRolePolicy: put("Role"),
  GetRolePolicy: get("Role"),
  DeleteRolePolicy: remove("Role"),
  ListRolePolicies: list("Role"),
  PutUserPolicy: put("User"),
  GetUserPolicy: get("User"),
  DeleteUserPolicy: remove("User"),
  ListUserPolicies: list("User"),
};
