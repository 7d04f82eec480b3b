/** Changes of the development environment's settings that are wrong, with the path and words of their fault. */

export type Raw = { [key: string]: any };

export const fraud = (raw: Raw): Raw => raw["consumers"]["fraud-scoring"];
export const recommendations = (raw: Raw): Raw => raw["consumers"].recommendations;
export const ROLE_A = "arn:aws:iam::111111111111:role/team/notebooks";
export const KEY_A = "arn:aws:kms:us-east-1:111111111111:key/12345678-1234-1234-1234-123456789012";

const access = "consumers.fraud-scoring.access";
const bucket = "consumers.fraud-scoring.resultsBucket";

/** What, the change, the path, and words of the message. */
export const FAULTS: [string, (raw: Raw) => void, string, string][] = [
  [
    "tags that IAM does not take",
    (raw) => (raw["tags"] = { "a*b": "x" }),
    "tags.a*b",
    '"a*b" cannot be a tag\'s key',
  ],
  [
    "a tag's value that IAM does not take",
    (raw) => (fraud(raw)["accessByTags"] = [{ tags: { team: "${x}" }, permissions: ["readOnline"] }]),
    "consumers.fraud-scoring.accessByTags[0].tags.team",
    "cannot be a tag's value",
  ],
  [
    "tags that are one to IAM",
    (raw) => (raw["tags"] = { team: "x", Team: "y" }),
    "tags",
    "team and Team differ only in case",
  ],
  [
    "a group's tag that every resource has in other letters",
    (raw) => {
      raw["tags"] = { team: "x" };
      raw["centralStore"].featureGroups[0].tags = { Team: "y" };
    },
    "centralStore.featureGroups[0].tags",
    "Team differs only in case from team of tags",
  ],
  [
    "more tags than a feature group takes",
    (raw) => {
      const many = (letter: string, count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`${letter}${at}`, "x"]));
      raw["tags"] = many("a", 10);
      raw["centralStore"].featureGroups[1].tags = many("b", 41);
    },
    "centralStore.featureGroups[1].tags",
    "are 51 together, and AWS allows 50 per feature group",
  ],
  [
    "more by tags than a policy takes",
    (raw) =>
      (fraud(raw)["accessByTags"] = Array.from({ length: 60 }, (_, at) => ({
        tags: { [`team${at}`]: "x".repeat(200) },
        permissions: ["readOnline"],
      }))),
    "consumers.fraud-scoring.accessByTags",
    "and AWS allows 6,144: name fewer or shorter tags",
  ],
  [
    "a retention for a bucket that is its owner's",
    (raw) => Object.assign(fraud(raw)["resultsBucket"], { existing: true, retentionDays: 3 }),
    `${bucket}.retentionDays`,
    "is for an own bucket",
  ],
  [
    "a time to live beyond all bounds",
    (raw) => (raw["centralStore"].featureGroups[0].ttl = { unit: "Days", value: 1e10 }),
    "centralStore.featureGroups[0].ttl.value",
    "at most 2,147,483,647",
  ],
  [
    "no topology",
    (raw) => ["offlineStore", "centralStore", "consumers"].forEach((key) => delete raw[key]),
    "offlineStore",
    "is missing, and centralStore too",
  ],
  ["consumers of nothing", (raw) => delete raw["centralStore"], "consumers", "there is nothing to consume"],
  [
    "a consumer without an account",
    (raw) => {
      delete raw["offlineStore"];
      delete raw["accountA"];
    },
    "consumers.fraud-scoring.account",
    "an account of its own",
  ],
  [
    "a consumer in account B",
    (raw) => Object.assign(recommendations(raw)["account"], { id: "222222222222" }),
    "consumers.recommendations.account.id",
    "is account B",
  ],
  [
    "a deployer of another account",
    (raw) => (recommendations(raw)["account"].deployerRoleArn = "arn:aws:iam::444444444444:role/deployer"),
    "consumers.recommendations.account.deployerRoleArn",
    "role of account 444444444444",
  ],
  [
    "a deployer of another partition",
    (raw) => (recommendations(raw)["account"].deployerRoleArn = "arn:aws-cn:iam::333333333333:role/deployer"),
    "consumers.recommendations.account.deployerRoleArn",
    "partition aws-cn",
  ],
  [
    "an account of another partition",
    (raw) =>
      (recommendations(raw)["account"] = {
        id: "333333333333",
        region: "cn-north-1",
        deployerRoleArn: "arn:aws-cn:iam::333333333333:role/deployer",
      }),
    "consumers.recommendations.account.region",
    "roles cannot be assumed across partitions",
  ],
  [
    "an administrator of account A for B's keys",
    (raw) => (raw["centralStore"].keyAdministrators = ["arn:aws:iam::111111111111:role/Admin"]),
    "centralStore.keyAdministrators[0]",
    "not of account B",
  ],
  [
    "an administrator of another partition",
    (raw) => (raw["centralStore"].keyAdministrators = ["arn:aws-cn:iam::222222222222:role/Admin"]),
    "centralStore.keyAdministrators[0]",
    "partition aws-cn",
  ],
  [
    "an administrator twice",
    (raw) => (raw["centralStore"].keyAdministrators = Array(2).fill("arn:aws:iam::222222222222:role/Admin")),
    "centralStore.keyAdministrators[1]",
    "is listed twice",
  ],
  [
    "an execution role of another account",
    (raw) => (fraud(raw)["executionRoleArn"] = "arn:aws:iam::333333333333:role/notebooks"),
    "consumers.fraud-scoring.executionRoleArn",
    "not of the consumer's account (111111111111)",
  ],
  [
    "an execution role of another partition",
    (raw) => (fraud(raw)["executionRoleArn"] = "arn:aws-cn:iam::111111111111:role/notebooks"),
    "consumers.fraud-scoring.executionRoleArn",
    "partition aws-cn",
  ],
  [
    "one execution role for two",
    (raw) => {
      raw["consumers"].second = {
        ...fraud(raw),
        executionRoleArn: ROLE_A,
        resultsBucket: { name: "second-b" },
      };
      fraud(raw)["executionRoleArn"] = ROLE_A;
    },
    "consumers.second.executionRoleArn",
    "is fraud-scoring's, too",
  ],
  [
    "an execution role that is no role's ARN",
    (raw) => (fraud(raw)["executionRoleArn"] = "arn:aws:iam::111111111111/notebooks"),
    "consumers.fraud-scoring.executionRoleArn",
    "is not a role's ARN",
  ],
  [
    "a key for a bucket that is made",
    (raw) => (fraud(raw)["resultsBucket"].keyArn = KEY_A),
    `${bucket}.keyArn`,
    "existing: true",
  ],
  [
    "a key in another region",
    (raw) =>
      Object.assign(fraud(raw)["resultsBucket"], {
        existing: true,
        keyArn: KEY_A.replace("us-east-1", "eu-west-1"),
      }),
    `${bucket}.keyArn`,
    "account B's region, us-east-1",
  ],
  [
    "a key of another partition",
    (raw) =>
      Object.assign(fraud(raw)["resultsBucket"], {
        existing: true,
        keyArn: KEY_A.replace("arn:aws:", "arn:aws-cn:"),
      }),
    `${bucket}.keyArn`,
    "partition aws-cn",
  ],
  [
    "a key's alias",
    (raw) => (fraud(raw)["resultsBucket"].keyArn = "alias/x"),
    `${bucket}.keyArn`,
    "key's ARN",
  ],
  [
    "a bucket of two",
    (raw) => (fraud(raw)["resultsBucket"].name = recommendations(raw)["resultsBucket"].name),
    "consumers.recommendations.resultsBucket.name",
    "is the bucket of consumers.fraud-scoring.resultsBucket.name, too",
  ],
  [
    "the store's bucket for results",
    (raw) => (fraud(raw)["resultsBucket"].name = raw["centralStore"].bucketName),
    `${bucket}.name`,
    "centralStore.bucketName",
  ],
  [
    "one bucket for both stores",
    (raw) => (raw["centralStore"].bucketName = raw["offlineStore"].bucketName),
    "centralStore.bucketName",
    "offlineStore.bucketName",
  ],
  [
    "a bucket that the documented policy does not reach",
    (raw) => {
      raw["policyMode"] = "documented";
      raw["centralStore"].bucketName = "central-store";
    },
    "centralStore.bucketName",
    'must contain "sagemaker"',
  ],
  [
    "no results prefix",
    (raw) => (fraud(raw)["resultsBucket"].prefix = ""),
    `${bucket}.prefix`,
    "name a prefix",
  ],
  [
    "a prefix's slash",
    (raw) => (fraud(raw)["resultsBucket"].prefix = "a/"),
    `${bucket}.prefix`,
    "joined by /",
  ],
  ["a prefix's star", (raw) => (fraud(raw)["resultsBucket"].prefix = "a*"), `${bucket}.prefix`, "without *"],
  [
    "a variable",
    (raw) => (fraud(raw)["resultsBucket"].prefix = "${aws:x}"),
    `${bucket}.prefix`,
    "not a prefix",
  ],
  ["a prefix upward", (raw) => (raw["centralStore"].prefix = "a/../b"), "centralStore.prefix", ". and .."],
  ["a prefix of a dot", (raw) => (raw["centralStore"].prefix = "."), "centralStore.prefix", ". and .."],
  [
    "a prefix too long for an object's key",
    (raw) => (raw["centralStore"].prefix = "p".repeat(900)),
    "centralStore.prefix",
    "an object's key has at most 1024",
  ],
  [
    "a results prefix too long",
    (raw) => (fraud(raw)["resultsBucket"].prefix = "p".repeat(1000)),
    `${bucket}.prefix`,
    "as Athena adds",
  ],
  [
    "no retention",
    (raw) => (fraud(raw)["resultsBucket"].retentionDays = 0),
    `${bucket}.retentionDays`,
    "1 day",
  ],
  [
    "a group that is none",
    (raw) => (fraud(raw)["access"].shopers = ["write"]),
    `${access}.shopers`,
    "there are: shoppers, payments",
  ],
  [
    "a group named as what every object has",
    (raw) => (fraud(raw)["access"].constructor = ["write"]),
    `${access}.constructor`,
    "is not a feature group",
  ],
  [
    "online reading without an online store",
    (raw) => (raw["centralStore"].featureGroups[0].onlineStore = false),
    `${access}.shoppers`,
    "has no online store",
  ],
  [
    "a permission twice",
    (raw) => (fraud(raw)["access"].shoppers = ["write", "write"]),
    `${access}.shoppers[1]`,
    "is listed twice",
  ],
  ["no permission", (raw) => (fraud(raw)["access"].shoppers = []), `${access}.shoppers`, "at least one of"],
  ["no group", (raw) => (fraud(raw)["access"] = {}), access, "at least one feature group"],
  [
    "a permission that is none",
    (raw) => (fraud(raw)["access"].shoppers = ["read"]),
    `${access}.shoppers[0]`,
    "readOnline, readOffline or write",
  ],
  [
    "a short external ID",
    (raw) => (fraud(raw)["externalId"] = "x"),
    "consumers.fraud-scoring.externalId",
    "2 to",
  ],
  [
    "an external ID of other letters",
    (raw) => (fraud(raw)["externalId"] = "a b"),
    "consumers.fraud-scoring.externalId",
    "letters, digits",
  ],
  [
    "an organization that is none",
    (raw) => (fraud(raw)["organizationId"] = "r-1234"),
    "consumers.fraud-scoring.organizationId",
    "organization's ID",
  ],
  [
    "a consumer's name in upper case",
    (raw) => (raw["consumers"].Fraud = fraud(raw)),
    "consumers.Fraud",
    "2 to 32 lower-case",
  ],
  [
    "a consumer's name of 33 letters",
    (raw) => (raw["consumers"]["n".repeat(33)] = fraud(raw)),
    `consumers.${"n".repeat(33)}`,
    "2 to 32 lower-case",
  ],
  [
    "a misspelt setting of a consumer",
    (raw) => (fraud(raw)["externalID"] = "x1"),
    "consumers.fraud-scoring.externalID",
    "did you mean externalId",
  ],
  ["no results bucket", (raw) => delete fraud(raw)["resultsBucket"], bucket, "is missing"],
  [
    "two groups whose names differ by case",
    (raw) => (raw["centralStore"].featureGroups[1].name = "SHOPPERS"),
    "centralStore.featureGroups[1].name",
    "upper and lower case count as the same",
  ],
  [
    "writers of another account for the central store",
    (raw) => (raw["centralStore"].additionalWriterRoleArns = []),
    "centralStore.additionalWriterRoleArns",
    "is not a setting",
  ],
];
