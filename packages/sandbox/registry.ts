/** The services that the sandbox has. */
import { athena } from "./services/athena";
import { cloudtrail } from "./services/cloudtrail";
import { events } from "./services/events";
import { featureStoreRuntime } from "./services/featurestore";
import { glue } from "./services/glue";
import { iam } from "./services/iam";
import { kms } from "./services/kms";
import { lakeFormation } from "./services/lakeformation";
import { monitoring } from "./services/monitoring";
import { s3 } from "./services/s3";
import { s3Control } from "./services/s3/control";
import { sagemaker } from "./services/sagemaker";
import { sns } from "./services/sns";
import { sqs } from "./services/sqs";
import { sts } from "./services/sts";

/** All services by the names of their ports in `world.services`. Among services that are signed alike, those with `accepts` come first. */
export const services = {
  sts,
  iam,
  s3Control,
  s3,
  kms,
  featurestore: featureStoreRuntime,
  sagemaker,
  glue,
  athena,
  lakeformation: lakeFormation,
  sns,
  sqs,
  cloudtrail,
  events,
  monitoring,
};
