/** Permissions boundaries of roles and users. */
import { AwsError } from "../../core";
import type { XmlContent } from "../../protocol/xml";
import {
  boundaryContext,
  noSuchEntity,
  type EntityKind,
  type IamOperation,
  type IamRequest,
} from "./request";

/** The boundary that a request names, as the ARN of an existing policy; undefined if it names none. */
export function readBoundary(request: IamRequest, arn: string | undefined): string | undefined {
  if (arn === undefined) return undefined;
  if (!/^arn:aws:iam::(\d{12}|aws):policy\/.+/.test(arn))
    throw new AwsError("ValidationError", `ARN ${arn} is not valid.`);
  const policy = request.findPolicy(arn);
  if (!policy || (policy.account !== "aws" && policy.account !== request.account))
    throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`);
  return arn;
}

const put =
  (kind: EntityKind) =>
  (request: IamRequest): XmlContent => {
    const arn = request.parameters.required("PermissionsBoundary");
    const entity = request.entity(kind, () => boundaryContext({ boundary: arn }));
    entity.boundary = readBoundary(request, arn);
    request.collection(kind).touch();
    return undefined;
  };

const remove =
  (kind: EntityKind) =>
  (request: IamRequest): XmlContent => {
    const entity = request.entity(kind, boundaryContext);
    if (entity.boundary === undefined)
      throw noSuchEntity(`${kind} ${entity.name} does not have a permissions boundary.`);
    delete entity.boundary;
    request.collection(kind).touch();
    return undefined;
  };

export const boundaryOperations: Readonly<Record<string, IamOperation>> = {
  PutRolePermissionsBoundary: put("Role"),
  DeleteRolePermissionsBoundary: remove("Role"),
  PutUserPermissionsBoundary: put("User"),
  DeleteUserPermissionsBoundary: remove("User"),
};
