/** AWS Identity and Access Management. Source: IAM API Reference, version 2010-05-08. */
import { AwsError } from "../../core";
import type { SessionCaller } from "../../identity/credentials";
import { query, QueryParameters } from "../../protocol/query";
import { defineService, type Operation } from "../../protocol/service";
import type { XmlContent } from "../../protocol/xml";
import { accessKeyOperations } from "./accessKeys";
import { accountOperations } from "./accountDetails";
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

export const iam = defineService({
  name: "iam",
  protocol: query("https://iam.amazonaws.com/doc/2010-05-08/"),
  operations: declared({
    ...accessKeyOperations,
    ...accountOperations,
    ...attachmentOperations,
    ...boundaryOperations,
    ...inlineOperations,
    ...policyOperations,
    ...roleOperations,
    ...simulateOperations,
    ...tagOperations,
    ...userOperations,
    ...versionOperations,
  }),
});

function declared(operations: Readonly<Record<string, IamOperation>>) {
  const entries = Object.entries(operations).map(([name, operation]): [string, Operation<XmlContent>] => [
    name,
    {
      reads: /^(Get|List|Simulate)/.test(name),
      run(world, call, _input, request) {
        const { kind, session }: SessionCaller = call.caller;
        // Source: STS API Reference, GetSessionToken: its credentials can call IAM only with MFA, which the sandbox does not have.
        if (kind === "user" && session)
          throw new AwsError(
            "InvalidClientTokenId",
            "The security token included in the request is invalid",
            403,
          );
        return operation(new IamRequest(world, call, QueryParameters.of(request), name));
      },
    },
  ]);
  return Object.fromEntries(entries);
}
