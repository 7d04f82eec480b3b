/** AWS Identity and Access Management. Source: IAM API Reference, version 2010-05-08. */
import { AwsError, type Service, type World } from "../core";
import type { SessionCaller } from "../credentials";
import { namespaces, notImplemented } from "../routing";
import { QueryParameters, queryResponse } from "../wire/query";
import { accessKeyOperations } from "./iam/accessKeys";
import { attachmentOperations } from "./iam/attachments";
import { boundaryOperations } from "./iam/boundaries";
import { inlineOperations } from "./iam/inlinePolicies";
import { policyOperations } from "./iam/policies";
import { IamRequest, type IamOperation } from "./iam/request";
import { roleOperations } from "./iam/roles";
import { simulateOperations } from "./iam/simulate";
import { tagOperations } from "./iam/tags";
import { userOperations } from "./iam/users";
import { versionOperations } from "./iam/policyVersions";

const operations: Readonly<Record<string, IamOperation>> = {
  ...accessKeyOperations,
  ...attachmentOperations,
  ...boundaryOperations,
  ...inlineOperations,
  ...policyOperations,
  ...roleOperations,
  ...simulateOperations,
  ...tagOperations,
  ...userOperations,
  ...versionOperations,
};

export function createIam(world: World): Service {
  return {
    handle(call, request) {
      const parameters = QueryParameters.of(request);
      const name = parameters.get("Action") ?? "";
      const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) return Promise.reject(notImplemented("iam", name));
      const { kind, session }: SessionCaller = call.caller;
      // Source: STS API Reference, GetSessionToken: its credentials call IAM with MFA only, which the sandbox does not have.
      if (kind === "user" && session)
        return Promise.reject(
          new AwsError("InvalidClientTokenId", "The security token included in the request is invalid", 403),
        );
      return new Promise((resolve) =>
        resolve(
          queryResponse(
            namespaces.iam,
            name,
            call.requestId,
            operation(new IamRequest(world, call, parameters, name)),
          ),
        ),
      );
    },
  };
}
