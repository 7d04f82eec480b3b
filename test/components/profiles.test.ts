// Profiles and access by tags as settings, documents and stages. That they hold as a whole is proven by
// test/proof/profiles.test.ts, and that a sandbox decides so by test/sandbox/profiles.test.ts.
import { expect } from "chai";
import { Accounts } from "../../components/accounts";
import { carries, knownParts, type GroupScope } from "../../components/policies/groupScope";
import { profilePolicy, profileTrustPolicy } from "../../components/policies/profiles";
import type { ProfileFacts } from "../../components/policies/profileFacts";
import { effectiveAccess } from "../../components/topologies/assumed-role";
import { parseSettings, SettingsError } from "../../components/settings";
import { shapeOfStages, stages } from "../../components/stages";
import { devSettings, registering, settled, useMocks } from "./support";

type Raw = Record<string, any>;

const A = "111111111111";
const B = "222222222222";
const producer = (more: Raw = {}): Raw => ({
  profile: "producer",
  store: "centralStore",
  trustedRoleArns: [`arn:aws:iam::${B}:role/Team`],
  featureGroups: ["payments"],
  ...more,
});

function faultsOf(profile: Raw, change: (raw: Raw) => void = () => undefined): Record<string, string> {
  const raw: Raw = devSettings();
  raw["profiles"] = { one: profile };
  change(raw);
  try {
    parseSettings(raw);
    return {};
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    return Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
  }
}

describe("profiles", () => {
  before(useMocks);

  it("are of the feature groups' account unless they say otherwise", () => {
    const raw: Raw = devSettings();
    const byTags = producer({ featureGroups: undefined, tags: { team: "fraud" } });
    delete byTags["featureGroups"];
    raw["profiles"] = { one: byTags, two: producer({ store: "offlineStore", featureGroups: ["orders"] }) };
    const [one, two] = parseSettings(raw).profiles;
    expect(one).to.deep.include({
      name: "one",
      account: "B",
      scope: { kind: "tags", tags: { team: "fraud" } },
    });
    expect(two).to.deep.include({ account: "A", scope: { kind: "names", names: ["orders"] } });
  });

  const FAULTS: readonly (readonly [string, Raw, string, RegExp])[] = [
    ["no selection", producer({ featureGroups: undefined }), "profiles.one", /names no feature groups/],
    ["two selections", producer({ tags: { a: "b" } }), "profiles.one", /in more than one way/],
    [
      "a group that is not there",
      producer({ featureGroups: ["nobody"] }),
      "profiles.one.featureGroups[0]",
      /is not a feature group of centralStore \(there are: shoppers, payments\)/,
    ],
    [
      "a group twice",
      producer({ featureGroups: ["payments", "payments"] }),
      "profiles.one.featureGroups[1]",
      /is listed twice/,
    ],
    [
      "the central store in A",
      producer({ account: "A" }),
      "profiles.one.account",
      /define a consumer instead/,
    ],
    [
      "a producer of the bucket's account",
      producer({ store: "offlineStore", account: "B", featureGroups: ["orders"] }),
      "profiles.one.account",
      /has only the bucket/,
    ],
    [
      "a foreign role",
      producer({ trustedRoleArns: ["arn:aws:iam::444455556666:role/X"] }),
      "profiles.one.trustedRoleArns[0]",
      /which is not in the settings/,
    ],
    [
      "nobody who is trusted",
      producer({ trustedRoleArns: [] }),
      "profiles.one.trustedRoleArns",
      /at least one role/,
    ],
    [
      "a profile of another kind",
      producer({ profile: "owner" }),
      "profiles.one.profile",
      /producer, consumer, auditor or administrator/,
    ],
  ];
  for (const [name, profile, path, message] of FAULTS)
    it(`refuse ${name}`, () => expect(faultsOf(profile)[path]).to.match(message));

  it("refuse tags of the principal that the role itself would have", () => {
    const own = producer({ principalTags: ["Environment"] });
    delete own["featureGroups"];
    expect(faultsOf(own)["profiles.one.principalTags[0]"]).to.match(/which every resource has/);
  });

  it("refuse a policy that is larger than IAM takes", () => {
    const faults = faultsOf(
      producer({ profile: "consumer", featureGroups: undefined, tags: { team: "t" } }),
      (raw) => {
        delete raw["profiles"].one.featureGroups;
        const [group] = raw["centralStore"].featureGroups;
        raw["centralStore"].featureGroups.push(
          ...Array.from({ length: 60 }, (_, i) => ({
            ...group,
            name: `group-number-${i}`,
            tags: { team: "t" },
          })),
        );
      },
    );
    expect(faults["profiles.one"]).to.match(/would have [\d,]+ characters, and AWS allows 10,240/);
  });
});

