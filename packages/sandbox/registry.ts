/** Which services the sandbox has. */
import type { World } from "./core";
import { createAthena } from "./services/athena";
import { createCloudtrail } from "./services/cloudtrail";
import { createEvents } from "./services/events";
import { createFeatureStoreRuntime } from "./services/featurestore";
import { createGlue } from "./services/glue";
import { createIam } from "./services/iam";
import { createMonitoring } from "./services/monitoring";
import { createKms } from "./services/kms";
import { createLakeFormation } from "./services/lakeformation";
import { createS3 } from "./services/s3";
import { createSagemaker } from "./services/sagemaker";
import { createSns } from "./services/sns";
import { createSqs } from "./services/sqs";
import { createSts } from "./services/sts";
import type { ServiceSet } from "./world";

/** The services of one world. They reach each other through `world.services`, once all are built. */
export function createServices(world: World): ServiceSet {
  return {
    sts: createSts(world),
    iam: createIam(world),
    s3: createS3(world),
    kms: createKms(world),
    sagemaker: createSagemaker(world),
    featurestore: createFeatureStoreRuntime(world),
    glue: createGlue(world),
    athena: createAthena(world),
    lakeformation: createLakeFormation(world),
    sns: createSns(world),
    sqs: createSqs(world),
    cloudtrail: createCloudtrail(world),
    events: createEvents(world),
    monitoring: createMonitoring(world),
  };
}
