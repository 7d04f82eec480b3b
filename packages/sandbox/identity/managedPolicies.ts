/** AWS managed policies, as IAM of an emulated account has them. */
import { awsManagedPolicies } from "@feature-store-access/iam";
import type { ManagedPolicy } from "./state";

/** The AWS managed policies by ARN (`arn:aws:iam::aws:policy/NAME`); the same in every account. */
export const managedPolicies: ReadonlyMap<string, ManagedPolicy> = new Map(
  awsManagedPolicies.map((policy) => {
    const arn = `arn:aws:iam::aws:policy/${policy.name}`;
    const version = `v${policy.version}`;
    return [
      arn,
      {
        account: "aws",
        name: policy.name,
        path: "/",
        id: policy.id,
        arn,
        description: policy.description,
        created: policy.created,
        updated: policy.created,
        tags: [],
        versions: [{ id: version, document: JSON.stringify(policy.document), created: policy.created }],
        defaultVersion: version,
        lastVersion: policy.version,
      },
    ];
  }),
);