const group = (name: string, tags: Record<string, string>) => ({
  name,
  arn: `arn:aws:sagemaker:us-east-1:${B}:feature-group/${name}`,
  tags,
  onlineStore: true,
  s3Uri: `s3://store/central/${name}/data`,
  table: { database: "sagemaker_featurestore", name: `${name}_1` },
});
const GROUPS = [group("red", { Team: "a" }), group("blue", { team: "b" }), group("plain", {})];
const facts = (profile: ProfileFacts["profile"], scope: GroupScope): ProfileFacts => ({
  profile,
  roleId: "AROAPROFILE",
  partition: "aws",
  region: "us-east-1",
  account: B,
  groupAccount: B,
  bucketAccount: B,
  scope,
  groups: GROUPS,
  bucketArn: "arn:aws:s3:::store",
  prefix: "central",
  storeRoleArn: `arn:aws:iam::${B}:role/store`,
  onlineKeyArn: `arn:aws:kms:us-east-1:${B}:key/online`,
  offlineKeyArn: `arn:aws:kms:us-east-1:${B}:key/offline`,
});

describe("scopes of profiles", () => {
  it("compare tags as IAM does: keys whatever their case, values as they are", () => {
    expect(carries({ Team: "a" }, { team: "a" })).to.equal(true);
    expect(carries({ team: "A" }, { team: "a" })).to.equal(false);
    expect(carries({ team: "a" }, { team: "a", stage: "prod" })).to.equal(false);
  });

  it("come to one part a value where the principal's tags decide", () => {
    const parts = knownParts({ kind: "principalTags", keys: ["team"] }, GROUPS);
    expect(parts.map(({ groups, condition }) => [groups.map(({ name }) => name), condition])).to.deep.equal([
      [["red"], { StringEquals: { "aws:PrincipalTag/team": "a" } }],
      [["blue"], { StringEquals: { "aws:PrincipalTag/team": "b" } }],
    ]);
  });

  it("write a producer's policy by tags as this, and no more", () => {
    expect(profilePolicy(facts("producer", { kind: "tags", tags: { team: "b" } }))).to.deep.equal({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "WriteRecordsAROAPROFILE",
          Effect: "Allow",
          Action: [
            "sagemaker:DescribeFeatureGroup",
            "sagemaker:PutRecord",
            "sagemaker:BatchWriteRecord",
            "sagemaker:DeleteRecord",
          ],
          Resource: `arn:aws:sagemaker:us-east-1:${B}:feature-group/*`,
          Condition: { StringEquals: { "aws:ResourceTag/team": "b" } },
        },
        {
          Sid: "DecryptOnline",
          Effect: "Allow",
          Action: ["kms:Decrypt"],
          Resource: `arn:aws:kms:us-east-1:${B}:key/online`,
          Condition: { StringEquals: { "kms:ViaService": "sagemaker.us-east-1.amazonaws.com" } },
        },
      ],
    });
  });

  it("let sessions bring their own tags alone", () => {
    const trust = profileTrustPolicy({
      trustedRoleArns: [`arn:aws:iam::${A}:role/Team`],
      scope: { kind: "principalTags", keys: ["team"] },
    });
    expect(trust.Statement[1]).to.deep.equal({
      Sid: "BringOwnTags",
      Effect: "Allow",
      Principal: { AWS: [`arn:aws:iam::${A}:role/Team`] },
      Action: "sts:TagSession",
      Condition: {
        StringEqualsIfExists: { "aws:RequestTag/team": "${aws:PrincipalTag/team}" },
        "ForAllValues:StringEquals": { "aws:TagKeys": ["team"] },
      },
    });
  });
});

