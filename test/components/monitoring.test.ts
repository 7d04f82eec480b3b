// Monitoring as patterns, settings and stages. That EventBridge matches these patterns and CloudWatch counts as written is
// AWS's documentation's word here; nothing is delivered.
import { expect } from "chai";
import { Accounts } from "../../components/accounts";
import {
  changePatterns,
  deniedPatterns,
  PATTERN_SIZE,
  type Watched,
} from "../../components/monitoring/patterns";
import { parseSettings, SettingsError } from "../../components/settings";
import { shapeOfStages, stages } from "../../components/stages";
import { devSettings, registering, settled, useMocks } from "./support";

type Raw = Record<string, any>;

const KEY = "arn:aws:kms:us-east-1:111111111111:key/k-1";
const GROUP = { name: "orders", arn: "arn:aws:sagemaker:us-east-1:111111111111:feature-group/orders" };
const watched: Watched = {
  keyArns: [KEY],
  bucketArns: ["arn:aws:s3:::store"],
  roleArns: ["arn:aws:iam::111111111111:role/path/writer"],
  featureGroups: [GROUP],
};
const withMonitoring = (change: (monitoring: Raw, raw: Raw) => void = () => undefined) => {
  const raw: Raw = devSettings();
  raw["monitoring"] = {
    accounts: { A: { trail: { bucketName: "shop-trail-a" } }, B: { trail: { bucketName: "shop-trail-b" } } },
    subscribers: [{ protocol: "sqs", endpoint: "arn:aws:sqs:us-east-1:111111111111:alerts" }],
  };
  change(raw["monitoring"], raw);
  return parseSettings(raw);
};
function faultsOf(change: (monitoring: Raw, raw: Raw) => void): Record<string, string> {
  try {
    withMonitoring(change);
    return {};
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
  }
}

describe("monitoring's patterns", () => {
  it("name the changes of the stores' own keys, buckets and roles", () => {
    const via = ["AWS API Call via CloudTrail"];
    expect(changePatterns(watched)).to.deep.equal({
      keys: [
        {
          source: ["aws.kms"],
          "detail-type": via,
          detail: {
            eventSource: ["kms.amazonaws.com"],
            eventName: ["RevokeGrant", "RetireGrant", "DisableKey", "ScheduleKeyDeletion", "PutKeyPolicy"],
            resources: { ARN: [KEY] },
          },
        },
      ],
      buckets: [
        {
          source: ["aws.s3"],
          "detail-type": via,
          detail: {
            eventSource: ["s3.amazonaws.com"],
            eventName: ["PutBucketPolicy", "DeleteBucketPolicy"],
            requestParameters: { bucketName: ["store"] },
          },
        },
      ],
      roles: [
        {
          source: ["aws.iam"],
          "detail-type": via,
          detail: {
            eventSource: ["iam.amazonaws.com"],
            eventName: ["UpdateAssumeRolePolicy"],
            requestParameters: { roleName: ["writer"] },
          },
        },
      ],
    });
  });

  it("name denials by what each service's events say they are about", () => {
    const [pattern, ...others] = deniedPatterns(watched);
    expect(others).to.deep.equal([]);
    expect(pattern?.detail).to.deep.equal({
      errorCode: [{ prefix: "AccessDenied" }],
      $or: [
        { eventSource: ["kms.amazonaws.com"], resources: { ARN: [KEY] } },
        { eventSource: ["s3.amazonaws.com"], requestParameters: { bucketName: ["store"] } },
        {
          eventSource: ["sagemaker.amazonaws.com"],
          requestParameters: { featureGroupName: [GROUP.name, GROUP.arn] },
        },
        { eventSource: ["sts.amazonaws.com"], requestParameters: { roleArn: watched.roleArns } },
        { eventSource: ["iam.amazonaws.com"], requestParameters: { roleName: ["writer"] } },
      ],
    });
  });

  it("stay within EventBridge's size, with every group in one of them, wherever the sizes of names fall", () => {
    const featureGroups = Array.from({ length: 60 }, (_, index) => ({
      name: `group-${index}`,
      arn: `${GROUP.arn}-${index}`,
    }));
    const layout = { ...watched, featureGroups };
    const parts = deniedPatterns(layout);
    expect(parts.length).to.be.greaterThan(1);
    for (const part of parts) expect(JSON.stringify(part).length).to.be.at.most(PATTERN_SIZE);
    const longer = featureGroups.map(({ name, arn }) => ({ name: `${name}!`, arn }));
    const known = deniedPatterns({ ...watched, featureGroups: longer }, layout);
    expect(known).to.have.length(parts.length);
    for (const { name } of longer) expect(JSON.stringify(known)).to.contain(`"${name}"`);
  });
});

