/** Which services the sandbox has. */
import type { Service, World } from "./core";
import { notImplemented } from "./routing";
import { createSts } from "./services/sts";
import type { ServiceSet } from "./world";

/* eslint-disable */
function optional(world: World, file: string, constructor: string, route: string): any {
  let module: any;
  try {
    module = require(`./services/${file}`);
  } catch (error: any) {
    if (error.code !== "MODULE_NOT_FOUND" || !String(error.message).includes(`services/${file}`)) throw error;
    const absent: Service = { handle: () => Promise.reject(notImplemented(route, "*")) };
    return absent;
  }
  return module[constructor](world);
}

export function createServices(world: World): ServiceSet {
  return {
    sts: createSts(world),
    iam: optional(world, "iam", "createIam", "iam"),
    s3: optional(world, "s3", "createS3", "s3"),
    kms: optional(world, "kms", "createKms", "kms"),
    sagemaker: optional(world, "sagemaker", "createSagemaker", "sagemaker"),
    featurestore: optional(world, "featurestore", "createFeatureStoreRuntime", "sagemaker"),
    glue: optional(world, "glue", "createGlue", "glue"),
  };
}
