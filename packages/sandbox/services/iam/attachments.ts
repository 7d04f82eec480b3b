/** Managed policies attached to roles and users. */
import { AwsError } from "../../core";
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

/** Maximum number of managed policies of one role or user. */
const quota = 10;

function policyArn(request: IamRequest): string {
  const arn = request.parameters.required("PolicyArn");
  if (!/^arn:aws:iam::(\d{12}|aws):policy\/.+/.test(arn))
    throw new AwsError("ValidationError", `ARN ${arn} is not valid.`);
  return arn;
}

const attach =
  (kind: EntityKind) =>
  (request: IamRequest): XmlContent => {
    const arn = policyArn(request);
    const entity = request.entity(kind, (found) => ({ "iam:PolicyARN": arn, ...boundaryContext(found) }));
    const policy = request.findPolicy(arn);
    if (!policy || (policy.account !== "aws" && policy.account !== request.account))
      throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
    if (entity.attached.includes(arn)) return undefined;
    if (entity.attached.length >= quota)
      throw limitExceeded(`Cannot exceed quota for PoliciesPer${kind}: ${quota}`);
    entity.attached.push(arn);
    request.collection(kind).touch();
    return undefined;
  };

const detach =
  (kind: EntityKind) =>
  (request: IamRequest): XmlContent => {
    const arn = policyArn(request);
    const entity = request.entity(kind, (found) => ({ "iam:PolicyARN": arn, ...boundaryContext(found) }));
    if (!entity.attached.includes(arn)) throw noSuchEntity(`Policy ${arn} was not found.`);
    entity.attached = entity.attached.filter((other) => other !== arn);
    request.collection(kind).touch();
    return undefined;
  };

const list =
  (kind: EntityKind) =>
  (request: IamRequest): XmlContent => {
    const attached = request.entity(kind).attached.flatMap((arn) => request.findPolicy(arn) ?? []);
    const { entries, paging } = request.page(request.underPath(attached), ({ name }) => name);
    return {
      AttachedPolicies: members(entries.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn }))),
      ...paging,
    };
  };

export const attachmentOperations: Readonly<Record<string, IamOperation>> = {
  AttachRolePolicy: attach("Role"),
  DetachRolePolicy: detach("Role"),
  ListAttachedRolePolicies: list("Role"),
  AttachUserPolicy: attach("User"),
  DetachUserPolicy: detach("User"),
  ListAttachedUserPolicies: list("User"),
};
