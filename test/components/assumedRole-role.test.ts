// Policies of account B's role: as literal documents, and what identity, trust, key and bucket policies together let whom do, by
// access/evaluate.ts. That AWS takes them is proven on the sandbox by test/integration.
import { expect } from "chai";
import { evaluate, type PolicyDocument } from "@feature-store-access/iam";
import {
  documentedManagedPolicyArns,
  documentedResultsPolicy,
} from "../../components/topologies/assumed-role/policies/documentedCrossAccountRole";
import type { Permission } from "../../components/topologies/assumed-role";
import {
  A,
  ROLE,
  ONLINE_KEY,
  OFFLINE_KEY,
  BUCKET,
  RESULTS,
  WORKGROUP,
  NAMES,
  PERMISSIONS,
  dataOf,
  groupArn,
  granted,
  facts,
  documentsOf,
  allowed,
  viaS3,
  viaSageMaker,
  glue,
  by,
  askedOf,
  ASKED_OF_ALL,
  describeRequest,
} from "./assumedRole-world";

describe("account B's role", () => {
  it("may do exactly what is granted: all permissions of all groups, on all that can be asked", () => {
    const subsets = PERMISSIONS.reduce<Permission[][]>(
      (all, permission) => all.flatMap((subset) => [subset, [...subset, permission]]),
      [[]],
    );
    for (const first of subsets)
      for (const second of subsets) {
        const access = [first, second, []];
        const groups = NAMES.flatMap((name, index) => {
          const list = access[index] ?? [];
          return list.length > 0 ? [granted(name, list)] : [];
        });
        const identity = documentsOf(facts(groups));
        const all = groups.flatMap((group) => group.access);
        const asked = [
          ...NAMES.flatMap((name) => {
            const own = groups.find((group) => group.name === name)?.access ?? [];
            return askedOf(name).map(
              ([request, by]) => [request, by.some((each) => own.includes(each))] as const,
            );
          }),
          ...ASKED_OF_ALL.map(([request, by]) => [request, by.some((each) => all.includes(each))] as const),
        ];
        for (const [request, expected] of asked)
          expect(
            allowed(request, identity),
            `${JSON.stringify(access)}: ${describeRequest(request)}`,
          ).to.equal(expected);
      }
  });

  it("decrypts nothing online for a group without an online store", () => {
    const [known] = documentsOf(facts([{ ...granted("alpha", ["write"]), onlineStore: false }]));
    expect(allowed(by("kms:Decrypt", ONLINE_KEY, viaSageMaker), [known as PolicyDocument])).to.equal(false);
    expect(allowed(by("sagemaker:PutRecord", groupArn("alpha")), [known as PolicyDocument])).to.equal(true);
  });

  it("uses the results' key through S3 alone, where there is one", () => {
    const key = `arn:aws:kms:us-east-1:${A}:key/results`;
    const resource: PolicyDocument = {
      Version: "2012-10-17",
      Statement: { Effect: "Allow", Principal: { AWS: ROLE }, Action: "kms:*", Resource: "*" },
    };
    const may = (action: string, context: Record<string, string>) =>
      evaluate(by(action, key, context, A), {
        identity: documentsOf(facts([granted("alpha", ["readOffline"])], key)),
        resource,
      }).result;
    expect(may("kms:GenerateDataKey", viaS3)).to.equal("Allowed");
    expect(may("kms:Decrypt", viaS3)).to.equal("Allowed");
    expect(may("kms:Decrypt", {})).to.equal("ImplicitlyDenied");
    expect(may("kms:Encrypt", viaS3)).to.equal("ImplicitlyDenied");
  });

  it("has this least privilege, in full", () => {
    const own = { StringEquals: { "aws:ResourceAccount": A } };
    const [document, ...more] = documentsOf(
      facts([granted("alpha", ["readOnline", "readOffline", "write"]), granted("beta", ["readOnline"])]),
    );
    expect(more).to.deep.equal([]);
    expect(document).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "DecryptOnline",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: ONLINE_KEY,
          Condition: { StringEquals: viaSageMaker },
        },
        {
          Sid: "DecryptOffline",
          Effect: "Allow",
          Action: "kms:Decrypt",
          Resource: OFFLINE_KEY,
          Condition: { StringEquals: viaS3 },
        },
        {
          Sid: "Query",
          Effect: "Allow",
          Action: [
            "athena:StartQueryExecution",
            "athena:StopQueryExecution",
            "athena:GetQueryExecution",
            "athena:GetQueryResults",
            "athena:GetWorkGroup",
          ],
          Resource: WORKGROUP,
        },
        {
          Sid: "OpenCatalog",
          Effect: "Allow",
          Action: "glue:GetDatabase",
          Resource: [glue("catalog"), glue("database/default")],
        },
        { Sid: "LocateStore", Effect: "Allow", Action: "s3:GetBucketLocation", Resource: BUCKET },
        {
          Sid: "WriteResults",
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
          Resource: `${RESULTS}/athena-results/*`,
          Condition: own,
        },
        {
          Sid: "FindResults",
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: RESULTS,
          Condition: { ...own, StringLike: { "s3:prefix": ["athena-results", "athena-results/*"] } },
        },
        {
          Sid: "LocateResults",
          Effect: "Allow",
          Action: ["s3:GetBucketLocation", "s3:ListBucketMultipartUploads"],
          Resource: RESULTS,
          Condition: own,
        },
        {
          Sid: "ReadRecords",
          Effect: "Allow",
          Action: ["sagemaker:DescribeFeatureGroup", "sagemaker:GetRecord", "sagemaker:BatchGetRecord"],
          Resource: [groupArn("beta")],
        },
        {
          Sid: "ReadWriteRecords",
          Effect: "Allow",
          Action: [
            "sagemaker:DescribeFeatureGroup",
            "sagemaker:GetRecord",
            "sagemaker:BatchGetRecord",
            "sagemaker:PutRecord",
            "sagemaker:DeleteRecord",
          ],
          Resource: [groupArn("alpha")],
        },
        {
          Sid: "FindTables",
          Effect: "Allow",
          Action: [
            "glue:GetDatabase",
            "glue:GetTable",
            "glue:GetPartition",
            "glue:GetPartitions",
            "glue:BatchGetPartition",
          ],
          Resource: [
            glue("catalog"),
            glue("database/sagemaker_featurestore"),
            glue("table/sagemaker_featurestore/alpha_1767225600"),
          ],
        },
        {
          Sid: "ListOffline",
          Effect: "Allow",
          Action: "s3:ListBucket",
          Resource: BUCKET,
          Condition: { StringLike: { "s3:prefix": [`${dataOf("alpha")}/*`] } },
        },
        {
          Sid: "ReadOffline",
          Effect: "Allow",
          Action: "s3:GetObject",
          Resource: [`${BUCKET}/${dataOf("alpha")}/*`],
        },
      ],
    });
  });

  it("has the document's own policies in documented mode, corrected", () => {
    expect(documentedManagedPolicyArns("aws")).to.deep.equal([
      "arn:aws:iam::aws:policy/AmazonS3FullAccess",
      "arn:aws:iam::aws:policy/AmazonAthenaFullAccess",
      "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess",
    ]);
    expect(documentedResultsPolicy(facts([])).Statement).to.deep.equal([
      {
        Sid: "AthenaResultsS3BucketCrossAccountAccessPolicy",
        Effect: "Allow",
        Action: ["s3:*"],
        Resource: [`${RESULTS}/*`, RESULTS, "arn:aws:s3:::*sagemaker*"],
      },
      {
        Sid: "UseKeys",
        Effect: "Allow",
        Action: ["kms:Decrypt", "kms:GenerateDataKey"],
        Resource: [ONLINE_KEY, OFFLINE_KEY],
      },
    ]);
  });
});