describe("monitoring's settings", () => {
  it("have defaults, and are off unless they are there", () => {
    expect(parseSettings(devSettings()).monitoring).to.equal(undefined);
    const { monitoring } = withMonitoring();
    expect(monitoring?.accessDenied).to.deep.equal({ threshold: 10, periodMinutes: 5 });
    expect(monitoring?.dataEvents).to.equal(false);
    expect(monitoring?.accounts.A?.trail).to.deep.equal({ bucketName: "shop-trail-a", retentionDays: 365 });
  });

  const EXISTING = { existing: "arn:aws:cloudtrail:us-east-1:111111111111:trail/all" };
  const FAULTS: readonly (readonly [string, (monitoring: Raw, raw: Raw) => void, string, RegExp])[] = [
    ["no account", (m) => (m["accounts"] = {}), "monitoring.accounts", /name at least one account/],
    [
      "a trail of neither kind",
      (m) => (m["accounts"].A.trail = {}),
      "monitoring.accounts.A.trail",
      /existing: ARN/,
    ],
    [
      "data events of an existing trail",
      (m) => {
        m["accounts"].A.trail = EXISTING;
        m["dataEvents"] = true;
      },
      "monitoring.accounts.A.trail.existing",
      /belongs to its owner/,
    ],
    [
      "a subscriber that is none",
      (m) => (m["subscribers"][0].endpoint = "alerts"),
      "monitoring.subscribers[0].endpoint",
      /is not a queue's ARN/,
    ],
    [
      "a FIFO queue, which a standard topic cannot send to",
      (m) => (m["subscribers"][0].endpoint += ".fifo"),
      "monitoring.subscribers[0].endpoint",
      /is a FIFO queue/,
    ],
    [
      "another account's key",
      (m) => (m["accounts"].A.topicKeyArn = "arn:aws:kms:us-east-1:222222222222:key/k"),
      "monitoring.accounts.A.topicKeyArn",
      /not of account A/,
    ],
    [
      "one bucket for two trails",
      (m) => (m["accounts"].B.trail.bucketName = "shop-trail-a"),
      "monitoring.accounts.B.trail.bucketName",
      /each needs its own/,
    ],
    [
      "an account that is not there",
      (_, raw) => {
        delete raw["accountA"];
        delete raw["offlineStore"];
        delete raw["consumers"]["fraud-scoring"];
      },
      "monitoring.accounts.A",
      /is not in the settings/,
    ],
  ];
  for (const [name, change, path, message] of FAULTS)
    it(`refuse ${name}`, () => expect(faultsOf(change)[path]).to.match(message));
});

