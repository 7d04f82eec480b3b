/** `pulumi-resource-aws` for the sandbox: started by the engine, one process for each run. */
import { version } from "@pulumi/aws/package.json";
import { makeClients } from "./clients";
import { serve } from "./server";

// An engine that is killed ends nothing: without it there is nobody left to serve.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 1000).unref();

/** Loads what a run may need, for start.ts to keep: the clients are loaded when they are first used. */
async function load(): Promise<void> {
  const clients = makeClients({
    region: "us-east-1",
    assumeRoles: [],
    allowedAccountIds: [],
    forbiddenAccountIds: [],
    defaultTags: {},
    skipCredentialsValidation: true,
  });
  await Promise.all([clients.iam(), clients.s3(), clients.kms(), clients.sagemaker(), clients.athena()]);
  await Promise.all([
    clients.cloudtrail(),
    clients.events(),
    clients.cloudwatch(),
    clients.sns(),
    clients.sqs(),
  ]);
}

(process.argv[2] === "--keep-code" ? load() : serve(version)).catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
