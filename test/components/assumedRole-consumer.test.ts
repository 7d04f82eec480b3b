// Policies of a consumer, and who assumes account B's role: as literal documents, and what identity, trust, key and bucket policies together let whom do, by
// access/evaluate.ts. That AWS takes them is proven on the sandbox by test/integration.
import { expect } from "chai";
import { evaluate, type PolicyDocument } from "@feature-store-access/iam";
import {
  consumerGrantsPolicy,
  documentedAssumePolicy,
  documentedStoreAccessPolicy,
  executionTrustPolicy,
  sageMakerManagedPolicyArn,
} from "../../components/topologies/assumed-role/policies/consumerRole";
import { crossAccountTrustPolicy } from "../../components/topologies/assumed-role/policies/crossAccountRole";
import { documentedResultsBucketPolicy } from "../../components/topologies/assumed-role/policies/resultsBucket";
import {
  A,
  B,
  C,
  EXECUTION,
  EXECUTION_SESSION,
  ROLE,
  RESULTS,
  NAMES,
  trust,
  resultsBucket,
  grants,
  allowed,
  viaS3,
  askedOf,
} from "./assumedRole-world";

describe("who assumes account B's role", () => {
  const assume = (
    principal: string,
    context: Record<string, string> = {},
    asked: { externalId?: string; organizationId?: string; trustSageMaker?: boolean } = {},
    identity: readonly PolicyDocument[] = [consumerGrantsPolicy(grants)],
  ) =>
    evaluate(
      { principal, action: "sts:AssumeRole", resource: ROLE, resourceAccount: B, context },
      { identity, resource: crossAccountTrustPolicy({ ...trust, ...asked }) },
    ).result;
  const everything: PolicyDocument[] = [
    { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
  ];

  it("is the execution role, if its own policy says so too", () => {
    expect(assume(EXECUTION_SESSION)).to.equal("Allowed");
    expect(assume(EXECUTION_SESSION, {}, {}, [])).to.equal("ImplicitlyDenied");
  });

  it("is nobody else: no other role, no role of that name elsewhere, no service", () => {
    for (const principal of [
      `arn:aws:sts::${A}:assumed-role/other/x`,
      `arn:aws:sts::${C}:assumed-role/execution/x`,
      `arn:aws:iam::${A}:root`,
      `arn:aws:sts::${B}:assumed-role/admin/x`,
    ])
      expect(assume(principal, {}, {}, everything), principal).to.equal("ImplicitlyDenied");
    expect(assume("sagemaker.amazonaws.com", {}, {}, [])).to.equal("ImplicitlyDenied");
    expect(assume("sagemaker.amazonaws.com", {}, { trustSageMaker: true }, [])).to.equal("Allowed");
  });

  it("gives the external ID, and is of the organization, where these are asked for", () => {
    const externalId = "team/1";
    expect(assume(EXECUTION_SESSION, {}, { externalId })).to.equal("ImplicitlyDenied");
    expect(assume(EXECUTION_SESSION, { "sts:ExternalId": "team/2" }, { externalId })).to.equal(
      "ImplicitlyDenied",
    );
    expect(assume(EXECUTION_SESSION, { "sts:ExternalId": externalId }, { externalId })).to.equal("Allowed");
    const organizationId = "o-a1b2c3d4e5";
    const of = { "aws:PrincipalOrgID": organizationId };
    expect(assume(EXECUTION_SESSION, {}, { organizationId })).to.equal("ImplicitlyDenied");
    expect(assume(EXECUTION_SESSION, of, { organizationId })).to.equal("Allowed");
    expect(assume(EXECUTION_SESSION, of, { organizationId, externalId })).to.equal("ImplicitlyDenied");
    const both = { ...of, "sts:ExternalId": externalId };
    expect(assume(EXECUTION_SESSION, both, { organizationId, externalId })).to.equal("Allowed");
  });

  it("stands in the trust policy like this", () => {
    const asked = { externalId: "team/1", organizationId: "o-a1b2c3d4e5", trustSageMaker: true };
    expect(crossAccountTrustPolicy({ ...trust, ...asked })).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "ConsumerAROAEXECUTION",
          Effect: "Allow",
          Principal: { AWS: EXECUTION },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": "team/1", "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
        },
        {
          Sid: "SageMaker",
          Effect: "Allow",
          Principal: { Service: "sagemaker.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      ],
    });
    expect(crossAccountTrustPolicy(trust).Statement).to.have.length(1);
    expect(crossAccountTrustPolicy(trust).Statement[0]).not.to.have.property("Condition");
  });
});

