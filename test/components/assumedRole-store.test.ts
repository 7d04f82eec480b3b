// Policies that name roles, and those of the central store: as literal documents, and what identity, trust, key and bucket policies together let whom do, by
// access/evaluate.ts. That AWS takes them is proven on the sandbox by test/integration.
import { expect } from "chai";
import fc from "fast-check";
import type { PolicyDocument } from "@feature-store-access/iam";
import { centralOfflineKeyPolicy } from "../../components/topologies/assumed-role/policies/centralStoreKeys";
import {
  consumerGrantsPolicy,
  documentedAssumePolicy,
} from "../../components/topologies/assumed-role/policies/consumerRole";
import { crossAccountTrustPolicy } from "../../components/topologies/assumed-role/policies/crossAccountRole";
import {
  documentedResultsBucketPolicy,
  resultsBucketPolicy,
} from "../../components/topologies/assumed-role/policies/resultsBucket";
import {
  A,
  B,
  EXECUTION_SESSION,
  ONLINE_KEY,
  OFFLINE_KEY,
  BUCKET,
  dataOf,
  trust,
  resultsBucket,
  grants,
  offlineKey,
  allowed,
} from "./assumedRole-world";

describe("a role that is made again", () => {
  it("changes the text of every policy that names it, and of the consumer's own", () => {
    const texts = (executionRoleId: string, crossAccountRoleId: string, writerRoleId: string) =>
      [
        crossAccountTrustPolicy({ ...trust, executionRoleId }),
        consumerGrantsPolicy({ ...grants, executionRoleId }),
        documentedAssumePolicy({ ...grants, executionRoleId }),
        resultsBucketPolicy({ ...resultsBucket, executionRoleId, crossAccountRoleId }),
        documentedResultsBucketPolicy({ ...resultsBucket, executionRoleId, crossAccountRoleId }),
        centralOfflineKeyPolicy({ ...offlineKey, writerRoleId }),
      ].map((document) => JSON.stringify(document));
    const changed = (now: string[]) =>
      now.map((text, index) => text !== texts("AROA1", "AROA2", "AROA3")[index]);
    expect(changed(texts("AROA9", "AROA2", "AROA3"))).to.deep.equal([true, true, true, true, true, false]);
    expect(changed(texts("AROA1", "AROA9", "AROA3"))).to.deep.equal([false, false, false, true, true, false]);
    expect(changed(texts("AROA1", "AROA2", "AROA9"))).to.deep.equal([
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });
});

describe("the central store's own policies", () => {
  it("leave the keys to account B's IAM, and let the store's role have data keys made", () => {
    const use = (
      principal: string,
      action: string,
      resource: string,
      identity: readonly PolicyDocument[] = [],
    ) => allowed({ principal, action, resource, resourceAccount: B }, identity);
    const store = `arn:aws:sts::${B}:assumed-role/store/SageMaker`;
    expect(use(store, "kms:GenerateDataKey", OFFLINE_KEY)).to.equal(true);
    expect(use(store, "kms:Decrypt", OFFLINE_KEY)).to.equal(false);
    expect(use(store, "kms:GenerateDataKey", ONLINE_KEY)).to.equal(false);
    expect(use(`arn:aws:sts::${B}:assumed-role/Admin/x`, "kms:ScheduleKeyDeletion", ONLINE_KEY)).to.equal(
      true,
    );
    expect(use(`arn:aws:sts::${B}:assumed-role/Admin/x`, "kms:Decrypt", ONLINE_KEY)).to.equal(false);
    expect(use("sagemaker.amazonaws.com", "kms:DescribeKey", ONLINE_KEY)).to.equal(true);
    const everything: PolicyDocument[] = [
      { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
    ];
    expect(use(EXECUTION_SESSION, "kms:Decrypt", ONLINE_KEY, everything)).to.equal(false);
    expect(use(EXECUTION_SESSION, "s3:GetObject", `${BUCKET}/${dataOf("alpha")}/x`, everything)).to.equal(
      false,
    );
  });

  it("name no wildcard principal in an Allow, whatever the names (property)", () => {
    const name = fc.stringMatching(/^[\w+=,.@-]{1,64}$/);
    fc.assert(
      fc.property(name, name, (execution, cross) => {
        const executionRoleArn = `arn:aws:iam::${A}:role/${execution}`;
        const crossAccountRoleArn = `arn:aws:iam::${B}:role/${cross}`;
        for (const { Effect, Principal } of [
          ...crossAccountTrustPolicy({ ...trust, executionRoleArn }).Statement,
          ...resultsBucketPolicy({ ...resultsBucket, executionRoleArn, crossAccountRoleArn }).Statement,
        ])
          if (Effect === "Allow") expect(JSON.stringify(Principal)).not.to.contain("*");
      }),
    );
  });
});