describe("stages of profiles", () => {
  before(useMocks);

  const settings = () => {
    const raw: Raw = devSettings();
    raw["profiles"] = {
      one: producer(),
      two: producer({ store: "offlineStore", featureGroups: ["orders"] }),
      three: producer({
        store: "offlineStore",
        profile: "consumer",
        account: "B",
        featureGroups: ["orders"],
      }),
    };
    return parseSettings(raw);
  };

  it("are one an account, after the stores that their profiles are for", () => {
    const own = stages(settings()).filter(({ name }) => name.startsWith("profiles:"));
    expect(own.map(({ name, account, needs }) => ({ name, account, needs }))).to.deep.equal([
      { name: "profiles:A", account: "A", needs: ["writer", "offlineBucket", "featureGroups"] },
      {
        name: "profiles:B",
        account: "B",
        needs: ["centralStore", "writer", "offlineBucket", "featureGroups"],
      },
    ]);
    expect(stages(parseSettings(devSettings())).some(({ name }) => name.startsWith("profiles"))).to.equal(
      false,
    );
    expect(shapeOfStages([]).map(({ name }) => name)).to.include.members(["profiles:A", "profiles:B"]);
  });

  it("make a role and its policy for each", async () => {
    const known = settings();
    const accounts = new Accounts(known);
    const given: Record<string, Record<string, any>> = {};
    const made = await registering(() => {
      for (const stage of stages(known))
        given[stage.name] = stage.program({ settings: known, accounts }, given);
      return given;
    });
    const own = made
      .filter(({ name }) => name.startsWith("profile-"))
      .map(({ type, name }) => [type.split(":").pop(), name]);
    expect(own.sort()).to.deep.equal(
      ["one", "two", "three"]
        .flatMap((name) => [
          ["Role", `profile-${name}-role`],
          ["RolePolicy", `profile-${name}-access`],
        ])
        .sort(),
    );
    const contract = await settled(given["profiles:B"]);
    const decoded = stages(known)
      .find(({ name }) => name === "profiles:B")
      ?.decode(contract);
    expect(Object.keys((decoded as Raw)["profiles"])).to.deep.equal(["one", "three"]);
  });
});

describe("a consumer's access by tags", () => {
  it("comes to what the settings' tags say, with what access names", () => {
    const raw: Raw = devSettings();
    raw["centralStore"].featureGroups[1].tags = { team: "fraud" };
    raw["consumers"]["recommendations"].accessByTags = [
      { tags: { team: "fraud" }, permissions: ["write", "readOffline"] },
    ];
    const settings = parseSettings(raw);
    const [, consumer] = settings.consumers;
    expect(consumer && effectiveAccess(settings, consumer)).to.deep.equal({
      shoppers: ["readOnline", "readOffline"],
      payments: ["readOffline", "write"],
    });
  });

  it("may be all that it has, but not nothing", () => {
    const raw: Raw = devSettings();
    const consumer = raw["consumers"]["recommendations"];
    consumer.access = {};
    expect(() => parseSettings(raw)).to.throw(/recommendations\.access: name at least one feature group/);
    consumer.accessByTags = [{ tags: { team: "x" }, permissions: ["readOnline"] }];
    expect(parseSettings(raw).consumers[1]?.access).to.deep.equal({});
  });
});