describe("the consumer's side", () => {
  const as = (principal: string, action: string, resource: string, context = {}, resourceAccount = A) => ({
    principal,
    action,
    resource,
    resourceAccount,
    context,
  });
  const own = [consumerGrantsPolicy(grants)];

  it("lets the execution role read its results, and nothing else of the bucket", () => {
    const may = (action: string, resource: string, context = {}) =>
      allowed(as(EXECUTION_SESSION, action, resource, context), own);
    expect(may("s3:GetObject", `${RESULTS}/athena-results/q.csv`)).to.equal(true);
    expect(may("s3:ListBucket", RESULTS, { "s3:prefix": "athena-results/" })).to.equal(true);
    expect(may("s3:GetBucketLocation", RESULTS)).to.equal(true);
    expect(
      may("s3:GetObject", `${RESULTS}/athena-results/q.csv`, { "aws:SecureTransport": "false" }),
    ).to.equal(false);
    expect(may("s3:PutObject", `${RESULTS}/athena-results/q.csv`)).to.equal(false);
    expect(may("s3:DeleteObject", `${RESULTS}/athena-results/q.csv`)).to.equal(false);
    expect(may("s3:GetObject", `${RESULTS}/private/x`)).to.equal(false);
    expect(may("s3:ListBucket", RESULTS)).to.equal(false);
  });

  it("lets the execution role reach nothing of account B itself", () => {
    for (const name of NAMES)
      for (const [request] of askedOf(name))
        expect(allowed({ ...request, principal: EXECUTION_SESSION }, own), request.action).to.equal(false);
  });

  it("keeps the results from everybody of another account but the one role, whatever they are allowed there", () => {
    const everything: PolicyDocument[] = [
      { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
    ];
    for (const principal of [
      `arn:aws:sts::${B}:assumed-role/other/x`,
      `arn:aws:sts::${C}:assumed-role/cross-account/x`,
      `arn:aws:sts::${C}:assumed-role/execution/x`,
    ])
      for (const action of ["s3:GetObject", "s3:PutObject"])
        expect(
          allowed(as(principal, action, `${RESULTS}/athena-results/q.csv`), everything),
          principal,
        ).to.equal(false);
  });

  it("has these policies", () => {
    const Condition = { StringEquals: { "aws:ResourceAccount": A } };
    expect(consumerGrantsPolicy(grants).Statement).to.deep.equal([
      {
        Sid: "AssumeCrossAccountRoleAROAEXECUTION",
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Resource: ROLE,
      },
      {
        Sid: "ReadResults",
        Effect: "Allow",
        Action: "s3:GetObject",
        Resource: `${RESULTS}/athena-results/*`,
        Condition,
      },
      {
        Sid: "ListResults",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: RESULTS,
        Condition: { ...Condition, StringLike: { "s3:prefix": ["athena-results", "athena-results/*"] } },
      },
      { Sid: "LocateResults", Effect: "Allow", Action: "s3:GetBucketLocation", Resource: RESULTS, Condition },
    ]);
    const keyArn = `arn:aws:kms:us-east-1:${A}:key/results`;
    expect(
      consumerGrantsPolicy({ ...grants, results: { ...grants.results, keyArn } }).Statement.at(-1),
    ).to.deep.equal({
      Sid: "DecryptResults",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: keyArn,
      Condition: { StringEquals: viaS3 },
    });
    expect(executionTrustPolicy({}).Statement.map(({ Principal }) => Principal)).to.deep.equal([
      { Service: "sagemaker.amazonaws.com" },
    ]);
    const verifierRoleArn = `arn:aws:iam::${A}:role/deployer`;
    expect(executionTrustPolicy({ verifierRoleArn }).Statement.at(-1)).to.deep.equal({
      Sid: "Verification",
      Effect: "Allow",
      Principal: { AWS: verifierRoleArn },
      Action: "sts:AssumeRole",
    });
  });

  it("has the document's in documented mode, corrected", () => {
    expect(documentedAssumePolicy(grants).Statement).to.deep.equal([
      {
        Sid: "AssumeCrossAccountRoleAROAEXECUTION",
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Resource: ROLE,
      },
    ]);
    expect(documentedStoreAccessPolicy("aws").Statement).to.deep.equal([
      {
        Sid: "FeatureStoreS3AccessPolicy",
        Effect: "Allow",
        Action: ["s3:PutObject", "s3:GetBucketAcl", "s3:PutObjectAcl"],
        Resource: ["arn:aws:s3:::*sagemaker*"],
      },
    ]);
    expect(sageMakerManagedPolicyArn("aws-cn")).to.equal(
      "arn:aws-cn:iam::aws:policy/AmazonSageMakerFullAccess",
    );
    const { Id, Statement } = documentedResultsBucketPolicy(resultsBucket);
    expect(Id).to.equal("names AROAEXECUTION AROACROSS");
    expect(Statement[0]).to.deep.equal({
      Sid: "MyStatementSid",
      Effect: "Allow",
      Principal: { AWS: [EXECUTION, `arn:aws:iam::${A}:root`, ROLE, `arn:aws:iam::${B}:root`] },
      Action: "s3:*",
      Resource: [RESULTS, `${RESULTS}/*`],
    });
    expect(Statement.map(({ Sid }) => Sid)).to.deep.equal(["MyStatementSid", "DenyInsecureTransport"]);
  });
});
