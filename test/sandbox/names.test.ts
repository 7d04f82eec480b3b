// Every operation of the sandbox has the name that AWS's SDK has for it, in CloudTrail's events and in rules of injected faults.
import { expect } from "chai";
import * as athena from "@aws-sdk/client-athena";
import * as cloudtrail from "@aws-sdk/client-cloudtrail";
import * as monitoring from "@aws-sdk/client-cloudwatch";
import * as events from "@aws-sdk/client-eventbridge";
import * as glue from "@aws-sdk/client-glue";
import * as iam from "@aws-sdk/client-iam";
import * as kms from "@aws-sdk/client-kms";
import * as lakeformation from "@aws-sdk/client-lakeformation";
import * as s3 from "@aws-sdk/client-s3";
import * as sagemaker from "@aws-sdk/client-sagemaker";
import * as featurestore from "@aws-sdk/client-sagemaker-featurestore-runtime";
import * as sns from "@aws-sdk/client-sns";
import * as sqs from "@aws-sdk/client-sqs";
import * as sts from "@aws-sdk/client-sts";
import { start, type RunningSandbox } from "../../packages/sandbox/start";
import { services } from "../../packages/sandbox/registry";
import { logOf } from "../../packages/sandbox/services/cloudtrail/log";

interface Client {
  send(command: object): Promise<unknown>;
}
type Sdk = Readonly<Record<string, unknown>>;

/** The clients by the names of the sandbox's services. */
const sdks = {
  athena: [athena, athena.AthenaClient],
  cloudtrail: [cloudtrail, cloudtrail.CloudTrailClient],
  monitoring: [monitoring, monitoring.CloudWatchClient],
  events: [events, events.EventBridgeClient],
  glue: [glue, glue.GlueClient],
  iam: [iam, iam.IAMClient],
  kms: [kms, kms.KMSClient],
  lakeformation: [lakeformation, lakeformation.LakeFormationClient],
  s3: [s3, s3.S3Client],
  sagemaker: [sagemaker, sagemaker.SageMakerClient],
  featurestore: [featurestore, featurestore.SageMakerFeatureStoreRuntimeClient],
  sns: [sns, sns.SNSClient],
  sqs: [sqs, sqs.SQSClient],
  sts: [sts, sts.STSClient],
} as const;

/** Commands that are no requests to S3: those of directory buckets and of Object Lambda have endpoints of their own. */
const ELSEWHERE = ["ListDirectoryBuckets", "WriteGetObjectResponse"];

/** Services whose requests do not carry the name: there, operations that the sandbox does not have are told apart, too. */
const REST = ["featurestore", "lakeformation", "s3"];

const commandsOf = (sdk: Sdk) =>
  Object.keys(sdk).flatMap((name) => /^([A-Z]\w*)Command$/.exec(name)?.[1] ?? []);

/** The members that a command needs to be sent: those of path, query and headers. */
function inputOf(sdk: Sdk, name: string): Record<string, unknown> {
  const schema = (sdk[`${name}Request$`] ?? sdk[`${name}Input$`] ?? []) as unknown[];
  const [members = [], types = [], needed = 0] = schema.slice(4) as [string[]?, unknown[]?, number?];
  const values = members.slice(0, needed).flatMap((member, index) => {
    const type = types[index];
    const [kind, traits] = Array.isArray(type) ? (type as [unknown, unknown]) : [type, 0];
    const isPlace = traits === 1 || (typeof traits === "object" && traits !== null);
    return isPlace && (kind === 0 || kind === 1) ? [[member, kind === 0 ? "some" : 1]] : [];
  });
  return Object.fromEntries(values) as Record<string, unknown>;
}

describe("sandbox: names of operations", () => {
  let sandbox: RunningSandbox;
  before(async () => {
    sandbox = await start({ faults: { rules: [{ fault: "delay", milliseconds: 1 }] } });
  });
  after(() => sandbox.close());

  for (const [service, [sdk, Client]] of Object.entries(sdks)) {
    const { operation, operations } = services[service as keyof typeof sdks];

    it(`of ${service} are those of the SDK`, () => {
      expect(commandsOf(sdk)).to.include.members(Object.keys(operations));
    });

    it(`of ${service} are found in each request of the SDK, for CloudTrail and for injected faults`, async () => {
      const { accessKeyId, secretAccessKey } = sandbox.base;
      const settings = {
        endpoint: sandbox.endpoint,
        region: "us-east-1",
        credentials: { accessKeyId, secretAccessKey },
        maxAttempts: 1,
        disableHostPrefix: true,
        forcePathStyle: true,
      };
      const client = new (Client as unknown as new (settings: object) => Client)(settings);
      const odd: unknown[] = [];
      const names = REST.includes(service) ? commandsOf(sdk) : Object.keys(operations);
      for (const name of names.filter((each) => !ELSEWHERE.includes(each))) {
        const Command = (sdk as Sdk)[`${name}Command`] as new (input: object) => object;
        const before = sandbox.faults?.met.length;
        const failed = await client.send(new Command(inputOf(sdk, name))).then(
          () => undefined,
          (error: unknown) => error,
        );
        const met = sandbox.faults?.met.slice(before).map(({ operation }) => operation);
        const event = (await logOf(sandbox.world).all()).at(-1)?.name;
        const expected = operation(name)?.event ?? name;
        if (met?.length !== 1 || met[0] !== `${service}:${name}` || event !== expected)
          odd.push([name, met, event, String(failed)]);
      }
      expect(odd).to.deep.equal([]);
    }).timeout(120_000);
  }
});
