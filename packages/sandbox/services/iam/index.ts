/** AWS Identity and Access Management. Source: IAM API Reference, version 2010-05-08. */
import { AwsError, type Service, type World } from "../../core";
import type { SessionCaller } from "../../pipeline/credentials";
import { namespaces, notImplemented } from "../../pipeline/route";
import { QueryParameters, queryResponse } from "../../protocol/query";
import { accessKeyOperations } from "./accessKeys";
import { attachmentOperations } from "./attachments";
import { boundaryOperations } from "./boundaries";
import { inlineOperations } from "./inlinePolicies";
import { policyOperations } from "./policies";
import { IamRequest, type IamOperation } from "./request";
import { roleOperations } from "./roles";
import { simulateOperations } from "./simulate";
import { tagOperations } from "./tags";
import { userOperations } from "./users";
import { versionOperations } from "./policyVersions";

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