describe("stages of monitoring", () => {
  before(useMocks);

  it("follow all that they watch, and are known when they left", () => {
    const own = stages(withMonitoring()).filter(({ name }) => name.startsWith("monitoring"));
    expect(own.map(({ name, account, needs }) => ({ name, account, needs }))).to.deep.equal([
      { name: "monitoring:A", account: "A", needs: ["writer", "featureGroups", "consumer:fraud-scoring"] },
      {
        name: "monitoring:B",
        account: "B",
        needs: [
          "offlineBucket",
          "centralStore",
          "crossAccountRole:fraud-scoring",
          "crossAccountRole:recommendations",
        ],
      },
    ]);
    expect(shapeOfStages([]).map(({ name }) => name)).to.include.members(["monitoring:A", "monitoring:B"]);
  });

  const made = async (settings: ReturnType<typeof parseSettings>) => {
    const accounts = new Accounts(settings);
    const given: Record<string, Record<string, any>> = {};
    const all = await registering(() => {
      for (const stage of stages(settings)) given[stage.name] = stage.program({ settings, accounts }, given);
      return given;
    });
    return { given, own: all.filter(({ name }) => name.startsWith("monitoring-")) };
  };
  const inputsOf = (own: Awaited<ReturnType<typeof made>>["own"], name: string, type: string): Raw => {
    const found = own.find((each) => each.name === name && each.type.endsWith(`:${type}`));
    if (!found) throw new Error(`there is no ${type} ${name}`);
    return found.inputs as Raw;
  };

  it("tell a topic of changes, count denials, and alarm at the threshold", async () => {
    const settings = withMonitoring((m) => (m["accessDenied"] = { threshold: 3, periodMinutes: 2 }));
    const { given, own } = await made(settings);
    const ofA = own
      .filter(({ name }) => name.startsWith("monitoring-a"))
      .map(({ type, name }) => `${type.split(":").pop()} ${name}`);
    expect(ofA).to.include.members([
      "Topic monitoring-a-topic",
      "TopicPolicy monitoring-a-topic-policy",
      "TopicSubscription monitoring-a-subscription-1",
      "EventRule monitoring-a-keys",
      "EventTarget monitoring-a-keys",
      "EventRule monitoring-a-buckets",
      "EventRule monitoring-a-roles",
      "EventRule monitoring-a-denied",
      "MetricAlarm monitoring-a-denied",
      "Trail monitoring-a-trail",
      "Bucket monitoring-a-bucket",
      "BucketPolicy monitoring-a-policy",
    ]);
    const keys = JSON.parse(inputsOf(own, "monitoring-a-keys", "EventRule")["eventPattern"] as string) as Raw;
    expect(keys["detail"].resources.ARN).to.deep.equal(["arn:aws:kms:us-east-1:111111111111:key/k-1"]);
    expect(inputsOf(own, "monitoring-a-denied", "MetricAlarm")).to.deep.include({
      threshold: 3,
      period: 120,
      metricName: "MatchedEvents",
      treatMissingData: "notBreaching",
    });
    const stage = stages(settings).find(({ name }) => name === "monitoring:A");
    const contract = stage?.decode(await settled(given["monitoring:A"]));
    expect(contract?.["topicArns"]).to.have.length(1);
  });

  it("watch roles in the region that tells of IAM, and record data events if asked to", async () => {
    const settings = withMonitoring((m, raw) => {
      for (const account of ["accountA", "accountB"]) raw[account].region = "eu-central-1";
      m["dataEvents"] = true;
      delete m["accounts"].B;
    });
    const { given, own } = await made(settings);
    const rules = own
      .filter(({ type }) => type.endsWith(":EventRule"))
      .map(({ name, provider }) => [name, String(provider).split("::")[3]]);
    expect(rules).to.deep.include(["monitoring-a-keys", "account-a"]);
    expect(rules).to.deep.include(["monitoring-a-iam-roles", "account-a-us-east-1"]);
    expect(rules.some(([name]) => name === "monitoring-a-roles")).to.equal(false);
    const selectors = inputsOf(own, "monitoring-a-trail", "Trail")["advancedEventSelectors"] as Raw[];
    expect(selectors.map(({ name }: Raw) => name as string)).to.deep.equal([
      "Management events",
      "Objects of the stores",
      "Records of the stores",
    ]);
    expect((await settled(given["monitoring:A"]))["topicArns"]).to.have.length(2);
  });
});
